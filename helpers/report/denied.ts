/** What the policy of a lab host's engine denied, for the record and in words. */
import type { Survey } from '../survey/facts.ts';
import type { PolicyRecord } from './record.ts';

const MOST_DENIED = 20;
const MOST_CALLS = 200;

/** @returns undefined where no engine was asked about its requests. */
export function policyRecord({ policy, secondMachine }: Survey): PolicyRecord | undefined {
  if (policy === undefined) return undefined;
  const second = secondMachine?.policy;
  if (second === undefined) return policy;
  const on = <T extends object>(machine: number, items: T[]): (T & { machine: number })[] =>
    items.map((item) => ({ ...item, machine }));
  return {
    denied: [...on(1, policy.denied), ...on(2, second.denied)].slice(0, MOST_DENIED),
    deniedInAll: policy.deniedInAll + second.deniedInAll,
    looks: policy.looks + second.looks,
    calls: [...policy.calls, ...second.calls.map((call) => `machine 2: ${call}`)].slice(-MOST_CALLS),
  };
}

/** One line, or none. */
export function deniedText(policy: PolicyRecord | undefined): string[] {
  const [first] = policy?.denied ?? [];
  if (policy === undefined || first === undefined) return [];
  const more = policy.deniedInAll - 1;
  return [`denied: ${first.sentence}${more === 0 ? '' : ` (and ${more} more)`}`];
}
