/** Whose network stack a container uses, and what is in it. */
import { Inconclusive } from '../grading/criterion.ts';
import type { Role } from '../grading/lab-under-test.ts';
import { findingOf, type Evidence, type Finding } from '../grading/verdict.ts';
import { THE_HOST } from '../survey/facts.ts';
import { answersHttp } from '../survey/samples.ts';
import { isLoopback } from '../survey/subjects.ts';
import { addressesInside, interfacesOf, routesInside } from './addresses.ts';
import { listed } from './running.ts';

export function shareTheHostsSandbox(_isNot: boolean, role: Role): Finding {
  const host = role.lab.survey.host.sandbox.namespace;
  return findingOf(
    `${role} has no sandbox of its own: it uses the host's interfaces and ports`,
    role.sandbox.namespace === host
      ? []
      : [`${role} has a sandbox of its own (network mode ${role.facts.networkMode})`],
    `${role} uses the host's sandbox`,
    [
      {
        what: `docker inspect --format '{{.HostConfig.NetworkMode}}' ${role.facts.name}`,
        output: role.facts.networkMode,
      },
      { what: 'readlink /proc/self/ns/net   # on the host', output: `net:[${host}]` },
      namespaceOf(role),
    ],
  );
}

export function shareTheSandboxOf(_isNot: boolean, role: Role, owner: Role): Finding {
  return findingOf(
    `${role} uses the sandbox of ${owner}`,
    role.sandbox.namespace === owner.sandbox.namespace
      ? []
      : [`${role} does not use the sandbox of ${owner} (network mode ${role.facts.networkMode})`],
    `${role} and ${owner} are in one sandbox: the same interfaces, addresses and ports`,
    [namespaceOf(owner), namespaceOf(role), addressesInside(owner), addressesInside(role)],
  );
}

export function haveSandboxesOfTheirOwn(_isNot: boolean, roles: Role[]): Finding {
  const { namespace: host } = roles[0]!.lab.survey.host.sandbox;
  const troubles = roles.flatMap((role, i) => [
    ...(role.sandbox.namespace === host ? [`${role} uses the host's sandbox`] : []),
    ...roles
      .slice(i + 1)
      .filter((other) => other.sandbox.namespace === role.sandbox.namespace)
      .map((other) => `${role} and ${other} share one sandbox`),
    ...(interfacesOf(role).length === 0 ? [`${role} has no interface but lo`] : []),
    ...(role.sandbox.routes.length === 0 ? [`${role} has no routes`] : []),
  ]);
  return findingOf(
    `${listed(roles)} each have interfaces and routes of their own`,
    troubles,
    roles
      .map(
        (role) =>
          `${role} has ${listed(interfacesOf(role).map(({ name, addresses }) => `${name} with ${listed(addresses)}`))}`,
      )
      .join('; '),
    roles.flatMap((role) => [namespaceOf(role), addressesInside(role), routesInside(role)]),
  );
}

/** @param otherwise What follows if it does not, for the student. */
export function listenOn(_isNot: boolean, role: Role, port: number, otherwise?: string): Finding {
  const all = role.sandbox.listeners.filter((listener) => listener.port === port);
  const own = all.filter(({ socket }) => socketsOf(role).includes(socket));
  const open = own.filter(({ address }) => !isLoopback(address));
  const why = (): string => {
    if (own.length > 0) return `${role} listens on port ${port} of 127.0.0.1 only`;
    if (all.length > 0) return `port ${port} in the sandbox of ${role} belongs to another container`;
    return `nothing in ${role} listens on port ${port}`;
  };
  return findingOf(
    `${role} listens on port ${port}`,
    open.length > 0 ? [] : [otherwise === undefined ? why() : `${why()}, ${otherwise}`],
    `${role} listens on port ${port}`,
    [listenersIn(role)],
  );
}

export function answerOnHostPort(_isNot: boolean, role: Role, port: number): Finding {
  const { outside } = role.lab.survey;
  if (outside.canary !== 'open')
    throw new Inconclusive(`the grader's own port could not be reached from outside (${outside.canary})`);
  const own = role.sandbox.listeners.some((each) => each.port === port && socketsOf(role).includes(each.socket));
  const tried = outside.ports.filter((each) => each.port === port && each.container === role.facts.name);
  const answered = tried.find(answersHttp);
  const why = (): string => {
    if (!own) return `${role} does not listen on port ${port} of the host`;
    return `${role} listens on port ${port}, but no HTTP answer came from there`;
  };
  return findingOf(
    `port ${port} of the host is ${role}'s own port, and answers HTTP`,
    own && answered !== undefined ? [] : [why()],
    `port ${port} of the host answers, and the one who listens there is ${role}`,
    [
      ...tried.map(({ address, http }) => ({
        what: `curl http://${address}:${port}/   # from another machine`,
        output: http.outcome === 'answered' ? `HTTP ${http.status}\n${(http.body ?? '').slice(0, 300)}` : http.outcome,
      })),
      listenersIn(role),
    ],
  );
}

