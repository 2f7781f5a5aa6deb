/**
 * What self-test shows, as data: for each lab its rules, with the last verdict of each and whether it is being checked.
 */
import type { LabDefinition } from '../../lab/lab-definition.ts';
import type { Verdict } from '../../lab/verdict.ts';
import type { CriterionRecord } from '../../report/record.ts';
import { criterionRecord } from '../../report/recording.ts';
import type { LabView } from './view.ts';

export interface RuleState extends Omit<CriterionRecord, 'status'> {
  /** `unknown` before the first verdict. */
  status: CriterionRecord['status'] | 'unknown';
  /** Something happened since the verdict that may have changed it. */
  checking: boolean;
  /** The lab's points for it, also if it cannot be judged here. */
  worth: number;
}

export interface LabState {
  lab: string;
  title: string;
  rules: RuleState[];
  /** What was seen of its network; absent before anything was. */
  view?: LabView;
}

export interface WatchState {
  labs: LabState[];
  /** What is watched, in words. */
  watching: string;
  /** The command that judges the rules that cannot be judged here. */
  rest: string;
  /** How it was found out which labs are watched, if nobody said so. */
  guessed?: string;
  /** The live page's address; empty while it can be opened by a key; absent where it cannot. */
  page?: string;
  /** Why nothing new can be seen at the moment. */
  trouble?: string;
}

/** Nothing was seen yet. @param rest The command that judges the rules that cannot be judged here. */
export function unseen(labs: LabDefinition[], watching: string, rest = ''): WatchState {
  return { labs: labs.map(unseenLab), watching, rest };
}

function unseenLab(lab: LabDefinition): LabState {
  const nothing = { status: 'error' as const, expected: '', actual: '', evidence: [], basedOn: [], durationMs: 0 };
  const rules = Object.keys(lab.criteria).map((id) => ({
    ...ruleState(lab, { id, ...nothing }),
    status: 'unknown' as const,
    checking: true,
  }));
  return { lab: lab.name, title: lab.title, rules };
}

/**
 * A lab before everything was tried: verdicts that are based on no more than what is complete are new; the others may have
 * changed, and are being checked. What could not be judged is left to the full survey.
 *
 * @param isMarked Whether rules that are being checked are marked; the others keep their mark.
 */
export function afterLook(
  state: LabState,
  lab: LabDefinition,
  { verdicts, sections }: { verdicts: Verdict[]; sections: ReadonlySet<string> },
  isMarked = true,
): LabState {
  const isNew = ({ status, basedOn }: Verdict): boolean =>
    status !== 'error' && basedOn.every((section) => sections.has(section));
  const fresh = new Map(verdicts.filter(isNew).map((verdict) => [verdict.id, verdict]));
  return {
    ...state,
    rules: state.rules.map((rule) => {
      const verdict = fresh.get(rule.id);
      return verdict === undefined ? { ...rule, checking: rule.checking || isMarked } : ruleState(lab, verdict);
    }),
  };
}

/** A lab after everything was tried. */
export function afterSurvey(state: LabState, lab: LabDefinition, verdicts: Verdict[]): LabState {
  return { ...state, rules: verdicts.map((verdict) => ruleState(lab, verdict)) };
}

/** A rule with a new verdict. */
function ruleState(lab: LabDefinition, verdict: Verdict): RuleState {
  return { ...criterionRecord(lab, verdict), checking: false, worth: lab.criteria[verdict.id]?.points ?? 0 };
}

/** Puts a lab's new state in the place of its last one. */
export function withLab(state: WatchState, lab: LabState): WatchState {
  return { ...state, labs: state.labs.map((each) => (each.lab === lab.lab ? lab : each)) };
}

/** The state while nothing new can be seen: every verdict may be out of date. @param trouble Why. */
export function withTrouble(state: WatchState, trouble: string): WatchState {
  return { ...allChecking(state), trouble };
}

/** The state when things can be seen again. */
export function withoutTrouble(state: WatchState): WatchState {
  const { trouble, ...others } = state;
  return trouble === undefined ? state : others;
}

/** Marks every rule as being checked: nothing is known yet of what is there now. */
export function allChecking(state: WatchState): WatchState {
  const labs = state.labs.map((lab) => ({ ...lab, rules: lab.rules.map((rule) => ({ ...rule, checking: true })) }));
  return { ...state, labs };
}

/** Whether there is no verdict yet. */
export function isUnseen({ labs }: WatchState): boolean {
  return labs.every(({ rules }) => rules.every(({ status }) => status === 'unknown'));
}

/** Whether every verdict is about what is there now. */
export function isSettled({ labs }: WatchState): boolean {
  return labs.every(({ rules }) => rules.every(({ checking }) => !checking));
}

/**
 * Whether a rule may pass later without an event: something may still be starting, and no event says when it serves.
 */
export function mayStillChange({ labs }: WatchState): boolean {
  return labs.some(({ rules }) => rules.some(({ status, withheld }) => status !== 'passed' && withheld !== true));
}

/** The first rule that failed, preferring rules that are not being checked; else the first that could not be judged. */
export function firstTrouble({ labs }: WatchState): RuleState | undefined {
  const rules = labs.flatMap((lab) => lab.rules).filter(({ withheld }) => withheld !== true);
  const failed = rules.filter(({ status }) => status === 'failed');
  return (
    failed.find(({ checking }) => !checking) ??
    failed[0] ??
    rules.find(({ status }) => status === 'error') ??
    rules.find(({ status }) => status === 'skipped')
  );
}

/** Points; rules that this kind of host does not allow to be judged do not count. */
export function scoreOf({ labs }: WatchState): { score: number; maxScore: number } {
  const rules = labs.flatMap((lab) => lab.rules);
  return {
    score: rules.reduce((sum, { score }) => sum + score, 0),
    maxScore: rules.reduce((sum, { maxScore }) => sum + maxScore, 0),
  };
}

/** The rules that this kind of host does not allow to be judged. */
export function withheldIn({ labs }: WatchState): RuleState[] {
  return labs.flatMap(({ rules }) => rules.filter(({ withheld }) => withheld === true));
}

/** A rule of which there is something new to say. */
export interface Change {
  lab: string;
  rule: RuleState;
}

/** Rules with another verdict than before, or that fail for another reason. */
export function changesBetween(before: WatchState, after: WatchState): Change[] {
  return after.labs.flatMap(({ lab, rules }) => {
    const old = new Map(before.labs.find((each) => each.lab === lab)?.rules.map((rule) => [rule.id, rule]));
    return rules.filter((rule) => isAnother(old.get(rule.id), rule)).map((rule) => ({ lab, rule }));
  });
}

function isAnother(before: RuleState | undefined, after: RuleState): boolean {
  return before?.status !== after.status || (after.status === 'failed' && before.actual !== after.actual);
}
