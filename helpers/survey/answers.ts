/** Finds the answers that a submission gives, and whether its own script wrote them on the lab host. */
import { realpathSync } from 'node:fs';
import path from 'node:path';
import { parseAnswers } from '../submission/answers.ts';
import { folderOnHost } from '../deploy/deploy.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { readTextFile } from '../machine/probe/agent/text-file.ts';
import { TEXT_LIMIT } from '../base/plain-file.ts';
import type { Deployment } from '../submission/deployment.ts';
import type { AnswersFacts, Survey } from './facts.ts';
import type { SurveyPlan } from '../lab/survey-plan.ts';

interface HandedIn {
  lab: string;
  /** The lab's folder on the grading host, if there is one. */
  folder: string | undefined;
  deployment: Deployment;
  /** The answers' file name. */
  file: string;
}

/** The survey's section of answers, for a lab that asks questions. To be asked when the deployment has ended. */
export async function answersSection(
  host: LabHost,
  { name, survey }: { name: string; survey: SurveyPlan },
  handedIn: Pick<HandedIn, 'folder' | 'deployment'>,
): Promise<Pick<Survey, 'answers'>> {
  const { answers: file } = survey;
  return file === undefined ? {} : { answers: await surveyAnswers(host, { lab: name, file, ...handedIn }) };
}

/** Answers for which nothing is deployed: as they were handed in. */
export function answersHandedIn(folder: string, file: string): AnswersFacts {
  return { file, aboutThisHost: false, answers: parseAnswers(handedInText(folder, file), file) };
}

async function surveyAnswers(host: LabHost, { lab, folder, deployment, file }: HandedIn): Promise<AnswersFacts> {
  // In the lab's folder, or where the script was run.
  const places = [...new Set([file, path.posix.join(deployment.directory, file)])];
  const handedIn = places.map((place) => (folder === undefined ? undefined : handedInText(folder, place)));
  if (deployment.how === 'live') {
    const [text] = handedIn.filter((each) => each !== undefined);
    return { file, aboutThisHost: true, answers: parseAnswers(text, file) };
  }
  const here = await Promise.all(places.map((place) => host.readText(path.posix.join(folderOnHost(host, lab), place))));
  const found = here.findIndex((text) => text !== undefined);
  const text = here[found];
  return {
    file,
    aboutThisHost: text !== undefined && text !== handedIn[found],
    answers: parseAnswers(text, file),
  };
}

/** The folder is a stranger's: a link in it could lead to any file of the grading host. */
function handedInText(folder: string, place: string): string | undefined {
  try {
    const real = realpathSync(path.join(folder, place));
    return real.startsWith(`${realpathSync(folder)}${path.sep}`) ? readTextFile(real, TEXT_LIMIT) : undefined;
  } catch {
    return undefined; // there is none
  }
}
