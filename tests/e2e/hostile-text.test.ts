/**
 * One submission that is an attack wherever a student can put text: names of folders and files, what scripts and
 * containers print, labels, environments, HTTP answers, answers to questions. Every report of it has to be inert.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'csv-parse/sync';
import { afterAll, beforeAll, describe, expect, jest, test } from '@jest/globals';
import { lexer, walkTokens } from 'marked';
import type { Classroom50Result } from '../../helpers/report/formats/classroom50.ts';
import { FORMATS } from '../../helpers/report/formats/chosen.ts';
import type { AutogradingResult } from '../../helpers/report/formats/github/result.ts';
import type { GradescopeResults } from '../../helpers/report/formats/gradescope.ts';
import type { PrairieLearnResults } from '../../helpers/report/formats/prairielearn.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { studentFile } from '../../helpers/report/report-name.ts';
import { TestBrowser } from '../helpers/browser.ts';
import { obeyed } from '../helpers/github-runner.ts';
import { grade, reportsIn, workspace, type Run, type Workspace } from '../helpers/grade.ts';
import { all, junitErrors } from '../helpers/junit.ts';
import { HOSTILE, HOSTILE_LINES, LONG_LINE } from '../helpers/records.ts';
import { schemaErrors } from '../helpers/schema.ts';
import { parseXml } from '../helpers/xml.ts';

const GRADING_MS = 240_000;
const LABS = ['default-bridge', 'inspect-busybox', 'nginx-flask-mongo'];
const STUDENT = '=1+1;@octocat <img src=x onerror=alert(1)> ]]> &e; \u202e\u001b[2J\n::error::by name';
const NO_LAB = '=2+2 <script>alert(1)<\\script>\n::warning::by folder';

const SCRIPT = `
cat hostile.txt; cat hostile.txt >&2
docker network create public-net-1
docker network create private-net-1
docker run -d --name nginx --network public-net-1 -p 80:80 --label "$(head -c 5000 hostile.txt | tr -d '\\0')" \\
  -v "$PWD/hostile.txt:/usr/share/nginx/html/index.html:ro" -v "$PWD/hostile.txt:/var/www/html/index.html:ro" nginx
docker run -d --name flask-app --network public-net-1 --env "X=$(head -c 5000 hostile.txt | tr -d '\\0')" \\
  -v "$PWD/hostile.txt:/hostile.txt:ro" busybox sh -c 'cat /hostile.txt; cat /hostile.txt >&2; exit 1'
docker run -d --name mongo --network private-net-1 busybox sh -c 'echo "$1"; exit 1' - "$(head -c 5000 hostile.txt | tr -d '\\0')"
exit 3
`;
const BUSYBOX = 'docker run -dit --name box busybox\ndocker network create my-net\ndocker network connect my-net box\n';

jest.setTimeout(60_000);

let browser: TestBrowser;
let place: Workspace;
let run: Run;
let record: StudentRecord;
let files: Record<string, string>;

beforeAll(async () => {
  place = workspace();
  handIn('nginx-flask-mongo', 'run.sh', SCRIPT);
  // As it comes from a program that writes no UTF-8, and from one that never ends a line.
  const bytes = [
    Buffer.from(`${HOSTILE}\n`),
    Buffer.from([0xff, 0xfe, 0xc3, 0x28, 0x00, 0x0a]),
    Buffer.from(LONG_LINE),
  ];
  handIn('nginx-flask-mongo', 'hostile.txt', Buffer.concat(bytes));
  handIn('nginx-flask-mongo', '<img src=x onerror=alert(1)>\n::error::by file', HOSTILE);
  handIn('inspect-busybox', 'run.sh', BUSYBOX);
  const answers = Array.from({ length: 11 }, (_, i) => [`q${i + 1}`, HOSTILE_LINES.slice(3 * i, 3 * i + 4).join('\n')]);
  handIn('inspect-busybox', 'answers.yaml', JSON.stringify(Object.fromEntries(answers)));
  handIn(NO_LAB, 'run.sh', 'true\n');
  const written = (formats: string[]): Promise<Run> =>
    grade([
      ...['--submissions', place.submissions, '--out', place.out, '--format', formats.join(',')],
      ...LABS.flatMap((lab) => ['--lab', lab]),
    ]);
  // Its file has the same name as Gradescope's. The second run finds everything unchanged and grades nothing.
  const alone = 'prairielearn';
  run = await written(Object.keys(FORMATS).filter((format) => format !== alone));
  if (!existsSync(place.out)) throw new Error(`nothing was graded:\n${run.stdout}${run.stderr}`);
  files = reportsIn(place.out);
  await written([alone]);
  files[`${alone}.json`] = readFileSync(path.join(place.out, 'results.json'), 'utf8');
  record = JSON.parse(own('json')) as StudentRecord;
  browser = await TestBrowser.start();
}, GRADING_MS);
afterAll(async () => {
  await browser[Symbol.asyncDispose]();
  place[Symbol.dispose]();
});

function handIn(lab: string, name: string, content: string | Buffer): void {
  const folder = path.join(place.submissions, STUDENT, lab);
  mkdirSync(folder, { recursive: true });
  writeFileSync(path.join(folder, name), content);
}

function file(name: string): string {
  const text = files[name];
  if (text === undefined) throw new Error(`no ${name} among ${JSON.stringify(Object.keys(files))}`);
  return text;
}

/** The student's own file: no name of a folder makes it another one. */
function own(ending: string): string {
  return file(studentFile(STUDENT, ending));
}

