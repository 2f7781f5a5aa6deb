/** The tests' own readers: what they do not refuse, they do not test. */
import { expect, test } from '@jest/globals';
import { junitErrors } from '../helpers/junit.ts';
import { parseXml } from '../helpers/xml.ts';

test.each([
  '<a>\u0001</a>',
  '<a>\ufffe</a>',
  '<a>\ud83d</a>',
  '<a>&e;</a>',
  '<a>&</a>',
  '<a>&#0;</a>',
  '<a>]]></a>',
  '<a b="1" b="2"/>',
  '<a b="<"/>',
  '<a><b></a>',
  '<a/><b/>',
  '<a><!-- --></a>',
  '<a><![CDATA[x]]></a>',
  'text',
])('%j is not the XML that we write', (xml) => {
  expect(() => parseXml(xml)).toThrow();
});

test('reads elements, attributes and texts', () => {
  expect(parseXml('<?xml version="1.0" encoding="UTF-8"?><a b="&lt;&quot;">x&#x41;<c/>&amp;lt;</a>')).toEqual({
    name: 'a',
    attributes: { b: '<"' },
    text: 'xA&lt;',
    children: [{ name: 'c', attributes: {}, text: '', children: [] }],
  });
});

test.each([
  ['<testsuites tests="1" failures="0" errors="0"/>', 'counts 1 0 0 0, and has 0 0 0 0'],
  ['<testsuite name="a" tests="0" failures="0" errors="0" timestamp="2026-09-01T10:20:30Z"/>', 'timestamp='],
  ['<testsuite tests="0" failures="0" errors="0"/>', 'has no name'],
  ['<testcase name="a" classname="b"><failure/><error/></testcase>', 'other children'],
  ['<testcase name="a" classname="b" points="1"/>', 'points='],
  ['<script/>', 'no element script'],
])('%s is not JUnit', (xml, error) => {
  expect(junitErrors(parseXml(xml)).join('\n')).toContain(error);
});
