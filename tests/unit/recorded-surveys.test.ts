/** Good submissions as they were seen once, and small changes of them, judged by their labs' specs as by `npm run grade`. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { packSurvey } from '../../helpers/survey/survey-file.ts';
import type { Survey } from '../../helpers/survey/facts.ts';
import type { Judged } from '../helpers/judge-surveys.ts';
import { labNames } from '../helpers/labs.ts';
import { changed, containerOf, nameOf, recorded, SURVEYS } from '../helpers/surveys.ts';

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
  'a container is on a network too many': {
    lab: 'user-defined-bridge',
    change: (draft) => {
      const [bridge] = containerOf(draft, 'alpine3').attachments;
      containerOf(draft, 'alpine2').attachments.push({ ...bridge!, addresses: ['10.9.8.7'] });
    },
    wanted: { attachments: 'failed' },
  },
};

const folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-surveys-'));
const recordings = readdirSync(SURVEYS)
  .filter((file) => file.endsWith('.json.gz'))
  .map((file) => path.join(SURVEYS, file));
const changes = Object.entries(CHANGES).map(([when, each], i) => ({
  ...{ when, ...each },
  file: path.join(folder, `${i}.json.gz`),
}));
let judged: Map<string, Judged>;

beforeAll(() => {
  for (const { file, lab, change } of changes) writeFileSync(file, packSurvey(lab, changed(recorded(lab), change)));
  const files = [...recordings, ...changes.map(({ file }) => file)];
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

test.each(changes)('$when', ({ file, wanted }) => {
  const { verdicts } = judged.get(file)!;
  const others = verdicts
    .filter(({ status }) => status !== 'passed')
    .map(({ id, status, withheld }) => [id, withheld === true ? 'withheld' : status]);
  expect(Object.fromEntries(others)).toEqual(wanted);
});
