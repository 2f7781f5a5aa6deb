/** Where the time of a run went, as tables for the terminal: pure text. */
import type { Timings } from '../survey/stopwatch.ts';
import { labsOf, type StudentRecord } from './record.ts';
import type { RunTimes } from './summary.ts';

type Row = [name: string, ...columns: string[]];

/**
 * A table for each lab that was deployed or judged: one submission's milliseconds, or the median and the slowest of
 * several. Parts of a phase are indented; they may run side by side.
 */
export function timingsText(records: StudentRecord[], run: RunTimes): string {
  const tables = labsOf(records).flatMap((name) => {
    const labs = records.flatMap((record) => record.labs.filter(({ lab }) => lab === name));
    const all = labs.map(({ timings }) => timings).filter((each) => each !== undefined);
    return all.length === 0 ? [] : [labTable(name, all)];
  });
  return [...tables, runTable(run)].join('\n\n');
}

function labTable(lab: string, all: Timings[]): string {
  const head: Row = all.length === 1 ? [lab, 'ms'] : [`${lab}, ${all.length} submissions`, 'median ms', 'slowest ms'];
  const rows = phasesOf(all).map((phase): Row => {
    const values = all.flatMap((timings) => timings[phase] ?? []).sort((a, b) => a - b);
    const columns = all.length === 1 ? [values[0]] : [values[Math.floor((values.length - 1) / 2)], values.at(-1)];
    return [`  ${phase.replace(/^.*: /, '  ')}`, ...columns.map(String)];
  });
  return aligned([head, ...rows]);
}

/** Each phase in the order in which it ended, followed by its parts, which ended before it. */
function phasesOf(all: Timings[]): string[] {
  const names = [...new Set(all.flatMap((timings) => Object.keys(timings)))];
  const wholes = names.filter((name) => !name.includes(': '));
  return wholes.flatMap((whole) => [whole, ...names.filter((name) => name.startsWith(`${whole}: `))]);
}

function runTable({ timings, labHosts }: RunTimes): string {
  const rows = Object.entries(timings).map(([phase, ms]): Row => [`  ${phase}`, String(ms)]);
  const destroy: Row[] =
    labHosts === undefined
      ? []
      : [[`  destroy (mean of ${labHosts.removed}, beside the rest)`, String(labHosts.meanMs)]];
  return aligned([['the run', 'ms'], ...rows, ...destroy]);
}

function aligned(rows: Row[]): string {
  const width = (column: number): number => Math.max(...rows.map((row) => (row[column] ?? '').length));
  const columns = Math.max(...rows.map(({ length }) => length));
  const widths = Array.from({ length: columns }, (_, i) => width(i));
  return rows
    .map((row) => row.map((cell, i) => (i === 0 ? cell.padEnd(widths[0] ?? 0) : cell.padStart(widths[i] ?? 0))))
    .map((cells) => cells.join('  '))
    .join('\n');
}