export function publishNothing(_isNot: boolean, role: Role): Finding {
  const { publishAsked, published } = role.facts;
  const asked =
    publishAsked === 'all'
      ? ['all exposed ports (-P)']
      : publishAsked.map(({ hostPort, containerPort }) => `${hostPort}:${containerPort}`);
  return findingOf(
    `${role} publishes no port: in the host's sandbox there is nothing to map`,
    asked.length > 0 || published.length > 0 ? [`${role} was told to publish ${listed(asked)}`] : [],
    `${role} publishes nothing`,
    [
      {
        what: `docker inspect --format '{{json .HostConfig.PortBindings}}' ${role.facts.name}`,
        output: asked.join('\n') || '{}',
      },
    ],
  );
}

export function haveOnlyLoopback(_isNot: boolean, role: Role): Finding {
  const others = interfacesOf(role);
  return findingOf(
    `${role} has the interface lo and no other`,
    others.map(
      ({ name, addresses }) =>
        `${role} has the interface ${name}${addresses.length > 0 ? ` with ${listed(addresses)}` : ''}`,
    ),
    `${role} has lo and no other interface`,
    [addressesInside(role)],
  );
}

export function haveNoRoute(_isNot: boolean, role: Role): Finding {
  const routes = role.sandbox.routes.filter(({ destination }) => !isLoopback(destination));
  return findingOf(
    `${role} has no route to anywhere`,
    routes.map(
      ({ destination, gateway, device }) =>
        `${role} has a route: ${destination} ${gateway === undefined ? '' : `via ${gateway} `}on ${device}`,
    ),
    `the routing table of ${role} is empty`,
    [routesInside(role)],
  );
}

/** Nothing gets out, while a port of ours on the host is open to others; and no process of it stands anywhere else. */
export function reachNothing(_isNot: boolean, role: Role): Finding {
  const { survey } = role.lab;
  const tried = survey.reach.filter(({ from }) => from === role.facts.name);
  const pinged = survey.pings.filter(({ from }) => from === role.facts.name);
  if (survey.outside.canary !== 'open' || !tried.some(({ to }) => to === THE_HOST))
    throw new Inconclusive(`there was nothing open that ${role} could have reached`);
  const elsewhere = survey.processes.filter(
    ({ container, namespace }) => container === role.facts.id && namespace !== role.sandbox.namespace,
  );
  const troubles = [
    ...tried
      .filter(({ outcome }) => outcome === 'open' || outcome === 'refused')
      .map(({ to, address, port }) => `${role} reaches ${to === THE_HOST ? 'the host' : to} at ${address}:${port}`),
    ...pinged
      .filter(({ outcome }) => outcome === 'answered')
      .map(({ to, address }) => `${to} answers the ping of ${role} at ${address}`),
    ...(elsewhere.length > 0 ? [`a process of ${role} stands in another sandbox than ${role} itself`] : []),
  ];
  return findingOf(
    `${role} reaches neither the host nor another container`,
    troubles,
    `no packet of ${role} gets anywhere`,
    [
      ...tried.map(({ address, port, outcome, errno }) => ({
        what: `docker run --rm --network container:${role.facts.name} busybox nc -v -w 2 ${address} ${port}`,
        output: errno === undefined ? outcome : `${outcome} (${errno})`,
      })),
      { what: 'the same port of the host, tried from another machine', output: survey.outside.canary },
    ],
  );
}

function socketsOf(role: Role): number[] {
  return role.lab.survey.processes
    .filter(({ container }) => container === role.facts.id)
    .flatMap(({ sockets }) => sockets);
}

function listenersIn(role: Role): Evidence {
  const sockets = socketsOf(role);
  const lines = role.sandbox.listeners
    .filter(({ address }) => address !== '127.0.0.11')
    .map(({ address, port, socket }) => `${address}:${port}${sockets.includes(socket) ? ` (${role})` : ''}`);
  return {
    what: `docker run --rm --network container:${role.facts.name} busybox netstat -tln`,
    output: [...new Set(lines)].join('\n') || '(nothing listens)',
  };
}

function namespaceOf(role: Role): Evidence {
  return {
    what: `docker exec ${role.facts.name} readlink /proc/self/ns/net`,
    output: `net:[${role.sandbox.namespace}]`,
  };
}
