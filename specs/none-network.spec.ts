/** Without a network a container has a sandbox with nothing in it but the loopback interface. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest } from '../helpers/judge/lab-under-test.ts';
import { running } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './none-network.lab.ts';

const { criterion, need } = specOf(definition);
const isolated = labUnderTest().role('isolated');
const itRuns = need('containers-running', () => running(isolated));

criterion('containers-running', () => {
  expect([isolated]).toRunAndStayUp();
});

criterion('loopback-only', { needs: [itRuns] }, () => {
  expect(isolated).toHaveOnlyLoopback();
});

criterion('no-route', { needs: [itRuns] }, () => {
  expect(isolated).toHaveNoRoute();
});

criterion('cannot-reach', { needs: [itRuns] }, () => {
  expect(isolated).toReachNothing();
});
