/**
 * The content of `junit.xml`: a suite per student and lab, a test case per criterion. Elements and attributes are named
 * as in the Jenkins project's JUnit schema, which other readers follow.
 */
import { create, type XMLElement } from 'xmlbuilder';
import { causeEvidence, causeSentence } from '../cause-text.ts';
import { explained } from '../criterion-text.ts';
import { oneLine } from '../../base/inert.ts';
import { cut, withRoom } from '../plain.ts';
import type { LabRecord, StudentRecord } from '../record.ts';
import { inert } from '../terminal.ts';
import { testsOfLab, type GradedTest } from './tests.ts';
import { tidy } from '../whole-points.ts';

/** CI systems refuse or cut large reports; the strictest limits that are documented are some tens of megabytes. */
const MOST_BYTES = 10_000_000;
const TEXTS = { longest: 8192, shortest: 128 };
const LONGEST_ATTRIBUTE = 1000;

const ELEMENT = { failed: 'failure', skipped: 'skipped', error: 'error' } as const;

/** @param records As their students may see them. */
export function junitXml(records: StudentRecord[]): string {
  return withRoom(
    TEXTS,
    (longest) => xmlOf(records, longest),
    (xml) => Buffer.byteLength(xml) <= MOST_BYTES,
  );
}

function xmlOf(records: StudentRecord[], longest: number): string {
  const root = create('testsuites', { version: '1.0', encoding: 'UTF-8' });
  const all = records.flatMap(({ labs }) => labs);
  const { tests, failures, errors } = countsOf(all.flatMap(testsOfLab));
  root.att({ name: 'netgrade', tests, failures, errors, time: seconds(all) });
  for (const record of records) for (const lab of record.labs) addSuite(root, record, lab, longest);
  return `${root.end({ pretty: true })}\n`;
}

function addSuite(root: XMLElement, record: StudentRecord, lab: LabRecord, longest: number): void {
  const tests = testsOfLab(lab);
  const suite = root.ele('testsuite', {
    name: attribute(`${record.student}: ${lab.lab}`),
    ...countsOf(tests),
    time: seconds([lab]),
    // The schema has neither fractions of a second nor a time zone.
    timestamp: record.startedAt.replace(/(\.\d+)?Z$/, ''),
  });
  const properties = suite.ele('properties');
  const property = (name: string, value: string): void => void properties.ele('property', { name, value });
  property('student', attribute(record.student));
  property('lab', attribute(lab.lab));
  property('status', lab.status);
  property('score', String(tidy(lab.score)));
  property('maxScore', String(tidy(lab.maxScore)));
  for (const { criterion, score, maxScore } of tests)
    if (criterion !== undefined) property(`points ${criterion.id}`, `${tidy(score)}/${tidy(maxScore)}`);
  for (const test of tests) addCase(suite, record, test, longest);
  // A lab without criteria has its message in the test about the whole lab.
  if (lab.criteria.length > 0) {
    const seen = causeEvidence(lab);
    const said = [causeSentence(lab), seen && `$ ${seen.what}\n${seen.output}`, lab.message];
    const text = said.filter((each) => each !== undefined).map((each) => xmlText(each, longest));
    if (text.length > 0) suite.ele('system-out').txt(text.join('\n'));
  }
}

function addCase(suite: XMLElement, { student }: StudentRecord, test: GradedTest, longest: number): void {
  const { lab, criterion, status, name, message } = test;
  const testcase = suite.ele('testcase', {
    name: attribute(name),
    classname: attribute(`${student}.${lab.lab}`),
    time: seconds([criterion ?? lab]),
  });
  if (status === 'passed') return;
  const outcome = testcase.ele(ELEMENT[status], {
    message: attribute(message),
    ...(status === 'skipped' ? {} : { type: criterion === undefined ? lab.status : status }),
  });
  const text = criterion === undefined ? (lab.message ?? '') : explained(criterion, lab, longest);
  outcome.txt(xmlText(text, longest * 8));
}

function countsOf(tests: GradedTest[]): Record<'tests' | 'failures' | 'errors' | 'skipped', number> {
  const having = (status: string): number => tests.filter((test) => test.status === status).length;
  return { tests: tests.length, failures: having('failed'), errors: having('error'), skipped: having('skipped') };
}

function seconds(parts: { durationMs: number }[]): string {
  return (parts.reduce((sum, { durationMs }) => sum + durationMs, 0) / 1000).toFixed(3);
}

function attribute(text: string): string {
  return xmlText(oneLine(text.slice(0, 4 * LONGEST_ATTRIBUTE)), LONGEST_ATTRIBUTE);
}

/** XML 1.0 has no way to write some characters, not even escaped: a parser refuses the whole file for one of them. */
function xmlText(text: string, longest: number): string {
  return inert(cut(text, longest))
    .toWellFormed()
    .replace(/[\ufffe\uffff]/g, '\ufffd');
}
