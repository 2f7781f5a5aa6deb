/** Matchers: whether a container's addresses, gateway and interfaces fit the networks it is attached to. */
import { shortName, type Network, type Role } from '../lab-under-test.ts';
import { findingOf, troubledFirst, type Finding } from '../../lab/verdict.ts';
import type { Attachment, NetworkFacts } from '../../survey/facts.ts';
import { isInside, overlap } from '../../base/docker/addresses.ts';
import { listed } from './running.ts';
import {
  addressesInside,
  bare,
  docker0Addresses,
  docker0OnHost,
  gatewaysOf,
  interfacesOf,
  isV4,
  outerEnd,
  outerEnds,
  routesInside,
} from './stack.ts';

export function haveOneAddressPerNetwork(roles: Role[]): Finding {
  const troubles = roles.flatMap((role) => {
    const given = role.facts.attachments.flatMap(({ addresses }) => addresses.filter(isV4));
    const inside = interfacesOf(role).flatMap(({ addresses }) => addresses.map(bare).filter(isV4));
    return [
      ...role.facts.attachments.flatMap((attachment) => addressTroubles(role, attachment)),
      ...inside
        .filter((address) => !given.includes(address))
        .map((address) => `${role} has the address ${address}, which Docker did not give it`),
      ...given
        .filter((address) => !inside.includes(address))
        .map((address) => `Docker gave ${role} the address ${address}, but no interface inside has it`),
    ];
  });
  return findingOf(
    `${listed(roles)} ${roles.length > 1 ? 'have' : 'has'} one address on each attached network, from that network's pool`,
    troubles,
    roles.flatMap((role) => role.facts.attachments.map((each) => addressOn(role, each))).join('; '),
    roles.map(addressesInside),
  );
}

function addressTroubles(role: Role, attachment: Attachment): string[] {
  const name = shortName(role.lab.survey, attachment);
  const pools = networkOf(role, attachment)?.subnets ?? [];
  const addresses = attachment.addresses.filter(isV4);
  if (addresses.length === 0) return [`${role} has no address on ${name}`];
  return addresses
    .filter((address) => !pools.some((pool) => isInside(address, pool)))
    .map((address) => `${address} of ${role} is not from the pool of ${name} (${pools.join(', ')})`);
}

function addressOn(role: Role, attachment: Attachment): string {
  const pool = networkOf(role, attachment)?.subnets[0] ?? '';
  return `${role} has ${attachment.addresses[0] ?? ''} out of ${pool} (${shortName(role.lab.survey, attachment)})`;
}

export function haveDocker0AsGateway(roles: Role[]): Finding {
  const { lab } = roles[0]!;
  const own = docker0Addresses(lab);
  const strays = (role: Role): boolean => gatewaysOf(role).length !== 1 || !own.includes(gatewaysOf(role)[0] ?? '');
  const troubles = roles
    .filter(strays)
    .map(
      (role) =>
        `the default gateway of ${role} is ${listed(gatewaysOf(role)) || 'not set'}, and docker0 is ${listed(own)}`,
    );
  return findingOf(
    `the default gateway of ${listed(roles)} is the address of docker0`,
    troubles,
    `the default gateway of ${listed(roles)} is ${listed(own)}, the address of docker0`,
    [docker0OnHost(lab), ...troubledFirst(roles, strays).map(routesInside)],
  );
}

export function haveOwnSubnetsAndGateways(networks: Network[], roles: Role[]): Finding {
  const used = networks.flatMap((network) => inUse(network, roles) ?? []);
  const onlyOne = used.length > 1 && new Set(used.map(({ id }) => id)).size === 1;
  const troubles = [
    ...networks.filter(({ seen }) => seen.length === 0).map(({ name }) => `there is no network called ${name}`),
    ...used.flatMap((network) => gatewayTroubles(network, roles)),
    ...(onlyOne ? [`${listed(networks)} are one and the same network`] : overlaps(used)),
    ...roles.flatMap(routeTroubles),
  ];
  return findingOf(
    `${listed(networks)} each have a subnet and a gateway of their own, and the default gateway of ${listed(roles)} is one of these`,
    troubles,
    [
      ...used.map((network) => `${called(network)} is ${listed(network.subnets)} with ${gatewayOf(network, roles)}`),
      ...roles.map((role) => `${role} goes through ${listed(gatewaysOf(role)) || 'no gateway'}`),
    ].join('; '),
    [
      ...troubledFirst(used, (network) => gatewayTroubles(network, roles).length > 0).map((network) => ({
        what: `docker network inspect --format '{{json .IPAM.Config}}' ${network.name}`,
        output: `subnet ${listed(network.subnets)}, gateway ${gatewayOf(network, roles) || '(none)'}`,
      })),
      ...troubledFirst(roles, (role) => routeTroubles(role).length > 0).map(routesInside),
    ],
  );
}

