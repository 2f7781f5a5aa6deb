/** Reads facts out of a sandbox's and the host's network stack, and makes evidence of them. */
import type { Lab, Role } from '../lab-under-test.ts';
import type { Evidence } from '../../lab/verdict.ts';
import type { NetworkInterface } from '../../machine/probe/protocol.ts';

/** The end of a container's veth pair that is on the host. */
export function outerEnd(role: Role, inside: NetworkInterface): NetworkInterface | undefined {
  return role.lab.survey.host.sandbox.interfaces.find(
    ({ index, peerIndex }) => index === inside.peerIndex && peerIndex === inside.index,
  );
}

/** Both ends of a container's veth pairs, a line for each. */
export function outerEnds(role: Role): string[] {
  return interfacesOf(role).map((inside) => {
    const outer = outerEnd(role, inside);
    return outer === undefined
      ? `${inside.name} of ${role}: no other end on the host`
      : `${outer.index}: ${outer.name}@if${inside.index} master ${outer.master ?? '(none)'}   (the other end of ${inside.name} in ${role})`;
  });
}

/** Interfaces besides lo. Unused tunnel devices, which some kernels put into every namespace, are left out. */
export function interfacesOf(role: Role): NetworkInterface[] {
  return role.sandbox.interfaces.filter(({ name, up, addresses }) => name !== 'lo' && (up || addresses.length > 0));
}

export function gatewaysOf(role: Role): string[] {
  return role.sandbox.routes
    .filter(({ destination, gateway }) => destination === 'default' && gateway !== undefined && isV4(gateway))
    .map(({ gateway }) => gateway ?? '');
}

export function addressesInside(role: Role): Evidence {
  return {
    what: `docker run --rm --network container:${role.facts.name} busybox ip address`,
    output: role.sandbox.interfaces.map(describe).join('\n'),
  };
}

export function routesInside(role: Role): Evidence {
  const lines = role.sandbox.routes.map(
    ({ destination, gateway, device }) =>
      `${destination}${gateway === undefined ? '' : ` via ${gateway}`}${device === '' ? '' : ` dev ${device}`}`,
  );
  return {
    what: `docker run --rm --network container:${role.facts.name} busybox ip route`,
    output: lines.join('\n') || '(no routes)',
  };
}

/** Addresses of the default bridge network's bridge on the host. */
export function docker0Addresses(lab: Lab): string[] {
  return (docker0Of(lab)?.addresses ?? []).map(bare).filter(isV4);
}

export function docker0OnHost(lab: Lab): Evidence {
  return { what: 'ip address show docker0   # on the host', output: describe(docker0Of(lab)) };
}

function docker0Of({ survey }: Lab): NetworkInterface | undefined {
  return survey.host.sandbox.interfaces.find(({ name }) => name === 'docker0');
}

function describe(each: NetworkInterface | undefined): string {
  if (each === undefined) return '(there is none)';
  const peer = each.peerIndex === undefined ? '' : `@if${each.peerIndex}`;
  return `${each.index}: ${each.name}${peer} ${each.up ? 'up' : 'down'} ${each.addresses.join(' ')}`.trim();
}

/** Without the prefix length. */
export function bare(address: string): string {
  return address.replace(/\/.*/, '');
}

export function isV4(address: string): boolean {
  return !address.includes(':');
}
