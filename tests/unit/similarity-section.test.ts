/** What an instructor reads of similar submissions, and that students read nothing of it. */
import { expect, test } from '@jest/globals';
import { studentView } from '../../helpers/report/student-view.ts';
import { summaryOf } from '../../helpers/report/summary.ts';
import type { SimilarGroup } from '../../helpers/report/similarity/groups.ts';
import { similaritySection } from '../../helpers/report/similarity/section.ts';
import { HOSTILE_LINES } from '../helpers/records.ts';
import { schemaErrors } from '../helpers/schema.ts';
import { classOf } from '../helpers/similarity.ts';

const PAIR = { share: 0.874, common: 20, sameNames: 3, names: ['wombat', 'emu-net'] };
const group = (students: string[], pairs: Partial<SimilarGroup['pairs'][number]>[] = [{}]): SimilarGroup => ({
  lab: 'a-lab',
  students,
  pairs: pairs.map((each) => ({ ...PAIR, students: [students[0]!, students[1]!], ...each })),
});
const text = async (groups: SimilarGroup[]): Promise<string> =>
  String(
    await similaritySection(groups, (student, lab) =>
      student === 'bob' ? undefined : `${encodeURIComponent(student.toWellFormed())}.html#${lab}`,
    ),
  );

test('says whom to look at, what they have in common, and that it proves nothing', async () => {
  const written = await text([group(['alice', 'bob'])]);
  expect(written).toContain('<a href="alice.html#a-lab"><bdi>alice</bdi></a> and <bdi>bob</bdi>');
  expect(written).toContain('<td>87 %</td>');
  expect(written).toContain('20, 3 of them word for word');
  expect(written).toContain('<bdi><code>wombat</code></bdi>, <bdi><code>emu-net</code></bdi>');
  expect(written).toContain('Similar text is not proof.');
  expect(written).not.toMatch(/cheat|plagiar|copied|guilty/i);
});

test('says that nobody stands out, too', async () => {
  expect(await text([])).toContain('No two submissions stand out');
});

test('of a large group the most similar pairs', async () => {
  const students = Array.from({ length: 5 }, (_, i) => `s${i}`);
  const written = await text([group(students, Array<object>(10).fill({}))]);
  expect(written.match(/<th scope="row">/g)).toHaveLength(6);
  expect(written).toContain('4 more pairs of these');
});

test.each(HOSTILE_LINES)('%j does nothing in it', async (line) => {
  const written = await text([group([line, 'bob'], [{ names: [line] }])]);
  expect(
    written.replace(/<\/?(?:section|h2|p|strong|table|caption|b|thead|tbody|tr|th|td|a|bdi|code)\b[^<>]*>/g, ''),
  ).not.toMatch(/[<>]/);
  // eslint-disable-next-line no-control-regex -- control characters are what must not be there
  expect(written).not.toMatch(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/);
});

const grams = Array.from({ length: 20 }, (_, i) => i.toString(16).padStart(8, '0').repeat(2)).join(' ');
const records = classOf('a-lab', [
  ['alice', { grams, names: ['wombat'] }],
  ['bob', { grams, names: ['wombat'] }],
]);

test('summary.json has the groups when everything is graded; until then nobody can tell what is rare', () => {
  expect(summaryOf(records, true).similar).toEqual([
    {
      lab: 'a-lab',
      students: ['alice', 'bob'],
      pairs: [{ students: ['alice', 'bob'], share: 1, common: 20, sameNames: 20, names: ['wombat'] }],
    },
  ]);
  expect(summaryOf(records, false).similar).toBeUndefined();
});

test('a student’s view of a record has no fingerprint, hidden rules or not', () => {
  const [record] = records;
  const hidden = { ...record!.labs[0]!, criteria: [{ visibility: 'hidden' }] } as (typeof records)[0]['labs'][0];
  expect(schemaErrors(record)).toEqual([]);
  for (const lab of [record!.labs[0]!, hidden]) {
    expect(JSON.stringify(studentView({ ...record!, labs: [lab] }, new Date()))).not.toMatch(/fingerprint|wombat/);
  }
});
