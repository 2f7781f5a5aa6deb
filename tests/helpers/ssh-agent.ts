/** An ssh agent with one key, on a socket of its own: the machine that runs the tests need not have one. */
import { mkdtempSync, rmSync } from 'node:fs';
import net from 'node:net';
import os from 'node:os';
import path from 'node:path';
import ssh2, { type ParsedKey } from 'ssh2';

export interface TestAgent extends AsyncDisposable {
  socketPath: string;
}

export async function startAgent(privateKeys: string[]): Promise<TestAgent> {
  const keys = privateKeys.map((each) => ssh2.utils.parseKey(each) as ParsedKey);
  const folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-agent-'));
  const socketPath = path.join(folder, 'agent.sock');
  const sockets = new Set<net.Socket>();
  const server = net.createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => undefined);
    const protocol = new ssh2.AgentProtocol(false);
    protocol.on('identities', (request) => {
      protocol.getIdentitiesReply(request, keys);
    });
    protocol.on('sign', (request, publicKey, data, { hash }) => {
      const asked = (ssh2.utils.parseKey(publicKey) as ParsedKey).getPublicSSH();
      const key = keys.find((each) => each.getPublicSSH().equals(asked));
      if (key === undefined) protocol.failureReply(request);
      else protocol.signReply(request, key.sign(data, hash));
    });
    protocol.on('error', () => undefined);
    socket.pipe(protocol).pipe(socket);
  });
  await new Promise<void>((resolve) => server.listen(socketPath, resolve));
  return {
    socketPath,
    [Symbol.asyncDispose]: async () => {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
