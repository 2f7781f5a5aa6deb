/**
 * overrides.yaml: points that somebody gives by hand for a criterion, whatever its verdict. The verdict stays as it is. An
 * override remembers which verdict it was made for, so that it is noticed when that has changed.
 */
import type { Node } from 'yaml';
import type { LabDefinition } from '../../lab/lab-definition.ts';
import { near } from '../../base/near.ts';
import { Mistakes, YamlFile } from '../../base/yaml-file.ts';
import type { LabRecord, OverrideRecord, StudentRecord } from '../record.ts';
import { hundredths } from '../whole-points.ts';
import { check } from './parse.ts';
import { groupOf, POINTS_OF_A_LAB, type Override, type Rubric } from './rubric.ts';
import { keysOf, nameIn, type Told } from './told.ts';
import { timeOf } from './time.ts';

const KEYS = ['student', 'lab', 'criterion', 'points', 'reason', 'who', 'when'];
const DAY = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;

/**
 * @param file What the file is called, for messages.
 * @throws {UsageError} with all mistakes, each with its line and the reason.
 */
export function parseOverrides(
  text: string,
  file: string,
  catalogue: Map<string, LabDefinition>,
  rubric: Rubric,
): Override[] {
  const yaml = new YamlFile(text, file);
  if (yaml.root === null) return [];
  const mistakes = new Mistakes();
  const places = new Set<string>();
  const overrides = yaml.list(yaml.root, 'the overrides').flatMap((node): Override[] => {
    const override = mistakes.attempt(() => overrideIn({ yaml, node }, mistakes, catalogue, rubric), undefined);
    if (override === undefined) return [];
    const { student, lab, criterion } = override;
    const place = JSON.stringify([student, lab, criterion]);
    if (places.has(place))
      mistakes.attempt(
        () => yaml.refuse(node, `${student} has another override for ${criterion} of ${lab}: leave one`),
        undefined,
      );
    places.add(place);
    return [override];
  });
  mistakes.tell();
  return overrides;
}

/** @returns undefined when something of it is a mistake; each key's is noted. */
function overrideIn(
  told: Told,
  mistakes: Mistakes,
  catalogue: Map<string, LabDefinition>,
  rubric: Rubric,
): Override | undefined {
  const { yaml, node } = told;
  const before = mistakes.count;
  const keys = keysOf(told, 'an override', mistakes, KEYS);
  const missing = KEYS.filter((key) => !keys.has(key));
  const valueOf = <T>(key: string, read: (at: Node) => T): T | undefined => {
    const at = keys.get(key)?.node;
    return at && mistakes.attempt(() => read(at), undefined);
  };
  const textOf = (key: string): string | undefined => valueOf(key, (at) => yaml.text(at, key));
  const oneIn = (key: string, known: Iterable<string>, what: string): string | undefined =>
    valueOf(key, (at) => {
      const name = yaml.text(at, key);
      check({ yaml, node: at }, name, [...known], what);
      return name;
    });
  const lab = oneIn('lab', catalogue.keys(), 'lab');
  const rules = lab === undefined ? undefined : rubric.labs.get(lab)!.criteria;
  const criterion = rules && oneIn('criterion', rules.keys(), `criterion of ${lab}`);
  const most = criterion === undefined ? POINTS_OF_A_LAB : rules!.get(criterion)!.points;
  const override = {
    student: valueOf('student', (at) => nameIn(yaml, at, 'student')),
    ...{ lab, criterion },
    points: valueOf('points', (at) =>
      yaml.number(at, 'points', {
        fits: (value) => value >= 0 && value <= most && hundredths(value) === value,
        within: `a number from 0 to ${most}, which is all that ${criterion ?? 'a lab'} has`,
      }),
    ),
    reason: textOf('reason'),
    who: textOf('who'),
    when: valueOf('when', (at) => {
      const when = yaml.text(at, 'when');
      if (!DAY.test(when) && typeof timeOf(when) === 'string')
        yaml.refuse(at, `when: "${when}" is no day; write it like 2026-12-01`);
      return when;
    }),
  };
  if (missing.length > 0) yaml.refuse(node, `an override needs ${missing.join(', ')}`);
  return mistakes.count === before ? (override as Override) : undefined;
}

/** What is given by hand in a lab, by criterion: from the file, or else what the record has. */
export function overridesIn(
  { overrides, groups }: Pick<Rubric, 'overrides' | 'groups'>,
  student: string,
  lab: LabRecord,
  last: LabRecord,
): Map<string, OverrideRecord> {
  const had = hadIn(last);
  if (overrides === undefined) return had;
  const names = [student, groupOf({ groups }, student)];
  const here = overrides.filter((each) => each.lab === lab.lab && names.includes(each.student));
  return new Map(
    here.map(({ criterion, points, reason, who, when }) => {
      const before = had.get(criterion);
      const isSame =
        before?.points === points && before.reason === reason && before.who === who && before.when === when;
      const verdict = isSame ? before.verdict : verdictOn(criterion, lab);
      return [criterion, { points, reason, who, when, verdict }];
    }),
  );
}

function hadIn({ criteria, overrides = [] }: LabRecord): Map<string, OverrideRecord> {
  return new Map([
    ...overrides.map(({ criterion, ...override }) => [criterion, override] as const),
    ...criteria.flatMap(({ id, override }) => (override === undefined ? [] : [[id, override] as const])),
  ]);
}

/** A result without what was given by hand: it was given to somebody else. */
export function withoutOverrides(lab: LabRecord): LabRecord {
  const rest = { ...lab };
  delete rest.overrides;
  const criteria = lab.criteria.map((criterion) => {
    const bare = { ...criterion };
    delete bare.override;
    return bare;
  });
  return { ...rest, criteria };
}

/** A criterion's verdict; of a lab without criteria, the lab's. */
export function verdictOn(criterion: string, { criteria, status }: LabRecord): OverrideRecord['verdict'] {
  return criteria.find(({ id }) => id === criterion)?.status ?? status;
}

/** Sentences for the instructor: overrides under which the verdict has changed, and those that are about nobody. */
export function remarksOnOverrides(records: StudentRecord[], { overrides = [], groups }: Rubric): string[] {
  const students = [...records.map(({ student }) => student), ...groups.keys()];
  const nobody = overrides.filter(({ student }) => !students.includes(student));
  return [
    ...nobody.map(({ student, criterion }) => {
      const likely = near(student, students);
      return `the override of ${criterion} is for "${student}", who has no record${likely.length > 0 ? `: is it ${likely.join(' or ')}?` : ''}`;
    }),
    ...records.flatMap(({ student, labs }) =>
      labs.flatMap((lab) =>
        [...hadIn(lab)].flatMap(([criterion, { points, verdict, who }]) => {
          const now = verdictOn(criterion, lab);
          if (now === verdict || now === 'error') return [];
          return `${student}  ${lab.lab} ${criterion}: ${who} gave ${points} points when the verdict was ${verdict}; it is ${now} now: look at it again`;
        }),
      ),
    ),
  ];
}
