/** How a request is followed through an application, in packets that were seen in its sandboxes. */
import { describe, expect, test } from '@jest/globals';
import type { Packet } from '../../helpers/machine/probe/protocol.ts';
import { isAstray, type FollowedRequest } from '../../helpers/survey/chain-facts.ts';
import { THE_HOST, type ContainerFacts, type SandboxFacts } from '../../helpers/survey/facts.ts';
import { followed, isAsked, type Hop, type Surroundings } from '../../helpers/survey/witness/chain.ts';
import type { Captures } from '../../helpers/survey/witness/witness.ts';
import { OUTSIDE } from '../../helpers/lab/survey-plan.ts';
import { container } from '../helpers/facts.ts';
import { captured, carried, compressed, mongoMessage } from '../helpers/packets.ts';

const at = (name: string, address: string, more: Partial<ContainerFacts> = {}): ContainerFacts =>
  container({
    name,
    attachments: [{ network: 'net', networkId: 'net', aliases: [], gateway: '', addresses: [address] }],
    ...more,
  });
const web = at('web', '10.0.0.1');
const app = at('app', '10.0.0.2');
const spare = at('spare', '10.0.0.5');
const db = at('db', '10.0.0.3');
const helper = at('helper', '10.0.0.4');
const listening = (port: number): SandboxFacts =>
  ({ listeners: [{ address: '0.0.0.0', port }] }) as unknown as SandboxFacts;
const around: Surroundings = {
  containers: [web, app, spare, db, helper],
  sandboxes: {
    ...{ web: listening(80), app: listening(9090), spare: listening(9090), db: listening(27017) },
    helper: listening(8090),
  },
};
const PORT = { address: '192.0.2.1', port: 8080 };
const WAY: Hop[] = [
  { role: 'nginx', players: [web], isMongo: false },
  { role: 'flask-app', players: [app, spare], isMongo: false },
  { role: 'mongo', players: [db], isMongo: true },
];

const COMES = carried(100, false, ['198.51.100.9:5000', '10.0.0.1:80'], 'GET /');
const ASKS_APP = carried(101, false, ['10.0.0.1:4000', '10.0.0.2:9090'], 'GET / HTTP/1.0');
const ASKS_DB = carried(102.04, false, ['10.0.0.2:4001', '10.0.0.3:27017'], mongoMessage(1, 0, { ping: 1 }));
const DB_SAYS = carried(103, true, ['10.0.0.3:27017', '10.0.0.2:4001'], mongoMessage(2, 1, { ok: 1 }));
const APP_SAYS = carried(104, true, ['10.0.0.2:9090', '10.0.0.1:4000'], 'HTTP/1.0 200');

type Seen = Partial<Record<'web' | 'app' | 'spare' | 'db' | 'helper', Packet[]>>;
const HONEST: Seen = { web: [COMES], app: [ASKS_APP, APP_SAYS], db: [ASKS_DB, DB_SAYS] };

function captures(seen: Seen, missed = 0): Captures {
  const names = around.containers.map(({ name }) => name as keyof Seen);
  return new Map(names.map((name) => [name, captured(seen[name] ?? [], missed)]));
}
const follow = (seen: Seen, missed = 0): FollowedRequest => followed(captures(seen, missed), WAY, around, PORT);

test('a request that goes the whole way and back', () => {
  expect(follow(HONEST)).toEqual({
    links: [
      { from: 'nginx', to: 'flask-app', asked: 14, answered: 12, ms: 1 },
      { from: 'flask-app', to: 'mongo', asked: expect.any(Number), answered: expect.any(Number), ms: 2 },
    ],
    reply: { refused: false },
  });
});

test('any replica will do', () => {
  const [asks, says] = [ASKS_APP, APP_SAYS].map((each) => ({
    ...each,
    ...(each.out ? { from: '10.0.0.5' } : { to: '10.0.0.5' }),
  }));
  const fromSpare = [
    { ...ASKS_DB, from: '10.0.0.5' },
    { ...DB_SAYS, to: '10.0.0.5' },
  ];
  expect(follow({ web: [COMES], spare: [asks!, says!], db: fromSpare }).links).toMatchObject([
    { asked: 14, answered: 12 },
    { answered: expect.any(Number) },
  ]);
});

