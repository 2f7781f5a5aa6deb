import { Inconclusive } from '../matcher.ts';
import type { Lab, Role } from '../lab-under-test.ts';
import { describedEvidence, findingOf, type Evidence, type Finding } from '../../lab/verdict.ts';
import type { BackendAway, Sample, ThroughOneDoor } from '../../survey/experiment-facts.ts';
import { commonKind, differInKind, isOfKind, isSuccess, touchesBackend } from '../../survey/samples.ts';
import { cut } from '../../base/inert.ts';
import { chainEvidence, troubleIn } from '../chain.ts';
import { listed } from './running.ts';

/** At most so many characters of an answer are shown. */
const MOST_SHOWN = 120;
const TOLD = { refused: ', and what it is asked is refused in its place', ended: ', and its connections are ended' };

export function speakMongo(role: Role): Finding {
  const database = role.lab.survey.databases.find(({ container }) => container === role.facts.name);
  if (database === undefined || database.ports.length === 0) throw new Inconclusive(`${role} was not asked`);
  const answered = database.ports.find(({ hello }) => hello !== undefined);
  const loopback = database.ports.filter(({ loopbackOnly }) => loopbackOnly);
  const seen = (): string => {
    if (loopback.length > 0)
      return `${role} listens on 127.0.0.1 only (port ${listed(loopback.map(({ port }) => port))}): no other container can talk to it`;
    const open = database.ports.filter(({ reach }) => reach === 'open');
    if (open.length > 0)
      return `${role} listens on port ${listed([...new Set(open.map(({ port }) => port))])}, but what answers there is not MongoDB`;
    return `nothing in ${role} listens on port ${listed([...new Set(database.ports.map(({ port }) => port))])}`;
  };
  return {
    pass: answered !== undefined,
    expected: `${role} answers others in MongoDB's own protocol`,
    actual:
      answered === undefined
        ? seen()
        : `${role} answered "hello" on port ${answered.port} (wire version ${answered.hello?.maxWireVersion})`,
    evidence: database.ports.map(({ address, port, reach, hello }) => ({
      what: `mongosh --host ${address} --port ${port} --eval 'db.hello()'   # from another container on its network`,
      output: hello === undefined ? `${reach}; no MongoDB answer` : JSON.stringify(hello),
    })),
  };
}

export function ask(front: Role, backend: Role): Finding {
  const facts = experimentOf(front, backend);
  if (facts === undefined) throw new Inconclusive('the request was not made');
  const { before, away, tries, others = [] } = facts;
  const pass = touchesBackend(facts);
  const doors = [facts, ...others];
  // Where it fails from the start, nothing is stopped.
  if (!pass && doors.some((door) => door.before.every(isSuccess) && !isWhole(door) && lost(door) === undefined))
    throw new Inconclusive(
      `the request was not made in every situation: before, while and after ${backend} was stopped`,
    );
  const retried = describedEvidence(
    'this experiment',
    'was made twice: the first time, the answers did not show that they depend on the backend',
  );
  return {
    pass,
    expected: `a request from outside is answered, and the answer depends on ${backend}`,
    actual: pass
      ? `${throughAll(facts)}answered (${describe(before[0])}); with ${backend} stopped for a moment: ${describe(away[0])}; answered again afterwards`
      : doors.map((door) => `${others.length > 0 ? `${door.url}: ` : ''}${whyNot(door, front, backend)}`).join('\n'),
    evidence: [
      ...askedAt(facts, backend),
      ...(tries > 1 ? [retried] : []),
      ...others.flatMap((door) => askedAt(door, backend)),
    ],
  };
}

function throughAll({ chain }: ThroughOneDoor): string {
  return chain === undefined ? '' : `the request goes ${chain.way.join(' → ')} and back; `;
}

/** Why its requests were seen not to get through. */
function lost({ chain }: ThroughOneDoor): string | undefined {
  return chain && troubleIn(chain);
}

function isWhole({ before, away, after }: ThroughOneDoor): boolean {
  return [before, away, after].every((samples) => samples.length > 0);
}

/** Why the answers at one entrance do not show that they depend on the backend. */
function whyNot(door: ThroughOneDoor, front: Role, backend: Role): string {
  const { url, redirectedFrom, before, away, after } = door;
  const bad = before.find((answer) => !isSuccess(answer));
  const led = redirectedFrom === undefined ? '' : `, to which ${pathOf(redirectedFrom)} redirects`;
  if (bad?.status === 404) return `the application answers 404 at ${pathOf(url)}${led}: there is no page`;
  if (bad !== undefined) return `the request from outside fails: ${describe(bad)}`;
  const { location } = before[0] ?? {};
  const trouble = lost(door);
  if (trouble !== undefined) return `${trouble} (answered: ${describe(before[0])})`;
  if (location !== undefined && !differInKind(before, away))
    return `the answer is only a redirect, to ${cut(location, MOST_SHOWN)}, which leads to no page of ${front}`;
  if (!differInKind(before, away))
    return `the answer is the same while ${backend} is stopped, so it does not come from there: ${describe(likeBefore(before, away))}`;
  return `after ${backend} was back, the answer did not come back: ${describe(after[0])}`;
}

