import { addedRules, openDoors } from '../firewall.ts';
import { Inconclusive } from '../matcher.ts';
import type { Lab, Role } from '../lab-under-test.ts';
import { describedEvidence, type Evidence, type Finding } from '../../lab/verdict.ts';
import type { ContainerFacts, OutsidePort } from '../../survey/facts.ts';
import type { BackendAway } from '../../survey/experiment-facts.ts';
import { answersHttp, touchesBackend } from '../../survey/samples.ts';
import { isAlive, isLoopback, publishedToOthers, usesHostSandbox } from '../../survey/subjects.ts';
import { urlOf } from '../../survey/url.ts';
import { needHeard, wayEvidence, waysBetween } from '../ways.ts';
import { listed } from './running.ts';

export function answerHttpFromOutside(role: Role, containerPort?: number): Finding {
  const ports = role.lab.survey.outside.ports.filter(
    ({ container, mapping }) =>
      role.ownsPortsOf(container) && (containerPort === undefined || mapping?.containerPort === containerPort),
  );
  const answered = ports.find(answersHttp);
  if (ports.length === 0) needTried(role.lab, ({ name }) => role.ownsPortsOf(name), containerPort);
  return {
    pass: answered !== undefined,
    expected: `a machine outside gets an HTTP answer from ${containerPort === undefined ? '' : `port ${containerPort} of `}${role}`,
    actual: answered === undefined ? whyNot(role, ports, containerPort) : answer(answered),
    evidence: [portsOf(role.facts), ...ports.map((port) => curl(role.lab, port))],
  };
}

function answer({ port, http, https, refusal }: OutsidePort): string {
  const what =
    https?.outcome === 'answered'
      ? `HTTP status ${https.status} over TLS`
      : http.outcome === 'answered'
        ? `HTTP status ${http.status}`
        : `"${refusal}" to a request without a Host header`;
  return `port ${port} of the machine answers with ${what}`;
}

function whyNot(role: Role, ports: OutsidePort[], containerPort?: number): string {
  if (ports.length === 0) {
    const internal = role.lab.survey.networks.filter(
      ({ id, internal }) => internal && role.facts.attachments.some(({ networkId }) => networkId === id),
    );
    const because =
      internal.length > 0
        ? ` (a network with "internal" publishes nothing: ${internal.map(({ name }) => name).join(', ')})`
        : '';
    return `${role} publishes no ${containerPort === undefined ? 'port' : `port that leads to its port ${containerPort}`}${because}`;
  }
  const byPort = Map.groupBy(ports, ({ port, mapping }) => `${port} ${isForItselfOnly(mapping)}`);
  const reasons = [...byPort.values()].map((same) => {
    const { mapping, port } = same[0]!;
    if (isForItselfOnly(mapping)) {
      const addresses = [...new Set(same.map((each) => each.mapping?.hostAddress ?? ''))];
      return `port ${port} is published on ${listed(addresses)} only: no other machine can use it`;
    }
    const outcomes = howByAddress(same.map(({ address, http }) => ({ address, how: http.outcome })));
    return `port ${port} is published, but no HTTP answer came (${outcomes})`;
  });
  const closed = ports.every(({ mapping }) => isForItselfOnly(mapping)) ? [] : closedMachine(role.lab);
  return [...reasons, ...closed].join('\n');
}

/** What was seen at each address: the outcome alone if there is one address, otherwise with the addresses. */
function howByAddress(seen: { address: string; how: string }[]): string {
  if (new Set(seen.map(({ address }) => address)).size === 1)
    return [...new Set(seen.map(({ how }) => how))].join(', ');
  const byOutcome = Map.groupBy(seen, ({ how }) => how);
  return [...byOutcome]
    .map(([how, at]) => `${how} at ${listed([...new Set(at.map(({ address }) => address))])}`)
    .join(', ');
}

/** A sentence for each port that can be reached, with all the addresses at which it can. */
function reachedPorts(arrived: OutsidePort[], nameOf: (container: string) => string): string[] {
  const same = Map.groupBy(arrived, ({ container, port, direct }) => `${container} ${port} ${direct === true}`);
  return [...same.values()].map((ways) => {
    const { container, port, direct } = ways[0]!;
    const how = howByAddress(ways.map(({ address, reach }) => ({ address, how: reach })));
    return `${nameOf(container)} can be reached from outside at port ${port}${direct === true ? ' of its own address' : ''} (${how})`;
  });
}

function isForItselfOnly(mapping: OutsidePort['mapping']): boolean {
  return mapping !== undefined && isLoopback(mapping.hostAddress);
}

