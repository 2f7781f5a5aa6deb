/** A class as a course has it: every lab there is, graded for many students, each good at something else. */
import type { CriterionRecord, LabRecord, StudentRecord } from '../../helpers/report/record.ts';
import { total } from '../../helpers/report/whole-points.ts';
import { labCalled, labNames } from './labs.ts';
import { recordOf } from './records.ts';
import { BROKEN, GOOD, MISPLACED, TWO_MACHINES } from './topologies.ts';

const TOPOLOGIES = { 'nginx-flask-mongo': [GOOD, GOOD, MISPLACED, BROKEN], 'overlay-network': [TWO_MACHINES] };
const EVIDENCE = [{ what: 'docker ps --all', output: 'NAMES   IMAGE   STATE\nnginx   nginx   running\n' }];

/** @returns The same records for the same number of students: nothing in them is left to chance. */
export async function classRecords(students: number): Promise<StudentRecord[]> {
  const labs = await Promise.all(labNames().map(labCalled));
  return Array.from({ length: students }, (_, i) => {
    const skill = draw(i, 0);
    return recordOf(
      `student-${String(i + 1).padStart(3, '0')}`,
      labs.map(({ name, criteria }, j): LabRecord => {
        const luck = draw(i, j + 1);
        const base = { lab: name, durationMs: 900, topology: { networks: [], containers: [] } };
        const maxScore = 100;
        if (luck < 0.05)
          return { ...base, status: 'missing', message: 'not handed in', score: 0, maxScore, criteria: [] };
        if (luck < 0.07)
          return { ...base, status: 'invalid', message: 'no compose.yaml', score: 0, maxScore, criteria: [] };
        const broken = luck > 0.997;
        const judged = Object.entries(criteria).map(([id, { title, points, hint }], k): CriterionRecord => {
          const status = broken ? 'error' : statusOf(draw(i, 100 * (j + 1) + k), skill, k);
          return {
            ...{ id, title, status, score: status === 'passed' ? points : 0, maxScore: points, durationMs: 1 },
            expected: title,
            actual: status === 'passed' ? 'it is so' : broken ? 'the machine went away' : 'it is not so',
            hint: status === 'failed' ? hint : '',
            evidence: broken ? [] : EVIDENCE,
            ...(status === 'skipped' ? { blockedBy: Object.keys(criteria)[0]! } : {}),
          };
        });
        const drawn = TOPOLOGIES[name as keyof typeof TOPOLOGIES] as LabRecord['topology'][] | undefined;
        return {
          ...base,
          status: broken ? 'error' : 'graded',
          ...total(judged),
          ...(luck > 0.95 && !broken
            ? { due: '2026-08-31T22:00:00.000Z', late: { handedIn: '2026-09-01T08:00:00.000Z', percent: 10 } }
            : {}),
          criteria: judged,
          topology: drawn?.[i % drawn.length] ?? base.topology,
        };
      }),
    );
  });
}

function statusOf(luck: number, skill: number, rule: number): CriterionRecord['status'] {
  if (luck < 0.25 + 0.75 * skill) return 'passed';
  return rule > 0 && luck > 0.95 ? 'skipped' : 'failed';
}

/** Between 0 and 1, always the same for the same two numbers. */
function draw(one: number, other: number): number {
  const mixed = Math.imul(Math.imul(one + 1, 0x9e3779b1) ^ Math.imul(other + 7, 0x85ebca6b), 0xc2b2ae35);
  const stirred = Math.imul(mixed ^ (mixed >>> 15), 0x27d4eb2f);
  return ((stirred ^ (stirred >>> 13)) >>> 0) / 2 ** 32;
}
