/**
 * usage: node simulated-class.ts RECORDS.json STUDENTS
 *
 * A class whose labs are graded at once, in a process of its own: everything of a run but the grading. The records of a
 * few that were really graded are repeated; what has been measured is printed as JSON.
 */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { loadCatalogue } from '../../helpers/lab/catalogue.ts';
import type { Graded } from '../../helpers/run/lab-task.ts';
import { gradeAll, type LabGrader } from '../../helpers/run/run.ts';
import { FORMATS } from '../../helpers/report/formats/chosen.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { studentView } from '../../helpers/report/student-view.ts';
import { catalogueRubric } from '../../helpers/report/rubric/rubric.ts';
import { GOOD, LAB } from './class.ts';

export interface Simulated {
  students: number;
  /** Processor milliseconds of a run, all its files among them, but no format. */
  run: number;
  /** Of each report format. */
  formats: Record<string, number>;
  /** The most memory the process had, in bytes. */
  peak: number;
}

async function simulate(recorded: StudentRecord[], students: number): Promise<Simulated> {
  const out = mkdtempSync(path.join(os.tmpdir(), 'netgrade-bench-'));
  try {
    const catalogue = await loadCatalogue();
    const names = Array.from({ length: students }, (_, i) => `student-${String(i + 1).padStart(3, '0')}`);
    const plan = {
      students: names.map((name) => ({ name, labs: new Map([[LAB, GOOD]]), unknown: [] })),
      labs: [catalogue.get(LAB)!],
      rubric: catalogueRubric(catalogue.values()),
      out,
      on: 'nothing',
      program: '',
      again: false,
    };
    const grader: LabGrader = {
      live: false,
      jobs: os.availableParallelism(),
      grade: ({ student }) => Promise.resolve(repeated(recorded, names.indexOf(student.name))),
    };
    let records: StudentRecord[] = [];
    const run = await worked(async () => ({ records } = await gradeAll(plan, grader, SILENT)));
    const formats = await timeFormats(records, out);
    return { students, run, formats, peak: process.resourceUsage().maxRSS * 1024 };
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

const SILENT = { started: () => undefined, finished: () => undefined, kept: () => undefined, note: console.error };
const NOWHERE = { write: () => true };

/** Every format that takes a class; those for one student do not grow. */
async function timeFormats(records: StudentRecord[], out: string): Promise<Record<string, number>> {
  const place = { out, env: {}, now: new Date(), stdout: NOWHERE, stderr: NOWHERE };
  const taken: Record<string, number> = {};
  for (const [name, format] of Object.entries(FORMATS)) {
    if (format.ofOneStudent) continue;
    taken[name] = await worked(() => {
      const views = records.map((record) => studentView(record, place.now));
      return format.write(format.readBy === 'students' ? views : records, place);
    });
  }
  return taken;
}

/** @returns milliseconds of processor time: another program on the machine does not change them much. */
async function worked(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1e3;
}

/** Somebody's record again, but with a fingerprint of its own: in an honest class everybody writes something else. */
function repeated(recorded: StudentRecord[], index: number): Graded {
  const { labs, engine } = structuredClone(recorded[index % recorded.length]!);
  const record = labs[0]!;
  const own = index.toString(16).padStart(6, '0');
  if (record.fingerprint !== undefined)
    record.fingerprint.grams = record.fingerprint.grams.replaceAll(/\b[0-9a-f]{6}/g, own);
  return { record, engine };
}

const [file = '', students = ''] = process.argv.slice(2);
const recorded = JSON.parse(readFileSync(file, 'utf8')) as StudentRecord[];
console.log(JSON.stringify(await simulate(recorded, Number(students))));
