/**
 * How long one submission of exercise 2 takes from command to report, its fresh machine included: against bringing the
 * same stack up and down without judging anything, and against graders that others would write.
 */
import { Class, BROKEN } from './lib/class.ts';
import { start, succeed } from './lib/command.ts';
import { goal, heading, line, load, median, ratio, seconds, times } from './lib/figures.ts';
import { benchOptions } from './lib/options.ts';
import { blindness, contender, missing, PEER_GRADERS } from './lib/peers.ts';
import { prepared } from './lib/prepared.ts';
import { alternate, type Contender } from './lib/rounds.ts';
import { buildUpAndDown, forgetBuilt, removeStacks, upAndDown, upAndDownAsTyped } from './lib/stack.ts';

const FLOOR = 'up and down';
const NEW = 'up and down, images built from cache';
const TYPED = 'up and down as typed (waits for SIGTERM)';

export async function run(): Promise<void> {
  const { rounds } = benchOptions();
  await prepared();
  await removeStacks(); // of a run that was killed
  using good = new Class(1);
  const timings: Record<string, number>[] = [];
  const contenders = new Map<string, Contender>([
    ['netgrade', { work: () => succeed(good.command(1)), clean: () => Promise.resolve(timings.push(phasesOf(good))) }],
    [FLOOR, { work: upAndDown }],
    [NEW, { work: buildUpAndDown, clean: () => forgetBuilt() }],
    [TYPED, { work: upAndDownAsTyped }],
  ]);
  try {
    const wrong = await admitPeers(contenders);
    const before = load();
    const taken = await alternate(contenders, rounds);
    print(taken, wrong, `${before} before, ${load()} after`);
    printPhases(timings.slice(1)); // without the first, which does not count
  } finally {
    await removeStacks();
  }
}

/** Those that are there and notice a broken submission. @returns how often each was wrong about the good one. */
async function admitPeers(contenders: Map<string, Contender>): Promise<Map<string, number>> {
  using broken = new Class(1, BROKEN);
  const { status } = await start(broken.command(1)).ended;
  if (status !== 1) throw new Error(`netgrade did not notice a broken submission: exit ${String(status)}`);
  const wrong = new Map<string, number>();
  for (const peer of PEER_GRADERS) {
    const reason = (await missing(peer)) ?? (await blindness(peer));
    if (reason !== undefined) {
      console.log(`  ${reason}`);
      continue;
    }
    wrong.set(peer.name, 0);
    contenders.set(
      peer.name,
      contender(peer, () => wrong.set(peer.name, wrong.get(peer.name)! + 1)),
    );
  }
  return wrong;
}

function phasesOf(graded: Class): Record<string, number> {
  return graded.record(graded.students[0]!).labs[0]?.timings ?? {};
}

function print(taken: Map<string, number[]>, wrong: Map<string, number>, busy: string): void {
  heading(`One submission of nginx-flask-mongo, all fourteen criteria (medians; ${busy})`);
  for (const [name, list] of taken) {
    const mistakes = wrong.get(name) ?? 0;
    const rounds = list.map((ms) => (ms / 1000).toFixed(1)).join(' ');
    line(name, seconds(median(list)), mistakes === 0 ? rounds : `${rounds}   wrong about a good one ${mistakes} times`);
  }
  const ours = taken.get('netgrade')!;
  heading('Ratios (medians of the rounds’ own)');
  for (const floor of [FLOOR, NEW, TYPED]) {
    const slower = ratio(ours, taken.get(floor)!);
    goal(`netgrade / ${floor}`, times(slower), '≤ 1.5×', slower <= 1.5);
  }
  for (const { name, atLeast } of PEER_GRADERS) {
    const theirs = taken.get(name);
    if (theirs === undefined) continue;
    const faster = ratio(theirs, ours);
    goal(`${name} / netgrade`, times(faster), `≥ ${times(atLeast)}`, faster >= atLeast);
  }
}

function printPhases(timings: Record<string, number>[]): void {
  heading('Where netgrade’s time goes, as its record says (medians)');
  for (const phase of Object.keys(timings[0] ?? {}))
    line(phase, seconds(median(timings.map((each) => each[phase] ?? 0))));
}
