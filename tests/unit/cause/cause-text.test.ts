/** How reports show a cause: first of all, with the points that are lost through it. */
import { expect, test } from '@jest/globals';
import { causeSentence, lostThroughCause } from '../../../helpers/report/cause-text.ts';
import { commentOn } from '../../../helpers/report/formats/markdown.ts';
import { gradescopeResults } from '../../../helpers/report/formats/gradescope.ts';
import { junitXml } from '../../../helpers/report/formats/junit-xml.ts';
import { feedbackOn } from '../../../helpers/report/formats/moodle/feedback.ts';
import { testsOf } from '../../../helpers/report/formats/tests.ts';
import { explanationOf } from '../../../helpers/report/explanation.ts';
import { labSection } from '../../../helpers/report/pages/student-page/lab.ts';
import type { CriterionRecord, LabRecord, StudentRecord } from '../../../helpers/report/record.ts';
import { studentText } from '../../../helpers/report/terminal.ts';
import { NOW } from '../../helpers/records.ts';
import { schemaErrors } from '../../helpers/schema.ts';

function criterion(id: string, of: Partial<CriterionRecord>): CriterionRecord {
  const empty = { expected: '', actual: 'seen', hint: '', evidence: [], durationMs: 1 };
  return { id, title: `Rule ${id}`, status: 'passed', score: 0, maxScore: 10, ...empty, ...of };
}

const LAB: LabRecord = {
  lab: 'a-lab',
  status: 'graded',
  score: 10,
  maxScore: 60,
  durationMs: 1,
  message: 'a message',
  cause: { says: 'app ended (exit code 1): no module', what: 'docker logs app', output: 'line 1\nno module' },
  criteria: [
    criterion('containers-running', { status: 'failed' }),
    criterion('names', { status: 'skipped', blockedBy: 'containers-running' }),
    criterion('reach', { status: 'skipped', blockedBy: 'names' }),
    criterion('published', { status: 'failed' }),
    criterion('fine', { score: 10 }),
    criterion('not-here', { status: 'skipped', withheld: true, maxScore: 0 }),
  ],
  topology: {
    networks: [],
    containers: [{ name: 'app', image: 'app', state: 'exited', networks: [], ports: [] }],
  },
};
const RECORD: StudentRecord = {
  schemaVersion: 1,
  student: 'alice',
  score: 10,
  maxScore: 60,
  startedAt: '2026-09-01T10:20:30.456Z',
  durationMs: 1,
  engine: {
    version: '28',
    apiVersion: '1',
    host: 'disposable',
    live: false,
    images: 'registry',
    outside: '',
    limits: [],
  },
  labs: [LAB],
};
const SENTENCE = 'cause: app ended (exit code 1): no module (because of this: −30 points)';

test('what follows from it is counted, and nothing else', () => {
  expect(schemaErrors(RECORD)).toEqual([]);
  expect(lostThroughCause(LAB)).toBe(30);
  expect(causeSentence(LAB)).toBe(SENTENCE);
});

test('without any container, all that is lost is lost through it', () => {
  expect(lostThroughCause({ ...LAB, topology: { networks: [], containers: [] } })).toBe(40);
});

test('it costs nothing where everything runs, and nothing is said where there is none', () => {
  const criteria = LAB.criteria.filter(({ status }) => status === 'passed');
  expect(causeSentence({ ...LAB, criteria })).toBe('cause: app ended (exit code 1): no module');
  const without = { ...LAB };
  delete without.cause;
  expect([lostThroughCause(without), causeSentence(without)]).toEqual([0, undefined]);
});

test.each<[string, () => string]>([
  ['the terminal', () => studentText(RECORD, { colours: false })],
  ['Moodle', () => feedbackOn(LAB)],
  ['Gradescope', () => gradescopeResults(RECORD, NOW).output],
])('%s says it before the message', (_, text) => {
  const at = [SENTENCE, 'a message'].map((each) => text().indexOf(each));
  expect(at[0]).toBeGreaterThanOrEqual(0);
  expect(at[0]).toBeLessThan(at[1]!);
});

test('the terminal shows the end of what was seen', () => {
  const output = Array.from({ length: 30 }, (_, i) => `line ${i + 1}`).join('\n');
  const lab = { ...LAB, cause: { ...LAB.cause!, output } };
  const text = studentText({ ...RECORD, labs: [lab] }, { colours: false });
  expect(text).toContain('$ docker logs app\n          … 22 more lines before, in the report\n          line 23\n');
  expect(text).toContain('line 30\n');
});

test('Markdown has it right below the heading, with its output', () => {
  const text = commentOn(RECORD);
  const [, after = ''] = text.split('### a-lab: 10 / 60\n\n');
  expect(after).toMatch(/^\*\*Cause:\*\* app ended \(exit code 1\): no module \(because of this: −30 points\)/);
  expect(after).toContain('$ docker logs app\nline 1\nno module\n```');
});

test('a list of tests has it at the first that failed, and there only', () => {
  const messages = testsOf([RECORD]).map(({ message }) => message);
  expect(messages.filter((each) => each.includes(SENTENCE))).toEqual([messages[0]]);
  expect(messages[0]).toMatch(/^cause: /);
});

test('JUnit XML has it before the message', () => {
  expect(junitXml([RECORD])).toMatch(/<system-out>cause: [^]*docker logs app[^]*a message<\/system-out>/);
});

test('the explanation of a verdict says what went wrong first', () => {
  const text = explanationOf({ record: RECORD, lab: LAB, criterion: LAB.criteria[2]! }, { colours: false });
  expect(text).toContain(`what went wrong first in this lab\n  ${SENTENCE}\n  $ docker logs app\n    line 1`);
});

test('a page shows it as text', () => {
  const says = '<img src=x onerror=y> ended';
  const lab = { ...LAB, cause: { says, what: '<b>', output: '</pre><script>' } };
  const page = JSON.stringify(labSection(lab, undefined));
  expect(page).toContain('&lt;img src=x onerror=y&gt; ended');
  expect(page).not.toMatch(/<img|<b>|<script>/);
  expect(page.indexOf('ended')).toBeLessThan(page.indexOf('a message'));
});
