/** What goes through the stages of one lab's grading, and what comes out. */
import type { GradableLab } from '../lab/catalogue.ts';
import type { EngineFacts } from '../machine/lab-host/lab-host.ts';
import type { LabRecord } from '../report/record.ts';
import type { Deployment } from '../submission/deployment.ts';
import type { Submission } from '../submission/submission.ts';
import type { Survey } from '../survey/facts.ts';

/** The result of one lab's grading. */
export interface Graded {
  record: LabRecord;
  engine?: EngineFacts;
  /** The survey that was judged; absent where nothing was judged. */
  survey?: Survey;
}

/** What is given to each stage of one lab's grading. */
export interface LabTask {
  lab: GradableLab;
  /** Absent on a live host to which nothing was handed in. */
  submission: Submission | undefined;
  deployment: Deployment;
}
