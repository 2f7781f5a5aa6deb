/** Whether evidence is marked as what it is: a command that a student can type, or a description. */
import type { Evidence } from '../../helpers/lab/verdict.ts';

/** With what every command begins that evidence names. */
const COMMAND = /^(docker|curl|nc|cat|cd|ip|ping|netstat|readlink|mongosh|for pid in) /;

/** @returns what would be printed as a command and is a sentence, or the other way round. */
export function misdescribed(evidence: Evidence[]): string[] {
  return evidence.filter(({ what, described }) => COMMAND.test(what) === (described === true)).map(({ what }) => what);
}
