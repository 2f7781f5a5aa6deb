/** Which lab self-test takes what runs for, if nobody names one. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import type { LabDefinition } from '../../helpers/lab/lab-definition.ts';
import { likeliest } from '../../helpers/run/watch/guess.ts';
import type { Survey } from '../../helpers/survey/facts.ts';
import { labCalled, labNames } from '../helpers/labs.ts';
import { changed, recorded } from '../helpers/surveys.ts';

/** What says nothing by its names: the examples of these give other names, or nothing runs of them on one machine. */
const NAMELESS = ['inspect-busybox', 'overlay-network', 'sandbox', 'self-check'];
const WITH_NAMES = labNames().filter((lab) => !NAMELESS.includes(lab));

let labs: LabDefinition[];

beforeAll(async () => {
  const all = await Promise.all(labNames().map(labCalled));
  labs = all.filter(({ machines = 1 }) => machines === 1);
});

const guessed = (survey: Survey): string[] => likeliest(labs, survey).map(({ lab }) => lab.name);

test.each(WITH_NAMES)('what runs of %s is taken for it', (lab) => {
  expect(guessed(recorded(lab))).toEqual([lab]);
});

describe('a stack that is not whole', () => {
  const stack = recorded('nginx-flask-mongo');
  const without = (...services: string[]): Survey =>
    changed(stack, (draft) => {
      draft.containers = draft.containers.filter(({ service }) => !services.includes(service ?? ''));
    });

  test('is taken for what most of it is', () => {
    expect(guessed(without('nginx'))).toEqual(['nginx-flask-mongo']);
    expect(likeliest(labs, without('nginx'))[0]?.because).toBe(
      'the containers flask-app, mongo and the networks public-net-1, private-net-1',
    );
  });

  test('is taken for either of two labs, if no more of it runs than both have', () => {
    expect(guessed(without('flask-app', 'mongo'))).toEqual(expect.arrayContaining(['netflix', 'nginx-flask-mongo']));
  });

  test('is taken for none, if nothing of it runs any more', () => {
    const stopped = changed(stack, ({ containers }) => {
      for (const { state } of containers) state.running = false;
    });
    expect(guessed(stopped)).toEqual([]);
  });
});

test('a container that has no more than the image of a role is no reason', () => {
  const other = changed(recorded('host-network'), ({ containers }) => {
    for (const container of containers) container.name = container.hostname = 'blog';
  });
  expect(guessed(other)).toEqual([]);
});
