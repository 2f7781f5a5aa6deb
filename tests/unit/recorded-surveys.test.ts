/** Good submissions as they were seen once, and small changes of them, judged by their labs' specs as by `npm run grade`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Tried } from '../../helpers/survey/look.ts';
import { packSurvey, readSurvey } from '../../helpers/survey/survey-file.ts';
import type { Attachment, ContainerFacts, NetworkFacts, Survey } from '../../helpers/survey/facts.ts';
import type { Judged } from '../helpers/judge-surveys.ts';
import { misdescribed } from '../helpers/evidence.ts';
import { labNames } from '../helpers/labs.ts';
import { changed, containerOf, nameOf, networkOf, recorded, soFar, SURVEYS } from '../helpers/surveys.ts';

interface ChangeTest {
  lab: string;
  change: (draft: Survey) => void;
  /** What is not passed then. */
  wanted: Record<string, string>;
}

/** One fact is otherwise, and only the criteria that depend on it end otherwise. */
const CHANGES: Record<string, ChangeTest> = {
  'a port of MongoDB refuses nginx': {
    lab: 'nginx-flask-mongo',
    change: (draft) => {
      const [from, to] = [nameOf(draft, 'nginx'), nameOf(draft, 'mongo')];
      for (const each of draft.reach) if (each.from === from && each.to === to) each.outcome = 'refused';
    },
    wanted: { 'nginx-cannot-reach-mongo': 'failed' },
  },
  'nobody tried to reach MongoDB from nginx': {
    lab: 'nginx-flask-mongo',
    change: (draft) => {
      const [from, to] = [nameOf(draft, 'nginx'), nameOf(draft, 'mongo')];
      draft.reach = draft.reach.filter((each) => each.from !== from || each.to !== to);
      draft.pings = draft.pings.filter((each) => each.from !== from || each.to !== to);
    },
    wanted: { 'nginx-cannot-reach-mongo': 'error' },
  },
  'what runs must not be disturbed': {
    lab: 'nginx-flask-mongo',
    change: (draft) => {
      draft.experiments = { backendAway: [], withheld: 'others work here' };
    },
    wanted: { 'end-to-end': 'withheld', 'by-name-not-by-address': 'withheld' },
  },
  'the container is another process at the end': {
    lab: 'none-network',
    change: (draft) => {
      draft.unstable['isolated'] = 'it was started again';
    },
    wanted: {
      'containers-running': 'failed',
      'loopback-only': 'skipped',
      'no-route': 'skipped',
      'cannot-reach': 'skipped',
    },
  },
  'nothing could be reached from outside from the start': {
    lab: 'expose-vs-publish',
    change: (draft) => {
      Object.assign(draft.outside, { canary: 'no-answer', wasOpen: false });
      for (const each of draft.outside.ports) {
        Object.assign(each, { reach: 'no-answer', http: { outcome: 'no-answer', ms: 1 } });
        delete each.refusal;
      }
    },
    wanted: { 'exposed-not-reachable': 'error', 'published-reachable': 'error' },
  },
  'the front has stopped': {
    lab: 'nginx-flask-mongo',
    change: (draft) => {
      stop(draft, 'nginx');
    },
    // What Docker was told is judged all the same: attachments, what is published, and what the others do.
    wanted: {
      'containers-running': 'failed',
      'nginx-published': 'skipped',
      'nginx-resolves-flask': 'skipped',
      'end-to-end': 'skipped',
      'nginx-cannot-reach-mongo': 'skipped',
      'by-name-not-by-address': 'skipped',
    },
  },
  'all but the database have stopped': {
    lab: 'nginx-flask-mongo',
    change: (draft) => {
      for (const role of ['nginx', 'flask-app']) stop(draft, role);
    },
    wanted: {
      'containers-running': 'failed',
      'nginx-published': 'skipped',
      'nginx-resolves-flask': 'skipped',
      'flask-resolves-mongo': 'skipped',
      'end-to-end': 'skipped',
      'nginx-cannot-reach-mongo': 'skipped',
      'by-name-not-by-address': 'skipped',
    },
  },
  'nothing runs any more': {
    lab: 'nginx-flask-mongo',
    change: (draft) => {
      for (const role of ['nginx', 'flask-app', 'mongo']) stop(draft, role);
    },
    wanted: {
      'containers-running': 'failed',
      'nginx-published': 'skipped',
      'nginx-resolves-flask': 'skipped',
      'flask-resolves-mongo': 'skipped',
      'embedded-dns': 'skipped',
      'real-mongo': 'skipped',
      'end-to-end': 'skipped',
      'nginx-cannot-reach-mongo': 'skipped',
      'by-name-not-by-address': 'skipped',
    },
  },
  'the application has stopped, and was told to use a network too many': {
    lab: 'nginx-flask-mongo',
    change: (draft) => {
      stop(draft, 'flask-app');
      const bridge = draft.networks.find(({ name }) => name === 'bridge')!;
      containerOf(draft, 'flask-app').attachments.push(attachmentTo(bridge));
    },
    wanted: {
      'containers-running': 'failed',
      'flask-both': 'failed',
      'embedded-dns': 'skipped',
      'nginx-resolves-flask': 'skipped',
      'flask-resolves-mongo': 'skipped',
      'end-to-end': 'skipped',
      'nginx-cannot-reach-mongo': 'skipped',
      'by-name-not-by-address': 'skipped',
    },
  },
  'a container without a network has stopped': {
    lab: 'none-network',
    change: (draft) => {
      stop(draft, 'isolated');
    },
    wanted: { 'containers-running': 'failed', 'cannot-reach': 'skipped' },
  },
  'a container has stopped that was not told to do without a network': {
    lab: 'none-network',
    change: (draft) => {
      stop(draft, 'isolated');
      containerOf(draft, 'isolated').networkMode = 'bridge';
    },
    wanted: {
      'containers-running': 'failed',
      'loopback-only': 'failed',
      'no-route': 'failed',
      'cannot-reach': 'skipped',
    },
  },
  'a container in the host’s sandbox has stopped': {
    lab: 'host-network',
    change: (draft) => {
      stop(draft, 'my_nginx');
    },
    wanted: { 'containers-running': 'failed', 'answers-on-host-port': 'skipped' },
  },
  'the container on a network of its own has stopped': {
    lab: 'dns-services',
    change: (draft) => {
      stop(draft, 'on-custom');
      containerOf(draft, 'on-custom').extraHosts = ['db.internal:10.11.12.13'];
    },
    wanted: {
      'containers-running': 'failed',
      'embedded-forwards-to-host': 'skipped',
      'hosts-not-inherited': 'skipped',
    },
  },
  'a guest in another sandbox has stopped': {
    lab: 'sandbox',
    change: (draft) => {
      stop(draft, 'c');
    },
    wanted: { 'containers-running': 'failed' },
  },
  'a container on both networks has stopped': {
    lab: 'ip-and-hostname',
    change: (draft) => {
      stop(draft, 'web');
    },
    wanted: {
      'containers-running': 'failed',
      'address-per-network': 'skipped',
      'own-subnet-and-gateway': 'skipped',
      'interface-per-network': 'skipped',
      'same-process-still-running': 'skipped',
    },
  },
  'a network is called nearly as it should be': {
    lab: 'user-defined-bridge',
    change: (draft) => {
      rename(draft, 'alpine-net', 'alpine_net');
    },
    wanted: { 'network-exists': 'failed' },
  },
  'a network has quite another name, and its members': {
    lab: 'user-defined-bridge',
    change: (draft) => {
      rename(draft, 'alpine-net', 'tutorial');
    },
    wanted: { 'network-exists': 'failed' },
  },
  'a network of the inspected pair has another name': {
    lab: 'ip-and-hostname',
    change: (draft) => {
      rename(draft, 'net-a', 'net_a');
      rename(draft, 'net-b', 'second');
    },
    wanted: { 'address-per-network': 'failed' },
  },
  'the network of the DNS lab has another name': {
    lab: 'dns-services',
    change: (draft) => {
      rename(draft, 'lab-net', 'mynet');
    },
    wanted: { 'custom-uses-embedded': 'failed' },
  },
  'the overlay network has another name': {
    lab: 'overlay-network',
    change: (draft) => {
      for (const machine of [draft, draft.secondMachine!]) rename(machine, 'test-net', 'test_net');
    },
    wanted: { 'overlay-attachable': 'failed' },
  },
  'a container is called nearly as it should be': {
    lab: 'nginx-flask-mongo',
    change: (draft) => {
      const finding = draft.roles['flask-app'];
      if (finding?.found === 'one') finding.by = 'similar name';
    },
    wanted: { 'containers-running': 'failed' },
  },
  'the application has a replica': {
    lab: 'nginx-flask-mongo',
    change: (draft) => {
      replicate(draft, 'flask-app');
    },
    wanted: {},
  },
  'a replica of the application is on a network too many': {
    lab: 'nginx-flask-mongo',
    change: (draft) => {
      const bridge = draft.networks.find(({ name }) => name === 'bridge')!;
      replicate(draft, 'flask-app').attachments.push(attachmentTo(bridge));
    },
    wanted: { 'flask-both': 'failed' },
  },
  'a replica of the application has stopped': {
    lab: 'nginx-flask-mongo',
    change: (draft) => {
      const { experiments } = draft;
      const again = replicate(draft, 'flask-app');
      const gone = again.attachments.flatMap(({ addresses }) => addresses);
      stopContainer(draft, again);
      for (const each of draft.names) each.addresses = each.addresses.filter((address) => !gone.includes(address));
      draft.experiments = experiments;
    },
    wanted: { 'containers-running': 'failed' },
  },
  'the database has a replica': {
    lab: 'nginx-flask-mongo',
    change: (draft) => {
      replicate(draft, 'mongo');
    },
    wanted: { 'containers-running': 'failed' },
  },
  'a replica of the database can be reached by the front': {
    lab: 'nginx-flask-mongo',
    change: (draft) => {
      const { name } = replicate(draft, 'mongo');
      const front = nameOf(draft, 'nginx');
      for (const each of draft.reach) if (each.from === front && each.to === name) each.outcome = 'open';
    },
    wanted: { 'containers-running': 'failed', 'nginx-cannot-reach-mongo': 'failed' },
  },
  'what another container answers outside comes from the one that is only exposed': {
    lab: 'expose-vs-publish',
    change: (draft) => {
      const [answer, none] = [
        { outcome: 'answered' as const, status: 200, body: 'Hello', ms: 1 },
        { outcome: 'no-answer' as const, ms: 1000 },
      ];
      const backend = nameOf(draft, 'exposed');
      const away = {
        front: 'relay',
        backend,
        url: 'http://192.0.2.1:9000/',
        before: [answer],
        away: [none],
        after: [answer],
      };
      draft.experiments.backendAway = [{ ...away, tries: 2 }];
    },
    wanted: { 'exposed-not-reachable': 'failed' },
  },
  'a container is on a network too many': {
    lab: 'user-defined-bridge',
    change: (draft) => {
      const [bridge] = containerOf(draft, 'alpine3').attachments;
      containerOf(draft, 'alpine2').attachments.push({ ...bridge!, addresses: ['10.9.8.7'] });
    },
    wanted: { attachments: 'failed' },
  },
};

