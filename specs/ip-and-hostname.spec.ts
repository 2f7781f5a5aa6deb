/** A container gets an address and an interface with every network it joins, even while it runs; its hostname stays. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest } from '../helpers/judge/lab-under-test.ts';
import { attached, running } from '../helpers/judge/matchers/conditions.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './ip-and-hostname.lab.ts';

const { criterion, needs } = specOf(definition);
const lab = labUnderTest();
const [web, plain] = [lab.role('web'), lab.role('plain')];
const [netA, netB] = [lab.network('net-a'), lab.network('net-b')];
const onTheirNetworks = (): void => {
  needs('address-per-network', attached(web, netA), attached(web, netB), attached(plain, netA));
};

criterion('containers-running', () => {
  expect([web, plain]).toRunAndStayUp();
});

criterion('address-per-network', () => {
  needs('containers-running', running(web, plain));
  expect(web).toBeAttachedToExactly([netA, netB]);
  expect(plain).toBeAttachedToExactly([netA]);
  expect([web, plain]).toHaveOneAddressPerNetwork();
});

criterion('own-subnet-and-gateway', () => {
  needs('containers-running', running(web, plain));
  onTheirNetworks();
  expect([netA, netB]).toHaveOwnSubnetsAndGateways([web, plain]);
});

criterion('interface-per-network', () => {
  needs('containers-running', running(web, plain));
  onTheirNetworks();
  expect([web, plain]).toHaveAnInterfacePerNetwork();
});

criterion('hostname-overridden', () => {
  needs('containers-running', running(web));
  expect(web).toHaveHostname('web-1');
});

criterion('hostname-defaults-to-id', () => {
  needs('containers-running', running(plain));
  expect(plain).toHaveItsIdAsHostname();
});

criterion('same-process-still-running', () => {
  needs('containers-running', running(web));
  needs('address-per-network', attached(web, netA), attached(web, netB));
  expect(web).toHaveStartedOn(netA);
  expect(web).toHaveJoinedWhileRunning(netB);
});
