/** Where a run takes its lab hosts from. */
import type { Kept } from './kept.ts';
import type { HostKind, LabHost } from './lab-host.ts';

export interface LabHostSupply extends AsyncDisposable {
  readonly kind: HostKind;
  /** The version of a machine's own engine, which may be another one next time; absent where an option says which engine. */
  readonly engine?: string;
  /** How often a lab is tried in all when its host is lost in the middle. */
  readonly tries: number;
  /**
   * @param live Whether the submission already runs there, so that nothing is deployed.
   * @throws {InfrastructureError} when no lab host can be had, or the run is being ended.
   */
  take(live: boolean): Promise<LabHost>;
  /** A machine for fetching images, on which no submission ever runs; absent where machines keep what they pull. */
  readonly porter?: (() => Promise<LabHost>) | undefined;
  /**
   * Waits for work on lab hosts, but no longer than their engine lives. Absent where lab hosts are machines of their own, whose
   * loss is noticed in another way.
   *
   * @throws {InfrastructureError} as soon as the engine that they run on is gone.
   */
  orGone?<T>(work: Promise<T>): Promise<T>;
  /**
   * Why the engine that lab hosts run on is gone; undefined if it is there. If it does not answer, it is waited for until one
   * or the other is certain. So all labs that fail for this reason say the same.
   */
  gone?(): Promise<string | undefined>;
  /**
   * Leaves a lab host running under this name, for the instructor to look at. Absent where hosts are not ours.
   *
   * @returns undefined when that failed. Then the lab host is removed, and the user has been told.
   */
  keep?(host: LabHost, name: string): Promise<Kept | undefined>;
  /** Gives a lab host back. Its removal goes on in the background. */
  release(host: LabHost): void;
  /** How many milliseconds the removal of each lab host took. */
  readonly removals: readonly number[];
}
