/** Matchers: whether a container uses the host's sandbox, another container's, or its own. */
import type { Role } from '../lab-under-test.ts';
import { findingOf, type Evidence, type Finding } from '../../lab/verdict.ts';
import type { NetworkInterface } from '../../machine/probe/protocol.ts';
import { listed } from './running.ts';
import { addressesInside, interfacesOf, routesInside } from './stack.ts';

export function shareTheHostsSandbox(role: Role): Finding {
  const host = role.lab.survey.host.sandbox.namespace;
  if (role.isStopped) {
    const { networkMode, sandboxOf } = role.facts;
    return findingOf(
      `${role} has no sandbox of its own: it uses the host's interfaces and ports`,
      networkMode === 'host' ? [] : [`${role} does not run, and was told the network mode ${networkMode}`],
      `${role} does not run, but was told to use the host's sandbox`,
      [{ what: `docker inspect --format '{{.HostConfig.NetworkMode}}' ${sandboxOf}`, output: networkMode }],
    );
  }
  return findingOf(
    `${role} has no sandbox of its own: it uses the host's interfaces and ports`,
    strayedFrom(role, host),
    `${role} uses the host's sandbox`,
    [
      {
        what: `docker inspect --format '{{.HostConfig.NetworkMode}}' ${role.facts.sandboxOf}`,
        output: role.facts.networkMode,
      },
      { what: 'readlink /proc/self/ns/net   # on the host', output: `net:[${host}]` },
      namespaceOf(role),
    ],
  );
}

/** Docker must have started it there: with enough rights, a process can also enter the host's sandbox by itself. */
function strayedFrom({ facts: { networkMode }, sandbox, name }: Role, host: number): string[] {
  const isThere = sandbox.namespace === host;
  const belongsThere = networkMode === 'host';
  if (isThere && belongsThere) return [];
  if (belongsThere) return [`${name} was started in the host's sandbox, but its process has left it`];
  const own = `${name} has a sandbox of its own (network mode ${networkMode})`;
  return [isThere ? `${own}; only its process has moved into the host's` : own];
}

export function shareTheSandboxOf(role: Role, owner: Role): Finding {
  if (role.isStopped || owner.isStopped) return toldToShare(role, owner);
  const shared = role.sandbox.namespace === owner.sandbox.namespace;
  return findingOf(
    `${role} uses the sandbox of ${owner}`,
    shared ? [] : [`${role} does not use the sandbox of ${owner}: ${whereabouts(role, owner)}`],
    `${role} and ${owner} are in one sandbox: the same interfaces, addresses and ports`,
    [namespaceOf(owner), namespaceOf(role), addressesInside(owner), addressesInside(role)],
  );
}

/** Where one of the two does not run: whether Docker was told that they share a sandbox. */
function toldToShare(role: Role, owner: Role): Finding {
  const { sandboxOf, name } = role.facts;
  const isShared = sandboxOf === owner.facts.sandboxOf && sandboxOf !== name;
  const shares = sandboxOf === name ? 'a sandbox of its own' : `the sandbox of ${sandboxOf}`;
  return findingOf(
    `${role} uses the sandbox of ${owner}`,
    isShared ? [] : [`${role} was told to use ${shares}`],
    `${role} was told to use the sandbox of ${owner}, though not both run`,
    [{ what: `docker inspect --format '{{.HostConfig.NetworkMode}}' ${name}`, output: `container:${sandboxOf}` }],
  );
}

function whereabouts({ lab, facts, sandbox }: Role, owner: Role): string {
  if (sandbox.namespace === lab.survey.host.sandbox.namespace) return "it is in the host's";
  if (facts.sandboxOf === owner.facts.sandboxOf)
    return `Docker has made a new one for ${owner} since, and it is still in the old one`;
  const shares = facts.sandboxOf !== facts.name;
  return shares ? `it is in that of ${facts.sandboxOf}` : `it has one of its own (network mode ${facts.networkMode})`;
}

export function haveSandboxesOfTheirOwn(roles: Role[]): Finding {
  const { namespace: host } = roles[0]!.lab.survey.host.sandbox;
  const stopped = roles.filter(({ isStopped }) => isStopped);
  const running = roles.filter(({ isStopped }) => !isStopped);
  const troubles = running.flatMap((role, i) => [
    ...(role.sandbox.namespace === host ? [`${role} uses the host's sandbox`] : []),
    ...running
      .slice(i + 1)
      .filter((other) => other.sandbox.namespace === role.sandbox.namespace)
      .map((other) => `${role} and ${other} share one sandbox`),
    ...lacking(role),
  ]);
  return findingOf(
    `${listed(roles)} each have interfaces and routes of their own`,
    [...troubles, ...stopped.flatMap(toldOtherwise)],
    [
      ...running.map((role) => `${role} has ${listed(interfacesOf(role).map(withAddresses))}`),
      ...stopped.map((role) => `${role} does not run, but was told to have a sandbox of its own`),
    ].join('; '),
    running.flatMap((role) => [namespaceOf(role), addressesInside(role), routesInside(role)]),
  );
}

/** Of a container that does not run: why it would have no sandbox of its own with an interface in it. */
function toldOtherwise(role: Role): string[] {
  const { sandboxOf, name, networkMode } = role.facts;
  if (sandboxOf !== name) return [`${role} was told to use the sandbox of ${sandboxOf}`];
  return ['host', 'none'].includes(networkMode) ? [`${role} was told the network mode ${networkMode}`] : [];
}

function withAddresses({ name, addresses }: NetworkInterface): string {
  return `${name} with ${listed(addresses)}`;
}

function lacking(role: Role): string[] {
  return [
    ...(interfacesOf(role).length === 0 ? [`${role} has no interface but lo`] : []),
    ...(role.sandbox.routes.length === 0 ? [`${role} has no routes`] : []),
  ];
}

function namespaceOf(role: Role): Evidence {
  return {
    what: `docker exec ${role.facts.name} readlink /proc/self/ns/net`,
    output: `net:[${role.sandbox.namespace}]`,
  };
}
