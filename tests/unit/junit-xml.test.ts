import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { junitXml } from '../../helpers/report/formats/junit-xml.ts';
import { recordOf } from '../helpers/records.ts';
import { all, junitErrors } from '../helpers/junit.ts';
import { anyRubricRecord, HOSTILE_LINES, LONG_LINE, MANY_LINES, recordWith, RUNS } from '../helpers/records.ts';
import { parseXml } from '../helpers/xml.ts';

test('has a suite per student and lab, a case per criterion, and the points as properties', () => {
  const record = recordWith([
    { status: 'passed', score: 10, durationMs: 1500 },
    { evidence: [{ what: 'docker ps', output: 'nothing\n' }] },
    { status: 'skipped', blockedBy: 'c1', actual: 'no container' },
  ]);
  record.labs[0]!.message = 'said of the lab';
  expect(junitXml([record])).toBe(`<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="netgrade" tests="3" failures="1" errors="0" time="0.001">
  <testsuite name="alice: a-lab" tests="3" failures="1" errors="0" skipped="1" time="0.001" timestamp="2026-09-01T10:20:30">
    <properties>
      <property name="student" value="alice"/>
      <property name="lab" value="a-lab"/>
      <property name="status" value="graded"/>
      <property name="score" value="10"/>
      <property name="maxScore" value="30"/>
      <property name="points c0" value="10/10"/>
      <property name="points c1" value="0/10"/>
      <property name="points c2" value="0/10"/>
    </properties>
    <testcase name="rule 0" classname="alice.a-lab" time="1.500"/>
    <testcase name="rule 1" classname="alice.a-lab" time="0.001">
      <failure message="expected: it holds; seen: it does not hold; hint: look there" type="failed">expected: it holds
seen: it does not hold
hint: look there
$ docker ps
nothing</failure>
    </testcase>
    <testcase name="rule 2" classname="alice.a-lab" time="0.001">
      <skipped message="not judged, because of &quot;rule 1&quot; (c1): no container">not judged, because of "rule 1" (c1): no container</skipped>
    </testcase>
    <system-out>said of the lab</system-out>
  </testsuite>
</testsuites>
`);
});

test.each([
  ['missing', 'failure'],
  ['invalid', 'failure'],
  ['error', 'error'],
] as const)('a lab that is %s is a case with <%s>', (status, element) => {
  const [lab] = recordWith([]).labs;
  const xml = parseXml(junitXml([recordOf('alice', [{ ...lab!, status, maxScore: 100, message: 'the reason' }])]));
  expect(junitErrors(xml)).toEqual([]);
  expect(all(xml, element)).toMatchObject([{ attributes: { message: `${status}: the reason`, type: status } }]);
});

describe('a student’s text', () => {
  test.each(HOSTILE_LINES)('%j stays text', (line) => {
    const record = recordWith([
      { title: line, expected: line, actual: line, evidence: [{ what: line, output: line }] },
    ]);
    const xml = parseXml(junitXml([{ ...record, student: line }]));
    expect(junitErrors(xml)).toEqual([]);
    const [failure] = all(xml, 'failure');
    // What is left of a line is what can be read of it.
    const words = line.match(/[a-z]{4,}/gi) ?? [];
    for (const word of words) expect(failure!.text).toContain(word);
    // eslint-disable-next-line no-control-regex -- what may not steer who looks at it
    expect(failure!.text).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
  });

  test('of any record becomes valid JUnit that says as much', () => {
    fc.assert(
      fc.property(fc.array(anyRubricRecord, { maxLength: 3 }), (records) => {
        const xml = parseXml(junitXml(records));
        expect(junitErrors(xml)).toEqual([]);
        const labs = records.flatMap((record) => record.labs);
        expect(all(xml, 'testsuite')).toHaveLength(labs.length);
        const tests = labs.reduce((sum, { criteria }) => sum + Math.max(1, criteria.length), 0);
        expect(all(xml, 'testcase')).toHaveLength(tests);
      }),
      RUNS,
    );
  });

  test('of megabytes is cut', () => {
    const huge = [LONG_LINE, MANY_LINES].map((text) => ({ actual: text, evidence: [{ what: text, output: text }] }));
    const several = Array.from({ length: 6 }, () => recordWith([...huge, ...huge, ...huge]));
    const xml = junitXml(several);
    expect(Buffer.byteLength(xml)).toBeLessThan(1_000_000);
    expect(junitErrors(parseXml(xml))).toEqual([]);
  });
});
