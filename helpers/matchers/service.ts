import { Inconclusive } from '../grading/criterion.ts';
import type { Lab, Role } from '../grading/lab-under-test.ts';
import type { Evidence, Finding } from '../grading/verdict.ts';
import type { Sample } from '../survey/facts.ts';
import { commonKind, differInKind, isOfKind, isSuccess, touchesDatabase } from '../survey/samples.ts';
import { listed } from './running.ts';

export function speakMongo(_isNot: boolean, role: Role): Finding {
  const { database } = role.lab.survey;
  if (database === undefined) throw new Inconclusive(`${role} was not asked`);
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

export function askTheDatabase(_isNot: boolean, lab: Lab, database: Role): Finding {
  const { databaseAway: facts } = lab.survey.experiments;
  if (facts === undefined) throw new Inconclusive('the request was not made');
  const { before, away, after, tries, url } = facts;
  const seen = (): string => {
    const bad = before.find((answer) => !isSuccess(answer));
    if (bad !== undefined) return `the request from outside fails: ${describe(bad)}`;
    if (!differInKind(before, away)) {
      return `the answer is the same while ${database} is stopped, so it does not come from the database: ${describe(away[0])}`;
    }
    return `after ${database} was back, the answer did not come back: ${describe(after[0])}`;
  };
  const pass = touchesDatabase(facts);
  const retried =
    tries > 1
      ? [
          {
            what: 'this experiment',
            output: 'was made twice, because the first time did not show that the database plays a part',
          },
        ]
      : [];
  return {
    pass,
    expected: `a request from outside is answered, and the answer depends on ${database}`,
    actual: pass
      ? `answered (${describe(before[0])}); with ${database} stopped for a moment: ${describe(away[0])}; answered again afterwards`
      : seen(),
    evidence: [
      ...curls(url, before, ''),
      ...curls(url, away, `   # while \`docker pause ${database.facts.name}\` holds`),
      ...curls(url, after, `   # after \`docker unpause ${database.facts.name}\``),
      ...retried,
    ],
  };
}

export function workWithNewAddresses(_isNot: boolean, lab: Lab): Finding {
  const { newAddresses: facts, databaseAway } = lab.survey.experiments;
  const kind = commonKind(databaseAway?.before ?? []);
  if (facts === undefined || kind === undefined) throw new Inconclusive('the addresses were not changed');
  const last = facts.answers.at(-1);
  if (last === undefined) throw new Inconclusive('no request was made after the addresses had changed');
  const notStarted = Object.entries(facts.notStarted).map(
    ([name, why]) => `${name} could not be started again: ${why}`,
  );
  const pass = isOfKind(last, kind);
  return {
    pass,
    expected: 'the same request works after every address has changed and the containers were started again, in order',
    actual: pass
      ? `it still works: ${describe(last)}`
      : [...notStarted, `it no longer works: ${describe(last)}`].join('\n'),
    evidence: [
      {
        what: 'addresses, before and after',
        output: facts.moved
          .map(
            ({ container, network, before, after }) =>
              `${container} on ${network}: ${before} -> ${after || '(not running)'}`,
          )
          .join('\n'),
      },
      ...curls(facts.url, [last], '   # after the change'),
    ],
  };
}

function describe(answer: Sample | undefined): string {
  if (answer === undefined) return 'nothing was asked';
  if (answer.outcome === 'no-answer') return `no answer within ${(answer.ms / 1000).toFixed(1)} s`;
  if (answer.outcome !== 'answered') return answer.outcome;
  const text = (answer.body ?? '').replace(/\s+/g, ' ').trim();
  return `HTTP ${answer.status} "${text.length > 120 ? `${text.slice(0, 120)}…` : text}"`;
}

function curls(url: string, answers: Sample[], when: string): Evidence[] {
  return answers.slice(0, 2).map((answer) => ({ what: `curl -i -m 5 ${url}${when}`, output: describe(answer) }));
}
