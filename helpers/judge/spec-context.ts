/**
 * The border between a spec, which runs in Jest's sandboxed realm, and the judge outside it. Only text crosses it:
 * the survey goes in, verdicts come out.
 */
import type { Survey } from '../survey/facts.ts';
import type { Topology } from '../lab/topology/topology.ts';
import type { Verdict } from '../lab/verdict.ts';

/** Names of properties of the spec's global object; see run/spec-environment.ts. */
export const SURVEY = '__netgradeSurvey';
export const TOPOLOGY = '__netgradeTopology';
export const VERDICTS = '__netgradeVerdicts';

interface SpecGlobal {
  [SURVEY]?: string;
  [TOPOLOGY]?: string;
  [VERDICTS]?: string[];
}

/** The survey that this spec judges. Which of its sections are read is noted. */
export function surveyUnderTest(): Survey {
  const text = (globalThis as SpecGlobal)[SURVEY];
  if (text === undefined)
    throw new Error('specs judge a survey, which Jest’s environment for specs hands in: see run/spec-environment.ts');
  return noting(JSON.parse(text) as Survey);
}

/** Sections that were read while the spec was loaded: every criterion may depend on them. */
const readOnLoading = new Set<string>();
let readByCriterion: Set<string> | undefined;

function noting(survey: Survey): Survey {
  return new Proxy(survey, {
    get: (target, section, self): unknown => {
      if (typeof section === 'string') (readByCriterion ?? readOnLoading).add(section);
      return Reflect.get(target, section, self);
    },
  });
}

/** Runs a criterion. @returns what it returned, and the sections of the survey that this is based on, sorted. */
export function noteSections<T>(body: () => T): { result: T; basedOn: string[] } {
  readByCriterion = new Set(readOnLoading);
  try {
    const result = body();
    return { result, basedOn: [...readByCriterion].sort() };
  } finally {
    readByCriterion = undefined;
  }
}

/** The topology whose rules are judged, for labs that are described by one. */
export function topologyUnderTest(): Topology {
  return JSON.parse((globalThis as SpecGlobal)[TOPOLOGY] ?? '{}') as Topology;
}

export function leaveVerdict(verdict: Verdict): void {
  ((globalThis as SpecGlobal)[VERDICTS] ??= []).push(JSON.stringify(verdict));
}
