/** Two containers of one image that exposes a port: outside reaches the one that publishes it, and not the other. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest } from '../helpers/judge/lab-under-test.ts';
import { running } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './expose-vs-publish.lab.ts';

const PORT = 8080;

const { criterion, needs } = specOf(definition);
const lab = labUnderTest();
const [exposed, published] = [lab.role('exposed'), lab.role('published')];

criterion('containers-running', () => {
  expect([exposed, published]).toRunAndStayUp();
});

criterion('image-exposes', () => {
  needs('containers-running', exposed.exists(), published.exists());
  expect([exposed, published]).toComeFromOneImageThatExposes(PORT);
});

criterion('exposed-not-reachable', () => {
  needs('containers-running', running(exposed, published));
  expect(exposed).toListenOn(PORT, 'so being unreachable proves nothing');
  expect(exposed).not.toBeReachableFromOutside(published);
});

criterion('published-reachable', () => {
  needs('containers-running', running(published));
  expect(published).toAnswerHttpFromOutside(PORT);
});
