/** All experiments, by the names that questions use. */
import { bridges } from './bridges.ts';
import { connecting } from './connecting.ts';
import { drivers } from './drivers.ts';
import { exercise2 } from './exercise-2.ts';
import type { Experiment } from './experiment.ts';
import { names } from './names.ts';
import { overlay } from './overlay.ts';
import { ports } from './ports.ts';
import { sandboxes } from './sandboxes.ts';

export const EXPERIMENTS: Record<string, Experiment> = {
  sandboxes,
  bridges,
  connecting,
  names,
  ports,
  drivers,
  'exercise-2': exercise2,
  overlay,
};
