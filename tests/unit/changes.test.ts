import { describe, expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { ContainerFacts } from '../../helpers/survey/facts.ts';
import { changeOf, changeOrMoveOf } from '../../helpers/survey/sandboxes.ts';

const STATE = { running: true, restarting: false, paused: false, pid: 7, startedAt: 'then', restartCount: 0 };
const SEEN = {
  name: 'web',
  sandboxOf: 'web',
  state: STATE,
  attachments: [{ network: 'net-a', addresses: ['10.64.1.2'] }],
} as unknown as ContainerFacts;

/** A host whose engine says this of every container. */
function hostSaying(networks: Record<string, string>, pid = 7): LabHost {
  const State = { Running: true, Restarting: false, Paused: false, ExitCode: 0, Pid: pid, StartedAt: 'then' };
  const Networks = Object.fromEntries(
    Object.entries(networks).map(([name, IPAddress]) => [name, { NetworkID: 'x', IPAddress, GlobalIPv6Address: '' }]),
  );
  const inspect = () => Promise.resolve({ State, RestartCount: 0, NetworkSettings: { Networks } });
  return { docker: { getContainer: () => ({ inspect }) } } as unknown as LabHost;
}

describe('what happened to a container since it was looked at', () => {
  test('is nothing while it is the same process on the same networks', async () => {
    expect(await changeOrMoveOf(hostSaying({ 'net-a': '10.64.1.2' }), SEEN)).toBeUndefined();
  });

  test.each([
    [{}, 'it was on net-a (10.64.1.2), and then on no network'],
    [
      { 'net-a': '10.64.1.2', 'net-b': '10.64.2.2' },
      'it was on net-a (10.64.1.2), and then on net-a (10.64.1.2) and net-b (10.64.2.2)',
    ],
    [{ 'net-a': '10.64.1.9' }, 'it was on net-a (10.64.1.2), and then on net-a (10.64.1.9)'],
  ])('is a move when it is on other networks: %j', async (networks, sentence) => {
    expect(await changeOrMoveOf(hostSaying(networks), SEEN)).toBe(sentence);
  });

  test('is no move for whoever shares another’s sandbox, or where the grader itself moves it', async () => {
    expect(await changeOrMoveOf(hostSaying({}), { ...SEEN, sandboxOf: 'other' })).toBeUndefined();
    expect(await changeOf(hostSaying({}), SEEN)).toBeUndefined();
  });

  test('is first of all that it is another process', async () => {
    expect(await changeOrMoveOf(hostSaying({}, 8), SEEN)).toBe('it was started again');
  });
});
