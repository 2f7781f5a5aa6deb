/** A question is answered rightly when exactly those options are chosen that hold. */
import { specOf, expect } from '../helpers/judge/criterion.ts';
import { labUnderTest } from '../helpers/judge/lab-under-test.ts';
import '../helpers/judge/matchers/index.ts';
import { definition } from './self-check.lab.ts';
import { QUESTIONS } from './self-check/index.ts';

const { criterion } = specOf(definition);
const lab = labUnderTest();

for (const question of QUESTIONS) {
  criterion(question.id, () => {
    expect(lab).toChooseExactly(question, QUESTIONS);
  });
}
