import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { rulesBroken } from '../../helpers/report/pages/class-page/broken-rules.ts';
import { classPage } from '../../helpers/report/pages/class-page/page.ts';
import { mean, median, steps } from '../../helpers/report/pages/class-page/statistics.ts';
import { points } from '../../helpers/report/pages/markup.ts';
import { writePages } from '../../helpers/report/pages/write-pages.ts';
import { Layouts } from '../../helpers/report/pages/picture/layout.ts';
import { ungradedLab } from '../../helpers/report/recording.ts';
import type { CriterionRecord, StudentRecord, SeenTopology } from '../../helpers/report/record.ts';
import { studentPage } from '../../helpers/report/pages/student-page/page.ts';
import { studentView } from '../../helpers/report/student-view.ts';
import { studentText } from '../../helpers/report/terminal.ts';
import { labCalled } from '../helpers/labs.ts';
import { brokenAnchors, parseMarkup } from '../helpers/markup.ts';
import {
  anyFractionalRecord,
  anyRecord,
  HOSTILE,
  hostileRecord,
  recordOf,
  recordWith,
  RUNS,
} from '../helpers/records.ts';
import { schemaErrors } from '../helpers/schema.ts';
import { BROKEN, hugeTopology, MISPLACED } from '../helpers/topologies.ts';

const ASSETS = { style: 'a{}', script: '0' };
const NOW = new Date('2026-09-02T00:00:00.000Z');
/** Of the few tests that make large pages, on a machine that has other things to do. */
const LONG_MS = 60_000;
const HEAD = "default-src 'none'; base-uri 'none'; form-action 'none'; img-src data:; style-src 'sha256-";

function pageOf(record: StudentRecord): Promise<string> {
  return studentPage(studentView(record, NOW), ASSETS, new Layouts());
}

function withTopology(record: StudentRecord, topology: SeenTopology): StudentRecord {
  return { ...record, labs: record.labs.map((lab) => ({ ...lab, topology })) };
}

/** What is in the reports folder afterwards, by file. */
async function written(records: StudentRecord[]): Promise<Map<string, string>> {
  const out = mkdtempSync(path.join(os.tmpdir(), 'netgrade-pages-'));
  try {
    const assets = { classPage: ASSETS, studentPage: ASSETS };
    await writePages(records, out, { assets, layouts: new Layouts(), now: NOW });
    return new Map(readdirSync(out).map((file) => [file, readFileSync(path.join(out, file), 'utf8')]));
  } finally {
    rmSync(out, { recursive: true, force: true });
  }
}

/** Text as a reader sees it: without the page's own layout. */
function readingOf(page: string): string {
  return parseMarkup(page).text.replace(/\s+/g, ' ');
}

