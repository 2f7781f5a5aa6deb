/**
 * Who has more time than the others: `student: time` for all labs, or `student: { lab: time }`.
 * A time is a date, or how much longer than everybody (`+2 days`).
 */
import type { Node } from 'yaml';
import { instead } from '../../base/near.ts';
import type { Mistakes, YamlFile } from '../../base/yaml-file.ts';
import type { LabRubric, Times } from './rubric.ts';
import type { Told } from './told.ts';
import { longerBy, timeOf } from './time.ts';

/**
 * @param labs With their due dates. An extension for all labs applies only to labs that are due earlier.
 * @throws {UsageError} with the line and the reason. Mistakes in one student's extension are kept in `mistakes`.
 */
export function readExtensions(
  { yaml, node }: Told,
  labs: Map<string, LabRubric>,
  mistakes: Mistakes,
): Map<string, Times> {
  const dues = new Map([...labs].flatMap(([name, { due }]) => (due === undefined ? [] : [[name, due] as const])));
  if (dues.size === 0) yaml.refuse(node, 'extensions without a due date: say "due:"');
  return new Map(
    [...yaml.entries(node, 'extensions')].map(([student, given]) => {
      const read = (): Map<string, Date> =>
        yaml.isMapping(given) ? forSome(yaml, student, given, dues) : forAll(yaml, student, given, dues);
      return [student, { labs: mistakes.attempt(read, new Map<string, Date>()) }];
    }),
  );
}

function forAll(yaml: YamlFile, student: string, node: Node, dues: Map<string, Date>): Map<string, Date> {
  const until = extended(yaml, node, student);
  const longer = [...dues].filter(([, due]) => until(due) > due);
  if (longer.length === 0) yaml.refuse(node, `the extension of ${student} gives no more time than everybody has`);
  return new Map(longer.map(([lab, due]) => [lab, until(due)]));
}

function forSome(yaml: YamlFile, student: string, node: Node, dues: Map<string, Date>): Map<string, Date> {
  return new Map(
    [...yaml.entries(node, `the extension of ${student}`)].map(([lab, given]) => {
      const due = dues.get(lab);
      if (due === undefined)
        return yaml.refuse(
          yaml.key(node, lab),
          `there is no lab with a due date called "${lab}"; ${instead(lab, [...dues.keys()], 'there are')}`,
        );
      const until = extended(yaml, given, student)(due);
      if (until <= due)
        yaml.refuse(given, `the extension of ${student} gives no more time for ${lab} than everybody has`);
      return [lab, until];
    }),
  );
}

/** Reads a time, or how much longer than everybody: `+2 days`. @returns the due date for whoever has the extension. */
function extended(yaml: YamlFile, node: Node, student: string): (due: Date) => Date {
  const text = yaml.text(node, `the extension of ${student}`);
  const longer = longerBy(text);
  if (longer !== undefined) return (due) => new Date(due.getTime() + longer);
  const time = timeOf(text);
  return time instanceof Date
    ? () => time
    : yaml.refuse(node, `the extension of ${student}: ${time}; or how much longer, like +2 days`);
}
