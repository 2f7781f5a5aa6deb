/** The supply for a run whose labs need no lab host. Such a run needs no Docker, either. */
import { InfrastructureError } from '../../base/failure.ts';
import type { HostKind, LabHost } from './lab-host.ts';
import type { LabHostSupply } from './supply.ts';

export class NoHosts implements LabHostSupply {
  readonly kind: HostKind;
  readonly tries = 1;
  readonly removals = [];

  constructor(kind: HostKind) {
    this.kind = kind;
  }

  take(): Promise<LabHost> {
    return Promise.reject(new InfrastructureError('this run was prepared for labs that need no machine'));
  }

  release(): void {
    // There are none.
  }

  [Symbol.asyncDispose](): Promise<void> {
    return Promise.resolve();
  }
}
