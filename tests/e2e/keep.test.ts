/** `--keep`: a lab host stays when its lab is graded, until somebody removes it with the command that was printed. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { KEPT } from '../../helpers/machine/lab-host/kept.ts';
import { LABEL, OWNER_LABEL } from '../../helpers/machine/lab-host/labels.ts';
import { docker } from '../helpers/engine.ts';
import { grade, startGrading, workspace, type Workspace } from '../helpers/grade.ts';

const GRADING_MS = 180_000;
const COMMAND_MS = 60_000;

let place: Workspace;
let removal: string | undefined;
beforeEach(() => {
  place = workspace();
  removal = undefined;
});
afterEach(() => {
  // Should a test fail in its middle: at most what it was told to remove.
  if (removal !== undefined) spawnSync('sh', ['-c', removal], { timeout: COMMAND_MS });
  place[Symbol.dispose]();
});

/** Everything of one grader that carries the label for what is kept. */
async function keptBy(pid: number | undefined): Promise<string[]> {
  const filters = { label: [`${LABEL}=${KEPT}`] };
  const things = [
    ...(await docker.listContainers({ all: true, filters })).map(({ Labels, Names }) => ({ Labels, name: Names[0] })),
    ...(await docker.listNetworks({ filters })).map(({ Labels, Name }) => ({ Labels, name: Name })),
  ];
  return things
    .filter(({ Labels }) => Labels?.[OWNER_LABEL]?.split(':')[1] === String(pid))
    .map(({ name = '' }) => name.replace('/', ''))
    .sort();
}

/** Each `docker exec …` that was printed. */
function printed(text: string, what: string): string[] {
  return [...text.matchAll(new RegExp(`${what}: +(docker .*)$`, 'gm'))].map(([, command = '']) => command);
}

/** As typed, but for the terminal. */
function typed(command: string): string {
  return execFileSync('sh', ['-c', command.replace(' -it ', ' ')], { encoding: 'utf8', timeout: COMMAND_MS });
}

test(
  'the lab host can be entered, the next run leaves it alone, and the printed command removes it',
  async () => {
    const folder = path.join(place.submissions, 'Zoë; reboot', 'none-network');
    mkdirSync(folder, { recursive: true });
    // Paused, because that is what keeps a container from being killed where control groups are of version 1.
    const asleep = 'docker run -d --name asleep busybox sleep 300\ndocker pause asleep\n';
    writeFileSync(
      path.join(folder, 'run.sh'),
      `docker run -d --name isolated --network none busybox sleep 300\n${asleep}`,
    );
    const args = ['--submissions', place.submissions, '--out', place.out, '--lab', 'none-network'];
    const grader = startGrading([...args, '--keep']);
    const { stderr, exitCode } = await grader.ended;
    [removal] = printed(stderr, 'remove');
    expect(exitCode).toBe(0);
    const [enter = ''] = printed(stderr, 'enter it');
    const [look = ''] = printed(stderr, 'use its engine');
    expect(typed(enter.replace(/bash$/, 'cat /etc/hosts'))).toContain('sentinel.netgrade.test');
    expect(typed(look)).toMatch(/isolated[^]*asleep|asleep[^]*isolated/);
    // What the submission started still asks the engine under the policy that it was graded under.
    const forbidden = look.replace('ps -a', 'run --rm --privileged busybox true').replace('-it ', '');
    const refused = spawnSync('sh', ['-c', forbidden], { encoding: 'utf8', timeout: COMMAND_MS });
    expect([refused.status === 0, refused.stderr]).toEqual([false, expect.stringContaining('privileged')]);

    const kept = await keptBy(grader.process.pid);
    expect(kept).toHaveLength(1);
    const next = await grade([...args, '--out', `${place.out}-2`]);
    expect(next.stderr).toContain(`kept by earlier runs (--keep): `);
    expect(next.stderr).toContain(kept[0]);
    expect(await keptBy(grader.process.pid)).toEqual(kept);

    typed(removal ?? '');
    expect(await keptBy(grader.process.pid)).toEqual([]);
  },
  2 * GRADING_MS,
);

test(
  'of a lab with two machines both stay, and still reach each other',
  async () => {
    cpSync('submissions/example-good/overlay-network', path.join(place.submissions, 'bob/overlay-network'), {
      recursive: true,
    });
    const grader = startGrading(['--submissions', place.submissions, '--out', place.out, '--keep']);
    const { stderr, exitCode } = await grader.ended;
    [removal] = printed(stderr, 'remove');
    expect(exitCode).toBe(0);
    const [first = ''] = printed(stderr, 'use its engine').filter((look) => typed(look).includes('alpine1'));
    expect(typed(first.replace('ps -a', 'exec alpine1 ping -c 1 alpine2'))).toMatch(/1 (packets )?received/);
    expect(await keptBy(grader.process.pid)).toHaveLength(2);
    typed(removal ?? '');
    expect(await keptBy(grader.process.pid)).toEqual([]);
  },
  GRADING_MS,
);

test.each([
  [['--keep', 'example-good'], /--keep would leave \d+ lab hosts running.*at most 4/],
  [['--keep', '--host', 'local', '--lab', 'none-network'], /--keep leaves fresh machines running; on --host local/],
  [['--keep', '--queue', 'redis://127.0.0.1'], /--keep leaves lab hosts on this machine/],
])(
  'grade %j is refused, with what to do instead',
  async (args, reason) => {
    const { exitCode, stderr } = await grade([...args, '--out', place.out]);
    expect([exitCode, stderr]).toEqual([2, expect.stringMatching(reason)]);
  },
  GRADING_MS,
);
