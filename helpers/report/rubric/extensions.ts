/** Who has more time than the others: `student: time` for all labs, or `student: { lab: time }`. */
import type { Node } from 'yaml';
import { instead } from '../../base/near.ts';
import type { YamlFile } from '../../base/yaml-file.ts';
import type { LabRubric, Times } from './rubric.ts';
import { timeOf } from './time.ts';

/**
 * @param labs With their due dates. An extension for all labs applies only to labs that are due earlier.
 * @throws {UsageError} with the line and the reason.
 */
export function readExtensions(
  yaml: YamlFile,
  node: Node | undefined,
  labs: Map<string, LabRubric>,
): Map<string, Times> {
  if (node === undefined) return new Map();
  const dues = new Map([...labs].flatMap(([name, { due }]) => (due === undefined ? [] : [[name, due] as const])));
  if (dues.size === 0) yaml.refuse(node, 'extensions without a due date: say "due:"');
  return new Map(
    [...yaml.entries(node, 'extensions')].map(([student, given]) => {
      const times = yaml.isMapping(given) ? forSome(yaml, student, given, dues) : forAll(yaml, student, given, dues);
      return [student, { labs: times }];
    }),
  );
}

function forAll(yaml: YamlFile, student: string, node: Node, dues: Map<string, Date>): Map<string, Date> {
  const until = timeIn(yaml, node, student);
  const longer = [...dues].filter(([, due]) => until > due);
  if (longer.length === 0) yaml.refuse(node, `the extension of ${student} gives no more time than everybody has`);
  return new Map(longer.map(([lab]) => [lab, until]));
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
      const until = timeIn(yaml, given, student);
      if (until <= due)
        yaml.refuse(given, `the extension of ${student} gives no more time for ${lab} than everybody has`);
      return [lab, until];
    }),
  );
}

function timeIn(yaml: YamlFile, node: Node, student: string): Date {
  const time = timeOf(yaml.text(node, `the extension of ${student}`));
  return time instanceof Date ? time : yaml.refuse(node, `the extension of ${student}: ${time}`);
}
