import { once } from 'node:events';
import { connect } from 'node:net';
import { PassThrough } from 'node:stream';
import { createInterface } from 'node:readline';
import { expect, test } from '@jest/globals';
import { inTime } from '../../helpers/base/wait.ts';
import { openTunnel } from '../../helpers/machine/lab-host/tunnel.ts';
import { lineOf } from '../../helpers/machine/probe/agent/json-line.ts';
import { AgentClient } from '../../helpers/machine/probe/agent-client.ts';
import type { Request } from '../../helpers/machine/probe/protocol.ts';
import { HOSTILE } from '../helpers/records.ts';

const REFUSED_MS = 5000;

function client(reply: (request: Request) => string): AgentClient {
  const [input, output] = [new PassThrough(), new PassThrough()];
  createInterface({ input }).on('line', (line) => output.write(reply(JSON.parse(line) as Request)));
  return new AgentClient({ input, output });
}

test('a message is one line, whatever a student wrote into it', async () => {
  const text = `${HOSTILE}\u2028\u2029`;
  expect(lineOf({ text }).split(/[\n\r\u2028\u2029]/)).toHaveLength(2);
  const agent = client(({ id }) => lineOf({ id, answer: { text } }));
  await expect(agent.ask('host', { ask: 'machine' })).resolves.toEqual({ text });
});

test('an agent that breaks off in the middle of an answer is an error of ours, and no end of the grader', async () => {
  const agent = client(() => '{"id":1,"answer":{"te\n');
  await expect(agent.ask('host', { ask: 'machine' })).rejects.toThrow('it broke off in the middle of an answer');
  await expect(agent.ask('host', { ask: 'machine' })).rejects.toThrow('the probe agent on the lab host is gone');
});

test('an agent that ends is quoted with its last words, in which nothing can do harm', async () => {
  const [input, output, errors] = [new PassThrough(), new PassThrough(), new PassThrough()];
  const agent = new AgentClient({ input, output, errors });
  errors.write(
    `at main.cjs:12\n${'x'.repeat(5000)}\nError: no memory\u001b[2J is left\n    at main (main.cjs:12)\n\nNode.js v24\n`,
  );
  errors.end();
  output.end();
  const asked = agent.ask('host', { ask: 'machine' });
  await expect(asked).rejects.toThrow('gone: its stream ended; its last words were "Error: no memory␛[2J is left"');
});

test('a connection through an agent that is gone is refused by the tunnel, and no end of the grader', async () => {
  const agent = client(() => '');
  agent.close('its machine died');
  const tunnel = await openTunnel(() => agent.dial('/var/run/docker.sock'));
  const socket = connect(tunnel.socketPath);
  try {
    await inTime(once(socket, 'close'), REFUSED_MS);
  } finally {
    socket.destroy();
    await tunnel.close();
  }
  await expect(agent.dial('/var/run/docker.sock')).rejects.toThrow('its machine died');
});
