/**
 * All that is known of one verdict, for an appeal, as text. Students' text in it is made inert; colours are optional.
 */
import { oneLine, shellWord } from '../base/inert.ts';
import { headOfEvidence } from '../lab/verdict.ts';
import { causeEvidence, causeSentence } from './cause-text.ts';
import type { CriterionRecord, LabRecord, StudentRecord, SeenTopology } from './record.ts';
import { inert, lateText, MARKS, paint, type Screen } from './terminal.ts';

export interface Found {
  record: StudentRecord;
  lab: LabRecord;
  criterion: CriterionRecord;
}

export function explanationOf(found: Found, screen: Screen): string {
  const { record, lab, criterion } = found;
  const [mark, style] = MARKS[criterion.status];
  const head = [
    paint(screen, 'bold', `${inert(record.student)}  ${inert(lab.lab)}  ${criterion.id}`),
    `  ${inert(criterion.title)}`,
    ...(lab.title === undefined ? [] : [`  in the lab “${oneLine(lab.title)}”`]),
    `  ${paint(screen, style, `${mark} ${criterion.status}`)}  ${pointsText(found)}`,
  ];
  const parts = [
    head.join('\n'),
    section(screen, 'what went wrong first in this lab', causeText(lab)),
    section(screen, 'verdict', verdictText(criterion)),
    section(screen, 'what was seen', evidenceText(criterion)),
    ...blockers(criterion, lab).map((blocker) =>
      section(screen, 'what kept it from being judged', blockerText(blocker)),
    ),
    section(screen, 'the containers and networks concerned', topologyText(criterion, lab.topology)),
    section(screen, 'how it was judged', howText(found)),
    section(screen, 'to see it again', againText(found)),
  ];
  return parts.filter((part) => part !== '').join('\n\n');
}

function section(screen: Screen, title: string, lines: string[]): string {
  if (lines.length === 0) return '';
  const body = lines.flatMap((line) => inert(line).split('\n')).map((line) => (line === '' ? '' : `  ${line}`));
  return [paint(screen, 'bold', title), ...body].join('\n');
}

function causeText(lab: LabRecord): string[] {
  const sentence = causeSentence(lab);
  const seen = causeEvidence(lab);
  return [
    ...(sentence === undefined ? [] : [sentence]),
    ...(seen === undefined ? [] : evidenceText({ evidence: [seen] })),
  ];
}

/** How many points it got, by which rubric, and what was taken off. */
function pointsText({ record, lab, criterion }: Found): string {
  const { rubric = record.rubric } = lab;
  const { score, maxScore, withheld } = criterion;
  if (withheld) return 'worth no points here: this kind of host does not allow it to be judged';
  const by = rubric === undefined ? 'the lab’s own points' : `points by ${inert(rubric.file)} (${rubric.sha256})`;
  return [`${score} of ${maxScore}, ${by}`, ...(lab.late === undefined ? [] : [lateText(lab)])].join('; ');
}

function verdictText({ status, expected, actual, hint, visibility }: CriterionRecord): string[] {
  const seen = {
    passed: 'seen    ',
    failed: 'seen    ',
    skipped: 'not judged',
    error: 'not judged (not the student’s fault)',
  };
  return [
    ...(expected === '' ? [] : labelled('expected', expected)),
    ...labelled(seen[status], actual),
    ...(hint === '' ? [] : labelled('hint    ', hint)),
    ...(visibility === undefined
      ? []
      : [`The student ${visibility === 'hidden' ? 'never sees this rule' : 'sees this rule after the due date'}.`]),
  ];
}

function labelled(label: string, text: string): string[] {
  return [`${label}  ${inert(text).replaceAll('\n', `\n${' '.repeat(label.length + 2)}`)}`];
}

function evidenceText({ evidence }: Pick<CriterionRecord, 'evidence'>): string[] {
  return evidence.flatMap(({ output, ...of }, i) => [
    ...(i > 0 ? [''] : []),
    headOfEvidence(of),
    ...(output.trim() === '' ? ['  (it printed nothing)'] : [`  ${output.trimEnd().replaceAll('\n', '\n  ')}`]),
  ]);
}