function typesIn(markdown: string): string[] {
  const types = new Set<string>();
  void walkTokens(lexer(markdown, { gfm: true }), (token) => {
    types.add(token.type);
  });
  return [...types];
}

test('the attack reaches the record, whole, and the grading does not fail over it', () => {
  expect([run.exitCode, record.student, record.labs.map(({ status }) => status)]).toEqual([
    0,
    STUDENT,
    ['missing', 'graded', 'graded'],
  ]);
  expect(schemaErrors(record)).toEqual([]);
  const text = JSON.stringify(record);
  for (const part of ['<script>alert(1)', '::stop-commands::x', '=HYPERLINK(', 'by folder', '\\ufffd', '\\u001b'])
    expect(text).toContain(part.replace('\\ufffd', '\ufffd'));
  // The first thing that every report says quotes a command of the student's, and shows what it printed.
  const { cause } = record.labs.find(({ lab }) => lab === 'nginx-flask-mongo')!;
  expect(cause!.says).toMatch(/^run.sh went wrong at line \d+, because `docker run /);
  expect(cause!.output).toMatch(/\S/);
  expect(run.stdout).toContain('cause: run.sh went wrong at line ');
});

test('a runner obeys nothing of it, and a terminal neither', () => {
  const [stop, ...ours] = obeyed(run.stdout + run.stderr);
  expect(stop!.command).toBe('stop-commands');
  expect(new Set(ours.map(({ command }) => command))).toEqual(new Set(['error', 'warning', 'notice', 'stop-commands']));
  expect(ours.slice(-3, -1).map(({ data }) => data)).toEqual([
    `Points ${record.score}/${record.maxScore}`,
    `{"totalPoints":${record.score},"maxPoints":${record.maxScore}}`,
  ]);
  // eslint-disable-next-line no-control-regex -- what steers a terminal
  expect(run.stdout + run.stderr).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
});

test('no file has a character in it that steers what shows it', () => {
  const texts = Object.entries(files).filter(([name]) => !name.endsWith('.zip')); // unit tests read what is in archives
  for (const [, text] of texts)
    // eslint-disable-next-line no-control-regex -- JSON escapes them; CSV ends its lines with CR LF
    expect(text.replaceAll('\r\n', '\n')).not.toMatch(/[\u0000-\u0008\u000b-\u001f]/);
});

describe('what other programs read', () => {
  test('Markdown is ours alone, and short enough', () => {
    const ours = ['heading', 'space', 'paragraph', 'list', 'list_item', 'table', 'code', 'text', 'strong', 'escape'];
    for (const text of [own('md'), file('github-summary.md')]) {
      expect(typesIn(text).filter((type) => !ours.includes(type))).toEqual([]);
      expect(text).toContain(`: ${record.score} / ${record.maxScore}`);
    }
    expect(own('md').length).toBeLessThanOrEqual(65_536);
  });

  test('JUnit XML is well-formed, for a parser that others wrote too', async () => {
    const xml = parseXml(file('junit.xml'));
    expect(junitErrors(xml)).toEqual([]);
    const cases = record.labs.reduce((sum, { criteria }) => sum + Math.max(1, criteria.length), 0);
    expect(all(xml, 'testcase')).toHaveLength(cases);
    await using open = await browser.open('about:blank');
    const document = `new DOMParser().parseFromString(${JSON.stringify(file('junit.xml'))}, 'text/xml')`;
    const found = `((it) => [it.querySelectorAll('parsererror').length, it.querySelectorAll('testcase').length])`;
    expect(await open.page.evaluate(`${found}(${document})`)).toEqual([0, cases]);
  });

  test('JSON results say the points of the record', () => {
    const gradescope = JSON.parse(file('results.json')) as GradescopeResults;
    expect(gradescope.score).toBe(record.score);
    expect(gradescope.tests!.reduce((sum, { score }) => sum + score, 0)).toBe(record.score);
    const classroom = JSON.parse(file('result.json')) as Classroom50Result;
    expect([classroom.score, classroom['max-score']]).toEqual([record.score, record.maxScore]);
    const github = JSON.parse(file('github-result.json')) as AutogradingResult;
    expect(github.tests.reduce((sum, { score }) => sum + score, 0)).toBe(record.score);
    const prairielearn = JSON.parse(file('prairielearn.json')) as PrairieLearnResults;
    expect(prairielearn.tests!.reduce((sum, { points }) => sum + points, 0)).toBe(record.score);
  });

  test('tables have a row for the student, and no formula', () => {
    const rows = ['gradebook.csv', 'canvas.csv', 'moodle.csv'].map((name) => parse(file(name)));
    // One bad row cancels a Moodle import: nobody can be called so there.
    expect(rows.map(({ length }) => length)).toEqual([2, 3, 1]);
    expect(run.stdout).toContain('was left out');
    const formulas = rows.flat(2).filter((cell) => /(^|[;\t\n])\s*[=+@]/.test(cell));
    expect(formulas).toEqual([]);
    expect(rows[0]![1]!.at(-2)).toBe(String(record.score));
  });

  test('pages have no element of the student’s, and ask for nothing', async () => {
    for (const name of ['index.html', studentFile(STUDENT, 'html')]) {
      await using open = await browser.open(pathToFileURL(path.join(place.out, name)).href);
      const strange = open.page.locator('img, iframe, object, embed, [onerror], [onload], [onmouseover], [style]');
      expect(await strange.count()).toBe(0);
      expect(await open.page.locator('script').count()).toBe(1); // the page's own
      expect(await open.page.locator('a:not([href^="#"]):not([href^="./"])').count()).toBe(0);
      expect(open.complaints).toEqual([]);
    }
  });
});
