/**
 * Passes data between a spec, which runs in Jest's own sandbox, and the judge outside. Only text is passed: the survey goes in,
 * and verdicts come out.
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

/** The survey that this spec judges. It is noted which of its sections are read. */
export function surveyUnderTest(): Survey {
  const text = (globalThis as SpecGlobal)[SURVEY];
  if (text === undefined)
    throw new Error('specs judge a survey, which Jest’s environment for specs hands in: see run/spec-environment.ts');
  return noting(JSON.parse(text) as Survey);
}

/** The sections that were read while the spec was loaded. Every criterion may depend on them. */
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

/** Runs a criterion. @returns its result, and the sorted names of the survey's sections that it is based on. */
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
