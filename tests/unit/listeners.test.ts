import net from 'node:net';
import { expect, test } from '@jest/globals';
import { listenersInTables, listeningSockets } from '../../helpers/machine/probe/agent/listeners.ts';
import type { Listener } from '../../helpers/machine/probe/protocol.ts';

async function listening(host: string): Promise<net.Server & Disposable> {
  const server = net.createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, host, resolve);
  });
  return Object.assign(server, { [Symbol.dispose]: () => void server.close() });
}

test('what listens: the kernel says the same when it is asked and in its tables', async () => {
  using one = await listening('127.0.0.1');
  using all = await listening('0.0.0.0');
  const ports = [one, all].map((server) => (server.address() as net.AddressInfo).port);
  const ours = (found: Listener[] = []): Listener[] =>
    found.filter(({ port }) => ports.includes(port)).sort((a, b) => a.socket - b.socket);
  const asked = ours(listeningSockets());
  expect(asked.map(({ address, port }) => [port, address]).sort()).toEqual(
    [
      [ports[0], '127.0.0.1'],
      [ports[1], '0.0.0.0'],
    ].sort(),
  );
  expect(ours(listenersInTables())).toEqual(asked);
});
