/**
 * The hand-out of a topology, as Markdown: what a student has to know of the lab, in the sections that the pages in
 * docs/labs/ have. Every text of the course's file is escaped. Hints are left out: a student reads them when a rule fails.
 */
import { maxScoreOf, type LabDefinition } from '../../lab/lab-definition.ts';
import { rulesById, rulesOf, type Rule } from '../../lab/topology/rules.ts';
import {
  backendsOf,
  networksOf,
  roleOf,
  wayBetween,
  type Link,
  type Protocol,
  type Topology,
} from '../../lab/topology/topology.ts';
import { listed } from '../../lab/topology/wording.ts';
import { codeSpan, markdownText } from '../markdown.ts';

const SPOKEN: Record<Protocol, string> = { http: 'HTTP', mongodb: 'MongoDB’s protocol', tcp: 'TCP' };

/** What self-test leaves out, because it would disturb what runs. */
const DISTURBING: Rule['rule'][] = ['end-to-end', 'renumbered'];

/**
 * @param lab The lab that follows from the topology.
 * @param files What the course gives out for it: the names of the files.
 */
export function handOutOf(lab: LabDefinition, topology: Topology, files: string[]): string {
  const sections = {
    'What to do': taskPart(topology),
    'What is given': givenPart(topology, files),
    'What to hand in': handInPart(topology),
    'Check your own work': checkPart(topology),
    'How it is judged': rulesPart(lab),
  };
  return [
    `# ${topology.name}: ${markdownText(topology.title)}`,
    ...waysPart(topology),
    ...Object.entries(sections).flatMap(([heading, blocks]) => [`## ${heading}`, ...blocks]),
  ].join('\n\n');
}

/** The ways of requests from outside, from each public role to each of its backends. */
function waysPart(topology: Topology): string[] {
  const ways = topology.roles
    .filter((role) => role.public)
    .flatMap(({ name }) => backendsOf(topology, name).map((backend) => wayBetween(topology, name, backend)));
  if (ways.length === 0) return [];
  return ['A request from outside goes this way:', list(ways.map((way) => wayText(topology, way)))];
}

function wayText(topology: Topology, way: string[]): string {
  const stations = way.slice(1).map((to, i) => {
    const link = topology.links.find((each) => each.from === way[i] && each.to === to)!;
    return addressOf(topology, link);
  });
  return [codeSpan(way[0]!), ...stations].join(' → ');
}

function addressOf(topology: Topology, { to, by }: Link): string {
  return codeSpan(`${by}:${roleOf(topology, to).port}`);
}

function taskPart(topology: Topology): string[] {
  const { roles, networks, links } = topology;
  const rules = rulesOf(topology);
  const isolated = rules.filter((rule) => rule.rule === 'isolated');
  const names = codes(networks.map(({ name }) => name));
  return [
    networks.length === 1 ? `Make a bridge network, ${names}.` : `Make ${networks.length} bridge networks: ${names}.`,
    'Start these containers. Each is on the networks that stand beside it, and on no other:',
    table(
      ['role', 'what it is', 'networks', 'where it listens'],
      roles.map(({ name, called, protocol, port }) => [
        codeSpan(name),
        called === name ? '' : markdownText(called),
        codes(networksOf(topology, name)),
        `port ${port} (${SPOKEN[protocol]})`,
      ]),
    ),
    ...(links.length === 0
      ? []
      : [
          'Who talks to whom, by which name and over which network:',
          list(
            links.map(
              (link) =>
                `${codeSpan(link.from)} reaches ${codeSpan(link.to)} at ${addressOf(topology, link)}, over ${codeSpan(link.over)}`,
            ),
          ),
        ]),
    ...(isolated.length === 0
      ? []
      : [
          'Who must not get through to whom, neither by name nor by address, nor by any way round:',
          list(isolated.map(({ from, target }) => `${codes(from)} must not reach ${codeSpan(target)}`)),
        ]),
    publishedText(topology),
    ...(rules.some(({ rule }) => rule === 'renumbered')
      ? ['Use names, never addresses: everything has to work after every address has changed.']
      : []),
  ];
}

