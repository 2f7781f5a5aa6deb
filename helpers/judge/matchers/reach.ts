import { addedRules, holesBetween } from '../firewall.ts';
import { Inconclusive } from '../matcher.ts';
import { shortName, type Role } from '../lab-under-test.ts';
import { describedEvidence, type Evidence, type Finding } from '../../lab/verdict.ts';
import { arrives, attemptsBetween, type Attempt } from '../../survey/attempts.ts';
import { THE_HOST, type ReachFacts } from '../../survey/facts.ts';
import { addressesOf } from '../../survey/subjects.ts';
import { needHeard, wayEvidence, waysBetween } from '../ways.ts';
import { listed } from './running.ts';
import { lostBetween, wayOf } from '../way.ts';

/**
 * `expect(a).toReach(b)`: some packet gets an answer. `expect(a).not.toReach(b)`: no packet arrives, at no address and
 * no port, also not through a published port, while another container or the host does reach b. (`refused` means that
 * the packet arrived, so it is no isolation.)
 */
export function reach(isNot: boolean, source: Role, target: Role): Finding {
  const tried = attemptsBetween(source.lab.survey, source.facts.name, target.facts.name);
  const arrived = tried.filter(arrives);
  // Without any try, the verdict would always be "isolated".
  const untried = addressesOf(target.facts).filter((address) => !tried.some((each) => each.address === address));
  const isOpen = arrived.length > 0;
  const holes = isNot ? [...waysBetween(source, target), ...holesBetween(source, target)] : [];
  if (untried.length > 0 && !isOpen && (isNot || tried.length === 0))
    throw new Inconclusive(`${listed(untried)} of ${target} was not tried from ${source}`);
  if (isNot && !isOpen && holes.length === 0) needHeard(source, target);
  const controls = answered(target, source);
  // If the only way is one round, through others, it comes first.
  const wayRound = !isOpen && holes.length > 0 ? [...wayEvidence(source, target), ...addedRules(source.lab)] : [];
  const seen = (): string => {
    if (isOpen) return describe(source, target, isNot ? arrived : arrived.slice(-1)).join('\n');
    if (isNot && controls.length === 0)
      return `nobody gets an answer from ${target}, not even the host that it runs on, so this is no proof of isolation`;
    if (holes.length > 0) return holes.join('\n');
    const lost = lostBetween(source.lab.survey, tried);
    const how = [outcomes(tried) || 'it has no address', ...(lost === undefined ? [] : [lost])];
    return `no connection from ${source} to ${target} (${how.join('; ')})`;
  };
  return {
    pass: isNot ? !isOpen && controls.length > 0 && holes.length === 0 : isOpen,
    expected: isNot
      ? `${source} gets no connection to ${target}, by no name, address or way round`
      : `${source} reaches ${target}`,
    actual: seen(),
    evidence: [
      ...wayRound,
      ...[...arrived, ...tried.filter((each) => !arrived.includes(each))].map((each) => command(source, each)),
      ...shared(source, target),
      ...(isNot
        ? [
            ...controlEvidence(target, controls),
            ...(wayRound.length > 0 ? [] : [...wayEvidence(source, target), ...addedRules(source.lab)]),
          ]
        : []),
    ],
  };
}

/** The controls: tries from other sandboxes than the source's and the target's own that got an answer. */
function answered(target: Role, source: Role): Attempt[] {
  const { reach, pings, containers } = target.lab.survey;
  const inside = containers.filter(({ sandboxOf }) => sandboxOf === target.facts.sandboxOf).map(({ name }) => name);
  const isControl = (each: Attempt): boolean =>
    each.to === target.facts.name && each.from !== source.facts.name && !inside.includes(each.from) && arrives(each);
  return [...reach.filter((each) => isControl(each) && stays(each)), ...pings.filter(isControl)];
}

/** What opened has to be there at the end of the window, too; what was refused is not asked again. */
function stays(each: ReachFacts): boolean {
  return each.outcome !== 'open' || (each.again !== undefined && arrives({ ...each, outcome: each.again }));
}

const WAYS: Record<ReachFacts['way'], string> = {
  address: 'at its own address',
  published: 'through the port it publishes on the host',
  forwarded: 'through a port of the host that a firewall rule forwards',
  'own-sandbox': 'at 127.0.0.1: the two share one sandbox',
};

/** A sentence for each ping that was answered, and for each port that was reached, with all its addresses. */
function describe(source: Role, target: Role, arrived: Attempt[]): string[] {
  const pings = arrived.filter((each) => !('port' in each));
  const ports = Map.groupBy(
    arrived.filter((each) => 'port' in each),
    ({ port, way, outcome }) => `${port} ${way} ${outcome}`,
  );
  return [
    ...[...ports.values()].map((same) => {
      const { way, outcome } = same[0]!;
      const refused =
        outcome === 'refused'
          ? ' (the packet arrived; nothing listens at that port)'
          : outcome === 'arrived'
            ? ' (the packet arrived; nobody answered it)'
            : '';
      return `${source} reaches ${target} at ${listed(same.map(at))}, ${WAYS[way]}${refused}`;
    }),
    ...pings.map(({ address, outcome }) =>
      outcome === 'arrived'
        ? `${source}'s ping to ${target} arrives at ${address}, though nobody answers it`
        : `${target} answers ${source}'s ping at ${address}`,
    ),
  ];
}

function at({ address, port }: ReachFacts): string {
  return address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
}

function outcomes(tried: Attempt[]): string {
  return [...new Set(tried.map(({ outcome }) => outcome))].join(', ');
}

function command(source: Role, attempt: Attempt): Evidence {
  return {
    what: `docker run --rm --network container:${source.facts.name} busybox ${typed(attempt)}`,
    output: wayOf(source.lab.survey, attempt),
  };
}

function typed(attempt: Attempt): string {
  return 'port' in attempt ? `nc -v -w 2 ${attempt.address} ${attempt.port}` : `ping -c 1 -W 1 ${attempt.address}`;
}

function shared(source: Role, target: Role): Evidence[] {
  const common = source.facts.attachments.filter(({ networkId }) =>
    target.facts.attachments.some((other) => other.networkId === networkId),
  );
  return [
    describedEvidence(
      `networks that ${source} and ${target} share`,
      common.map((each) => shortName(source.lab.survey, each)).join(', ') || '(none)',
    ),
  ];
}

/** Evidence of one control that got through; if there is none, of the host's own ping. */
function controlEvidence(target: Role, controls: Attempt[]): Evidence[] {
  const byHost = target.lab.survey.pings.filter(({ from, to }) => from === THE_HOST && to === target.facts.name);
  return [...controls, ...byHost].slice(0, 1).map((attempt) => {
    const { from } = attempt;
    const what =
      from === THE_HOST
        ? `${typed(attempt)}   # on the host, at the same time`
        : `docker run --rm --network container:${from} busybox ${typed(attempt)}   # at the same time`;
    return { what, output: wayOf(target.lab.survey, attempt) };
  });
}