/** A container is not running any more: it has no sandbox, no addresses, and nothing was tried with it. */
function stop(draft: Survey, role: string): void {
  stopContainer(draft, containerOf(draft, role));
}

function stopContainer(draft: Survey, container: ContainerFacts): void {
  const { name } = container;
  Object.assign(container.state, { status: 'exited', running: false, pid: 0, exitCode: 1 });
  for (const each of container.attachments) each.addresses = [];
  draft.sandboxes = Object.fromEntries(Object.entries(draft.sandboxes).filter(([each]) => each !== name));
  draft.names = draft.names.filter(({ from }) => from !== name);
  draft.reach = draft.reach.filter(({ from, to }) => from !== name && to !== name);
  draft.pings = draft.pings.filter(({ from, to }) => from !== name && to !== name);
  draft.databases = draft.databases.filter((each) => each.container !== name);
  draft.outside.ports = draft.outside.ports.filter((each) => each.container !== name);
  draft.experiments = { backendAway: [] };
}

function attachmentTo({ id, name }: NetworkFacts): Attachment {
  return { network: name, networkId: id, addresses: [], aliases: [], gateway: '' };
}

function rename(draft: Survey, called: string, name: string): void {
  const network = networkOf(draft, called);
  for (const { attachments } of draft.containers)
    for (const each of attachments) if (each.networkId === network.id) each.network = name;
  Object.assign(network, { name, names: [name] });
}

