/** The tools that the probe agent runs: one that is late is no tool that had nothing to say. */
import { expect, test } from '@jest/globals';
import { execute } from '../../helpers/machine/probe/agent/execute.ts';

const AT_ONCE = -10_000;

test('a command that ends while nobody has time to look, and too late, has failed', async () => {
  const answer = execute('echo', ['hello'], { takesMs: AT_ONCE + 100 });
  const begun = Date.now();
  while (Date.now() - begun < 500); // a busy machine: the command ends, and the time is over, before it is looked at
  await expect(answer).rejects.toThrow('echo: it did not end in time');
});

test('a command that does not end is ended', async () => {
  await expect(execute('sleep', ['10'], { takesMs: AT_ONCE + 100 })).rejects.toThrow('sleep: it did not end in time');
});

test('outputs and exit codes', async () => {
  await expect(execute('sh', ['-c', 'cat; echo no >&2; exit 3'], { input: 'yes' })).resolves.toEqual({
    exitCode: 3,
    output: 'yes',
    errors: 'no\n',
  });
});
