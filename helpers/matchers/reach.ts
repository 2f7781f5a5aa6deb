import { Inconclusive } from '../grading/criterion.ts';
import { shortName, type Role } from '../grading/lab-under-test.ts';
import type { Evidence, Finding } from '../grading/verdict.ts';
import type { ReachFacts } from '../survey/facts.ts';

/**
 * `expect(a).toReach(b)`: some connection opens. `expect(a).not.toReach(b)`: no packet arrives, whatever the address,
 * port or way round; `refused` means that it arrived, so it is no isolation.
 */
export function reach(isNot: boolean, source: Role, target: Role): Finding {
  const tried = source.lab.survey.reach.filter(
    ({ from, to }) => from === source.facts.name && to === target.facts.name,
  );
  // A verdict about nothing would always be "isolated".
  if (tried.length === 0) throw new Inconclusive(`no address of ${target} was tried from ${source}`);
  const arrived = tried.filter(isNot ? arrives : ({ outcome }) => outcome === 'open');
  return {
    pass: isNot ? arrived.length === 0 : arrived.length > 0,
    expected: isNot
      ? `${source} gets no connection to ${target}, by no name, address or way round`
      : `${source} can open a connection to ${target}`,
    actual:
      arrived.length === 0
        ? `no connection from ${source} to ${target} (${outcomes(tried)})`
        : arrived.map(describe(source, target)).join('\n'),
    evidence: [
      ...[...arrived, ...tried.filter((each) => !arrived.includes(each))].map((each) => command(source, each)),
      ...shared(source, target),
      ...control(source, target),
    ],
  };
}

function arrives({ outcome, way }: ReachFacts): boolean {
  // At a published port the host itself may refuse; at the target's own address nobody else can.
  return outcome === 'open' || (outcome === 'refused' && way !== 'published');
}

function describe(source: Role, target: Role): (fact: ReachFacts) => string {
  const ways = {
    address: 'at its own address',
    published: 'through the port it publishes on the host',
    'own-sandbox': 'at 127.0.0.1: the two share one sandbox',
  };
  return ({ address, port, way, outcome }) =>
    `${source} reaches ${target} at ${address}:${port}, ${ways[way]}${outcome === 'refused' ? ' (the packet arrived and was refused)' : ''}`;
}

function outcomes(tried: ReachFacts[]): string {
  return [...new Set(tried.map(({ outcome }) => outcome))].join(', ');
}

function command(source: Role, { address, port, outcome }: ReachFacts): Evidence {
  return {
    what: `docker run --rm --network container:${source.facts.name} busybox nc -v -w 2 ${address} ${port}`,
    output: outcome,
  };
}

function shared(source: Role, target: Role): Evidence[] {
  const common = source.facts.attachments.filter(({ networkId }) =>
    target.facts.attachments.some((other) => other.networkId === networkId),
  );
  return [
    {
      what: `networks that ${source} and ${target} share`,
      output: common.map((each) => shortName(source.lab.survey, each)).join(', ') || '(none)',
    },
  ];
}

/** Everybody else who could reach the target in the same window: what shows that the silence means something. */
function control(source: Role, target: Role): Evidence[] {
  const open = source.lab.survey.reach.filter(
    ({ from, to, again }) => to === target.facts.name && from !== source.facts.name && again === 'open',
  );
  return open.slice(0, 1).map(({ from, address, port }) => ({
    what: `docker run --rm --network container:${from} busybox nc -v -w 2 ${address} ${port}   # at the same time`,
    output: 'open, before and after',
  }));
}
