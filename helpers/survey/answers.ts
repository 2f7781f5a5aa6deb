/** Finds the answers that a submission gives, and whether its own script wrote them on the lab host. */
import path from 'node:path';
import { folderOnHost } from '../deploy/deploy.ts';
import type { SurveyPlan } from '../lab/survey-plan.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { parseAnswers, tooLong, type Answers } from '../submission/answers.ts';
import type { Deployment } from '../submission/deployment.ts';
import { behindLinks, textOf, type Submission } from '../submission/submission.ts';
import type { AnswersFacts, Survey } from './facts.ts';

interface HandedIn {
  /** Absent when nothing was handed in, on a live host. */
  submission: Submission | undefined;
  deployment: Deployment;
}

/** The survey's section of answers, for a lab that asks questions. To be asked when the deployment has ended. */
export async function answersSection(
  host: LabHost,
  { name, survey }: { name: string; survey: SurveyPlan },
  handedIn: HandedIn,
): Promise<Pick<Survey, 'answers'>> {
  const { answers: file } = survey;
  return file === undefined ? {} : { answers: await surveyAnswers(host, name, file, handedIn) };
}

/** Answers for which nothing is deployed: as they were handed in. */
export function answersHandedIn(submission: Submission, file: string): AnswersFacts {
  return { file, aboutThisHost: false, answers: answersIn(submission, file) };
}

/** A file of a submission that is no text of it is too long. */
function answersIn(submission: Submission, file: string): Answers {
  const text = textOf(submission, file);
  const place = behindLinks(submission.entries, file);
  const isThere = submission.entries.some(({ kind, name }) => kind === 'file' && name === place);
  return text === undefined && isThere ? tooLong(file) : parseAnswers(text, file);
}

async function surveyAnswers(
  host: LabHost,
  lab: string,
  file: string,
  { submission, deployment }: HandedIn,
): Promise<AnswersFacts> {
  // In the lab's folder, or where the script was run.
  const places = [...new Set([file, path.posix.join(deployment.directory, file)])];
  if (deployment.how === 'live') {
    const [text] = places.flatMap((place) => (submission && textOf(submission, place)) ?? []);
    return { file, aboutThisHost: true, answers: parseAnswers(text, file) };
  }
  const here = await Promise.all(places.map((place) => host.readText(path.posix.join(folderOnHost(host, lab), place))));
  const found = here.findIndex((text) => text !== undefined);
  const text = here[found];
  const wasHandedIn = submission !== undefined && text !== undefined && textOf(submission, places[found]!) === text;
  return {
    file,
    aboutThisHost: text !== undefined && !wasHandedIn,
    answers: parseAnswers(text, file),
  };
}
