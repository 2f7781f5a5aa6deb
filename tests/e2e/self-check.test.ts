/**
 * The key of the self-check is proven: each question names an experiment on a real engine, and what is seen there decides
 * which of its options hold.
 */
import { execFile } from 'node:child_process';
import path from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, test } from '@jest/globals';
import { optionsOf } from '../../helpers/lab/self-check-question.ts';
import { QUESTIONS } from '../../specs/self-check/index.ts';
import { disagreements, flipped } from '../helpers/self-check/disagreements.ts';
import type { Observed } from '../helpers/self-check/experiment.ts';

const OBSERVE = path.resolve('tests/helpers/self-check/observe.ts');
const OBSERVING_MS = 6 * 60_000;

let seen: Record<string, Observed>;

beforeAll(async () => {
  // In a process of its own: lab hosts are not made for Jest's loader of modules.
  const command = ['--disable-warning=ExperimentalWarning', OBSERVE];
  const { stdout } = await promisify(execFile)(process.execPath, command, { timeout: OBSERVING_MS });
  seen = JSON.parse(stdout) as Record<string, Observed>;
}, OBSERVING_MS + 30_000);

test('the key says what the engine does', () => {
  expect(disagreements(QUESTIONS, seen)).toEqual([]);
});

describe('a key that is wrong in one option is noticed', () => {
  test.each(QUESTIONS)('of $id', (question) => {
    for (const [letter] of optionsOf(question)) {
      const wrong = flipped(QUESTIONS, question.id, letter);
      expect(disagreements(wrong, seen)).toEqual([expect.stringContaining(`${question.id}, ${letter}: the key says`)]);
    }
  });
});
