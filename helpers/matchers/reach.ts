import { Inconclusive } from '../grading/criterion.ts';
import { shortName, type Role } from '../grading/lab-under-test.ts';
import type { Evidence, Finding } from '../grading/verdict.ts';
import { THE_HOST, type PingFacts, type ReachFacts } from '../survey/facts.ts';

/** One thing that was tried from one sandbox towards another container. */
type Attempt = ReachFacts | PingFacts;

/**
 * `expect(a).toReach(b)`: some packet gets an answer. `expect(a).not.toReach(b)`: no packet arrives, whatever the
 * address, port or way round; `refused` means that it arrived, so it is no isolation.
 */
export function reach(isNot: boolean, source: Role, target: Role): Finding {
  const tried = attempts(source, target);
  // A verdict about nothing would always be "isolated".
  if (tried.length === 0) throw new Inconclusive(`no address of ${target} was tried from ${source}`);
  const arrived = tried.filter(arrives);
  return {
    pass: isNot ? arrived.length === 0 : arrived.length > 0,
    expected: isNot
      ? `${source} gets no connection to ${target}, by no name, address or way round`
      : `${source} reaches ${target}`,
    actual:
      arrived.length === 0
        ? `no connection from ${source} to ${target} (${outcomes(tried)})`
        : arrived.map((each) => describe(source, target, each)).join('\n'),
    evidence: [
      ...[...arrived, ...tried.filter((each) => !arrived.includes(each))].map((each) => command(source, each)),
      ...shared(source, target),
      ...(isNot ? control(source, target) : []),
    ],
  };
}

/** Whether anybody at all gets an answer from a role: the control without which "cannot reach it" says nothing. */
export function answersSomebody(target: Role, except: Role[]): boolean {
  return answered(target, except).length > 0;
}

function attempts(source: Role, target: Role): Attempt[] {
  const between = ({ from, to }: Attempt): boolean => from === source.facts.name && to === target.facts.name;
  const { reach, pings } = source.lab.survey;
  return [...reach.filter(between), ...pings.filter(between)];
}

function answered(target: Role, except: Role[]): Attempt[] {
  const { reach, pings } = target.lab.survey;
  const others = except.map(({ facts }) => facts.name);
  const isControl = ({ from, to }: Attempt): boolean => to === target.facts.name && !others.includes(from);
  return [
    ...reach.filter((each) => isControl(each) && arrives(each) && each.again !== 'no-answer'),
    ...pings.filter((each) => isControl(each) && arrives(each)),
  ];
}

function arrives(attempt: Attempt): boolean {
  if (!('port' in attempt)) return attempt.outcome === 'answered';
  const { outcome, way } = attempt;
  // At a published port the host itself may refuse; at the target's own address nobody else can.
  return outcome === 'open' || (outcome === 'refused' && way !== 'published');
}

const WAYS: Record<ReachFacts['way'], string> = {
  address: 'at its own address',
  published: 'through the port it publishes on the host',
  'own-sandbox': 'at 127.0.0.1: the two share one sandbox',
};

function describe(source: Role, target: Role, attempt: Attempt): string {
  if (!('port' in attempt)) return `${target} answers ${source}'s ping at ${attempt.address}`;
  const { address, port, way, outcome } = attempt;
  const refused = outcome === 'refused' ? ' (the packet arrived; nothing listens at that port)' : '';
  return `${source} reaches ${target} at ${address}:${port}, ${WAYS[way]}${refused}`;
}

function outcomes(tried: Attempt[]): string {
  return [...new Set(tried.map(({ outcome }) => outcome))].join(', ');
}

function command(source: Role, attempt: Attempt): Evidence {
  return {
    what: `docker run --rm --network container:${source.facts.name} busybox ${typed(attempt)}`,
    output: attempt.outcome,
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
    {
      what: `networks that ${source} and ${target} share`,
      output: common.map((each) => shortName(source.lab.survey, each)).join(', ') || '(none)',
    },
  ];
}

/** Somebody else who got through in the same window: what shows that the silence means something. */
function control(source: Role, target: Role): Evidence[] {
  return answered(target, [source])
    .slice(0, 1)
    .map((each) => ({
      what: `${each.from === THE_HOST ? '' : `docker run --rm --network container:${each.from} busybox `}${typed(each)}   # ${each.from === THE_HOST ? 'on the host, ' : ''}at the same time`,
      output: each.outcome,
    }));
}
