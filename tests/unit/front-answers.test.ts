/** When a front is taken to answer well: at every published port at which a web server answers. */
import { expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { HttpAnswer, ProbeQuestion } from '../../helpers/machine/probe/protocol.ts';
import { frontAnswers } from '../../helpers/survey/front-answers.ts';
import { container } from '../helpers/facts.ts';

const front = container({
  name: 'front',
  attachments: [{ network: 'net', networkId: 'net', aliases: [], gateway: '', addresses: ['192.0.2.2'] }],
  published: [80, 8080].map((port) => ({ hostAddress: '', hostPort: port, containerPort: port, protocol: 'tcp' })),
});
const NOT_HTTP: HttpAnswer = { outcome: 'not-http', ms: 1 };
const answered = (status: number): HttpAnswer => ({ outcome: 'answered', status, ms: 1 });

/** How often each port is asked, as `http PORT`, and whether the front answers well, as often as asked. */
async function looks(answers: Record<string, HttpAnswer[]>, times = 1): Promise<{ well: boolean[]; asked: string[] }> {
  const ports = [...new Set(Object.keys(answers).map((key) => Number(key.split(' ')[1])))];
  const asked: string[] = [];
  const ask = (_: unknown, question: ProbeQuestion): Promise<unknown> => {
    if (question.ask !== 'http')
      return Promise.resolve({ listeners: ports.map((port) => ({ address: '0.0.0.0', port, socket: port })) });
    const key = `${question.tls === true ? 'https' : 'http'} ${question.port}`;
    asked.push(key);
    return Promise.resolve(answers[key]?.shift() ?? NOT_HTTP);
  };
  const answersWell = frontAnswers({ ask } as unknown as LabHost);
  const well: boolean[] = [];
  for (let i = 0; i < times; i++) well.push(await answersWell(front, '/'));
  return { well, asked };
}

test('every port has to answer, and one that has is not asked again', async () => {
  const answers = { 'http 80': [answered(200)], 'http 8080': [answered(502), answered(200)] };
  expect(await looks(answers, 2)).toEqual({ well: [false, true], asked: ['http 80', 'http 8080', 'http 8080'] });
});

test('a port of another protocol does not matter, as long as there is one that answers', async () => {
  expect((await looks({ 'http 80': [answered(200)], 'http 8080': [] })).well).toEqual([true]);
  expect((await looks({ 'http 8080': [] })).well).toEqual([false]);
});

test('ports that are not published do not matter', async () => {
  expect((await looks({ 'http 80': [answered(200)], 'http 9000': [answered(503)] })).asked).toEqual(['http 80']);
});

test.each([NOT_HTTP, answered(400)])('of a server that speaks TLS, it is what it answers over TLS', async (plain) => {
  const answers = { 'http 80': [plain, plain], 'https 80': [answered(502), answered(200)] };
  expect((await looks(answers, 2)).well).toEqual([false, true]);
});
