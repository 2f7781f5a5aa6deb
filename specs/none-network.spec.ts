/** Without a network a container has a sandbox with nothing in it but the loopback interface. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest } from '../helpers/judge/lab-under-test.ts';
import { running, settled } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './none-network.lab.ts';

const { criterion, need } = specOf(definition);
const isolated = labUnderTest().role('isolated');
const itIsSettled = need('containers-running', () => settled(isolated));
const itRuns = need('containers-running', () => running(isolated));

criterion('containers-running', () => {
  expect([isolated]).toRunAndStayUp();
});

criterion('loopback-only', { needs: [itIsSettled] }, () => {
  expect(isolated).toHaveOnlyLoopback();
});

criterion('no-route', { needs: [itIsSettled] }, () => {
  expect(isolated).toHaveNoRoute();
});

criterion('cannot-reach', { needs: [itRuns] }, () => {
  expect(isolated).toReachNothing();
});