/**
 * `expect(role).not.toBeReachableFromOutside(control)`: no port of the host leads to the role, while the control can be
 * reached from outside at the same time.
 */
export function beReachableFromOutside(isNot: boolean, role: Role, control: Role): Finding {
  const { ports, unpublished, doors = [] } = role.lab.survey.outside;
  const tried = ports.filter(({ container }) => role.ownsPortsOf(container));
  const numbers = unpublished.filter(({ container }) => container === role.facts.name);
  const open = [
    ...reachedPorts(tried.filter(arrives), () => String(role)),
    ...numbers
      .filter(({ reach }) => reach === 'open')
      .map(({ port }) => `port ${port} of the machine is open outside, though no container publishes it`),
    ...openDoors(doors.filter(({ container }) => container === undefined || role.ownsPortsOf(container))),
    ...relaysTo(role).map(
      ({ front, url }) =>
        `${front} passes requests from outside on to ${role}: ${url} answers otherwise while it is paused`,
    ),
    ...waysBetween(undefined, role),
  ];
  const isOpen = open.length > 0;
  if (!isOpen) {
    needTried(role.lab, ({ name }) => role.ownsPortsOf(name));
    if (isNot) needHeard(undefined, role);
  }
  const troubles = [...open, ...(isNot || !isOpen ? closedMachine(role.lab) : [])];
  // If somebody else leads to the role, that comes first: its own ports show nothing.
  const isByItself = tried.some(arrives) || numbers.some(({ reach }) => reach === 'open');
  const wayRound = !isByItself && waysBetween(undefined, role).length > 0 ? wayEvidence(undefined, role) : [];
  return {
    pass: isNot ? troubles.length === 0 : isOpen,
    expected: `from outside, ${role} can${isNot ? 'not' : ''} be reached`,
    actual: troubles.length > 0 ? [...new Set(troubles)].join('\n') : `${role} cannot be reached from outside`,
    evidence: [
      ...wayRound,
      portsOf(role.facts),
      ...[...tried.filter(arrives), ...tried.filter((port) => !arrives(port)), ...numbers].map((port) =>
        connection(role.lab, port),
      ),
      ...wayEvidence(undefined, role).filter(() => wayRound.length === 0),
      ...addedRules(role.lab),
      portsOf(control.facts),
      ...ports
        .filter(({ container, reach }) => control.ownsPortsOf(container) && reach === 'open')
        .map((port) => connection(role.lab, port)),
    ],
  };
}

/** Other containers whose answers outside have been seen to come from the role. */
function relaysTo({ lab, facts }: Role): BackendAway[] {
  const { backendAway } = lab.survey.experiments;
  return backendAway.filter((each) => each.backend === facts.name && touchesBackend(each));
}

function connection(
  { survey }: Lab,
  { address, port, reach }: Pick<OutsidePort, 'address' | 'port' | 'reach'>,
): Evidence {
  return { what: `nc -v -w 2 ${address} ${port}   # from ${survey.outside.from}`, output: reach };
}

export function beClosedFromOutsideExcept(lab: Lab, publics: Role[]): Finding {
  const { containers, outside } = lab.survey;
  const isPublic = (container: string): boolean => publics.some((role) => role.sharesPortsOf(container));
  const others = outside.ports.filter(({ container }) => !isPublic(container));
  const open = others.filter(arrives);
  const relayed = outside.ports.filter(({ container, mongo }) => mongo && isPublic(container));
  // (Of replicas, whoever is judged now: they are alike.)
  const hidden = Object.keys(lab.survey.roles)
    .map((name) => lab.role(name))
    .filter((role) => role.container !== undefined && !publics.some(({ name }) => name === role.name));
  const datagrams = containers.filter((each) => isAlive(each) && !isPublic(each.name) && publishesDatagrams(each));
  const culprits = new Set(
    [...open, ...relayed].map(({ container }) => container).concat(datagrams.map(({ name }) => name)),
  );
  const troubles = [
    ...reachedPorts(open, (container) => container),
    ...new Set(relayed.map(({ port, container }) => `MongoDB itself answers outside, at port ${port} of ${container}`)),
    ...openDoors((outside.doors ?? []).filter(({ container }) => container === undefined || !isPublic(container))),
    ...hidden.flatMap((role) => waysBetween(undefined, role)),
    ...datagrams.map(({ name }) => `${name} publishes a UDP port`),
    ...closedMachine(lab),
  ];
  if (troubles.length === 0) {
    needTried(lab, ({ name }) => !isPublic(name));
    for (const role of hidden) needHeard(undefined, role);
  }
  return {
    pass: troubles.length === 0,
    expected: `from outside, no container but ${listed(publics)} can be reached`,
    actual:
      troubles.length === 0 ? `no container but ${listed(publics)} can be reached from outside` : troubles.join('\n'),
    evidence: [
      // What is open first: the containers that should be closed, and how they were reached.
      ...containers.filter(({ name }) => culprits.has(name)).map(portsOf),
      ...[...open, ...relayed].map((port) => connection(lab, port)),
      ...hidden
        .filter((role) => waysBetween(undefined, role).length > 0)
        .flatMap((role) => wayEvidence(undefined, role)),
      ...addedRules(lab),
      ...containers.filter((each) => isAlive(each) && !culprits.has(each.name)).map(portsOf),
      ...others.filter((port) => !open.includes(port)).map((port) => connection(lab, port)),
      describedEvidence('a port that the grader opened on the same machine, tried from the same place', outside.canary),
    ],
  };
}

