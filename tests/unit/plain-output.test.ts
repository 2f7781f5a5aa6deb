import { expect, test } from '@jest/globals';
import { plainOutput } from '../../helpers/base/plain-output.ts';

test.each([
  ['line ends of a terminal', 'one\r\ntwo\r\n', 'one\ntwo\n'],
  ['colours', '\u001b[1;31mError:\u001b[0m no', 'Error: no'],
  ['movements of the cursor', '\u001b[2K\u001b[1A\u001b[HContainer web', 'Container web'],
  ['titles of windows', '\u001b]0;root@web: /\u0007/ # exit', '/ # exit'],
  ['a progress bar', ' 10%\r 50%\r100%\ndone', '100%\ndone'],
  ['nothing but carriage returns', '\r\r\nx\r\r', '\nx'],
  ['an empty line that was printed over', 'x\r\n\r\r\ny\r', 'x\n\ny'],
])('%s', (_, printed, plain) => {
  expect(plainOutput(printed)).toBe(plain);
});
