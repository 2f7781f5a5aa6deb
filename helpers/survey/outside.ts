/** What a neighbour machine of the lab host can reach. In this project, "reachable from outside" means exactly that. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { helloReply, helloRequest } from '../machine/probe/mongo-wire.ts';
import type { ConnectAnswer, ExchangeAnswer, HttpAnswer } from '../machine/probe/protocol.ts';
import { EXPECTED_MS } from './attempts.ts';
import type { ContainerFacts, NetworkFacts, OutsideFacts, OutsidePort, PublishedPort, SandboxFacts } from './facts.ts';
import { beyond, placesOf, type Door } from './firewall/doors.ts';
import {
  addressesFor,
  addressesOf,
  isAlive,
  isLoopback,
  openPorts,
  portsTheEngineHolds,
  usesHostSandbox,
} from './subjects.ts';

const CONNECT_MS = 1500;
/** Milliseconds for an answer, where a refusal of the server itself is enough to know that it is there. */
const HURRIED_MS = 500;
/**
 * HTTP/1.1 without a Host header: according to RFC 9112 (3.2), every server answers 400 itself. So a proxy shows that
 * it is there even while its backend does not answer.
 */
const BARE_REQUEST = 'GET / HTTP/1.1\r\n\r\n';
const STATUS_LINE = 'HTTP/1.1 400 Bad Request';
/** Modes in which a bridge network lets other machines route to its containers (Engine 27 and later). */
const OPEN_GATEWAY_MODES = ['routed', 'nat-unprotected'];

interface Candidate {
  container: string;
  address: string;
  port: number;
  mapping?: PublishedPort;
  direct?: boolean;
}

/** @param options.hurried Whether an answer is not waited for where the server has refused an invalid request. */
export async function surveyOutside(
  host: LabHost,
  containers: ContainerFacts[],
  networks: NetworkFacts[],
  sandboxes: Record<string, SandboxFacts>,
  hostListeners: SandboxFacts['listeners'],
  { doors = [], hurried = false }: { doors?: Door[] | undefined; hurried?: boolean } = {},
): Promise<OutsideFacts> {
  const published = portsTheEngineHolds(containers);
  const candidates = containers.flatMap((container) => {
    const listeners = sandboxes[container.name]?.listeners ?? [];
    if (usesHostSandbox(container))
      return onHost(host, container, openPorts(listeners, new Set([...published, host.outside.canaryPort])));
    // A published port belongs to the sandbox: it is tried once, for the container that owns the sandbox.
    const mapped = container.sandboxOf === container.name ? mappedPorts(host, container) : [];
    // Directly routed addresses are tried from the neighbour machine only: from here, they may be somebody else's.
    return host.outside.here ? mapped : [...mapped, ...directPorts(container, networks, openPorts(listeners))];
  });
  const taken = new Set([...published, host.outside.canaryPort, ...hostListeners.map(({ port }) => port)]);
  const silent = host.outside.strangersListen
    ? []
    : containers.filter(
        (each) => each.published.length === 0 && !usesHostSandbox(each) && each.sandboxOf === each.name,
      );
  const numbers = silent.flatMap((each) => onHost(host, each, openPorts(sandboxes[each.name]?.listeners ?? [], taken)));
  const connect = (at: Pick<Candidate, 'address' | 'port'>, timeoutMs = CONNECT_MS): Promise<ConnectAnswer> =>
    host.ask('outside', { ask: 'connect', address: at.address, port: at.port, timeoutMs });
  const [canary, ports, unpublished, opened] = await Promise.all([
    tryCanary(host),
    Promise.all(
      candidates.map((candidate) =>
        isInhabited(candidate.container, containers)
          ? tryFromOutside(host, candidate, hurried)
          : connectOnly(host, candidate),
      ),
    ),
    Promise.all(numbers.map(async (number) => ({ ...number, reach: (await connect(number)).outcome }))),
    Promise.all(
      placesOf(doors, host.outside.addresses).map(async ({ door, address, port }) => ({
        ...(beyond(door, containers) ?? {}),
        ...{ address, port, rule: door.rule, reach: (await connect({ address, port }, EXPECTED_MS)).outcome },
      })),
    ),
  ]);
  const { from, wasOpen } = host.outside;
  return { from, canary, wasOpen, ports, unpublished, ...(opened.length > 0 && { doors: opened }) };
}

async function tryCanary(host: LabHost): Promise<ConnectAnswer['outcome']> {
  const address = host.outside.addresses[0]!;
  const question = { ask: 'connect', address, port: host.outside.canaryPort, timeoutMs: EXPECTED_MS } as const;
  return (await host.ask('outside', question)).outcome;
}

