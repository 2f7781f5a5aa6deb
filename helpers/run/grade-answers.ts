/** Grades one lab of one student of which only answers are handed in: nothing is deployed, no machine is needed. */
import { reasonOf } from '../base/failure.ts';
import type { LabRecord } from '../report/record.ts';
import { failedLab, gradedLab, ungradedLab } from '../report/recording.ts';
import { answersHandedIn } from '../survey/answers.ts';
import { NOTHING } from '../survey/nothing.ts';
import type { GradableLab } from '../lab/catalogue.ts';
import type { Judge } from '../judge/judge.ts';

/** @param folder The lab's folder. */
export async function gradeAnswers(judge: Judge, lab: GradableLab, folder: string): Promise<LabRecord> {
  const started = performance.now();
  const elapsed = (): number => Math.round(performance.now() - started);
  try {
    const answers = answersHandedIn(folder, lab.survey.answers ?? '');
    if ('problem' in answers.answers) return ungradedLab(lab, 'invalid', answers.answers.problem);
    const verdicts = await judge.judge(lab, { ...NOTHING, answers });
    return gradedLab(lab, verdicts, { ...NOTHING, timings: { judge: elapsed() } }, elapsed());
  } catch (error) {
    return failedLab(lab, reasonOf(error), elapsed());
  }
}
