/** How late something was handed in, and what is taken off for it. */
import type { LabRecord } from '../record.ts';
import { hundredths } from '../whole-points.ts';
import { timeFor, type LatePolicy, type Rubric } from './rubric.ts';
import { DAY_MS } from './time.ts';

/** Until when a student has to hand in a lab; an extension of a member is one of the whole group. */
export function dueFor(rubric: Rubric, student: string, lab: string): Date | undefined {
  return timeFor(rubric.extensions, rubric, student, lab) ?? rubric.labs.get(lab)?.due;
}

/**
 * How late a lab was handed in. A student who is not in the list of times counts as in time.
 *
 * @returns undefined when it was in time.
 */
export function lateness(student: string, lab: string, rubric: Rubric): LabRecord['late'] {
  const policy = rubric.labs.get(lab)?.late;
  const times = policy === undefined ? undefined : timesOf(student, lab, rubric);
  if (policy === undefined || times === undefined) return undefined;
  const days = daysLate(times, policy);
  if (days === 0) return undefined;
  const free = freeDays(student, rubric).get(keyOf(times)) ?? 0;
  return {
    handedIn: times.handedIn.toISOString(),
    percent: percentFor(days - free, policy),
    ...(free === 0 ? {} : { freeDays: free }),
  };
}

/** @param lateMs Milliseconds after the due date; negative before it. */
export function percentOff(lateMs: number, policy: LatePolicy): number {
  return percentFor(lateMs <= policy.graceMs ? 0 : Math.ceil(lateMs / DAY_MS), policy);
}

function percentFor(days: number, { perDay, atMost }: LatePolicy): number {
  return hundredths(Math.min(atMost, perDay * days));
}

interface HandedIn {
  due: Date;
  handedIn: Date;
}

function timesOf(student: string, lab: string, rubric: Rubric): HandedIn | undefined {
  const due = dueFor(rubric, student, lab);
  const handedIn = timeFor(rubric.handedIn, rubric, student, lab);
  return due === undefined || handedIn === undefined ? undefined : { due, handedIn };
}

/** Days are counted from the due date, also when there is a grace. */
function daysLate({ due, handedIn }: HandedIn, { graceMs }: LatePolicy): number {
  const lateMs = handedIn.getTime() - due.getTime();
  return lateMs <= graceMs ? 0 : Math.ceil(lateMs / DAY_MS);
}

/**
 * The days of a student's budget, spent in the order of the due dates. Labs that were due at one time and handed in at one
 * time were one handing in, and cost their days once.
 */
function freeDays(student: string, rubric: Rubric): Map<string, number> {
  const all = [...rubric.labs]
    .filter(([name]) => rubric.counting?.includes(name) ?? true)
    .flatMap(([name, { late }]) => {
      const times = late === undefined ? undefined : timesOf(student, name, rubric);
      return late === undefined || times === undefined ? [] : [{ times, late }];
    })
    .sort((a, b) => a.times.due.getTime() - b.times.due.getTime());
  const free = new Map<string, number>();
  let spent = 0;
  for (const { times, late } of all) {
    const key = keyOf(times);
    if (free.has(key)) continue;
    const days = Math.min(daysLate(times, late), Math.max(0, late.days - spent));
    free.set(key, days);
    spent += days;
  }
  return free;
}

function keyOf({ due, handedIn }: HandedIn): string {
  return `${due.toISOString()} ${handedIn.toISOString()}`;
}
