/** Judges kept surveys again, by the present rules. Submissions are not needed: nothing is deployed. */
import type { Judge } from '../judge/judge.ts';
import type { GradableLab } from '../lab/catalogue.ts';
import { lossesIn } from '../lab/verdict.ts';
import { isFinished, type LabRecord, type StudentRecord } from '../report/record.ts';
import { gradedLab } from '../report/recording.ts';
import type { Survey } from '../survey/facts.ts';
import { ofLastTry } from './record-stage.ts';

/** Reads the kept survey of a record's lab. @returns undefined when none of the same grading is kept. */
export type Surveys = (record: StudentRecord, lab: string) => Promise<Survey | undefined>;

/** A lab of a record that could not be judged again. */
export interface NotJudged {
  student: string;
  lab: string;
  why: string;
  /** Set if the present rules came to no verdict. */
  failed?: true;
}

export interface JudgedAgain {
  /** The new record. Labs that were not judged again are as before: what is finished is not replaced by what is not. It is not scored yet: the points are the labs' own. */
  record: StudentRecord;
  /** How many labs were judged again. */
  judged: number;
  notJudged: NotJudged[];
}

/**
 * Judges a student's labs again. What was found when they were graded stays as it is: the times, the engine, the fingerprint,
 * and the number of tries.
 *
 * @param labs The labs to judge again. Others stay as they are and are not mentioned.
 * @throws {InfrastructureError} when the judge process is lost.
 */
export async function judgeAgain(
  judge: Pick<Judge, 'judge'>,
  record: StudentRecord,
  labs: Map<string, GradableLab>,
  surveys: Surveys,
): Promise<JudgedAgain> {
  const notJudged: NotJudged[] = [];
  let judged = 0;
  const after: LabRecord[] = [];
  for (const before of record.labs) {
    const lab = labs.get(before.lab);
    const survey = lab && (await surveys(record, before.lab));
    if (lab !== undefined && survey !== undefined) {
      const now = gradedLab(lab, await judge.judge(lab, survey), survey, before.durationMs);
      if (!isFinished(now) && isFinished(before)) {
        const why = `${now.message ?? now.status}; it keeps the verdicts that it has`;
        notJudged.push({ student: record.student, lab: lab.name, why, failed: true });
        after.push(before);
        continue;
      }
      after.push(withWhatWasMeasured(now, before));
      judged++;
    } else {
      if (lab !== undefined) notJudged.push({ student: record.student, lab: lab.name, why: whyNot(before) });
      after.push(before);
    }
  }
  return { record: { ...record, labs: after }, judged, notJudged };
}

function whyNot({ status, message }: LabRecord): string {
  if (status === 'graded') return 'no survey is kept of it: grade it again';
  return message ?? status;
}

/** A lab's new record, with what was measured or found when it was graded. */
function withWhatWasMeasured(now: LabRecord, before: LabRecord): LabRecord {
  const { timings, run, engine, fingerprint, attempts } = before;
  const tookBefore = new Map(before.criteria.map(({ id, durationMs }) => [id, durationMs]));
  const criteria = now.criteria.map((each) => ({
    ...each,
    durationMs: tookBefore.get(each.id) ?? each.durationMs,
  }));
  return {
    ...ofLastTry({ ...now, criteria }, lossesOf(before)),
    ...(timings && { timings }),
    ...(run && { run }),
    ...(engine && { engine }),
    ...(fingerprint && { fingerprint }),
    ...(attempts && { attempts }),
  };
}

/** Why earlier tries to grade this lab failed, as `ofLastTry` wrote it. */
function lossesOf({ criteria }: LabRecord): string[] {
  return criteria[0]?.evidence.flatMap(lossesIn) ?? [];
}
