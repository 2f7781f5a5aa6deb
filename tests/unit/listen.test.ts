/** The agent's listener: a container that connects to it may end at any moment. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import net from 'node:net';
import { expect, test } from '@jest/globals';

/** In a process of its own, as the agent is one: an error that nobody handles ends it. */
const LISTENS = `
  const { listen } = await import('./helpers/machine/probe/agent/machine.ts');
  console.log((await listen()).port);
`;
const TRIES = 20;

test('connections that are reset do not end the agent', async () => {
  const agent = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', '--eval', LISTENS], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const [port] = (await once(agent.stdout, 'data')) as [Buffer];
  const connect = async (): Promise<net.Socket> => {
    const client = net.connect(Number(port), '127.0.0.1');
    await once(client, 'connect');
    return client;
  };
  for (let i = 0; i < TRIES; i++) (await connect()).resetAndDestroy();
  const last = await connect();
  await once(last.resume(), 'end');
  agent.kill('SIGTERM');
  expect(await once(agent, 'close')).toEqual([null, 'SIGTERM']);
});
