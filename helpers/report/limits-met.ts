/** Which of the lab host's limits a submission met, in lines for its author. */
import { usedUpText } from '../survey/used-up.ts';
import { deniedText } from './denied.ts';
import type { LabRecord } from './record.ts';

export function limitsMet({ usedUp = [], policy }: Pick<LabRecord, 'usedUp' | 'policy'>): string[] {
  return [...usedUp.map(usedUpText), ...deniedText(policy)];
}
