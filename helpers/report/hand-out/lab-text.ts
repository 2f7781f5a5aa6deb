/** A lab, and the list of all labs, as an instructor reads them in a terminal. Every text of a course is made inert. */
import type { GradableLab } from '../../lab/catalogue.ts';
import { maxScoreOf, type LabDefinition } from '../../lab/lab-definition.ts';
import type { Topology, TopologyRole } from '../../lab/topology/topology.ts';
import { oneLine } from '../../base/inert.ts';
import { paint, type Screen } from '../terminal.ts';

export function labsText(labs: LabDefinition[], screen: Screen): string {
  return columns(
    labs.map((lab) => [lab.name, `${maxScoreOf(lab)} points`, oneLine(lab.title)]),
    ['bold', undefined, undefined],
    screen,
  ).join('\n');
}

export function labText(lab: Pick<GradableLab, 'topology'> & LabDefinition, screen: Screen): string {
  const { name, title, criteria, topology } = lab;
  const rules = Object.entries(criteria).map(([id, rule]) => [
    String(rule.points).padStart(6),
    id,
    oneLine(rule.title),
  ]);
  const parts = {
    rules: columns([['points', 'id', 'title'], ...rules], [undefined, 'dim', undefined], screen),
    roles: columns(rolesOf(lab), [], screen),
    networks: columns(networksOf(lab), [], screen),
    links: columns(topology === undefined ? [] : linksOf(topology), [], screen),
  };
  return [
    `${paint(screen, 'bold', `${name}: ${oneLine(title)}`)}\n${rules.length} rules, ${maxScoreOf(lab)} points`,
    ...Object.entries(parts)
      .filter(([, lines]) => lines.length > 0)
      .map(([head, lines]) => [paint(screen, 'bold', head), ...lines.map((line) => `  ${line}`)].join('\n')),
  ].join('\n\n');
}

function rolesOf({ survey, topology }: Parameters<typeof labText>[0]): string[][] {
  if (topology !== undefined) return topology.roles.map((role) => [role.name, ...describedRole(role)]);
  return survey.roles.map(({ name, images }) => [name, imagesText(images)]);
}

function describedRole({ name, called, images, protocol, port, public: isPublic, path }: TopologyRole): string[] {
  return [
    `port ${port} (${protocol})`,
    isPublic ? `public at ${oneLine(path)}` : '',
    [called === name ? '' : `called “${oneLine(called)}”`, imagesText(images)].filter((each) => each !== '').join('; '),
  ];
}

function imagesText(images: string[]): string {
  return images.length === 0 ? '' : `also found by the image ${images.map(oneLine).join(', ')}`;
}

function networksOf({ wanted }: LabDefinition): string[][] {
  return (wanted?.networks ?? []).map(({ name }) => [
    name,
    wanted!.containers
      .filter(({ networks }) => networks.includes(name))
      .map(({ role }) => role)
      .join(', '),
  ]);
}

function linksOf({ links }: Topology): string[][] {
  return links.map(({ from, to, by, over }) => [`${from} → ${to}`, `by the name ${oneLine(by)}`, `over ${over}`]);
}

type ColumnStyle = Parameters<typeof paint>[1] | undefined;

/** Rows with columns below each other. Cells before the last have to be of simple characters. */
function columns(rows: string[][], styles: ColumnStyle[], screen: Screen): string[] {
  const widths = (rows[0] ?? []).map((_, i) => Math.max(...rows.map((row) => row[i]!.length)));
  return rows.map((row) =>
    row
      .map((cell, i) => {
        const padded = cell.padEnd(widths[i]!);
        const style = styles[i];
        return style === undefined ? padded : paint(screen, style, padded);
      })
      .join('  ')
      .trimEnd(),
  );
}
