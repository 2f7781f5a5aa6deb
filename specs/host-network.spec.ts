/** A container in the host's sandbox: its ports are the host's ports, and nothing has to be published. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest } from '../helpers/judge/lab-under-test.ts';
import { inTheHostsSandbox, running, settled } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './host-network.lab.ts';

const { criterion, need } = specOf(definition);
const lab = labUnderTest();
const nginx = lab.role('my_nginx');
const itExists = need('containers-running', () => nginx.exists());
const itIsSettled = need('containers-running', () => settled(nginx));
const itRuns = need('containers-running', () => running(nginx));
// A port that Docker publishes answers on the host, too: that is another lab.
const inHostsSandbox = need('shares-host-sandbox', () => inTheHostsSandbox(nginx));

criterion('containers-running', () => {
  expect([nginx]).toRunAndStayUp();
});

criterion('shares-host-sandbox', { needs: [itIsSettled] }, () => {
  expect(nginx).toShareTheHostsSandbox();
});

criterion('answers-on-host-port', { needs: [itRuns, inHostsSandbox] }, () => {
  expect(nginx).toAnswerOnHostPort(80);
});

criterion('nothing-published', { needs: [itExists], toPass: [itIsSettled] }, () => {
  expect(nginx).toPublishNothing();
});
