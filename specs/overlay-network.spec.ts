/** On an overlay network containers on different machines talk as if on one. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest, type Network } from '../helpers/judge/lab-under-test.ts';
import { attached, isAttachableOverlay, running, shown } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { formASwarm } from '../helpers/judge/matchers/swarm.ts';
import { definition } from './overlay-network.lab.ts';

const { criterion, need } = specOf(definition);
const lab = labUnderTest();
const [alpine1, alpine2] = [lab.role('alpine1'), lab.secondMachine().role('alpine2')];
const [here] = lab.networksOf({ 'test-net': [alpine1] }) as [Network];
const [there] = lab.secondMachine().networksOf({ 'test-net': [alpine2] }) as [Network];
const bothSides = [
  need('swarm-formed', () => shown(formASwarm(lab))),
  need('overlay-attachable', () => isAttachableOverlay(here)),
  need(
    'on-different-machines',
    () => running(alpine1),
    () => running(alpine2),
  ),
];
const bothAttached = need(
  'names-resolve',
  () => attached(alpine1, here),
  () => attached(alpine2, there),
);

criterion('swarm-formed', () => {
  expect(lab).toFormASwarm();
});

criterion('overlay-attachable', () => {
  expect(here).toBeAnAttachableOverlay();
});

criterion('on-different-machines', () => {
  expect([alpine1, alpine2]).toRunOnMachinesOfTheirOwn();
});

criterion('names-resolve', { needs: bothSides }, () => {
  expect(alpine1).toResolve('alpine2', alpine2, there);
  expect(alpine2).toResolve('alpine1', alpine1, here);
});

criterion('reach-across-machines', { needs: [...bothSides, bothAttached] }, () => {
  expect(alpine1).toReach(alpine2);
  expect(alpine2).toReach(alpine1);
});
