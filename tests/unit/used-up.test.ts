import { describe, expect, test } from '@jest/globals';
import {
  boundsAsEnvironment,
  BOUNDS,
  boundsOfAll,
  reachedIn,
  type Reached,
} from '../../helpers/machine/lab-host/disposable/bounds.ts';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import { usedUpOn, usedUpText } from '../../helpers/survey/used-up.ts';
import { container } from '../helpers/facts.ts';

function hostThat(reached: Reached): LabHost {
  return { bounded: { bounds: BOUNDS, reached: () => Promise.resolve(reached) } } as LabHost;
}

const FAR_FROM_IT: Reached = { ended: 0, refused: 0, left: 2 ** 31, overworked: 0 };

describe('what a submission has used up', () => {
  test('is nothing of an honest one, nor where there are no bounds', async () => {
    expect(await usedUpOn(hostThat(FAR_FROM_IT), [container({ name: 'a' })])).toEqual([]);
    expect(await usedUpOn({} as LabHost, [container({ name: 'a' })])).toEqual([]);
  });

  test.each([
    ['memory', { ended: 1 }, '2 GiB'],
    ['processes', { refused: 1 }, '1024'],
    ['disk', { left: 0 }, '4 GiB'],
    ['engine', { overworked: 2 }, '1 GiB and 4096 processes'],
  ] as const)('is its %s, with what there was', async (what, reached, bound) => {
    const usedUp = await usedUpOn(hostThat({ ...FAR_FROM_IT, ...reached }), []);
    expect(usedUp).toEqual([{ what, bound }]);
    expect(usedUpText(usedUp[0]!)).toContain(bound);
  });

  test('is its memory, too, when only the engine still knows of a container that was ended', async () => {
    const dead = container({ name: 'a' });
    dead.state.oomKilled = true;
    expect(await usedUpOn(hostThat(FAR_FROM_IT), [dead])).toEqual([{ what: 'memory', bound: '2 GiB' }]);
  });

  test('is not the memory of the machine when a container was ended by a limit of its own', async () => {
    const dead = container({ name: 'a' });
    Object.assign(dead.state, { oomKilled: true, memoryLimit: 64 * 1024 ** 2 });
    expect(await usedUpOn(hostThat({ ...FAR_FROM_IT, ended: 1 }), [dead])).toEqual([]);
  });
});

test('a lab host says how far it has gone in four numbers; anything else is an error of ours', () => {
  expect(reachedIn('3\n0\n  4096\n1\n')).toEqual({ ended: 3, refused: 0, left: 4096, overworked: 1 });
  expect(() => reachedIn('3\n0\n4096\n')).toThrow('does not say');
  expect(() => reachedIn('df: /home/student: no such file')).toThrow('does not say');
});

test('boot.sh is told the bounds in bytes', () => {
  expect(boundsAsEnvironment(BOUNDS)).toEqual({
    NETGRADE_DISK: '4294967296',
    NETGRADE_MEMORY: '2147483648',
    NETGRADE_PIDS: '1024',
    NETGRADE_ENGINE_MEMORY: '1073741824',
    NETGRADE_ENGINE_PIDS: '4096',
  });
});

test('a whole lab host has room for the submission, its engine and the agent, and not for more', () => {
  expect(boundsOfAll(BOUNDS)).toEqual({ memory: 3.5 * 2 ** 30, pids: 5632 });
});
