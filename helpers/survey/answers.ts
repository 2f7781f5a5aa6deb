/** Finds the answers that a submission gives, and whether its own script wrote them on the lab host. */
import path from 'node:path';
import { oneLine } from '../base/inert.ts';
import { folderOnHost } from '../deploy/deploy.ts';
import type { SurveyPlan } from '../lab/survey-plan.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { ANSWER_FILES, ANSWERS, parseAnswers, tooLong, type Answers } from '../submission/answers.ts';
import type { Deployment } from '../submission/deployment.ts';
import { behindLinks, textOf, type Submission } from '../submission/submission.ts';
import { nearestCalled } from '../submission/tree.ts';
import type { AnswersFacts, Survey } from './facts.ts';

interface HandedIn {
  /** Absent when nothing was handed in, on a live host. */
  submission: Submission | undefined;
  deployment: Deployment;
}

/** What is asked of a lab: where answers are, and to which questions. */
interface Asking {
  name: string;
  survey: Pick<SurveyPlan, 'answers'>;
  /** By id; the ids of questions are among them. */
  criteria?: Record<string, unknown>;
}

/** The survey's section of answers, for a lab that asks questions. To be asked when the deployment has ended. */
export async function answersSection(host: LabHost, lab: Asking, handedIn: HandedIn): Promise<Pick<Survey, 'answers'>> {
  const { answers: file } = lab.survey;
  return file === undefined ? {} : { answers: await surveyAnswers(host, lab, file, handedIn) };
}

/** Answers for which nothing is deployed: as they were handed in. */
export function answersHandedIn(submission: Submission, { survey }: Pick<Asking, 'survey'>): AnswersFacts {
  const wanted = survey.answers ?? '';
  const places = placesIn(submission, wanted, '.');
  const found = places.find((place) => isThere(submission, place));
  return {
    file: path.posix.basename(found ?? wanted),
    aboutThisHost: false,
    answers: found === undefined ? { problem: noAnswers(submission, wanted) } : answersIn(submission, found),
  };
}

/** Choices are read literally: a program wrote them. A file of a submission that is no text of it is too long. */
function answersIn(submission: Submission, file: string): Answers {
  const text = textOf(submission, file);
  const name = path.posix.basename(file);
  return text === undefined && isThere(submission, file) ? tooLong(name) : parseAnswers(text, name);
}

function isThere({ entries }: Submission, file: string): boolean {
  const place = behindLinks(entries, file);
  return entries.some(({ kind, name }) => kind === 'file' && name === place);
}

/** Where answers may be: in the lab's folder, where the script was run, or where they were handed in. */
function placesIn(submission: Submission | undefined, file: string, directory: string): string[] {
  const names = file === ANSWERS ? ANSWER_FILES : [file];
  const handedIn = nearestCalled(submission?.entries ?? [], names);
  const usual = ['.', directory].flatMap((folder) => names.map((name) => path.posix.join(folder, name)));
  // Of several that were handed in, it cannot be told which is meant.
  return [...new Set([...usual, ...(handedIn.length === 1 ? handedIn : [])])];
}

async function surveyAnswers(
  host: LabHost,
  { name: lab, criteria = {} }: Asking,
  file: string,
  { submission, deployment }: HandedIn,
): Promise<AnswersFacts> {
  const places = placesIn(submission, file, deployment.directory);
  const questions = Object.keys(criteria);
  const texts =
    deployment.how === 'live'
      ? places.map((place) => submission && textOf(submission, place))
      : await Promise.all(places.map((place) => host.readText(path.posix.join(folderOnHost(host, lab), place))));
  const found = texts.findIndex((text) => text !== undefined);
  const text = texts[found];
  const name = path.posix.basename(places[found] ?? file);
  const wasHandedIn = submission !== undefined && text !== undefined && textOf(submission, places[found]!) === text;
  return {
    file: name,
    aboutThisHost: deployment.how === 'live' || (text !== undefined && !wasHandedIn),
    answers: text === undefined ? { problem: noAnswers(submission, file) } : parseAnswers(text, name, questions),
  };
}

/** That there are none, and what to do about what is there instead. */
function noAnswers(submission: Submission | undefined, file: string): string {
  const entries = submission?.entries ?? [];
  const several = nearestCalled(entries, ANSWER_FILES);
  const others = entries.filter(({ kind, name }) => kind === 'file' && /^answers?\b/i.test(path.posix.basename(name)));
  if (several.length > 1) return oneLine(`there are ${several.join(' and ')}: keep the one that counts`);
  const [other] = others;
  const { archive } = submission ?? {};
  if (archive !== undefined && 'problem' in archive)
    return oneLine(
      `there is no ${file}; ${archive.file} ${archive.problem}: unpack it, and hand in the files that are in it`,
    );
  const instead = other === undefined ? '' : `; ${other.name} is not read: hand its answers in as ${file}`;
  return oneLine(`there is no ${file}${instead}`);
}
