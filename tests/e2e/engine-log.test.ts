/** What an engine prints on its lab host does not fill the grading machine’s disk. */
import { expect, test } from '@jest/globals';
import { until } from '../../helpers/base/wait.ts';
import { lastLines } from '../../helpers/machine/lab-host/last-lines.ts';
import { docker } from '../helpers/engine.ts';
import { inLabHost, Scene, SCRIPT } from '../helpers/faults/scene.ts';

const TEST_MS = 600_000;
const LOOK_MS = 30_000;
const LINES = 10_000;

/** An engine prints each address to which the policy has refused a request, all of it. */
const LONG_ADDRESSES = `
for i in $(seq 50); do
  curl -s -o /dev/null --unix-socket /var/run/docker.sock -X POST "http://engine/plugins/$(head -c 60000 /dev/zero | tr '\\0' a)/enable"
done
`;

test(
  'fifty requests of 60 KB each are in the engine’s log on the lab host, and not in its container’s',
  async () => {
    using scene = new Scene({ students: [] });
    scene.handIn('bert', `${LONG_ADDRESSES}${SCRIPT}`, { hold: '' });
    const grader = scene.start();
    const host = await scene.held(grader);
    const grown = '[ $(stat -c %s /var/lib/docker/engine.log) -gt 2000000 ]';
    expect(await until(LOOK_MS, async () => (await inLabHost(host, grown)) || undefined)).toBe(true);
    expect((await lastLines(docker.getContainer(host), LINES)).length).toBeLessThan(1000);
    await scene.letGo(host);
    expect((await grader.ended).exitCode).toBe(0);
    expect(scene.becomes('bert')).toBe('100');
  },
  TEST_MS,
);
