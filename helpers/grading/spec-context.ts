/**
 * The border between a spec, which runs in Jest's sandboxed realm, and the judge outside it. Only text crosses it:
 * the survey goes in, verdicts come out.
 */
import type { Survey } from '../survey/facts.ts';
import type { Topology } from '../topology/topology.ts';
import type { Verdict } from './verdict.ts';

/** Names of properties of the spec's global object; see jest-environment.ts. */
export const SURVEY = '__netgradeSurvey';
export const TOPOLOGY = '__netgradeTopology';
export const VERDICTS = '__netgradeVerdicts';

interface SpecGlobal {
  [SURVEY]?: string;
  [TOPOLOGY]?: string;
  [VERDICTS]?: string[];
}

/** The survey that this spec judges. */
export function surveyUnderTest(): Survey {
  const text = (globalThis as SpecGlobal)[SURVEY];
  if (text === undefined) throw new Error('specs judge a survey: run them with `npm run grade`, not with jest alone');
  return JSON.parse(text) as Survey;
}

/** The topology whose rules are judged, for labs that are described by one. */
export function topologyUnderTest(): Topology {
  return JSON.parse((globalThis as SpecGlobal)[TOPOLOGY] ?? '{}') as Topology;
}

export function leaveVerdict(verdict: Verdict): void {
  ((globalThis as SpecGlobal)[VERDICTS] ??= []).push(JSON.stringify(verdict));
}