describe('a student’s page', () => {
  test('says of a lab that was graded on another engine which one it was', async () => {
    const record = recordWith([{}]);
    const engine = { ...record.engine, host: 'ssh' as const, version: '20.10.24', limits: ['some'] };
    const mixed = { ...record, labs: record.labs.map((lab) => ({ ...lab, engine })) };
    const other = 'Graded on a remote machine, Docker Engine 20.10.24.';
    expect(readingOf(await pageOf(mixed))).toContain(other);
    expect(readingOf(await pageOf(record))).not.toContain(other);
    expect(studentText(mixed, { colours: false })).toContain('--host ssh, Engine 20.10.24');
  });

  test('says what holds and what does not, with what was expected and seen, the evidence, and the hint', async () => {
    const evidence = [{ what: 'docker ps', output: 'NAMES\nnginx\n' }];
    const text = readingOf(
      await pageOf(
        recordWith([
          { status: 'passed', score: 10 },
          { evidence },
          { status: 'skipped', blockedBy: 'c1', actual: 'no container' },
          { status: 'error', actual: 'the engine died' },
        ]),
      ),
    );
    expect(text).toContain('10 of 40; 1 rule failed; 1 rule could not be judged because of another one');
    expect(text).toContain('rule 1 ✗ failed 0 of 10');
    expect(text).toContain('Expectedit holdsSeenit does not holdHintlook there');
    expect(text).toContain('docker psNAMES nginx');
    expect(text).toContain('It could not be judged, because of rule 1: no container');
    expect(text).toContain('which is not your fault: the engine died');
  });

  test('links from what was skipped to what stands in the way', async () => {
    const { elements } = parseMarkup(await pageOf(recordWith([{}, { status: 'skipped', blockedBy: 'c0' }])));
    const links = elements.filter(({ attributes }) => attributes['href'] === '#lab-a-lab.c0');
    expect(links).toHaveLength(2);
  });

  test('says what differs, and who reaches whom, with what should be', async () => {
    const text = readingOf(await pageOf(withTopology(recordWith([{}]), MISPLACED)));
    expect(text).toContain('✗ nginx is on private-net-1, and should not be.');
    expect(text).toContain('by name ✗ reached, and should not be');
    expect(text).toContain('by address ✓ reached, as it should be');
  });

  test('has no picture of what was never there, and no table of what was not looked at', async () => {
    const text = readingOf(await pageOf(recordWith([{}])));
    expect(text).not.toMatch(/The network|Who reaches whom/);
  });

  test('says that it came late, and lists what did not come', async () => {
    const record = recordWith([{}]);
    const [lab] = record.labs as [StudentRecord['labs'][number]];
    const late = { due: '2026-08-31T22:00:00.000Z', late: { handedIn: '2026-09-01T08:30:00.000Z', percent: 20 } };
    const missing = { ...lab, lab: 'other', status: 'missing' as const, criteria: [], maxScore: 100 };
    const page = await pageOf(recordOf('alice', [{ ...lab, ...late }, missing]));
    expect(readingOf(page)).toContain('handed in 2026-09-01 08:30 UTC, due 2026-08-31 22:00 UTC. 20 % is taken off');
    expect(readingOf(page)).toContain('−100 not handed in: other');
    expect(page).toContain('id="lab-other"');
  });

  test('never has a hidden rule in it, nor one before its time', async () => {
    const secret = (id: string): Partial<CriterionRecord> => ({
      id,
      title: `secret ${id}`,
      evidence: [{ what: `secret ${id}`, output: `secret ${id}` }],
    });
    const record = withTopology(
      recordWith([
        { id: 'open' },
        { ...secret('hidden'), visibility: 'hidden' },
        { ...secret('later'), visibility: 'after_due_date' },
        { id: 'blocked', status: 'skipped', blockedBy: 'hidden', actual: 'secret' },
      ]),
      MISPLACED,
    );
    const due = (iso: string): StudentRecord => ({ ...record, labs: record.labs.map((lab) => ({ ...lab, due: iso })) });
    const before = await pageOf(due('2026-09-03T00:00:00.000Z'));
    expect(before).not.toMatch(/secret|hidden"|later|As it should be|should not be/);
    expect(readingOf(before)).toContain('0 of 20');
    const after = await pageOf(due('2026-09-01T00:00:00.000Z'));
    expect(after).toContain('secret later');
    expect(after).not.toContain('secret hidden');
  });

  test('is written from what the student may see', async () => {
    const hidden = { id: 'secret-rule', title: 'a secret', visibility: 'hidden' } as const;
    const pages = await written([recordWith([{}, hidden], 'alice')]);
    expect(pages.get('alice.html')).not.toContain('secret');
    expect(pages.get('index.html')).toContain('a secret');
  });

  test('begins with what to fix, the most expensive first, with what follows from it', async () => {
    const record = recordWith([
      { id: 'fine', status: 'passed', score: 10 },
      { id: 'cheap', title: 'a cheap rule', maxScore: 2, actual: 'it has `no` name' },
      { id: 'dear', title: 'a dear rule', maxScore: 8, actual: 'nothing answers' },
      { id: 'next', title: 'the next rule', status: 'skipped', blockedBy: 'dear' },
      { id: 'last', title: 'the last rule', status: 'skipped', blockedBy: 'next' },
    ]);
    const page = await pageOf(record);
    const text = readingOf(page);
    expect(text).toContain(
      'To fix −28 a dear rule nothing answersof these through this: 2 rules −10 the next rule −10 the last rule −2 a cheap rule it has no name',
    );
    expect(page).toContain('it has <code>no</code> name');
  });

  test('shows failed rules first, and lets the others be hidden without a script', async () => {
    const page = await pageOf(
      recordWith([
        { id: 'p', status: 'passed', score: 10 },
        { id: 's', status: 'skipped', blockedBy: 'f' },
        { id: 'f' },
        { id: 'e', status: 'error' },
      ]),
    );
    const { elements } = parseMarkup(page);
    const rules = elements.filter(({ attributes }) => attributes['class']?.startsWith('criterion '));
    expect(rules.map(({ attributes }) => attributes['class'])).toEqual(
      ['failed', 'error', 'skipped', 'passed'].map((status) => `criterion ${status}`),
    );
    expect(elements.some(({ attributes }) => attributes['id'] === 'only-failed')).toBe(true);
  });

  test('has no table of who reaches whom where nothing could be tried, and no rows of whom nobody tried', async () => {
    const tried = readingOf(await pageOf(withTopology(recordWith([{}]), BROKEN)));
    expect(tried).toContain('Who reaches whom');
    const reach = BROKEN.reach!.filter(({ from }) => from === 'flask-app');
    expect(reach).not.toEqual([]);
    const untried = readingOf(await pageOf(withTopology(recordWith([{}]), { ...BROKEN, reach })));
    expect(untried).not.toContain('Who reaches whom');
  });

  test('of a submission that cannot be deployed says what to do, and shows what the task asks for', async () => {
    const definition = await labCalled('nginx-flask-mongo');
    const record = recordOf('alice', [ungradedLab(definition, 'invalid', 'nothing to deploy: looked for `run.sh`')]);
    expect(schemaErrors(record)).toEqual([]);
    const page = await pageOf(record);
    expect(readingOf(page)).toContain('To fix −100 It cannot be deployed nothing to deploy: looked for run.sh');
    const { elements } = parseMarkup(page);
    expect(elements.filter(({ name }) => name === 'svg')).toHaveLength(1);
    expect(readingOf(page)).toContain('As it should be');
  });

  test('cannot run anything but its own script', async () => {
    const { elements } = parseMarkup(await pageOf(recordWith([{}])));
    expect(elements.filter(({ name }) => name === 'script')).toHaveLength(1);
    const policy = elements.find(({ attributes }) => attributes['http-equiv'] === 'Content-Security-Policy');
    expect(policy?.attributes['content']).toMatch(new RegExp(`^${HEAD}[^;]+; script-src 'sha256-[^ ;]+'$`));
  });

  test('is plain markup whatever the record says, and no link in it leads nowhere', async () => {
    await fc.assert(
      fc.asyncProperty(anyRecord, async (record) => {
        const markup = parseMarkup(await pageOf(record));
        expect(brokenAnchors(markup)).toEqual([]);
        // eslint-disable-next-line no-control-regex -- nothing may steer what shows it
        expect(markup.text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u202a-\u202e\u2066-\u2069]/);
      }),
      RUNS,
    );
  });

  test(
    'is of bounded size, and quick to make, however much a submission says',
    async () => {
      const megabytes = `${HOSTILE}${'<b>'.repeat(500_000)}`;
      const evidence = Array.from({ length: 100 }, () => ({ what: megabytes, output: megabytes }));
      const record = withTopology(
        recordWith([{ title: megabytes, expected: megabytes, actual: megabytes, hint: megabytes, evidence }]),
        hugeTopology(`${HOSTILE}${'<'.repeat(10_000)}`),
      );
      const page = await pageOf(record);
      expect(page.length).toBeLessThan(1_500_000);
      const markup = parseMarkup(page);
      expect(brokenAnchors(markup)).toEqual([]);
      expect(markup.text).toContain('(cut; the JSON record has all');
      expect(markup.text).toContain('80 more are in the JSON record');
    },
    LONG_MS,
  );
});

