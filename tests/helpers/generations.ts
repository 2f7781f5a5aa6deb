/** The generation that differs most from the one that is graded on by default. */
import { GENERATIONS, type Generation } from '../../helpers/machine/setup/generations.ts';

export const OLDEST_GENERATION: Generation = GENERATIONS.at(-1)!;