/** The answer that came although the backend was stopped. */
function likeBefore(before: Sample[], away: Sample[]): Sample | undefined {
  const kind = commonKind(before);
  return away.find((answer) => kind !== undefined && isOfKind(answer, kind)) ?? away[0];
}

function pathOf(url: string): string {
  return cut(URL.parse(url)?.pathname ?? url, MOST_SHOWN);
}

/** The requests at one entrance as commands. */
function askedAt(
  { url, redirectedFrom, chain, unseen, before, away, after, told, cannotEnd }: ThroughOneDoor,
  backend: Role,
): Evidence[] {
  const { name } = backend.facts;
  return [
    ...(redirectedFrom === undefined
      ? []
      : [{ what: `curl -i ${argumentsFor(redirectedFrom)}`, output: `redirects to ${url}` }]),
    ...(chain === undefined ? [] : chainEvidence(chain)),
    ...(unseen === undefined ? [] : [describedEvidence('the way of a request', `could not be seen: ${unseen}`)]),
    ...curls(url, before, ''),
    ...curls(url, away, `   # while \`docker pause ${name}\` holds${told === undefined ? '' : TOLD[told]}`),
    ...(cannotEnd === true
      ? [describedEvidence(`connections to ${name}`, 'could not be ended: the lab host does not allow that')]
      : []),
    ...curls(url, after, `   # after \`docker unpause ${name}\``),
  ];
}

/** The experiment with a front and a backend; undefined if it was not made. */
export function experimentOf(front: Role, backend: Role): BackendAway | undefined {
  return front.lab.survey.experiments.backendAway.find(
    (each) => each.front === front.facts.name && backend.players.some(({ name }) => name === each.backend),
  );
}

export function workWithNewAddresses(lab: Lab): Finding {
  const { newAddresses: facts } = lab.survey.experiments;
  if (facts === undefined || facts.requests.length === 0) throw new Inconclusive('the addresses were not changed');
  const results = facts.requests.map(({ url, before, answers }) => {
    const kind = commonKind(before);
    const last = answers.at(-1);
    if (kind === undefined || last === undefined) throw new Inconclusive('no request was made after the change');
    return { url, last, works: isOfKind(last, kind) };
  });
  const broken = results.filter(({ works }) => !works);
  const { moved, restarted } = facts;
  const isEverybody = restarted === undefined || moved.every(({ container }) => restarted.includes(container));
  const notStarted = Object.entries(facts.notStarted).map(
    ([name, why]) => `${name} could not be started again: ${why}`,
  );
  return findingOf(
    'the same request works after every address has changed',
    broken.length === 0 ? [] : [...notStarted, ...broken.map(({ last }) => `it no longer works: ${describe(last)}`)],
    results.map(({ last }) => `it still works: ${describe(last)}`).join('\n'),
    [
      describedEvidence(
        'addresses, before and after',
        moved
          .map(
            ({ container, network, before, after }) =>
              `${container} on ${network}: ${before} -> ${after || '(not running)'}`,
          )
          .join('\n'),
      ),
      describedEvidence(
        'started again, because a program may look a name up at its start only',
        isEverybody ? 'all containers, in order' : listed(restarted),
      ),
      ...results.flatMap(({ url, last }) => curls(url, [last], '   # after the change')),
    ],
  );
}

function describe(answer: Sample | undefined): string {
  if (answer === undefined) return 'nothing was asked';
  if (answer.outcome === 'no-answer') return `no answer within ${(answer.ms / 1000).toFixed(1)} s`;
  if (answer.outcome !== 'answered') return answer.outcome;
  const text = (answer.body ?? '').replace(/\s+/g, ' ').trim();
  const to = answer.location === undefined ? '' : ` to ${cut(answer.location, MOST_SHOWN)}`;
  return `HTTP ${answer.status}${to} "${cut(text, MOST_SHOWN)}"`;
}

function curls(url: string, answers: Sample[], when: string): Evidence[] {
  return answers
    .slice(0, 2)
    .map((answer) => ({ what: `curl -i -m 5 ${argumentsFor(url)}${when}`, output: describe(answer) }));
}

/** A URL for curl's command line. Certificates are not judged. Redirects are a student's text, and so it may be quoted. */
function argumentsFor(url: string): string {
  const quoted = /^[\w:/.[\]~%=-]+$/.test(url) ? url : `'${url.replaceAll("'", '%27')}'`;
  return url.startsWith('https:') ? `-k ${quoted}` : quoted;
}