describe('the class page', () => {
  const class3 = [
    recordWith([{}, { status: 'passed', score: 10 }], 'alice'),
    recordWith([{}, { status: 'skipped', blockedBy: 'c0' }], 'bob'),
    recordWith(
      [
        { status: 'passed', score: 10 },
        { status: 'error', actual: 'the engine died' },
      ],
      'carol',
    ),
  ];

  test('says what could not be graded, everybody’s scores, and what is most often broken', async () => {
    const page = await classPage(class3, ASSETS);
    const text = readingOf(page);
    expect(text).toContain('1 student could not be graded completely');
    expect(text).toContain('carol, a-lab: the engine died');
    expect(text).toContain('alice');
    expect(text).toContain('2 of 3');
    expect(brokenAnchors(parseMarkup(page))).toEqual([]);
  });

  test('counts who breaks a rule among those for whom it was judged', () => {
    expect(rulesBroken(class3)).toEqual([
      { lab: 'a-lab', id: 'c0', title: 'rule 0', broken: ['alice', 'bob'], judged: 3, skipped: 0 },
    ]);
  });

  test(
    'leads to a place that is there, on the page of that student',
    async () => {
      const missing = { ...recordWith([{}]).labs[0]!, lab: 'other one', status: 'missing' as const, criteria: [] };
      const hostile = withTopology(hostileRecord(HOSTILE), BROKEN);
      const pages = await written([...class3, recordOf('dave', [missing]), recordWith([{}], 'index'), hostile]);
      const { elements } = parseMarkup(pages.get('index.html') ?? '');
      const links = elements.flatMap(({ attributes: { href } }) => (href?.startsWith('./') ? [href] : []));
      expect(links.length).toBeGreaterThan(20);
      const astray = links.filter((link) => {
        const [file = '', anchor] = link.slice(2).split('#').map(decodeURIComponent);
        const page = pages.get(file);
        return page === undefined || (anchor !== undefined && !page.includes(` id="${anchor}"`));
      });
      expect(astray).toEqual([]);
      expect(pages.get('student-index.html')).toContain('<bdi>index</bdi>');
    },
    LONG_MS,
  );

  test('has the records’ own sums, and is plain markup, whatever the records say', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyFractionalRecord, { minLength: 1, maxLength: 4 }), async (records) => {
        const page = await classPage(records, ASSETS);
        expect(brokenAnchors(parseMarkup(page))).toEqual([]);
        expect(page).not.toContain('NaN');
        const totals = [...page.matchAll(/<td data-by="[^"]*"><b>([^<]*)<\/b>/g)].map(([, total]) => total);
        expect(totals).toEqual(records.map(({ score }) => points(score)));
      }),
      RUNS,
    );
  });

  test('begins with the class in numbers, what its points are by, and whose work to look at', async () => {
    const lab = recordWith([{}]).labs[0]!;
    const invalid = { ...lab, status: 'invalid' as const, message: 'no `run.sh`', criteria: [] };
    const broken = { ...lab, cause: { says: 'app ended' } };
    const missing = { ...lab, status: 'missing' as const, criteria: [] };
    const records = [
      recordOf('alice', [invalid]),
      recordOf('bob', [broken]),
      { ...recordOf('carol', [missing]), rubric: { file: 'rubric.yaml', sha256: 'abcd' } },
    ];
    const text = readingOf(await classPage(records, ASSETS));
    expect(text).toContain('Scored by the labs’ own points, and by the rubric rubric.yaml (abcd).');
    expect(text).toContain('handed something in2 of 3');
    expect(text).toContain('to look at3');
    expect(text).toContain('1 submission cannot be deployed alice, a-lab: no run.sh');
    expect(text).toContain('1 submission did not come up as asked for bob, a-lab: −10: app ended');
    expect(text).toContain('1 student handed in nothing carol');
  });

  test('of one lab says what was lost, and has no column twice', async () => {
    const page = await classPage(class3.slice(0, 2), ASSETS);
    const text = readingOf(page);
    expect(text).toContain('what was lost');
    expect(text).toContain('bob0−20 c0');
    expect(text).not.toContain('total');
  });

  test('has no column of a lab that nobody handed in, and says so', async () => {
    const missing = { ...recordWith([{}]).labs[0]!, lab: 'unseen', status: 'missing' as const, criteria: [] };
    const other = { ...recordWith([{}]).labs[0]!, lab: 'other' };
    const text = readingOf(await classPage([recordOf('alice', [recordWith([{}]).labs[0]!, other, missing])], ASSETS));
    expect(text).toContain('Nobody handed in: unseen.');
    expect(text).toContain('total of 30a-labother alice');
  });

  test('has a table of students and rules, in which what failed leads to it', async () => {
    const { elements } = parseMarkup(await classPage(class3, ASSETS));
    const cells = elements.filter(({ name, attributes }) => name === 'td' && 'class' in attributes);
    const ofRules = cells
      .map(({ attributes }) => attributes['class'])
      .filter((each) => each?.includes('losses') === false);
    expect(ofRules).toEqual(['failed', 'passed', 'failed', 'skipped', 'passed', 'error']);
    const failed = elements.filter(({ attributes }) => attributes['aria-label'] === 'failed');
    expect(failed.map(({ attributes }) => attributes['href'])).toEqual([
      './alice.html#lab-a-lab.c0',
      './bob.html#lab-a-lab.c0',
    ]);
  });

  test('of nobody is a page, too', async () => {
    expect(readingOf(await classPage([], ASSETS))).toContain('No rule failed');
  });
});

describe('statistics', () => {
  test('median and mean', () => {
    expect([median([3, 1, 2]), median([4, 1, 2, 3]), median([]), mean([1, 2]), mean([])]).toEqual([2, 2.5, 0, 1.5, 0]);
  });

  test('steps hold everybody once; full marks stand alone, and a hair below a step is on it', () => {
    const counts = steps([0, 0.09, 0.1, 0.7 + 0.1 + 0.1999999999999999, 0.999, 1]).map(({ count }) => count);
    expect(counts).toEqual([2, 1, 0, 0, 0, 0, 0, 0, 0, 1, 2]);
  });
});
