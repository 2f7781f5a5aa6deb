/** Whether the database role answers others in MongoDB's own protocol. */
import type { LabHost } from '../lab-host/lab-host.ts';
import type { Place } from '../probe/protocol.ts';
import { helloReply, helloRequest } from '../probe/mongo-wire.ts';
import type { ContainerFacts, DatabaseFacts, SandboxFacts } from './facts.ts';
import { addressesOf, isLoopback, openPorts, placeOf } from './subjects.ts';

const MONGO_PORT = 27017;
const ANSWER_MS = 3000;

/**
 * Asks from the lab host, which stands on every bridge: like a peer it is refused by a server bound to 127.0.0.1,
 * and unlike a peer no network setting keeps it away, so that only the server itself is judged.
 */
export async function surveyDatabase(
  host: LabHost,
  database: ContainerFacts,
  sandbox: SandboxFacts,
): Promise<DatabaseFacts> {
  const addresses = addressesOf(database);
  // In the host's sandbox, or without a network, it has no address of its own.
  const targets: [Place, string][] =
    addresses.length > 0 ? addresses.map((each) => ['host', each]) : [[placeOf(database), '127.0.0.1']];
  const ports = [...new Set([MONGO_PORT, ...openPorts(sandbox.listeners)])];
  const facts = targets.flatMap(([place, address]) =>
    ports.map(async (port) => {
      const answer = await host.ask(place, {
        ask: 'exchange',
        address,
        port,
        send: helloRequest(),
        enough: 'message',
        timeoutMs: ANSWER_MS,
      });
      const hello = helloReply(answer.received);
      const here = sandbox.listeners.filter((listener) => listener.port === port);
      const loopbackOnly = here.length > 0 && here.every((listener) => isLoopback(listener.address));
      return { address, port, reach: answer.outcome, loopbackOnly, ...(hello === undefined ? {} : { hello }) };
    }),
  );
  return { container: database.name, ports: await Promise.all(facts) };
}