describe('a silent link', () => {
  const silent = (seen: Seen): unknown[] => follow(seen).links.filter(({ asked, answered }) => asked * answered === 0);

  test('the backend is never asked', () => {
    expect(silent({ ...HONEST, db: [] })).toEqual([{ from: 'flask-app', to: 'mongo', asked: 0, answered: 0 }]);
  });

  test('nor is it by a driver that only greets', () => {
    const greets = { ...ASKS_DB, payload: mongoMessage(1, 0, { hello: 1, client: {} }).toString('base64') };
    expect(silent({ ...HONEST, db: [greets, DB_SAYS] })).toEqual([
      { from: 'flask-app', to: 'mongo', asked: 0, answered: 0 },
    ]);
  });

  test('who is asked earlier is not asked for this request', () => {
    expect(silent({ ...HONEST, db: [{ ...ASKS_DB, at: 100.5 }, DB_SAYS] })).toMatchObject([{ to: 'mongo', asked: 0 }]);
  });

  test('no answer comes back', () => {
    expect(silent({ ...HONEST, db: [ASKS_DB] })).toMatchObject([{ to: 'mongo', answered: 0, ms: 2 }]);
  });

  test('somebody in the middle is passed by', () => {
    const past: Seen = { web: [COMES], db: [{ ...ASKS_DB, from: '10.0.0.1' }] };
    past.web!.push(carried(101, true, ['10.0.0.1:4000', '10.0.0.3:27017'], 'question'));
    expect(follow(past).links).toEqual([
      { from: 'nginx', to: 'flask-app', asked: 0, answered: 0, insteadTo: ['mongo'] },
      { from: 'flask-app', to: 'mongo', asked: 0, answered: 0, insteadFrom: ['nginx'] },
    ]);
    past.web!.pop();
  });

  test('a helper is asked instead', () => {
    const asks = carried(101, true, ['10.0.0.1:4000', '10.0.0.4:8090'], 'GET /');
    expect(follow({ web: [COMES, asks], db: [{ ...ASKS_DB, from: '10.0.0.4' }] }).links).toEqual([
      { from: 'nginx', to: 'flask-app', asked: 0, answered: 0, insteadTo: ['helper'] },
      { from: 'flask-app', to: 'mongo', asked: 0, answered: 0, insteadFrom: ['helper'] },
    ]);
  });
});

describe('who shares a sandbox', () => {
  const inside = at('app', '10.0.0.1', { sandboxOf: 'web', attachments: [] });
  const shared: Surroundings = {
    containers: [web, inside, db],
    sandboxes: {
      web: { listeners: [80, 9090].map((port) => ({ address: '0.0.0.0', port })) } as unknown as SandboxFacts,
      app: { listeners: [80, 9090].map((port) => ({ address: '0.0.0.0', port })) } as unknown as SandboxFacts,
    },
  };
  const way: Hop[] = [
    { role: 'nginx', players: [web], isMongo: false },
    { role: 'flask-app', players: [inside], isMongo: false },
  ];
  const over = (packets: Packet[]): FollowedRequest => {
    const capture = captured(packets);
    return followed(new Map([web, inside].map(({ name }) => [name, capture])), way, shared, PORT);
  };
  const loops = (time: number, ends: [string, string], text: string): Packet[] =>
    [true, false].map((out) => carried(time, out, ends, text));

  test('is asked over loopback', () => {
    const ends: [string, string] = ['127.0.0.1:4000', '127.0.0.1:9090'];
    const packets = [COMES, ...loops(101, ends, 'GET'), ...loops(102, [ends[1], ends[0]], 'HTTP')];
    expect(over(packets).links).toMatchObject([{ asked: 3, answered: 4 }]);
  });

  test('is not asked by the request itself', () => {
    const answer = carried(102, true, ['10.0.0.1:80', '198.51.100.9:5000'], 'HTTP');
    expect(over([COMES, answer]).links).toMatchObject([{ asked: 0, answered: 0 }]);
  });
});

describe('the database’s reply', () => {
  test('is that to the application, not to anybody else', () => {
    const other = carried(103.5, true, ['10.0.0.3:27017', '10.0.0.4:4000'], mongoMessage(3, 9, { ok: 0 }));
    expect(follow({ ...HONEST, db: [ASKS_DB, DB_SAYS, other] }).reply).toEqual({ refused: false });
  });

  test('that cannot be read is said to be so', () => {
    const packed = { ...DB_SAYS, payload: compressed(2, 1).toString('base64') };
    const { reply, unread } = follow({ ...HONEST, db: [ASKS_DB, packed] });
    expect({ reply, unread }).toEqual({ reply: undefined, unread: true });
  });
});

describe('a witness that saw too little', () => {
  test('not the request itself', () => {
    expect(() => follow({ ...HONEST, web: [] })).toThrow('the witness in nginx did not see it arrive');
  });

  test('unless it is seen that the request went elsewhere', () => {
    const elsewhere = carried(100, false, ['198.51.100.9:5000', '10.0.0.4:8090'], 'GET /');
    const never = { from: OUTSIDE, to: 'nginx', asked: 0, answered: 0 };
    expect(follow({ helper: [elsewhere] })).toEqual({ links: [{ ...never, insteadTo: ['helper'] }] });
    const onMachine = captured([carried(100, false, ['198.51.100.9:5000', '192.0.2.1:8080'], 'GET /')]);
    const all = new Map([...captures({}), [THE_HOST, onMachine] as const]);
    expect(followed(all, WAY, around, PORT)).toEqual({ links: [never] });
    expect(isAstray({ links: [never] })).toBe(true);
  });

  test('not all where a link seems silent', () => {
    expect(() => follow({ ...HONEST, db: [] }, 1)).toThrow('more packets in app than the witness could keep');
    expect(() => follow(HONEST, 1)).not.toThrow();
  });
});

test('a backend is asked when a question comes to it', () => {
  const [, asker, backend] = WAY as [Hop, Hop, Hop];
  expect(isAsked(captures(HONEST), asker, backend, around)).toBe(true);
  expect(isAsked(captures({ ...HONEST, db: [{ ...ASKS_DB, from: '10.0.0.4' }] }), asker, backend, around)).toBe(false);
});
