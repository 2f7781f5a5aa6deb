/** Without a network a container has a sandbox with nothing in it but the loopback interface. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest } from '../helpers/judge/lab-under-test.ts';
import { running } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './none-network.lab.ts';

const { criterion, needs } = specOf(definition);
const isolated = labUnderTest().role('isolated');

criterion('containers-running', () => {
  expect([isolated]).toRunAndStayUp();
});

criterion('loopback-only', () => {
  needs('containers-running', running(isolated));
  expect(isolated).toHaveOnlyLoopback();
});

criterion('no-route', () => {
  needs('containers-running', running(isolated));
  expect(isolated).toHaveNoRoute();
});

criterion('cannot-reach', () => {
  needs('containers-running', running(isolated));
  expect(isolated).toReachNothing();
});
