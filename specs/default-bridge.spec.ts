/** On the default bridge network containers reach each other by address, and not by name. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest, type Role } from '../helpers/judge/lab-under-test.ts';
import { onlyOnDefaultBridge, running, settled } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './default-bridge.lab.ts';

const { criterion, need } = specOf(definition);
const lab = labUnderTest();
const [alpine1, alpine2] = [lab.role('alpine1'), lab.role('alpine2')];
const both = [alpine1, alpine2];
const bothRun = need('containers-running', () => running(...both));
/** What Docker does for containers on the default bridge, it does for those that are on no other network. */
const onTheirBridge = [bothRun, need('on-default-bridge-only', () => onlyOnDefaultBridge(...both))];

/** The name that the task gives, and the student's own if submission.yaml says so: neither may be known. */
const namesOf = (role: Role): Set<string> => new Set([role.name, role.called]);

criterion('containers-running', () => {
  expect(both).toRunAndStayUp();
});

criterion('on-default-bridge-only', { needs: [need('containers-running', () => settled(...both))] }, () => {
  for (const role of both) expect(role).toBeAttachedToExactly([lab.defaultBridge()]);
  expect(both).toHaveSandboxesOfTheirOwn();
});

criterion('addresses-from-pool', { needs: onTheirBridge }, () => {
  expect(both).toHaveOneAddressPerNetwork();
});

criterion('gateway-is-docker0', { needs: onTheirBridge }, () => {
  expect(both).toHaveDocker0AsGateway();
});

criterion('reach-by-address', { needs: onTheirBridge }, () => {
  expect(alpine1).toReach(alpine2);
  expect(alpine2).toReach(alpine1);
});

criterion('no-names', { needs: onTheirBridge }, () => {
  for (const name of namesOf(alpine2)) expect(alpine1).not.toFindByName(name, alpine2);
  for (const name of namesOf(alpine1)) expect(alpine2).not.toFindByName(name, alpine1);
});

criterion('resolv-conf-from-host', { needs: onTheirBridge }, () => {
  expect(both).toCopyTheHostsNameservers();
});
