import { Inconclusive } from '../matcher.ts';
import type { Role } from '../lab-under-test.ts';
import { findingOf, type Finding } from '../../lab/verdict.ts';
import { THE_HOST } from '../../survey/facts.ts';
import { addressesOf } from '../../survey/subjects.ts';
import { listed } from './running.ts';
import { isV4 } from './stack.ts';

export function answerThePingsOfTheHost(role: Role): Finding {
  const pings = role.lab.survey.pings.filter(({ from, to }) => from === THE_HOST && to === role.facts.name);
  if (pings.length === 0) throw new Inconclusive(`no address of ${role} was pinged from the host`);
  const silent = pings.filter(({ outcome }) => outcome !== 'answered');
  const unpinged = addressesOf(role.facts).filter((own) => isV4(own) && !pings.some(({ address }) => address === own));
  if (silent.length === 0 && unpinged.length > 0)
    throw new Inconclusive(`${listed(unpinged)} of ${role} was not pinged from the host`);
  return findingOf(
    `${role} answers the host's ping at each of its addresses`,
    silent.map(({ address, outcome }) => `${role} does not answer the host's ping at ${address} (${outcome})`),
    `${role} answers the host's ping at ${listed(pings.map(({ address }) => address))}`,
    pings.map(({ address, outcome }) => ({ what: `ping -c 1 -W 1 ${address}   # on the host`, output: outcome })),
  );
}
