/** A lab's title: it gets into the record, and people read it beside the lab's name wherever a lab is introduced to them. */
import { describe, expect, test } from '@jest/globals';
import { labOf } from '../../helpers/lab/topology/definition.ts';
import { classText } from '../../helpers/report/class-text.ts';
import { explanationOf } from '../../helpers/report/explanation.ts';
import { commentOn } from '../../helpers/report/formats/markdown.ts';
import { headingOf } from '../../helpers/report/formats/moodle/feedback.ts';
import { classPage } from '../../helpers/report/pages/class-page/page.ts';
import { Layouts } from '../../helpers/report/pages/picture/layout.ts';
import { studentPage } from '../../helpers/report/pages/student-page/page.ts';

import type { LabRecord } from '../../helpers/report/record.ts';
import { criterionRecord, failedLab, gradedLab, ungradedLab } from '../../helpers/report/recording.ts';
import { studentText } from '../../helpers/report/terminal.ts';
import { topologyCalled } from '../helpers/labs.ts';
import { recordOf, recordWith } from '../helpers/records.ts';
import { schemaErrors } from '../helpers/schema.ts';
import { recorded } from '../helpers/surveys.ts';

const PLAIN = { colours: false };
const ASSETS = { style: '', script: '' };
const SHOP = labOf(topologyCalled('web-shop'));
const TITLE = 'A shop and its back office on three networks';

const LAB: LabRecord = { ...recordWith([{ title: 'rule' }, {}]).labs[0]!, lab: 'web-shop', title: TITLE };
const OTHER: LabRecord = { ...LAB, lab: 'sandbox', title: 'Two <sandboxes>' };
const ABSENT: LabRecord = { ...ungradedLab(SHOP, 'missing', 'too late to say'), lab: 'third', title: 'The third one' };
const ALICE = recordOf('alice', [LAB, OTHER, ABSENT]);
const BOB = recordOf('bob', [LAB, OTHER, ABSENT]);
/** As records of netgrade's first edition are. */
const OLD = recordOf('carol', [recordWith([{}]).labs[0]!]);

describe('the record of a lab has its title', () => {
  test.each([
    ['graded', gradedLab(SHOP, [], recorded('web-shop'), 1)],
    ['not handed in', ungradedLab(SHOP, 'missing', 'not handed in')],
    ['not graded', failedLab(SHOP, 'the machine broke', 1)],
  ])('when it is %s', (_, lab) => {
    expect(lab).toMatchObject({ lab: 'web-shop', title: TITLE });
    expect(schemaErrors(recordOf('alice', [lab]))).toEqual([]);
  });

  test('and one without is a record, too', () => {
    expect(schemaErrors(OLD)).toEqual([]);
  });
});

describe('the title is read', () => {
  test('in the terminal, of one student', () => {
    expect(studentText(ALICE, PLAIN)).toContain(`  web-shop: ${TITLE}  0/20`);
    expect(studentText(OLD, PLAIN)).toContain('  a-lab  0/10');
  });

  test('in the terminal, of the class, as far as there is room', () => {
    const records = [ALICE, BOB];
    const wide = classText(records, PLAIN).split('\n');
    expect(wide.find((line) => line.startsWith('  web-shop '))).toMatch(new RegExp(`  ${TITLE}$`));
    const narrow = classText(records, { ...PLAIN, width: 90 }).split('\n');
    expect(narrow.find((line) => line.startsWith('  web-shop '))).toMatch(/ {2}A shop and its back .*…$/);
    expect(narrow.filter((line) => line.length > 90)).toEqual([]);
    expect(classText(records, { ...PLAIN, width: 80 })).not.toContain('A shop');
    expect(classText([OLD, OLD], PLAIN)).not.toContain('title');
  });

  test('beside the evidence of a verdict', () => {
    const criterion = criterionRecord(SHOP, { ...LAB.criteria[0]!, id: 'networks-exist', basedOn: [] });
    expect(explanationOf({ record: ALICE, lab: LAB, criterion }, PLAIN)).toContain(`\n  in the lab “${TITLE}”\n`);
  });

  test('in Markdown', () => {
    expect(commentOn(ALICE)).toContain(`### web-shop: 0 / 20\n\n${TITLE}\n\n`);
    expect(commentOn(ALICE)).toContain('Two &#60;sandboxes&#62;');
  });

  test('in Moodle’s feedback on several labs', () => {
    expect(headingOf(OTHER)).toBe('sandbox: Two ‹sandboxes›');
    expect(headingOf(OLD.labs[0]!)).toBe('a-lab');
  });

  test('on the student’s page, also of a lab that was not handed in', async () => {
    const page = await studentPage(ALICE, ASSETS, new Layouts());
    expect(page.match(/<p class="quiet lab-title">[^<]*<\/p>/g)).toEqual([
      `<p class="quiet lab-title">${TITLE}</p>`,
      '<p class="quiet lab-title">Two &lt;sandboxes&gt;</p>',
      '<p class="quiet lab-title">The third one</p>',
    ]);
    expect(await studentPage(OLD, ASSETS, new Layouts())).not.toContain('lab-title">');
  });

  test('on the class page: in the tables, or on top if there is one lab', async () => {
    const several = await classPage([ALICE, BOB], ASSETS);
    expect(several).toContain(`<th scope="row">web-shop <span class="quiet">${TITLE}</span></th>`);
    expect(several).toContain(`<th scope="col" title="${TITLE}">web-shop</th>`);
    expect(several).toContain(`web-shop <span class="quiet">${TITLE}; 2 students, 2 rules</span>`);
    const one = await classPage([recordOf('alice', [LAB]), recordOf('bob', [LAB])], ASSETS);
    expect(one).toContain(`2 students, 1 lab (web-shop: ${TITLE}).`);
    expect(await classPage([OLD], ASSETS)).toContain('1 student, 1 lab (a-lab).');
  });
});
