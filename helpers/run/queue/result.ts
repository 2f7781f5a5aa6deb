/** Checks what comes back from a worker: everybody who has Redis's password could have written it. */
import { InfrastructureError, reasonOf } from '../../base/failure.ts';
import { unpackSurvey } from '../../survey/survey-file.ts';
import type { LabResult } from './job.ts';
import type { GradableLab } from '../../lab/catalogue.ts';
import type { Graded } from '../lab-task.ts';
import { whyNoRecord } from '../../report/read-records.ts';
import { studentRecord } from '../../report/recording.ts';
import { misfitOf } from '../../report/rubric/apply.ts';
import { catalogueRubric } from '../../report/rubric/rubric.ts';
import { NO_ENGINE } from '../../survey/nothing.ts';

/** @throws {InfrastructureError} when it is no record of this lab. */
export function checkedResult(lab: GradableLab, result: unknown): Graded {
  const { record, engine, survey } = (
    typeof result === 'object' && result !== null ? result : {}
  ) as Partial<LabResult>;
  const wrong = whatIsWrong(lab, { record, engine });
  if (record === undefined || wrong !== undefined)
    throw new InfrastructureError(
      `what came back from the queue is no record of ${lab.name}: ${wrong ?? 'it is empty'}`,
    );
  return { record, ...(engine !== undefined && { engine }), ...(survey !== undefined && surveyIn(lab, survey)) };
}

function surveyIn(lab: GradableLab, packed: string): Pick<Graded, 'survey'> {
  try {
    const { lab: name, survey } = unpackSurvey(Buffer.from(packed, 'base64'), 'what came back from the queue');
    if (name === lab.name) return { survey };
    throw new InfrastructureError(`what came back from the queue is a survey of ${name}, not of ${lab.name}`);
  } catch (error) {
    throw new InfrastructureError(reasonOf(error));
  }
}

function whatIsWrong(lab: GradableLab, { record, engine }: { record?: unknown; engine?: unknown }): string | undefined {
  // Checked by the records' schema, as the only lab of some student.
  const whole = {
    ...studentRecord('somebody', [], { startedAt: new Date().toISOString(), engine: NO_ENGINE }),
    ...(engine !== undefined && { engine }),
  };
  const wrong = whyNoRecord({ ...whole, labs: [record] });
  if (wrong !== undefined) return wrong;
  const only = { ...whole, labs: [record] } as Parameters<typeof misfitOf>[0];
  return only.labs[0]?.lab === lab.name ? misfitOf(only, catalogueRubric([lab])) : 'it is of another lab';
}
