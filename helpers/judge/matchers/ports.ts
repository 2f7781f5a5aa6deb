/** Matchers: on which ports a container itself listens (not others in the same sandbox), and which it publishes. */
import { EMBEDDED_DNS } from '../../base/docker/addresses.ts';
import { Inconclusive } from '../matcher.ts';
import type { Role } from '../lab-under-test.ts';
import { findingOf, type Evidence, type Finding } from '../../lab/verdict.ts';
import type { PublishedPort } from '../../survey/facts.ts';
import type { Listener } from '../../machine/probe/protocol.ts';
import { answersHttp } from '../../survey/samples.ts';
import { isLoopback } from '../../survey/subjects.ts';
import { closedMachine, curl } from './outside.ts';
import { listed } from './running.ts';

/** @param otherwise Added to the trouble, for the student: what follows if it does not listen. */
export function listenOn(role: Role, port: number, otherwise?: string): Finding {
  const troubles = silence(role, port).map((why) => (otherwise === undefined ? why : `${why}, ${otherwise}`));
  return findingOf(`${role} listens on port ${port}`, troubles, `${role} listens on port ${port}`, [listenersIn(role)]);
}

export function answerOnHostPort(role: Role, port: number): Finding {
  const { outside } = role.lab.survey;
  const tried = outside.ports.filter((each) => each.port === port && each.container === role.facts.name);
  const troubles = silence(role, port);
  if (troubles.length === 0 && tried.length === 0)
    throw new Inconclusive(`port ${port} of the host, on which ${role} listens, was not tried from ${outside.from}`);
  const unanswered = tried.some(answersHttp)
    ? []
    : [`${role} listens on port ${port}, but what comes from there is no HTTP answer`, ...closedMachine(role.lab)];
  return findingOf(
    `port ${port} of the host answers HTTP, and it is ${role} that listens there`,
    troubles.length > 0 ? troubles : unanswered,
    `port ${port} of the host answers, and it is ${role} that listens there`,
    [...tried.map((each) => curl(role.lab, each)), listenersIn(role)],
  );
}

/** Why a container does not listen on a port for others; empty if it does. */
function silence(role: Role, port: number): string[] {
  const all = role.sandbox.listeners.filter((listener) => listener.port === port);
  const own = all.filter((listener) => isOwn(role, listener));
  if (own.some(({ address }) => !isLoopback(address))) return [];
  if (own.length > 0) return [`${role} listens on port ${port} of 127.0.0.1 only`];
  const ports = role.sandbox.listeners.filter((listener) => isOwn(role, listener)).map((listener) => listener.port);
  const instead = ports.length > 0 ? `; ${role} listens on port ${listed([...new Set(ports)])}` : '';
  const holders = holdersOf(role, all);
  if (holders.length > 0) return [`port ${port} there is used by ${listed(holders)}, not by ${role}${instead}`];
  return [`nothing in ${role} listens on port ${port}${instead}`];
}

/** The containers that own one of these sockets, or for which the engine listens there on the host. */
function holdersOf(role: Role, listeners: Listener[]): string[] {
  const { containers, processes, host } = role.lab.survey;
  const sockets = listeners.map(({ socket }) => socket);
  const holding = processes.filter((each) => each.sockets.some((socket) => sockets.includes(socket)));
  const ports = role.sandbox.namespace === host.sandbox.namespace ? listeners.map(({ port }) => port) : [];
  return containers
    .filter(
      ({ id, state, published }) =>
        holding.some(({ container }) => container === id) ||
        (state.running && published.some(({ hostPort }) => ports.includes(hostPort))),
    )
    .map(({ name }) => name);
}

function isOwn(role: Role, { socket }: Listener): boolean {
  return role.lab.survey.processes.some(
    ({ container, sockets }) => container === role.facts.id && sockets.includes(socket),
  );
}

export function publishNothing(role: Role): Finding {
  const { publishAsked, published, networkMode, sandboxOf, name } = role.facts;
  const asked = publishAsked === 'all' ? ['every exposed port (-P)'] : publishAsked.map(mapping);
  const inVain = networkMode === 'host' ? ", which has no effect in the host's sandbox" : '';
  return findingOf(
    `${role} publishes no port: in the host's sandbox there is nothing to map`,
    [
      ...(asked.length > 0 ? [`${role} was told to publish ${listed(asked)}${inVain}`] : []),
      ...(sandboxOf !== name && published.length > 0
        ? [`${role} uses the sandbox of ${sandboxOf}, which publishes ${listed(published.map(mapping))}`]
        : []),
    ],
    `${role} publishes nothing`,
    [
      {
        what: `docker inspect --format '{{.HostConfig.PublishAllPorts}}{{range $port, $to := .HostConfig.PortBindings}}{{range $to}} {{.HostPort}}:{{$port}}{{end}}{{end}}' ${name}`,
        output: publishAsked === 'all' ? 'true' : ['false', ...publishAsked.map(binding)].join(' '),
      },
    ],
  );
}

/** In the form of `docker run --publish`. */
function mapping({ hostPort, containerPort, protocol }: PublishedPort): string {
  return `${hostPort > 0 ? `${hostPort}:` : ''}${containerPort}${protocol === 'tcp' ? '' : `/${protocol}`}`;
}

/** In the form that `docker inspect` shows. */
function binding({ hostPort, containerPort, protocol }: PublishedPort): string {
  return `${hostPort > 0 ? hostPort : ''}:${containerPort}/${protocol}`;
}

function listenersIn(role: Role): Evidence {
  const { namespace, listeners } = role.sandbox;
  const onHost = namespace === role.lab.survey.host.sandbox.namespace;
  const lines = listeners
    .filter(({ address }) => address !== EMBEDDED_DNS)
    .map((each) => `${each.address}:${each.port}${isOwn(role, each) ? ` (${role})` : ''}`);
  return {
    what: onHost
      ? 'netstat -tlnp   # on the host'
      : `docker run --rm --network container:${role.facts.name} busybox netstat -tln`,
    output: [...new Set(lines)].join('\n') || '(nothing listens)',
  };
}