function publishedText({ roles }: Topology): string {
  const publics = roles.filter((role) => role.public);
  const answers = publics.map(({ name, path }) => `${codeSpan(name)} answers requests for ${codeSpan(path)}`);
  const port = publics.length === 1 ? 'on a port' : 'each on a port';
  return `From outside your machine, ${codes(publics.map(({ name }) => name))} can be reached, and no other container: by HTTP, ${port} of your choice. ${listed(answers)}.`;
}

function givenPart({ name, roles }: Topology, files: string[]): string[] {
  const databases = roles.filter(({ protocol }) => protocol === 'mongodb').map((role) => role.name);
  return [
    ...(files.length === 0
      ? [
          'No files: write the programs yourself, or take images that have them. What counts is where each listens, and whom it asks.',
        ]
      : [
          `The folder ${codeSpan(`starters/${name}`)} of your course. Copy it, and complete it:`,
          list(files.map(codeSpan)),
        ]),
    ...(databases.length === 0 ? [] : [`A real MongoDB has to answer at ${codes(databases)}.`]),
  ];
}

function handInPart(topology: Topology): string[] {
  const { name, roles } = topology;
  const byName = [...rulesById(topology)].filter(([, { rule }]) => rule === 'resolves').map(([id]) => id);
  const byImage = roles.filter(({ images }) => images.length > 0);
  return [
    `${codeSpan(`submissions/you/${name}/`)}: a Compose file (${codeSpan('compose.yaml')}, or the names that Docker Compose also takes), here or in a single sub-folder, with everything it builds; or a script ${codeSpan('run.sh')} of ${codeSpan('docker')} commands. Compose puts the project’s name before the networks’ names: that is fine. ${codeSpan('you')} stands for your name.`,
    `A container is found by its name or by its Compose service’s name.${
      byImage.length === 0
        ? ''
        : ` If no name fits, these are found by their image: ${byImage.map((role) => `${codeSpan(role.name)} (${codes(role.images)})`).join(', ')}.`
    } You need a ${codeSpan('submission.yaml')} beside it only if your containers have other names. It says who is who:`,
    `    roles: { ${roles.map((role) => `${role.name}: my-${role.name}`).join(', ')} }`,
    ...(byName.length === 0
      ? []
      : [
          `That alone is not enough: ${codes(byName)} still ask for the names above. They have to lead to these containers, for example as aliases on the networks.`,
        ]),
  ];
}

function checkPart(topology: Topology): string[] {
  const { name } = topology;
  const left = [...rulesById(topology)].filter(([, { rule }]) => DISTURBING.includes(rule)).map(([id]) => id);
  return [
    `With netgrade and Docker on your machine, see the rules while you work. This watches your own Docker and changes nothing there. ${codeSpan('DIR')} stands for the folder with your course’s ${codeSpan(`${name}.yaml`)}:`,
    `    npm run self-test -- ${name} you --labs DIR`,
    ...(left.length === 0
      ? []
      : [`It leaves out ${codes(left)}: to judge them, what runs is disturbed for a moment. Grading does that.`]),
    `Grade your folder as your course will, on a fresh machine. Then read ${codeSpan('reports/you.html')}:`,
    `    npm run grade -- --lab ${name} --labs DIR you`,
  ];
}

function rulesPart(lab: LabDefinition): string[] {
  return [
    `${maxScoreOf(lab)} points in all, unless your course weighs the rules otherwise:`,
    table(
      ['rule', 'points', 'it passes when'],
      Object.entries(lab.criteria).map(([id, { points, title }]) => [
        codeSpan(id),
        String(points),
        markdownText(title),
      ]),
    ),
  ];
}

function codes(names: string[]): string {
  return listed(names.map(codeSpan));
}

function list(items: string[]): string {
  return items.map((item) => `- ${item}`).join('\n');
}

function table(head: string[], rows: string[][]): string {
  const line = (cells: string[]): string => `| ${cells.join(' | ')} |`;
  return [line(head), `|${'---|'.repeat(head.length)}`, ...rows.map(line)].join('\n');
}
