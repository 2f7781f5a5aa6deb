/** Interfaces, routes and ports belong to a sandbox; a container has one of its own, or uses another's. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest } from '../helpers/judge/lab-under-test.ts';
import { notInTheHostsSandbox, running, settled } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './sandbox.lab.ts';

const { criterion, need } = specOf(definition);
const lab = labUnderTest();
const [a, b, c] = [lab.role('a'), lab.role('b'), lab.role('c')];
const bothRun = need('containers-running', () => running(a, b));
const ownerAndGuestAreSettled = need('containers-running', () => settled(a, c));
// All that use the host's sandbox share it.
const aIsNotTheHost = need('own-interfaces-and-routes', () => notInTheHostsSandbox(a));

criterion('containers-running', () => {
  expect([a, b, c]).toRunAndStayUp();
});

criterion('own-ports', { needs: [bothRun] }, () => {
  expect(a).toListenOn(80);
  expect(b).toListenOn(80);
});

criterion('own-interfaces-and-routes', { needs: [bothRun] }, () => {
  expect([a, b]).toHaveSandboxesOfTheirOwn();
});

criterion('shared-sandbox', { needs: [ownerAndGuestAreSettled, aIsNotTheHost] }, () => {
  expect(c).toShareTheSandboxOf(a);
});
