/** Two containers of one image that exposes a port: outside reaches the one that publishes it, and not the other. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest } from '../helpers/judge/lab-under-test.ts';
import { running } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './expose-vs-publish.lab.ts';

const PORT = 8080;

const { criterion, need } = specOf(definition);
const lab = labUnderTest();
const [exposed, published] = [lab.role('exposed'), lab.role('published')];
const bothExist = need(
  'containers-running',
  () => exposed.exists(),
  () => published.exists(),
);
const bothRun = need('containers-running', () => running(exposed, published));
const publishedRuns = need('containers-running', () => running(published));

criterion('containers-running', () => {
  expect([exposed, published]).toRunAndStayUp();
});

criterion('image-exposes', { needs: [bothExist] }, () => {
  expect([exposed, published]).toComeFromOneImageThatExposes(PORT);
});

criterion('exposed-not-reachable', { needs: [bothRun] }, () => {
  expect(exposed).toListenOn(PORT, 'so being unreachable proves nothing');
  expect(exposed).not.toBeReachableFromOutside(published);
});

criterion('published-reachable', { needs: [publishedRuns] }, () => {
  expect(published).toAnswerHttpFromOutside(PORT);
});
