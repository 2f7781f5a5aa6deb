/**
 * Asks the same questions at every place of a lab host, and prints the answers as JSON: for tests, because Jest cannot
 * load what boots a lab host.
 */
import type Docker from 'dockerode';
import { openHosts } from '../../helpers/run/hosts.ts';
import { runOptions } from '../../helpers/run/options.ts';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { AnswerFor, Place } from '../../helpers/machine/probe/protocol.ts';
import { EMBEDDED_DNS } from '../../helpers/base/docker/addresses.ts';
import { messagesIn } from '../../helpers/machine/probe/mongo-wire.ts';
import { until } from '../../helpers/base/wait.ts';
import { mongoMessage } from './packets.ts';

/** Each listens on the loopback interface of its own place only, where the others cannot see it. */
const PORTS = { host: 7001, sandbox: 7002 };
const NETWORK = 'apart';
const TIMEOUT_MS = 2000;
const UP_MS = 20_000;

export type PlaceName = 'host' | 'sandbox' | 'outside';

/** What is seen from one place. */
export interface Seen {
  /** Outcomes by whose loopback port was tried. */
  connect: Record<keyof typeof PORTS, string>;
  exchange: Record<keyof typeof PORTS, string>;
  /** The page's text, or the outcome when there was none. */
  http: Record<keyof typeof PORTS, string>;
  /** Whether the sandbox's own name is known to the nameserver that Docker gives every sandbox. */
  resolve: string;
  /** An address that only the place outside has no way to: a container's. */
  ping: string;
  namespace: number;
  /** The ports of PORTS that are seen listening there. */
  listening: number[];
  /** How many connections to the port that listens in the sandbox were ended there; the reason if none may be. */
  ended: number | string | undefined;
}

/** What comes of the port that listens in the sandbox while its processes are paused. */
export interface InItsPlace {
  /** A page that was asked for before, and whether it came within the time. */
  hangingUp: string;
  /** What a driver's greeting and a command are answered with. */
  refusing: Record<string, unknown>[];
  /** The page, when the processes go on. */
  afterwards: string;
  /** Who is asked to answer on the machine itself. */
  host: string;
}

async function serve(host: LabHost, name: keyof typeof PORTS, network: string): Promise<number> {
  const page = `mkdir /tmp/www && echo ${name} > /tmp/www/index.html`;
  const container = await host.docker.createContainer({
    name,
    Image: host.placeholderImage,
    Cmd: ['sh', '-c', `${page} && exec busybox httpd -f -p 127.0.0.1:${PORTS[name]} -h /tmp/www`],
    HostConfig: { NetworkMode: network },
  });
  await container.start();
  const { State } = await container.inspect();
  return State.Pid;
}

async function addressOf(docker: Docker, name: string): Promise<string> {
  const { NetworkSettings } = await docker.getContainer(name).inspect();
  return NetworkSettings.Networks[NETWORK]?.IPAddress ?? '';
}

