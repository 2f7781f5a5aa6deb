/** A sandbox that cannot be read: whose container it is decides whether that is a fact or an error of ours. */
import { describe, expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { Place, ProbeQuestion } from '../../helpers/machine/probe/protocol.ts';
import { enterSandboxes } from '../../helpers/survey/look.ts';
import { container } from '../helpers/facts.ts';

const plays = container({ name: 'alpine1' });
const beside = container({ name: 'odd' });
const ROLES = { alpine1: { found: 'one', container: 'alpine1', by: 'container name' } } as const;
const LATE = 'ip: it did not end in time';
const { pid, startedAt } = plays.state;
const Running = { Running: true, Restarting: false, Paused: false, Pid: pid, StartedAt: startedAt, ExitCode: 0 };

/** @param fails Whether a question about a sandbox fails, the how-many-eth it is. */
function hostWhere(fails: (place: Place, nth: number) => boolean): LabHost {
  let asked = 0;
  return {
    docker: { getContainer: () => ({ inspect: () => Promise.resolve({ State: Running, RestartCount: 0 }) }) },
    ask: (place: Place, { ask }: ProbeQuestion) =>
      ask === 'stack' && fails(place, ++asked)
        ? Promise.reject(new Error(LATE))
        : Promise.resolve({ listeners: [], interfaces: [] }),
  } as unknown as LabHost;
}

const inContainer = (place: Place): boolean => typeof place === 'object';

describe('a sandbox that cannot be read', () => {
  test('of a role is an error: it may be the machine’s fault', async () => {
    await expect(enterSandboxes(hostWhere(inContainer), [plays], ROLES)).rejects.toThrow(LATE);
  }, 60_000);

  test('of a container without a role is a fact', async () => {
    const { sandboxes, gone } = await enterSandboxes(hostWhere(inContainer), [beside], ROLES);
    expect(sandboxes).toEqual({});
    expect(gone['odd']).toBe(`its sandbox could not be read (${LATE})`);
  }, 60_000);

  test('is an error when the lab host’s own cannot be read either', async () => {
    await expect(
      enterSandboxes(
        hostWhere(() => true),
        [beside],
        ROLES,
      ),
    ).rejects.toThrow(LATE);
  }, 60_000);

  test('is looked into again, and then nothing is lost', async () => {
    const { sandboxes, gone } = await enterSandboxes(
      hostWhere((_, nth) => nth === 1),
      [plays],
      ROLES,
    );
    expect(Object.keys(sandboxes)).toEqual(['alpine1']);
    expect(gone).toEqual({});
  }, 60_000);
});
