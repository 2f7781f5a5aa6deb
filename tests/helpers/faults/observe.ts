/** Sees what came of a fault, in the words of the table. */
import { readdirSync } from 'node:fs';
import os from 'node:os';
import { LABEL, OWNER_LABEL } from '../../../helpers/lab-host/labels.ts';
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
}

/**
 * Also grades what is missing, with the fault gone.
 *
 * @returns what was seen, in the form of what is expected.
 */
export async function observe({ expected }: Fault, seen: Seen): Promise<Outcome> {
  const { scene, grader, run, before, strangers } = seen;
  const after = {
    exit: String(run.exitCode ?? grader.process.signalCode),
    bert: becomes(scene, 'bert'),
    carl: becomes(scene, 'carl'),
    says: said(scene, run, expected.says),
  };
  const unfinished = scene.unfinished();
  if (run.exitCode !== null && unfinished.length > 0) throw new Error(`half written: ${unfinished.join(', ')}`);
  const next = after.exit === '0' ? '–' : await nextRun(scene);
  const left = [...(await leftOf(grader.process.pid)), ...scene.unfinished()];
  return {
    ...after,
    anna: scene.text('anna') === before ? 'unchanged' : 'changed',
    next,
    left: left.length === 0 ? 'nothing' : left.join(', '),
    others: (await strangers.untouched()) ? 'untouched' : 'touched',
  };
}

function becomes(scene: Scene, student: string): string {
  const lab = scene.lab(student);
  if (lab === undefined) return 'no record';
  return lab.status === 'graded' ? String(lab.score) : lab.status;
}

/** The expected words, if they were said; otherwise all that was. */
function said(scene: Scene, { stderr }: Run, wanted: string): string {
  const lab = scene.lab('bert');
  const evidence = lab?.criteria.flatMap((each) => each.evidence.map(({ what, output }) => `${what}: ${output}`)) ?? [];
  const all = [lab?.message ?? '', ...new Set(evidence), stderr].join('\n');
  return all.includes(wanted) ? wanted : all;
}

/** @returns whom it graded, if all have their points then; otherwise what it said. */
async function nextRun(scene: Scene): Promise<string> {
  const { exitCode, stderr } = await scene.next();
  const graded = [...stderr.matchAll(/^\[\d+\/\d+\] (\S+)/gm)].map(([, student]) => student);
  const scores = ['anna', 'bert', 'carl'].map((student) => becomes(scene, student));
  return exitCode === 0 && scores.every((each) => each === '100') ? graded.join(', ') : stderr;
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
