/** The empty survey of a submission that needs no machine: only the files that were handed in are judged. */
import { FOUND } from '../deploy/deploy.ts';
import type { EngineFacts } from '../machine/lab-host/lab-host.ts';
import type { Survey } from './facts.ts';

export const NO_ENGINE: EngineFacts = {
  version: '',
  apiVersion: '',
  host: 'disposable',
  live: false,
  images: 'stand-ins',
  outside: '',
  limits: [],
};

export const NOTHING: Survey = {
  engine: NO_ENGINE,
  deployment: FOUND,
  host: {
    sandbox: { listeners: [], resolvConf: '', hosts: '', hostname: '', namespace: 0, interfaces: [], routes: [] },
  },
  networks: [],
  containers: [],
  roles: {},
  sandboxes: {},
  unstable: {},
  processes: [],
  history: [],
  names: [],
  reach: [],
  pings: [],
  outside: { from: '', canary: 'no-answer', wasOpen: false, ports: [], unpublished: [] },
  databases: [],
  experiments: { backendAway: [] },
  timings: {},
};
