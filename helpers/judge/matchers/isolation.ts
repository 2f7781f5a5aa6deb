/** Matchers for an empty sandbox: no interface but lo, no route, and nothing that can be reached. */
import { Inconclusive } from '../matcher.ts';
import type { Role } from '../lab-under-test.ts';
import { describedEvidence, findingOf, type Evidence, type Finding } from '../../lab/verdict.ts';
import { THE_HOST, type ReachFacts } from '../../survey/facts.ts';
import { arrives } from '../../survey/attempts.ts';
import { isLoopback } from '../../survey/subjects.ts';
import { addressesInside, interfacesOf, routesInside } from './stack.ts';
import { closedMachine } from './outside.ts';
import { listed } from './running.ts';

export function haveOnlyLoopback(role: Role): Finding {
  if (role.isStopped) return toldNoNetwork(role, `${role} has the interface lo and no other`);
  return findingOf(
    `${role} has the interface lo and no other`,
    interfacesOf(role).map(
      ({ name, addresses }) =>
        `${role} has the interface ${name}${addresses.length > 0 ? ` with ${listed(addresses)}` : ''}`,
    ),
    `${role} has lo and no other interface`,
    [addressesInside(role)],
  );
}

/** Of a container that does not run: whether it would have no network. */
function toldNoNetwork(role: Role, expected: string): Finding {
  return findingOf(
    expected,
    role.isToldNoNetwork ? [] : [`${role} does not run, and was told to use a network (${role.facts.networkMode})`],
    `${role} does not run, but was told to use no network`,
    [
      {
        what: `docker inspect --format '{{.HostConfig.NetworkMode}}' ${role.facts.name}`,
        output: role.facts.networkMode,
      },
    ],
  );
}

/** Routes that discard packets; some kernels put one into every namespace. */
const TO_NOWHERE = /^(unreachable|blackhole|prohibit|throw) /;

export function haveNoRoute(role: Role): Finding {
  if (role.isStopped) return toldNoNetwork(role, `${role} has no route to anywhere`);
  const routes = role.sandbox.routes.filter(
    ({ destination }) => !isLoopback(destination) && !TO_NOWHERE.test(destination),
  );
  return findingOf(
    `${role} has no route to anywhere`,
    routes.map(
      ({ destination, gateway, device }) =>
        `${role} has a route: ${destination} ${gateway === undefined ? '' : `via ${gateway} `}dev ${device}`,
    ),
    `${role} has no route to anywhere`,
    [routesInside(role)],
  );
}

/** Nothing can be reached, though a port of ours on the host is open; and all its processes are in its own sandbox. */
export function reachNothing(role: Role): Finding {
  const { survey } = role.lab;
  const tried = survey.reach.filter(({ from }) => from === role.facts.name);
  const pinged = survey.pings.filter(({ from }) => from === role.facts.name);
  if (!tried.some(({ to }) => to === THE_HOST))
    throw new Inconclusive(`there was nothing open that ${role} could have reached`);
  const arrived = tried.filter(({ outcome }) => outcome === 'open' || outcome === 'refused' || outcome === 'arrived');
  const answered = pinged.filter(arrives);
  const places = otherSandboxesOf(role);
  return findingOf(
    `${role} reaches neither the host nor another container`,
    [
      ...[...Map.groupBy(arrived, ({ to }) => to)].map(
        ([to, ways]) => `${role} reaches ${nameOf(to)} at ${listed(ways.map(at))}`,
      ),
      ...answered.map(({ to, address, outcome }) =>
        outcome === 'arrived'
          ? `the ping of ${role} to ${to} arrives at ${address}`
          : `${to} answers the ping of ${role} at ${address}`,
      ),
      ...places.map((place) => `a process of ${role} runs in ${place}`),
      ...closedMachine(role.lab),
    ],
    `no packet of ${role} gets anywhere`,
    [
      ...[...arrived, ...tried.filter((each) => !arrived.includes(each))].map((each) => connection(role, each)),
      ...pinged.map(({ address, outcome }) => ({ what: inside(role, `ping -c 1 -W 1 ${address}`), output: outcome })),
      describedEvidence('the same port of the host, tried from outside', survey.outside.canary),
      ...(places.length > 0 ? [namespacesOf(role)] : []),
    ],
  );
}

/** Other sandboxes that the container's processes are in; with enough rights, a process can enter another one. */
function otherSandboxesOf({ lab, facts, sandbox }: Role): string[] {
  const { host, sandboxes } = lab.survey;
  const called = new Map([
    ...Object.entries(sandboxes).map(([name, { namespace }]) => [namespace, `the sandbox of ${name}`] as const),
    [host.sandbox.namespace, "the host's sandbox"],
  ]);
  const places = lab.survey.processes
    .filter(({ container, namespace }) => container === facts.id && namespace !== sandbox.namespace)
    .map(({ namespace }) => called.get(namespace) ?? 'a sandbox that Docker did not make');
  return [...new Set(places)];
}

function namespacesOf({ lab, facts }: Role): Evidence {
  const own = lab.survey.processes.filter(({ container }) => container === facts.id);
  return {
    what: `for pid in $(docker top ${facts.name} -eo pid | tail -n +2); do readlink /proc/$pid/ns/net; done   # on the host`,
    output: own.map(({ namespace }) => `net:[${namespace}]`).join('\n'),
  };
}

function connection(role: Role, { address, port, outcome, errno }: ReachFacts): Evidence {
  return {
    what: inside(role, `nc -v -w 2 ${address} ${port}`),
    output: errno === undefined ? outcome : `${outcome} (${errno})`,
  };
}

function inside(role: Role, command: string): string {
  return `docker run --rm --network container:${role.facts.name} busybox ${command}`;
}

function nameOf(to: string): string {
  return to === THE_HOST ? 'the host' : to;
}

function at({ address, port, way }: ReachFacts): string {
  return `${address}:${port}${way === 'own-sandbox' ? ' (the two share one sandbox)' : ''}`;
}
