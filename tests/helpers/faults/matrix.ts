/** Fault × outcome, as a table of Markdown: what the tests print, and what docs/faults.md shows. */
import { COLUMNS, FAULTS, type Fault, type FaultName, type Outcome } from './faults.ts';

/** @param seen What was seen; without it, the table has what is expected of each. */
export function faultTable(seen?: Map<FaultName, Outcome>): string[] {
  const columns = Object.keys(COLUMNS) as (keyof Outcome)[];
  const rows = (Object.entries(FAULTS) as [FaultName, Fault][]).flatMap(([key, { name, done, expected }]) => {
    const outcome = seen === undefined ? expected : seen.get(key);
    return outcome === undefined ? [] : [[name, done, ...columns.map((column) => outcome[column])]];
  });
  const heads = ['fault', 'how it is caused', ...Object.values(COLUMNS)];
  return [heads, heads.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`);
}
