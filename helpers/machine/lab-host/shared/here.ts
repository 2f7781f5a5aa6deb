/** Answers the probe agent's questions in this process. It is used where the grading machine itself is the place outside. */
import os from 'node:os';
import { connect, exchange, httpGet } from '../../probe/agent/network.ts';
import { HERE } from '../../probe/agent/standpoint.ts';
import type { AnswerTo, ProbeQuestion } from '../../probe/protocol.ts';

export async function askHere<Q extends ProbeQuestion>(question: Q): Promise<AnswerTo<Q>> {
  switch (question.ask) {
    case 'connect':
      return (await connect(HERE, question)) as AnswerTo<Q>;
    case 'exchange':
      return (await exchange(HERE, question)) as AnswerTo<Q>;
    case 'http':
      return (await httpGet(HERE, question)) as AnswerTo<Q>;
    default:
      throw new Error(`"${question.ask}" is not asked of the grading machine`);
  }
}

/** This machine's IPv4 addresses on its networks. If it has none, its loopback address. */
export function ownAddresses(): string[] {
  const outward = Object.values(os.networkInterfaces())
    .flatMap((list) => list ?? [])
    .filter(({ internal, address, family }) => !internal && family === 'IPv4' && !address.startsWith('169.254.'))
    .map(({ address }) => address);
  return outward.length > 0 ? outward : ['127.0.0.1'];
}
