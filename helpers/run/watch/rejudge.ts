/**
 * Looks at the watched labs and judges them: first by what can be seen at once, then by each section of the survey that is
 * complete, in the end by a full survey.
 */
import { FOUND } from '../../deploy/deploy.ts';
import type { GradableLab } from '../../lab/catalogue.ts';
import type { Judge } from '../../judge/judge.ts';
import type { Verdict } from '../../lab/verdict.ts';
import type { LabHost } from '../../machine/lab-host/lab-host.ts';
import type { Deployment } from '../../submission/deployment.ts';
import type { Place } from '../../submission/place.ts';
import { readSubmission, type Submission } from '../../submission/submission.ts';
import { answersSection } from '../../survey/answers.ts';
import type { Survey } from '../../survey/facts.ts';
import { lookAround, surveySoFar, type Look, type Tried } from '../../survey/look.ts';
import { probe } from '../../survey/survey.ts';
import type { Burst } from './events.ts';

export interface WatchedLab {
  lab: GradableLab;
  /** What was handed in, where roles and answers may stand, if there is anything. */
  folder: Place | undefined;
  deployment: Deployment;
}

/** One look at one lab. */
export interface Seen {
  watched: WatchedLab;
  look: Look;
  answers: Pick<Survey, 'answers'>;
}

export function lookAtAll(host: LabHost, labs: WatchedLab[]): Promise<Seen[]> {
  return Promise.all(
    labs.map(async (watched) => {
      const { lab, deployment } = watched;
      const [look, answers] = await Promise.all([
        lookAround(host, lab.survey, deployment.roles, { atOnce: true }),
        answersSection(host, lab, { submission: await handedIn(watched), deployment }),
      ]);
      return { watched, look, answers };
    }),
  );
}

/** Read at each look: the student may be writing the answers meanwhile. */
async function handedIn({ lab, folder }: WatchedLab): Promise<Submission | undefined> {
  if (folder === undefined || lab.survey.answers === undefined) return undefined;
  // A file may be replaced just now: the next look reads it.
  return readSubmission(folder).catch(() => undefined);
}

/** What was seen of a lab, and the verdicts on it. */
export interface Judged {
  survey: Survey;
  verdicts: Verdict[];
}

/** The same before everything was tried. */
export interface SoFar extends Judged {
  /** The sections of the survey that are complete: only verdicts based on these mean something. */
  sections: ReadonlySet<string>;
}

/** Judges one look, by what has been tried since. */
export async function judgeSoFar(
  host: LabHost,
  judge: Judge,
  { watched, look, answers }: Seen,
  tried: Partial<Tried> = {},
): Promise<SoFar> {
  const { survey: seen, sections } = surveySoFar(host, FOUND, look, tried);
  const survey = { ...seen, ...answers };
  return { survey, verdicts: await judge.judge(watched.lab, survey), sections: sections.add('answers') };
}

/**
 * Tries everything after a look, and judges it.
 *
 * @param onFound Is handed each section as soon as it is complete.
 * @returns undefined if it was given up before it ended.
 */
export async function judgeAll(
  host: LabHost,
  judge: Judge,
  { watched, look, answers }: Seen,
  { givenUp, onFound }: { givenUp: AbortSignal; onFound?: (found: Partial<Tried>) => void },
): Promise<Judged | undefined> {
  const seen = await probe(host, watched.lab.survey, FOUND, look, { ...(onFound && { onFound }) });
  const survey = { ...seen, ...answers };
  return givenUp.aborted ? undefined : { survey, verdicts: await judge.judge(watched.lab, survey) };
}

/** Whether a burst can have changed what is seen of the labs: on a shared machine, it may be about other containers. */
export function concerns(burst: Burst, before: Seen[], after: Seen[]): boolean {
  return isAbout(burst, [...before, ...after]) || networksOf(before) !== networksOf(after);
}

/** Whether a burst is about containers that were seen. */
export function isAbout(burst: Burst, seen: Seen[]): boolean {
  return seen.some(({ look }) => look.containers.some(({ id }) => burst.has(id)));
}

function networksOf(seen: Seen[]): string {
  return JSON.stringify(seen.map(({ look }) => look.networks.map(({ id }) => id).sort()));
}