/** Adds another container of the same service, of which the same was seen. @returns it. */
function replicate(draft: Survey, role: string): ContainerFacts {
  const first = containerOf(draft, role);
  const name = `${first.name}-again`;
  const again = changedCopy(first, { name, sandboxOf: name, id: `${first.id}-again` });
  for (const each of again.attachments) each.addresses = each.addresses.map((address) => `${address}0`);
  const twice = <T extends object>(facts: T[], keys: (keyof T)[]): T[] =>
    facts.flatMap((fact) => [
      fact,
      ...keys.filter((key) => fact[key] === first.name).map((key) => changedCopy(fact, { [key]: name } as Partial<T>)),
    ]);
  draft.containers.push(again);
  Object.assign(draft.roles[role]!, { replicas: [name] });
  draft.sandboxes[name] = draft.sandboxes[first.name]!;
  draft.names = twice(draft.names, ['from']);
  for (const each of draft.names)
    if (each.name === role && each.addresses.length > 0)
      each.addresses = [first, again]
        .flatMap(({ attachments }) => attachments.flatMap(({ addresses }) => addresses))
        .filter((address) => each.addresses.some((known) => address.startsWith(known)));
  draft.reach = twice(draft.reach, ['from', 'to']);
  draft.pings = twice(draft.pings, ['from', 'to']);
  for (const each of [...draft.reach, ...draft.pings]) if (each.to === name) each.address += '0';
  draft.databases = twice(draft.databases, ['container']);
  return again;
}

