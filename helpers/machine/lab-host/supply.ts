/** Where a run takes its lab hosts from. */
import type { Kept } from './kept.ts';
import type { HostKind, LabHost } from './lab-host.ts';

export interface LabHostSupply extends AsyncDisposable {
  readonly kind: HostKind;
  /** How often a lab is tried whose host was lost in the middle. */
  readonly tries: number;
  /**
   * @param live Whether the submission is found there and not deployed.
   * @throws {InfrastructureError} when there is none to be had, or the run is being ended.
   */
  take(live: boolean): Promise<LabHost>;
  /** A machine for fetching images, on which no submission ever runs; absent where machines keep what they pull. */
  readonly porter?: (() => Promise<LabHost>) | undefined;
  /**
   * What is done on lab hosts, for as long as there can be any; absent where nothing else than the lab host can be lost.
   *
   * @throws {InfrastructureError} as soon as the engine that they run on is gone.
   */
  orGone?<T>(work: Promise<T>): Promise<T>;
  /**
   * Leaves a lab host running under this name, for somebody to look at; absent where hosts are not ours.
   *
   * @returns undefined when it could not be left: it is removed then, and that has been said.
   */
  keep?(host: LabHost, name: string): Promise<Kept | undefined>;
  /** Gives a lab host back; its end is not waited for. */
  release(host: LabHost): void;
  /** How many milliseconds the removal of each lab host took. */
  readonly removals: readonly number[];
}
