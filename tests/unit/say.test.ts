/** What is said of students' things: an engine of an older generation takes any name of a network. */
import { expect, jest, test } from '@jest/globals';
import { heardBy, say } from '../../helpers/machine/setup/say.ts';

const NAME = 'net\u001b[2J';
const SHOWN = 'net␛[2J';

test('says a name that a student chose so that it changes no terminal', async () => {
  const written = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  say(NAME);
  expect(written.mock.calls).toEqual([[`netgrade: ${SHOWN}\n`]]);
  written.mockRestore();
  const heard: string[] = [];
  await heardBy(
    (text) => heard.push(text),
    () => {
      say(NAME);
      return Promise.resolve();
    },
  );
  expect(heard).toEqual([SHOWN]);
});
