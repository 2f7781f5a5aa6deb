/**
 * Through which doors a request can enter the application: every published port at which the front speaks HTTP or HTTPS,
 * with its redirects followed as far as they lead to another of these ports.
 */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { Sample } from './experiment-facts.ts';
import type { ContainerFacts, OutsideFacts, OutsidePort } from './facts.ts';
import { Pace } from './pace.ts';
import { samples, urlAt, type Entrance } from './requests.ts';
import { answersHttp, isSuccess, schemeOf } from './samples.ts';
import { isLoopback } from './subjects.ts';

/** At most so many doors of one front are tried: each may cost an experiment of its own. */
const MOST_DOORS = 8;
const MOST_REDIRECTS = 5;
const USUAL_PORTS = { 'http:': 80, 'https:': 443 };

/**
 * @param front A container that plays the front.
 * @param path What is wanted there.
 * @returns the entrances at which a page is answered, then those that only redirect, then the others.
 */
export async function entrancesOf(
  host: LabHost,
  front: ContainerFacts,
  path: string,
  { ports }: Pick<OutsideFacts, 'ports'>,
): Promise<Entrance[]> {
  const own = ports.filter(({ container }) => [front.name, front.sandboxOf].includes(container));
  const doors = own.filter(answersHttp).filter(isFirstOfItsKind).slice(0, MOST_DOORS);
  const pace = new Pace(doors.some(({ http, https }) => isSuccess(http) || (https && isSuccess(https))));
  const found: { entrance: Entrance; rank: number }[] = [];
  for (const port of doors) {
    const entrance: Entrance = { front: front.name, port, scheme: schemeOf(port) ?? 'http', path, pace };
    found.push(await behindRedirects(host, entrance, own));
  }
  return found
    .toSorted(({ entrance: a, rank }, { entrance: b, rank: other }) => rank - other || rankOf(a) - rankOf(b))
    .map(({ entrance }) => entrance)
    .filter((entrance, i, all) => all.findIndex((each) => urlAt(each) === urlAt(entrance)) === i);
}

/** Of doors that answer equally well, one without TLS and redirects comes first. */
function rankOf({ scheme, redirectedFrom }: Entrance): number {
  return (scheme === 'https' ? 2 : 0) + (redirectedFrom === undefined ? 0 : 1);
}

/** Whether no port before it leads to the same port of the container. */
function isFirstOfItsKind(port: OutsidePort, i: number, all: OutsidePort[]): boolean {
  const behind = ({ port: number, mapping }: OutsidePort): string =>
    mapping === undefined ? `${number}` : `to ${mapping.containerPort}`;
  return all.findIndex((each) => behind(each) === behind(port)) === i;
}

async function behindRedirects(
  host: LabHost,
  start: Entrance,
  ports: OutsidePort[],
): Promise<{ entrance: Entrance; rank: number }> {
  const been = [urlAt(start)];
  let entrance = start;
  for (;;) {
    const answer = answerKnown(entrance) ?? (await samples(host, entrance, 1))[0];
    const next = answer && been.length <= MOST_REDIRECTS ? redirected(entrance, answer, ports) : undefined;
    if (next === undefined || been.includes(urlAt(next)))
      return { entrance, rank: !answer || !isSuccess(answer) ? 2 : isRedirect(answer) ? 1 : 0 };
    entrance = { ...next, redirectedFrom: been[0]! };
    been.push(urlAt(entrance));
  }
}

/** What the survey of the ports has been answered, if it was a good answer to the same request. */
function answerKnown({ port, scheme, path }: Entrance): Sample | undefined {
  const known = scheme === 'https' ? port.https : port.http;
  return path === '/' && known !== undefined && isSuccess(known) ? known : undefined;
}

function isRedirect({ status, location }: Sample): boolean {
  return location !== undefined && [301, 302, 303, 307, 308].includes(status ?? 0);
}

/**
 * Where a redirect leads, if it is another page of this front. The port that it names may be one of the host, as a browser
 * understands it, or one of the container: a server in it knows no other.
 */
function redirected(from: Entrance, answer: Sample, ports: OutsidePort[]): Entrance | undefined {
  if (!isRedirect(answer)) return undefined;
  const asked = new URL(`${from.scheme ?? 'http'}://localhost:${from.port.port}${from.path}`);
  const to = URL.parse(answer.location ?? '', asked.href);
  if (to?.protocol !== 'http:' && to?.protocol !== 'https:') return undefined;
  const scheme = to.protocol === 'https:' ? 'https' : 'http';
  const path = `${to.pathname}${to.search}`;
  if (to.host === asked.host) return { ...from, scheme, path };
  const name = to.hostname.replace(/^\[(.*)\]$/, '$1');
  if (name !== 'localhost' && !isLoopback(name) && !ports.some(({ address }) => address === name)) return undefined;
  const number = to.port === '' ? USUAL_PORTS[to.protocol] : Number(to.port);
  const open = ports.filter(({ reach }) => reach === 'open');
  const port =
    open.find((each) => each.port === number) ?? open.find(({ mapping }) => mapping?.containerPort === number);
  return port && { ...from, scheme, path, port };
}
