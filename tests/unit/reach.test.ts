import { describe, expect, test } from '@jest/globals';
import type { WantedTopology } from '../../helpers/lab/lab-definition.ts';
import { isWrong, reachOf, type Way } from '../../helpers/report/reach.ts';
import type { NameFacts, PingFacts, ReachFacts, Survey } from '../../helpers/survey/facts.ts';
import { container } from '../helpers/facts.ts';

const WANTED: WantedTopology = {
  networks: [{ name: 'net', driver: 'bridge' }],
  containers: [
    { role: 'a', networks: ['net'] },
    { role: 'b', networks: ['net'] },
  ],
  reach: [{ from: 'a', to: 'b', byName: true, byAddress: false }],
};
const ADDRESS = '10.0.0.2';

interface Seen {
  names?: Partial<NameFacts>[];
  reach?: Partial<ReachFacts>[];
  pings?: Partial<PingFacts>[];
  hosts?: string;
  resolvConf?: string;
}

function surveyWith({ names = [], reach = [], pings = [], hosts = '', resolvConf = 'nameserver 127.0.0.11' }: Seen) {
  const attachment = { network: 'net', networkId: 'n', aliases: [], gateway: '' };
  const between = { from: 'box-a', to: 'box-b', address: ADDRESS };
  return {
    roles: {
      a: { found: 'one', container: 'box-a', by: 'alias' },
      b: { found: 'one', container: 'box-b', by: 'alias' },
    },
    containers: [
      container({ name: 'box-a', attachments: [{ ...attachment, addresses: ['10.0.0.1'] }] }),
      container({ name: 'box-b', attachments: [{ ...attachment, addresses: [ADDRESS] }] }),
    ],
    sandboxes: { 'box-a': { resolvConf, hosts } },
    names: names.map((each) => ({ from: 'box-a', name: 'b', server: '127.0.0.11', addresses: [], ...each })),
    reach: reach.map((each) => ({ ...between, port: 80, way: 'address', ...each })),
    pings: pings.map((each) => ({ ...between, ...each })),
  } as unknown as Survey;
}

function fromAToB(seen: Seen): { byName: Way['observed']; byAddress: Way['observed'] } {
  const row = reachOf(surveyWith(seen), WANTED).find(({ from, to }) => from === 'a' && to === 'b');
  if (row === undefined) throw new Error('there is no row from a to b');
  return { byName: row.byName.observed, byAddress: row.byAddress.observed };
}

const known = [{ addresses: [ADDRESS] }];

describe('by address', () => {
  test.each<[string, Seen, Way['observed']]>([
    ['nothing was tried', {}, 'not-tried'],
    ['a connection opens', { reach: [{ outcome: 'open' }] }, 'reached'],
    ['a refusal has arrived', { reach: [{ outcome: 'refused' }] }, 'reached'],
    ['nobody answers', { reach: [{ outcome: 'no-answer' }], pings: [{ outcome: 'no-answer' }] }, 'not-reached'],
    ['a ping is answered', { pings: [{ outcome: 'answered' }] }, 'reached'],
    ['a published port opens', { reach: [{ outcome: 'open', way: 'published' }] }, 'reached-through-host'],
    ['the host refuses', { reach: [{ outcome: 'refused', way: 'published' }] }, 'not-reached'],
    ['both ways open', { reach: [{ outcome: 'open', way: 'published' }, { outcome: 'open' }] }, 'reached'],
  ])('%s', (_, seen, observed) => {
    expect(fromAToB(seen).byAddress).toBe(observed);
  });
});

describe('by name', () => {
  test.each<[string, Seen, Way['observed']]>([
    ['nobody knows it', { names: [{}], reach: [{ outcome: 'open' }] }, 'no-such-name'],
    ['it leads there', { names: known, reach: [{ outcome: 'open' }] }, 'reached'],
    ['it leads there, and nobody answers', { names: known, reach: [{ outcome: 'no-answer' }] }, 'not-reached'],
    ['it leads elsewhere', { names: [{ addresses: ['10.9.9.9'] }], reach: [{ outcome: 'open' }] }, 'another-address'],
    [
      'only a nameserver that is not used knows it',
      { names: known, resolvConf: 'nameserver 10.1.1.1' },
      'no-such-name',
    ],
    ['the hosts file knows it', { names: [{}], hosts: `${ADDRESS} b`, reach: [{ outcome: 'open' }] }, 'reached'],
    ['the hosts file comes before DNS', { names: known, hosts: '10.9.9.9 b' }, 'another-address'],
    ['it was never tried there', { names: known }, 'not-tried'],
    ['nobody was asked for it', { names: [{ name: 'another' }], reach: [{ outcome: 'open' }] }, 'not-tried'],
  ])('%s', (_, seen, observed) => {
    expect(fromAToB(seen).byName).toBe(observed);
  });
});

test('a container that has another name on another machine is asked for by its role there', () => {
  const survey = surveyWith({ names: known, reach: [{ outcome: 'open' }] });
  survey.roles['b'] = { found: 'one', container: 'box-b', by: 'submission.yaml' };
  expect(reachOf(survey, WANTED)[0]?.byName.observed).toBe('reached');
});

test('a pair of which the task says nothing is shown without an expectation', () => {
  expect(reachOf(surveyWith({}), WANTED)).toEqual([
    {
      from: 'a',
      to: 'b',
      byName: { expected: true, observed: 'not-tried' },
      byAddress: { expected: false, observed: 'not-tried' },
    },
    { from: 'b', to: 'a', byName: { observed: 'not-tried' }, byAddress: { observed: 'not-tried' } },
  ]);
});

test.each<[Way, boolean]>([
  [{ observed: 'reached' }, false],
  [{ expected: true, observed: 'reached' }, false],
  [{ expected: true, observed: 'another-address' }, true],
  [{ expected: true, observed: 'not-tried' }, false],
  [{ expected: false, observed: 'no-such-name' }, false],
  [{ expected: false, observed: 'reached-through-host' }, true],
])('%j is wrong: %s', (way, wrong) => {
  expect(isWrong(way)).toBe(wrong);
});
