/** Judges kept surveys again, by the rules of today: what a student handed in is neither deployed nor looked at. */
import type { Judge } from '../judge/judge.ts';
import type { GradableLab } from '../lab/catalogue.ts';
import type { LabRecord, StudentRecord } from '../report/record.ts';
import { gradedLab } from '../report/recording.ts';
import type { Survey } from '../survey/facts.ts';
import { ofLastTry } from './record-stage.ts';

/** Where the survey of a student's lab is read from; undefined where none is kept. */
export type Surveys = (student: string, lab: string) => Promise<Survey | undefined>;

/** A lab of a record that could not be judged again. */
export interface NotJudged {
  student: string;
  lab: string;
  why: string;
}

export interface JudgedAgain {
  /** As in the record that was given, where nothing was judged again. The points are the labs' own: score it. */
  record: StudentRecord;
  /** How many labs were. */
  judged: number;
  notJudged: NotJudged[];
}

/**
 * Judges a student's labs again. What was measured or found when they were graded stays: times, the engine, what copies
 * are found by, that it took several tries.
 *
 * @param labs Those that are judged again; others stay as they are and are not mentioned.
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
    const survey = lab && wasSurveyed(before) ? await surveys(record.student, before.lab) : undefined;
    if (lab !== undefined && survey !== undefined) {
      const now = gradedLab(lab, await judge.judge(lab, survey), survey, before.durationMs);
      after.push(withWhatWasMeasured(now, before));
      judged++;
    } else {
      if (lab !== undefined) notJudged.push({ student: record.student, lab: lab.name, why: whyNot(before) });
      after.push(before);
    }
  }
  return { record: { ...record, labs: after }, judged, notJudged };
}

/** What was judged has timings. A survey that lies there all the same is of an earlier run. */
function wasSurveyed({ timings }: LabRecord): boolean {
  return timings !== undefined;
}

function whyNot(lab: LabRecord): string {
  if (wasSurveyed(lab)) return 'no survey is kept of it: grade it again';
  return lab.message ?? lab.status;
}

/** A lab's new record, with what was measured or found when it was graded. */
function withWhatWasMeasured(now: LabRecord, before: LabRecord): LabRecord {
  const { timings, fingerprint } = before;
  const tookBefore = new Map(before.criteria.map(({ id, durationMs }) => [id, durationMs]));
  const criteria = now.criteria.map((each) => ({
    ...each,
    durationMs: tookBefore.get(each.id) ?? each.durationMs,
  }));
  return {
    ...ofLastTry({ ...now, criteria }, lossesOf(before)),
    ...(timings && { timings }),
    ...(fingerprint && { fingerprint }),
  };
}

/** Why earlier tries of grading it came to nothing, as `ofLastTry` wrote it. */
function lossesOf({ criteria }: LabRecord): string[] {
  const [first] = criteria;
  const again = first?.evidence.find(({ what }) => /^graded at the \w+ try$/.test(what));
  return again === undefined ? [] : again.output.split('\n');
}