/** Ends a connection that waits for an answer. @returns what the agent said, when both ends are there again. */
async function ended(host: LabHost, place: Place): Promise<number | string | undefined> {
  const port = PORTS.sandbox;
  const to = { address: '127.0.0.1', port, timeoutMs: TIMEOUT_MS * 10 };
  const waiting = host.ask(place, { ask: 'exchange', ...to, send: '', enough: 1 });
  try {
    const said = await until(TIMEOUT_MS, async () => {
      const { ended } = await host.ask(place, { ask: 'end connections', addresses: ['127.0.0.1'], port });
      return ended === 0 ? undefined : { ended };
    });
    const { ms } = await waiting;
    return ms < to.timeoutMs ? said?.ended : 'the client did not notice';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
}

async function inItsPlace(host: LabHost, pid: number): Promise<InItsPlace> {
  const place = { pid };
  const to = { address: '127.0.0.1', port: PORTS.sandbox, timeoutMs: TIMEOUT_MS };
  const page = async (): Promise<string> => {
    const { outcome, body } = await host.ask(place, { ask: 'http', ...to, path: '/' });
    return body?.trim() ?? outcome;
  };
  const instead = async <T>(greeting: string | undefined, work: () => Promise<T>): Promise<T> => {
    const question: AnswerFor = { ask: 'answer for', ports: [to.port], ...(greeting !== undefined && { greeting }) };
    const { deputy } = await host.ask(place, question);
    if (deputy === undefined) throw new Error('nobody may answer in its place');
    return work().finally(() => host.ask('host', { ask: 'stop answering', deputy }));
  };
  const container = host.docker.getContainer('sandbox');
  await container.pause();
  const waiting = page();
  const hangingUp = await instead(undefined, () => waiting);
  const asked = Buffer.concat([
    mongoMessage(1, 0, { hello: 1, helloOk: true, client: {}, $db: 'admin' }),
    mongoMessage(2, 0, { find: 'visits', $db: 'course' }),
  ]);
  const answer = await instead(mongoMessage(1, 0, { maxWireVersion: 21, ok: 1 }).toString('base64'), () =>
    host.ask(place, { ask: 'exchange', ...to, send: asked.toString('base64'), enough: 100 }),
  );
  await container.unpause();
  return {
    hangingUp,
    refusing: messagesIn(Buffer.from(answer.received, 'base64')).map(({ document = {} }) => document),
    afterwards: await page(),
    host: await host.ask('host', { ask: 'answer for', ports: [PORTS.host] }).then(
      () => 'somebody answers',
      (error: unknown) => String(error),
    ),
  };
}

async function seenFrom(host: LabHost, place: Place, container: string): Promise<Seen> {
  const everyPort = async (ask: (port: number) => Promise<string>): Promise<Record<keyof typeof PORTS, string>> => ({
    host: await ask(PORTS.host),
    sandbox: await ask(PORTS.sandbox),
  });
  const at = (port: number) => ({ address: '127.0.0.1', port, timeoutMs: TIMEOUT_MS });
  const listeners = place === 'outside' ? [] : (await host.ask(place, { ask: 'sandbox' })).listeners;
  return {
    connect: await everyPort(async (port) => (await host.ask(place, { ask: 'connect', ...at(port) })).outcome),
    exchange: await everyPort(
      async (port) => (await host.ask(place, { ask: 'exchange', ...at(port), send: '', enough: 0 })).outcome,
    ),
    http: await everyPort(async (port) => {
      const { outcome, body } = await host.ask(place, { ask: 'http', ...at(port), path: '/' });
      return body?.trim() ?? outcome;
    }),
    resolve: (await host.ask(place, { ask: 'resolve', name: 'sandbox', server: EMBEDDED_DNS, timeoutMs: TIMEOUT_MS }))
      .outcome,
    ping: (await host.ask(place, { ask: 'ping', address: container, timeoutMs: TIMEOUT_MS })).outcome,
    namespace: (await host.ask(place, { ask: 'stack' })).namespace,
    ended: await ended(host, place),
    listening: listeners.map(({ port }) => port).filter((port) => Object.values(PORTS).includes(port)),
  };
}

await using hosts = await openHosts(runOptions({}), 1);
const host = await hosts.take(false);
await host.docker.createNetwork({ Name: NETWORK });
await serve(host, 'host', 'host');
const pid = await serve(host, 'sandbox', NETWORK);
const places: Record<PlaceName, Place> = { host: 'host', sandbox: { pid }, outside: 'outside' };
const up = async (place: Place, port: number): Promise<true | undefined> =>
  (await host.ask(place, { ask: 'sandbox' })).listeners.some((each) => each.port === port) || undefined;
await until(UP_MS, () => up('host', PORTS.host));
await until(UP_MS, () => up({ pid }, PORTS.sandbox));
const address = await addressOf(host.docker, 'sandbox');
// Side by side, as a survey asks: none may slip into another one's place.
const seen = await Promise.all(
  Object.entries(places).map(async ([name, place]) => [name, await seenFrom(host, place, address)] as const),
);
console.log(JSON.stringify({ seen: Object.fromEntries(seen), inItsPlace: await inItsPlace(host, pid) }));
hosts.release(host);