function mappedPorts(host: LabHost, container: ContainerFacts): Candidate[] {
  return container.published
    .filter(({ protocol, hostPort }) => protocol === 'tcp' && hostPort > 0)
    .flatMap((mapping) => {
      return addressesOutside(host, mapping).map((address) => ({
        container: container.name,
        address,
        port: mapping.hostPort,
        mapping,
      }));
    });
}

/**
 * Where a published port is tried. A port bound to loopback is tried at the public address: no answer there is the
 * evidence. From far away, so is a port bound to another address of its host: from there, that address may be somebody
 * else's.
 */
function addressesOutside({ outside }: LabHost, mapping: PublishedPort): string[] {
  const { addresses, here } = outside;
  if (isLoopback(mapping.hostAddress)) return addresses.slice(0, 1);
  const wanted = addressesFor(mapping, addresses);
  return here && wanted.some((each) => !addresses.includes(each)) ? addresses.slice(0, 1) : wanted;
}

function onHost(host: LabHost, container: ContainerFacts, ports: number[]): Candidate[] {
  return ports.map((port) => ({ container: container.name, address: host.outside.addresses[0]!, port }));
}

function directPorts(container: ContainerFacts, networks: NetworkFacts[], ports: number[]): Candidate[] {
  const open = networks.filter(({ options }) =>
    Object.entries(options).some(([key, value]) => key.includes('gateway_mode') && OPEN_GATEWAY_MODES.includes(value)),
  );
  const addresses = addressesOf({
    ...container,
    attachments: container.attachments.filter(({ networkId }) => open.some(({ id }) => id === networkId)),
  });
  return addresses.flatMap((address) =>
    ports.map((port) => ({ container: container.name, address, port, direct: true })),
  );
}

/** Whether somebody runs in a container's sandbox who could answer. */
function isInhabited(container: string, containers: ContainerFacts[]): boolean {
  const sandboxOf = containers.find(({ name }) => name === container)?.sandboxOf;
  return containers.some((each) => each.sandboxOf === sandboxOf && isAlive(each));
}

/** For a container that is paused, the kernel accepts connections, but nobody answers. */
async function connectOnly(host: LabHost, candidate: Candidate): Promise<OutsidePort> {
  const { address, port } = candidate;
  const { outcome } = await host.ask('outside', { ask: 'connect', address, port, timeoutMs: EXPECTED_MS });
  return { ...candidate, reach: outcome, http: { outcome: 'no-answer', ms: 0 }, mongo: false };
}

async function tryFromOutside(host: LabHost, candidate: Candidate, hurried: boolean): Promise<OutsidePort> {
  const { address, port } = candidate;
  const exchange = (bytes: string, enough: number | 'message'): Promise<ExchangeAnswer> =>
    host.ask('outside', { ask: 'exchange', address, port, send: bytes, enough, timeoutMs: CONNECT_MS });
  const request = (timeoutMs: number): Promise<HttpAnswer> =>
    host.ask('outside', { ask: 'http', address, port, path: '/', timeoutMs });
  const [reach, first, refused, hello] = await Promise.all([
    host.ask('outside', { ask: 'connect', address, port, timeoutMs: EXPECTED_MS }),
    request(hurried ? HURRIED_MS : EXPECTED_MS),
    exchange(Buffer.from(BARE_REQUEST).toString('base64'), STATUS_LINE.length),
    exchange(helloRequest(), 'message'),
  ]);
  const statusLine = Buffer.from(refused.received, 'base64').toString('latin1').split('\r\n')[0] ?? '';
  const hasRefused = statusLine.startsWith('HTTP/');
  const waitsOn = hurried && !hasRefused && first.outcome === 'no-answer';
  const http = waitsOn ? await request(EXPECTED_MS) : first;
  const https = await overTls(host, candidate, http);
  return {
    ...candidate,
    reach: reach.outcome,
    http,
    ...(https && { https }),
    ...(hasRefused ? { refusal: statusLine } : {}),
    mongo: helloReply(hello.received) !== undefined,
  };
}

/** Servers that speak TLS answer a plain request with status 400, or end the connection. */
async function overTls(
  host: LabHost,
  { address, port }: Candidate,
  plain: HttpAnswer,
): Promise<HttpAnswer | undefined> {
  if (plain.outcome !== 'not-http' && plain.status !== 400) return undefined;
  const question = { ask: 'http', address, port, path: '/', tls: true, timeoutMs: CONNECT_MS } as const;
  const answer = await host.ask('outside', question);
  return answer.outcome === 'answered' ? answer : undefined;
}