/** The criterion that blocks it, the one that blocks that one, and so on. */
function blockers(criterion: CriterionRecord, { criteria }: LabRecord): CriterionRecord[] {
  const way: CriterionRecord[] = [];
  let next = criteria.find(({ id }) => id === criterion.blockedBy);
  while (next !== undefined && next !== criterion && !way.includes(next)) {
    way.push(next);
    const { blockedBy } = next;
    next = criteria.find(({ id }) => id === blockedBy);
  }
  return way;
}

function blockerText(blocker: CriterionRecord): string[] {
  const evidence = evidenceText(blocker);
  return [
    `${blocker.id}: ${blocker.title}`,
    ...verdictText({ ...blocker, hint: '' }),
    ...(evidence.length > 0 ? ['', ...evidence] : []),
  ];
}

/** Containers and networks that the verdict names; all of them when it names none. */
function topologyText(criterion: CriterionRecord, { containers, networks }: SeenTopology): string[] {
  const { id, title, expected, actual, evidence } = criterion;
  const words = new Set(
    [id, title, expected, actual, ...evidence.flatMap(({ what, output }) => [what, output])]
      .join('\n')
      .split(/[^\p{L}\p{N}_.-]+/u)
      .map((word) => word.replace(/[.-]+$/, '')),
  );
  const named = containers.filter(({ name, role }) => words.has(name) || (role !== undefined && words.has(role)));
  const shown = named.length > 0 ? named : containers;
  const theirs = new Set(shown.flatMap((container) => container.networks.map(({ name }) => name)));
  return [
    ...shown.map((container) => containerText(container)),
    ...networks
      .filter(({ name }) => words.has(name) || theirs.has(name))
      .map(({ name, driver, internal, subnets }) => {
        return `network ${name}: driver ${driver}${internal ? ', internal' : ''}, ${listed(subnets, 'no subnet')}`;
      }),
  ];
}

function containerText({
  name,
  role,
  machine,
  image,
  state,
  networks,
  ports,
}: SeenTopology['containers'][number]): string {
  const who = role === undefined || role === name ? name : `${name} (the ${role})`;
  const attached = networks.map((network) => `${network.name} ${listed(network.addresses, 'without address')}`);
  return `container ${who}${machine === undefined ? '' : ` on machine ${machine}`}: ${state}, image ${image}; ${listed(attached, 'on no network')}; ${ports.length > 0 ? `published ${ports.join(', ')}` : 'publishes nothing'}`;
}

function listed(items: string[], none: string): string {
  return items.length > 0 ? items.join(', ') : none;
}

function howText({ record, lab, criterion }: Found): string[] {
  const { engine = record.engine, run: { startedAt } = record } = lab;
  const where = { disposable: 'a fresh machine', local: 'the grading machine’s own Docker', ssh: 'a remote machine' };
  return [
    `in a run that began ${startedAt}; this lab took ${lab.durationMs} ms, this verdict ${criterion.durationMs} ms`,
    `on ${where[engine.host]}${engine.live ? ', as it ran there' : ''}, Docker Engine ${engine.version} (API ${engine.apiVersion}), images: ${engine.images}`,
    `“outside” is ${engine.outside}`,
    ...(lab.message === undefined ? [] : [`of the lab: ${lab.message}`]),
    ...engine.limits.map((limit) => `limit of this kind of host: ${limit}`),
  ];
}

function againText({ record, lab, criterion }: Found): string[] {
  return [
    ...(criterion.evidence.some(({ described }) => !described)
      ? [
          'The student starts the submission as it was handed in and types the commands above; names and addresses may differ.',
        ]
      : []),
    `npm run self-test -- --lab ${lab.lab}   on the student’s machine, while it runs there`,
    `npm run grade -- ${shellWord(record.student)} --lab ${lab.lab} --out DIR   grades it anew; DIR keeps it apart from these reports`,
  ];
}
