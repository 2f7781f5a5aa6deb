/** Surveys of good submissions, recorded on a real engine (tests/surveys/README.md), and small changes of them. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import type { ContainerFacts, NetworkFacts, SandboxFacts, Survey } from '../../helpers/survey/facts.ts';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import { surveySoFar, type Tried } from '../../helpers/survey/look.ts';
import type { SurveyFile } from '../../helpers/survey/survey-file.ts';

/** Tests run at the project's root. */
export const SURVEYS = path.resolve('tests/surveys');

/** The inspection of a container whose script wrote its answers on the very machine that was surveyed. */
export const ANSWERED_HERE = 'inspect-busybox-answered-here';

/** @param name A lab, or ANSWERED_HERE. */
export function recorded(name: string): Survey {
  const bytes = gunzipSync(readFileSync(path.join(SURVEYS, `${name}.json.gz`)));
  return (JSON.parse(bytes.toString('utf8')) as SurveyFile).survey;
}

/** A deep copy of a survey in which something is otherwise; the survey itself stays as it is. */
export function changed(survey: Survey, change: (draft: Survey) => void): Survey {
  const draft = JSON.parse(JSON.stringify(survey)) as Survey;
  change(draft);
  return draft;
}

/** What self-test knew of a survey while no more than this had been tried, and which sections were complete then. */
export function soFar(survey: Survey, tried: (keyof Tried)[]): { survey: Survey; sections: Set<string> } {
  const { engine, deployment, usedUp = [], policy, outside, experiments, answers, ...look } = survey;
  const host = {
    ...{ engine, outside },
    ...(experiments.withheld !== undefined && { undisturbed: experiments.withheld }),
    ...(usedUp.length > 0 && { bounded: {} }),
    ...(policy !== undefined && { policy: {} }),
  } as unknown as LabHost;
  const complete = Object.fromEntries(tried.map((section) => [section, survey[section]])) as Partial<Tried>;
  const known = surveySoFar(host, deployment, look, complete);
  return { survey: { ...known.survey, ...(answers && { answers }) }, sections: known.sections.add('answers') };
}

/** The name of the container that plays a role. */
export function nameOf({ roles }: Survey, role: string): string {
  const finding = roles[role];
  if (finding?.found !== 'one') throw new Error(`this survey has no container for ${role}`);
  return finding.container;
}

export function containerOf(survey: Survey, role: string): ContainerFacts {
  return survey.containers.find(({ name }) => name === nameOf(survey, role))!;
}

export function sandboxOf(survey: Survey, role: string): SandboxFacts {
  return survey.sandboxes[nameOf(survey, role)]!;
}

/** @param called By its student, i.e. without Compose's prefix. */
export function networkOf(survey: Survey, called: string): NetworkFacts {
  const network = survey.networks.find(({ names }) => names.includes(called));
  if (network === undefined) throw new Error(`this survey has no network ${called}`);
  return network;
}
