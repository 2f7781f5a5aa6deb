/** Sees what came of a fault, in the words of the table. */
import { readdirSync } from 'node:fs';
import os from 'node:os';
import { LABEL, OWNER_LABEL } from '../../../helpers/machine/lab-host/labels.ts';
import { docker } from '../engine.ts';
import type { Run, RunningGrader } from '../grade.ts';
import type { Fault, Outcome } from './faults.ts';
import type { Scene } from './scene.ts';
import type { Strangers } from './strangers.ts';

interface Seen {
  scene: Scene;
  grader: RunningGrader;
  /** How the run with the fault ended. */
  run: Run;
  /** Anna's record when the fault came. */
  before: string | undefined;
  strangers: Strangers;
  /** More for the command line of the next run. */
  more?: string[];
}

/** @returns what was seen, in the form of what is expected. */
export async function observe(fault: Fault, seen: Seen): Promise<Outcome> {
  const [outcome] = await observeAll([{ fault, bert: 'bert' }], seen);
  return outcome!;
}

/**
 * Also grades what is missing, with the fault gone.
 *
 * @param faults Several of one run, each with whom it concerns.
 */
export async function observeAll(faults: { fault: Fault; bert: string }[], seen: Seen): Promise<Outcome[]> {
  const { scene, grader, run, before, strangers, more = [] } = seen;
  const exit = String(run.exitCode ?? grader.process.signalCode);
  const carl = scene.becomes('carl');
  const each = faults.map(({ fault: { expected }, bert }) => ({
    exit,
    bert: scene.becomes(bert),
    carl,
    says: said(scene, bert, run, expected.says),
  }));
  if (['0', '130', '143'].includes(exit)) checkClass(scene);
  const unfinished = scene.unfinished();
  if (run.exitCode !== null && unfinished.length > 0) throw new Error(`half written: ${unfinished.join(', ')}`);
  const concerned = faults.map(({ bert }) => bert);
  const graded = exit === '0' ? undefined : await nextRun(scene, concerned, more);
  checkClass(scene);
  const left = [...(await leftOf(grader.process.pid)), ...scene.unfinished()];
  const all = {
    anna: scene.text('anna') === before ? 'unchanged' : 'changed',
    left: left.length === 0 ? 'nothing' : left.join(', '),
    others: (await strangers.untouched()) ? 'untouched' : 'touched',
  };
  const isOther = (student: string, bert: string): boolean => student !== bert && concerned.includes(student);
  return each.map((outcome, i) => {
    const bert = concerned[i]!;
    const next = graded?.filter((student) => !isOther(student, bert)).map((each) => (each === bert ? 'bert' : each));
    return { ...outcome, ...all, next: next?.sort().join(', ') || '–' };
  });
}

/** @throws when a file of the class says otherwise than the records. */
function checkClass(scene: Scene): void {
  const wrong = scene.misbooked();
  if (wrong.length > 0) throw new Error(`the class’s files are not made of the records: ${wrong.join(', ')}`);
}

/** The expected words, if they were said; otherwise all that was. */
function said(scene: Scene, bert: string, { stderr }: Run, wanted: string): string {
  const lab = scene.lab(bert);
  const evidence = lab?.criteria.flatMap((each) => each.evidence.map(({ what, output }) => `${what}: ${output}`)) ?? [];
  const all = [lab?.message ?? '', ...new Set(evidence), stderr].join('\n');
  return all.includes(wanted) ? wanted : all;
}

/** @returns whom it graded, if all have their points then; otherwise what it said. */
async function nextRun(scene: Scene, concerned: string[], more: string[]): Promise<string[]> {
  const { exitCode, stderr } = await scene.next(...more);
  const scores = ['anna', ...concerned, 'carl'].map((student) => scene.becomes(student));
  if (exitCode !== 0 || scores.some((score) => score !== '100')) return [stderr];
  return [...stderr.matchAll(/^\[\d+\/\d+\] (\S+)/gm)].map(([, student = '']) => student);
}

/** What carries the label of a grader on the engine, and sockets in the folder for temporary files. */
async function leftOf(pid: number | undefined): Promise<string[]> {
  const filters = { label: [`${LABEL}=run`] };
  const [containers, networks, { Volumes }] = await Promise.all([
    docker.listContainers({ all: true, filters }),
    docker.listNetworks({ filters }),
    docker.listVolumes({ filters }),
  ]);
  const isIts = ({ Labels }: { Labels?: Record<string, string> | null | undefined }): boolean =>
    Labels?.[OWNER_LABEL]?.split(':')[1] === String(pid);
  return [
    ...containers.filter(isIts).map(({ Id }) => `container ${Id}`),
    ...networks.filter(isIts).map(({ Name }) => `network ${Name}`),
    ...Volumes.filter(isIts).map(({ Name }) => `volume ${Name}`),
    ...readdirSync(os.tmpdir()).filter((name) => name.startsWith('netgrade-') && name.includes(`-${String(pid)}-`)),
  ];
}
