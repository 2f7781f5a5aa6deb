/** Names that are asked for: who gets time to be known. */
import { expect, test } from '@jest/globals';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { ProbeQuestion } from '../../helpers/machine/probe/protocol.ts';
import type { HostFacts, NameFacts, SandboxFacts } from '../../helpers/survey/facts.ts';
import { surveyNames } from '../../helpers/survey/names.ts';
import { container } from '../helpers/facts.ts';

const on = (network: string, address: string, aliases: string[] = []) => ({
  attachments: [{ network, networkId: network, aliases, gateway: '', addresses: [address] }],
});
const source = container({ name: 'alpine1', ...on('test-net', '10.0.0.2') });
const far = container({ name: 'alpine2', ...on('test-net', '10.0.0.3', ['second']) });
const atHost = { sandbox: { resolvConf: 'nameserver 203.0.113.53\n' } } as HostFacts;
const sandboxes = { alpine1: { resolvConf: 'nameserver 127.0.0.11\n' } as SandboxFacts };

/** Every name is unknown when it is asked for the first time, and known afterwards. */
async function surveyFor(
  names: string[],
  first: object = { outcome: 'no-such-name', addresses: [] },
): Promise<NameFacts[]> {
  const asked = new Set<string>();
  const ask = (_place: unknown, question: ProbeQuestion): Promise<unknown> => {
    if (question.ask !== 'resolve') throw new Error('what else is there to ask?');
    const known = asked.has(question.name);
    asked.add(question.name);
    return Promise.resolve(known ? { outcome: 'answered', addresses: ['10.0.0.3'] } : first);
  };
  return surveyNames({ ask } as unknown as LabHost, [source], sandboxes, atHost, { names, elsewhere: [far] });
}

const outcomesOf = (facts: NameFacts[]) => facts.map(({ name, outcome }) => [name, outcome]);

test('the names of a container on another machine get time to arrive, where both are on one network', async () => {
  expect(outcomesOf(await surveyFor(['alpine2', 'SECOND']))).toEqual([
    ['alpine2', 'answered'],
    ['SECOND', 'answered'],
  ]);
});

test('that a name is nobody’s is believed at once', async () => {
  expect(outcomesOf(await surveyFor(['alpine3', 'alpine1']))).toEqual([
    ['alpine3', 'no-such-name'],
    ['alpine1', 'no-such-name'],
  ]);
});

test('a server that said nothing is asked once more', async () => {
  const late = { outcome: 'no-answer', code: 'ETIMEOUT', addresses: [] };
  expect(outcomesOf(await surveyFor(['alpine3'], late))).toEqual([['alpine3', 'answered']]);
  const nobody = { outcome: 'no-answer', code: 'ECONNREFUSED', addresses: [] };
  expect(outcomesOf(await surveyFor(['alpine3'], nobody))).toEqual([['alpine3', 'no-answer']]);
});