/**
 * Of a port that is published and was not tried, nobody knows whether it is open. Machines have no IPv6 address to be
 * tried at, as often as not: a mapping of IPv6 alone may be left out.
 *
 * @param containerPort Only mappings that lead to this port.
 * @throws {Inconclusive} when a port of these containers was not tried.
 */
function needTried({ survey }: Lab, whose: (container: ContainerFacts) => boolean, containerPort?: number): void {
  const { containers, outside } = survey;
  for (const each of containers.filter(isAlive).filter(whose)) {
    if (each.sandboxOf !== each.name || usesHostSandbox(each)) continue;
    const untried = publishedToOthers(each)
      .filter((mapping) => !mapping.hostAddress.includes(':'))
      .filter((mapping) => containerPort === undefined || mapping.containerPort === containerPort)
      .filter(
        ({ hostPort }) => !outside.ports.some(({ container, port }) => container === each.name && port === hostPort),
      );
    if (untried.length > 0)
      throw new Inconclusive(
        `${each.name} publishes port ${listed(untried.map(({ hostPort }) => hostPort))}, which was not tried from ${outside.from}`,
      );
  }
}

/**
 * Whether packets from outside arrive in a container. If a port is bound to loopback, `refused` comes from the machine.
 */
function arrives({ mapping, reach }: OutsidePort): boolean {
  if (isForItselfOnly(mapping)) return reach === 'open';
  return reach === 'open' || reach === 'refused';
}

function publishesDatagrams({ published }: ContainerFacts): boolean {
  return published.some(({ protocol, hostAddress }) => protocol !== 'tcp' && !isLoopback(hostAddress));
}

/**
 * If no port at all is open to outside, an unreachable container proves nothing. The grader's own port was open before
 * the submission was deployed; if it is closed now, the submission closed it.
 *
 * @returns a trouble if the submission closed it, otherwise none.
 * @throws {Inconclusive} when it was closed before: something between the machines drops packets.
 */
export function closedMachine({ survey }: Lab): string[] {
  const { canary, from, wasOpen, ports } = survey.outside;
  if (canary === 'open' || ports.some(({ reach }) => reach === 'open')) return [];
  if (!wasOpen)
    throw new Inconclusive(
      `no port of this machine could be reached from ${from}, not even one of the grader's own (${canary}): is there a firewall in between?`,
    );
  return [
    `since the submission was deployed, nothing outside can reach this machine any more (${canary}), so an unreachable container proves nothing`,
  ];
}

function portsOf({ name, published }: ContainerFacts): Evidence {
  const lines = published.map(
    ({ containerPort, protocol, hostAddress, hostPort }) =>
      `${containerPort}/${protocol} -> ${bracketed(hostAddress)}:${hostPort}`,
  );
  return { what: `docker port ${name}`, output: lines.join('\n') || '(none)' };
}

/** Evidence of an HTTP request to a port. */
export function curl({ survey }: Lab, port: OutsidePort): Evidence {
  const { outcome, status, body } = port.https ?? port.http;
  const output = outcome === 'answered' ? `HTTP ${status}\n${(body ?? '').slice(0, 500)}` : (port.refusal ?? outcome);
  const url = port.https ? `-k ${urlOf(port, '/', 'https')}` : urlOf(port);
  return { what: `curl ${url}   # from ${survey.outside.from}`, output };
}

function bracketed(address: string): string {
  return address.includes(':') ? `[${address}]` : address;
}
