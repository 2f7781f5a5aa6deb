/** Published ports that are tried from outside: who is asked, and for how long an answer is waited for. */
import { describe, expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { ProbeQuestion } from '../../helpers/machine/probe/protocol.ts';
import type { ContainerFacts, OutsideFacts } from '../../helpers/survey/facts.ts';
import { surveyOutside } from '../../helpers/survey/outside.ts';
import { answersHttp } from '../../helpers/survey/samples.ts';
import { container } from '../helpers/facts.ts';

const published = [{ hostAddress: '0.0.0.0', hostPort: 8080, containerPort: 80, protocol: 'tcp' }];
const front = container({ name: 'front', published });
const paused = container({ name: 'front', published, state: { ...front.state, paused: true } });
const guest = container({ name: 'guest', sandboxOf: 'front' });

/**
 * A port that accepts connections.
 *
 * @param answersIn Milliseconds until an answer to a request comes.
 * @param refuses Whether the server refuses a request without a Host header itself.
 */
async function survey(
  containers: ContainerFacts[],
  { answersIn, refuses, hurried }: { answersIn: number; refuses: boolean; hurried: boolean },
): Promise<{ outside: OutsideFacts; requests: number[] }> {
  const requests: number[] = [];
  const answer = (question: ProbeQuestion): object => {
    if (question.ask === 'exchange') {
      const isRequest = Buffer.from(question.send, 'base64').toString('latin1').startsWith('GET');
      const received = refuses && isRequest ? Buffer.from('HTTP/1.1 400 Bad Request\r\n').toString('base64') : '';
      return { outcome: 'open', received, ms: 1 };
    }
    if (question.ask !== 'http') return { outcome: 'open', ms: 1 };
    requests.push(question.timeoutMs);
    return answersIn <= question.timeoutMs
      ? { outcome: 'answered', status: 200, ms: 1 }
      : { outcome: 'no-answer', ms: 1 };
  };
  const host = {
    ask: (_place: unknown, question: ProbeQuestion) => Promise.resolve(answer(question)),
    outside: { from: 'elsewhere', addresses: ['192.0.2.1'], canaryPort: 9, wasOpen: true },
  } as unknown as LabHost;
  const outside = await surveyOutside(host, containers, [], {}, [], { hurried });
  return { outside, requests };
}

describe('a port whose container runs', () => {
  test.each([
    [{ answersIn: 0, refuses: true, hurried: true }, [500], 'answered'],
    [{ answersIn: 3_000, refuses: true, hurried: true }, [500], 'no-answer'],
    [{ answersIn: 3_000, refuses: false, hurried: true }, [500, 8_000], 'answered'],
    [{ answersIn: 3_000, refuses: true, hurried: false }, [8_000], 'answered'],
  ])('%j: is given %j milliseconds', async (server, wanted, outcome) => {
    const { outside, requests } = await survey([front], server);
    expect([requests, outside.ports[0]?.http.outcome]).toEqual([wanted, outcome]);
  });

  test.each([true, false])(
    'whether the server is there does not depend on the hurry (it refuses: %j)',
    async (refuses) => {
      const seen = async (answersIn: number, hurried: boolean): Promise<boolean[]> =>
        (await survey([front], { answersIn, refuses, hurried })).outside.ports.map(answersHttp);
      for (const answersIn of [0, 3_000, 60_000])
        expect(await seen(answersIn, true)).toEqual(await seen(answersIn, false));
    },
  );
});

describe('a port whose container is paused', () => {
  const server = { answersIn: 60_000, refuses: false, hurried: true };

  test('is only connected to: the kernel accepts that, and nobody could answer', async () => {
    const { outside, requests } = await survey([paused], server);
    expect(requests).toEqual([]);
    expect(outside.ports.map(({ reach, http, mongo }) => [reach, http.outcome, mongo])).toEqual([
      ['open', 'no-answer', false],
    ]);
  });

  test('is asked where another container in the same sandbox runs', async () => {
    const { outside, requests } = await survey([paused, guest], { ...server, answersIn: 0 });
    expect([requests, outside.ports[0]?.http.outcome]).toEqual([[500], 'answered']);
  });
});
