/** Whether the database role answers others in MongoDB's own protocol. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { ExchangeAnswer } from '../machine/probe/protocol.ts';
import { helloReply, helloRequest } from '../machine/probe/mongo-wire.ts';
import { EXPECTED_MS } from './attempts.ts';
import type { ContainerFacts, DatabaseFacts, SandboxFacts } from './facts.ts';
import { askIn } from './sandboxes.ts';
import { addressesOf, isLoopback, openPorts } from './subjects.ts';

/** Asks each running database of the plan, from the lab host and from every other role's container. */
export async function surveyDatabases(
  host: LabHost,
  wanted: { role: string; port: number }[],
  found: {
    aliveAs: (role: string) => ContainerFacts[];
    sources: ContainerFacts[];
    sandboxes: Record<string, SandboxFacts>;
  },
): Promise<DatabaseFacts[]> {
  const { aliveAs, sources, sandboxes } = found;
  return Promise.all(
    wanted.flatMap(({ role, port }) => {
      const databases = aliveAs(role).filter((each) => sources.includes(each));
      return databases.map((database) => {
        const peers = sources.filter((each) => each !== database);
        return surveyDatabase(host, database, port, peers, sandboxes[database.name]!);
      });
    }),
  );
}

/**
 * Asks from the lab host, which is on every bridge network. Like another container, it cannot reach a server that is
 * bound to 127.0.0.1. Unlike another container, no network setting keeps it away, so only the server itself is judged.
 * Other containers ask, too, because the lab host is not on overlay networks.
 */
async function surveyDatabase(
  host: LabHost,
  database: ContainerFacts,
  usualPort: number,
  peers: ContainerFacts[],
  sandbox: SandboxFacts,
): Promise<DatabaseFacts> {
  const ports = [...new Set([usualPort, ...openPorts(sandbox.listeners)])];
  const facts = vantagePoints(database, peers).flatMap(({ from, address }) =>
    ports.map(async (port) => {
      const answer = await sayHello(host, from, { address, port });
      if (answer === undefined) return undefined;
      const hello = helloReply(answer.received);
      const here = sandbox.listeners.filter((listener) => listener.port === port);
      const loopbackOnly = here.length > 0 && here.every((listener) => isLoopback(listener.address));
      return { address, port, reach: answer.outcome, loopbackOnly, ...(hello === undefined ? {} : { hello }) };
    }),
  );
  return { container: database.name, ports: (await Promise.all(facts)).filter((each) => each !== undefined) };
}

/** @param from A container, or the lab host. @returns undefined when the container is gone. */
function sayHello(
  host: LabHost,
  from: ContainerFacts | 'host',
  to: { address: string; port: number },
): Promise<ExchangeAnswer | undefined> {
  const question = {
    ask: 'exchange',
    ...to,
    send: helloRequest(),
    enough: 'message',
    timeoutMs: EXPECTED_MS,
  } as const;
  return from === 'host' ? host.ask('host', question) : askIn(host, from, question);
}

function vantagePoints(
  database: ContainerFacts,
  peers: ContainerFacts[],
): { from: ContainerFacts | 'host'; address: string }[] {
  const fromHost = addressesOf(database).map((address) => ({ from: 'host' as const, address }));
  // Without an address of its own (in the host's sandbox, or without a network), it is asked from inside.
  if (fromHost.length === 0) return [{ from: database, address: '127.0.0.1' }];
  const fromPeers = peers.flatMap((peer) =>
    database.attachments
      .filter(({ networkId }) => peer.attachments.some((own) => own.networkId === networkId))
      .flatMap(({ addresses }) => addresses.map((address) => ({ from: peer, address }))),
  );
  return [...fromHost, ...fromPeers];
}
