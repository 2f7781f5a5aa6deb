/** The questions of the self-check, in the order in which they are asked. */
import type { Question, Theme } from '../../helpers/lab/self-check-question.ts';
import { addresses } from './addresses.ts';
import { bridges } from './bridges.ts';
import { exercise2 } from './exercise-2.ts';
import { names } from './names.ts';
import { ports } from './ports.ts';
import { sandboxes } from './sandboxes.ts';

export const THEMES: Theme[] = [sandboxes, bridges, addresses, names, ports, exercise2];

export const QUESTIONS: Question[] = THEMES.flatMap(({ questions }) => questions);