/** If several networks have one name, takes the one that a role is on. */
function inUse({ seen }: Network, roles: Role[]): NetworkFacts | undefined {
  const isUsed = ({ id }: NetworkFacts): boolean =>
    roles.some(({ facts }) => facts.attachments.some(({ networkId }) => networkId === id));
  return seen.find(isUsed) ?? seen[0];
}

/** Some engines report a network's gateway only when its containers are inspected. */
function gatewayOf(network: NetworkFacts, roles: Role[]): string {
  const own = roles.flatMap(({ facts }) => facts.attachments).find(({ networkId }) => networkId === network.id);
  return network.gateways[0] ?? own?.gateway ?? '';
}

/** Internal networks are left out: whether they have a gateway depends on the engine. */
function gatewayTroubles(network: NetworkFacts, roles: Role[]): string[] {
  const gateway = gatewayOf(network, roles);
  if (network.internal || network.subnets.some((subnet) => isInside(gateway, subnet))) return [];
  return [
    gateway === ''
      ? `${called(network)} has no gateway`
      : `the gateway of ${called(network)}, ${gateway}, is not in its subnet ${listed(network.subnets)}`,
  ];
}

function routeTroubles(role: Role): string[] {
  const gateways = gatewaysOf(role);
  const attached = role.facts.attachments.map((each) => networkOf(role, each)).filter((each) => each !== undefined);
  const leads = attached.some(({ internal }) => !internal);
  if (gateways.length === 0) return leads ? [`${role} has no default gateway`] : [];
  const known = attached.map((network) => gatewayOf(network, [role]));
  return gateways
    .filter((gateway) => !known.includes(gateway))
    .map((gateway) => `the default gateway of ${role} is ${gateway}, which is the gateway of none of its networks`);
}

function overlaps(networks: NetworkFacts[]): string[] {
  return networks.flatMap((one, i) =>
    networks
      .slice(i + 1)
      .filter((other) => one.subnets.some((a) => other.subnets.some((b) => overlap(a, b))))
      .map((other) => `the subnets of ${called(one)} and ${called(other)} overlap`),
  );
}

/** A network's name as the student knows it: without Compose's prefix. */
function called({ name, names }: NetworkFacts): string {
  return names.at(-1) ?? name;
}

export function haveAnInterfacePerNetwork(roles: Role[]): Finding {
  const troublesOf = (role: Role): string[] => {
    const inside = interfacesOf(role);
    const { attachments } = role.facts;
    const count =
      inside.length === attachments.length
        ? []
        : [
            `besides lo, ${role} has the interfaces ${listed(inside.map(({ name }) => name)) || '(none)'}, and it is on ${listed(attachments.map((each) => shortName(role.lab.survey, each)))}`,
          ];
    return [...count, ...attachments.flatMap((attachment) => interfaceTroubles(role, attachment))];
  };
  const fine = roles.map((role) => `${role} has ${listed(interfacesOf(role).map(({ name }) => name))}`);
  return findingOf(
    `inside ${listed(roles)} there is one interface for each attached network: one end of a pair whose other end is a port of the network's bridge on the host`,
    roles.flatMap(troublesOf),
    fine.join('; '),
    [
      ...troubledFirst(roles, (role) => troublesOf(role).length > 0).map(addressesInside),
      { what: 'ip link show type veth   # on the host', output: roles.flatMap(outerEnds).join('\n') || '(none)' },
    ],
  );
}

function interfaceTroubles(role: Role, attachment: Attachment): string[] {
  const name = shortName(role.lab.survey, attachment);
  const inside = interfacesOf(role).filter(({ addresses }) =>
    addresses.some((each) => attachment.addresses.includes(bare(each))),
  );
  if (inside.length !== 1)
    return [`${inside.length === 0 ? 'no interface' : 'more than one interface'} of ${role} belongs to ${name}`];
  const bridge = bridgeOf(networkOf(role, attachment));
  const outer = outerEnd(role, inside[0]!);
  return outer?.master === bridge
    ? []
    : [`${inside[0]!.name} of ${role} does not lead to ${bridge}, the bridge of ${name}`];
}

/** What the engine calls a network's bridge (Docker's documentation of the bridge driver). */
function bridgeOf(network: NetworkFacts | undefined): string {
  if (network === undefined) return '(none)';
  return network.options['com.docker.network.bridge.name'] ?? `br-${network.id.slice(0, 12)}`;
}

function networkOf(role: Role, { networkId }: Attachment): NetworkFacts | undefined {
  return role.lab.survey.networks.find(({ id }) => id === networkId);
}
