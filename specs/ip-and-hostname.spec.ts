/** A container gets an address and an interface with every network it joins, even while it runs; its hostname stays. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest, type Network } from '../helpers/judge/lab-under-test.ts';
import { attached, running, settled } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './ip-and-hostname.lab.ts';

const { criterion, need } = specOf(definition);
const lab = labUnderTest();
const [web, plain] = [lab.role('web'), lab.role('plain')];
const [netA, netB] = lab.networksOf({ 'net-a': [web, plain], 'net-b': [web] }) as [Network, Network];
const bothRun = need('containers-running', () => running(web, plain));
const webRuns = need('containers-running', () => running(web));
const webOnBoth = need(
  'address-per-network',
  () => attached(web, netA),
  () => attached(web, netB),
);
const plainOnA = need('address-per-network', () => attached(plain, netA));

criterion('containers-running', () => {
  expect([web, plain]).toRunAndStayUp();
});

criterion('address-per-network', { needs: [bothRun] }, () => {
  for (const network of [netA, netB]) if (network.lookalike !== undefined) expect([network]).toBeUserDefinedBridges();
  expect(web).toBeAttachedToExactly([netA, netB]);
  expect(plain).toBeAttachedToExactly([netA]);
  expect([web, plain]).toHaveOneAddressPerNetwork();
});

criterion('own-subnet-and-gateway', { needs: [bothRun, webOnBoth, plainOnA] }, () => {
  expect([netA, netB]).toHaveOwnSubnetsAndGateways([web, plain]);
});

criterion('interface-per-network', { needs: [bothRun, webOnBoth, plainOnA] }, () => {
  expect([web, plain]).toHaveAnInterfacePerNetwork();
});

criterion('hostname-overridden', { needs: [need('containers-running', () => settled(web))] }, () => {
  expect(web).toHaveHostname('web-1');
});

criterion('hostname-defaults-to-id', { needs: [need('containers-running', () => settled(plain))] }, () => {
  expect(plain).toHaveItsIdAsHostname();
});

criterion('same-process-still-running', { needs: [webRuns, webOnBoth] }, () => {
  expect(web).toHaveStartedOn(netA);
  expect(web).toHaveJoinedWhileRunning(netB);
});
