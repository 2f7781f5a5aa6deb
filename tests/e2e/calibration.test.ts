/**
 * New lab hosts are tested by submissions whose verdicts are known, before anybody's work is graded. The lab hosts here are
 * made from the usual image and a difference, and the grader meets them behind a door: it finds them under the usual name.
 */
import { execFileSync } from 'node:child_process';
import { afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { calibrationMark } from '../../helpers/machine/setup/calibration-mark.ts';
import { docker } from '../helpers/engine.ts';
import { openDoor } from '../helpers/engine-door.ts';
import { grade, workspace, type Run, type Workspace } from '../helpers/grade.ts';
import { machineImage } from '../helpers/machine.ts';
import type { MachineImage } from '../helpers/machine-image.ts';

const TEST_MS = 300_000;
const BUILD_MS = 60_000;
const LIKE_USUAL = 'netgrade/test-calibration:latest';
const CALIBRATING = 'calibrating, once';

/** As it is said by a runtime that the kernel has nothing for. */
const STARTS_NOTHING = instead(
  'runc',
  'case " $* " in *" create "*) echo "namespace time does not exist" >&2; exit 1 ;; esac',
);
const LETS_ALL_THROUGH = instead('iptables', 'set -- "${@/DROP/ACCEPT}"');
const NO_DIFFERENCE = 'LABEL netgrade.test=calibration';

let place: Workspace;
let usual: MachineImage;
beforeAll(async () => {
  usual = await machineImage();
}, TEST_MS);
beforeEach(() => {
  place = workspace();
});
afterEach(async () => {
  place[Symbol.dispose]();
  const { name, isSet } = await calibrationMark(docker, { ...usual, image: LIKE_USUAL });
  if (isSet) await docker.getVolume(name).remove();
  await docker.getImage(LIKE_USUAL).remove({ force: true });
});

test(
  'an engine that starts no container grades nobody, at no try',
  async () => {
    build(STARTS_NOTHING);
    const { exitCode, stderr, stdout } = await gradeBehindDoor();
    expect([exitCode, stdout]).toEqual([3, '']);
    expect(stderr).toContain(CALIBRATING);
    expect(stderr).toContain(
      'do not give the known verdicts, so nobody’s work is graded here: example-good/nginx-flask-mongo',
    );
    expect(stderr).toMatch(/; containers-running is failed, not passed: \w+/);
    const again = await gradeBehindDoor();
    expect([again.exitCode, again.stderr]).toEqual([3, expect.stringContaining(CALIBRATING)]);
  },
  TEST_MS,
);

test(
  'a machine that keeps no networks apart grades nobody',
  async () => {
    build(LETS_ALL_THROUGH);
    const { exitCode, stderr } = await gradeBehindDoor();
    expect(exitCode).toBe(3);
    expect(stderr).toMatch(/; nginx-cannot-reach-mongo is failed, not passed: nginx reaches mongo/);
  },
  TEST_MS,
);

test(
  'a machine that gives the known verdicts is asked once',
  async () => {
    build(NO_DIFFERENCE);
    const runs = [await gradeBehindDoor(), await gradeBehindDoor()];
    expect(runs.map(({ exitCode }) => exitCode)).toEqual([0, 0]);
    expect(runs.map(({ stderr }) => stderr.includes(CALIBRATING))).toEqual([true, false]);
  },
  TEST_MS,
);

/** Lines of a Dockerfile that put a program in front of another one of the same name: it does something first. */
function instead(program: string, first: string): string {
  const script = `#!/bin/bash\n${first}\nexec /usr/sbin/${program} "$@"\n`;
  const packed = Buffer.from(script).toString('base64');
  const file = `/usr/local/sbin/${program}`;
  return `RUN test -x /usr/sbin/${program} && echo ${packed} | base64 -d > ${file} && chmod +x ${file}`;
}

function build(difference: string): void {
  execFileSync('docker', ['build', '--quiet', '--tag', LIKE_USUAL, '-'], {
    input: `FROM ${usual.labHost}\n${difference}\n`,
    stdio: ['pipe', 'ignore', 'inherit'],
    timeout: BUILD_MS,
  });
}

async function gradeBehindDoor(): Promise<Run> {
  await using door = await openDoor(() => Promise.resolve(), undefined, { [usual.labHost]: LIKE_USUAL });
  const args = ['example-good', '--lab', 'none-network', '--again', '--out', place.out];
  return await grade(args, { DOCKER_HOST: door.url });
}