function changedCopy<T extends object>(original: T, change: Partial<T>): T {
  return { ...(JSON.parse(JSON.stringify(original)) as T), ...change };
}

const folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-surveys-'));
const recordings = readdirSync(SURVEYS)
  .filter((file) => file.endsWith('.json.gz'))
  .map((file) => path.join(SURVEYS, file));
const changes = Object.entries(CHANGES).map(([when, each], i) => ({
  ...{ when, ...each },
  file: path.join(folder, `${i}.json.gz`),
}));
/** What self-test judges before everything was tried: nothing was, or what answers at once, or what has to be waited for. */
const PARTS: (keyof Tried)[][] = [[], ['names', 'outside', 'databases'], ['reach', 'pings']];
const parts = [...recordings.map((file) => ({ when: path.basename(file, '.json.gz'), file })), ...changes].flatMap(
  ({ when, file }, i) =>
    PARTS.map((tried, n) => ({ when, whole: file, tried, file: path.join(folder, `part-${i}-${n}.gz`) })),
);
let judged: Map<string, Judged>;

beforeAll(async () => {
  for (const { file, lab, change } of changes) writeFileSync(file, packSurvey(lab, changed(recorded(lab), change)));
  for (const { whole, tried, file } of parts) {
    const { lab, survey } = await readSurvey(whole);
    writeFileSync(file, packSurvey(lab, soFar(survey, tried).survey));
  }
  const files = [...recordings, ...[...changes, ...parts].map(({ file }) => file)];
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    ['--disable-warning=ExperimentalWarning', 'tests/helpers/judge-surveys.ts', ...files],
    { encoding: 'utf8', maxBuffer: 64 * 1024 * 1024 },
  );
  if (status !== 0) throw new Error(`the surveys could not be judged:\n${stderr}`);
  const lines = stdout.trim().split('\n');
  judged = new Map(lines.map((line) => JSON.parse(line) as Judged).map((each) => [each.file, each]));
}, 120_000);

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

test('there is a recording of every lab', () => {
  const labs = recordings.map((file) => judged.get(file)?.lab);
  expect([...new Set(labs)].sort()).toEqual(labNames());
});

describe.each(recordings.map((file) => path.basename(file, '.json.gz')))('%s', (name) => {
  test('every criterion is passed', () => {
    const { criteria, verdicts } = judged.get(path.join(SURVEYS, `${name}.json.gz`))!;
    expect(criteria.length).toBeGreaterThan(0);
    expect(verdicts.map(({ id, status, actual }) => [id, status, actual])).toEqual(
      criteria.map((id) => [id, 'passed', expect.stringMatching(/\w/)]),
    );
  });
});

test('only what can be typed is called a command', () => {
  const evidence = [...judged.values()].flatMap(({ verdicts }) => verdicts.flatMap((each) => each.evidence));
  expect(evidence.filter(({ described }) => described).length).toBeGreaterThan(10);
  expect(misdescribed(evidence)).toEqual([]);
});

test.each(changes)('$when', ({ file, wanted }) => {
  const { verdicts } = judged.get(file)!;
  const others = verdicts
    .filter(({ status }) => status !== 'passed')
    .map(({ id, status, withheld }) => [id, withheld === true ? 'withheld' : status]);
  expect(Object.fromEntries(others)).toEqual(wanted);
});

test.each(parts)(
  '$when: with no more than $tried, a verdict on what is complete is the verdict in the end',
  async ({ whole, tried, file }) => {
    const { sections } = soFar((await readSurvey(whole)).survey, tried);
    const settled = judged
      .get(file)!
      .verdicts.filter(({ basedOn }) => basedOn.every((section) => sections.has(section)));
    const inTheEnd = judged.get(whole)!.verdicts.filter(({ id }) => settled.some((each) => each.id === id));
    const said = (verdicts: Judged['verdicts']): unknown =>
      verdicts.map(({ id, status, actual }) => [id, status, actual]);
    expect(said(settled)).toEqual(said(inTheEnd));
  },
);

test('where nothing else has to be tried, all is said by what is complete', () => {
  const known = (lab: string, change: string, tried: (keyof Tried)[]): number => {
    const { file } = parts.find((each) => each.when === change && each.tried === tried)!;
    const { sections } = soFar(recorded(lab), tried);
    return judged.get(file)!.verdicts.filter(({ basedOn }) => basedOn.every((section) => sections.has(section))).length;
  };
  expect(known('nginx-flask-mongo', 'nothing runs any more', PARTS[0]!)).toBeGreaterThan(9);
});
