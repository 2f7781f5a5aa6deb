/** Puts into words how requests went through the application, and where they did not. */
import { cut } from '../base/inert.ts';
import { OUTSIDE } from '../lab/survey-plan.ts';
import { describedEvidence, type Evidence } from '../lab/verdict.ts';
import {
  goesTheWay,
  isWhole,
  refusalIn,
  silentLinkOf,
  type ChainFacts,
  type FollowedRequest,
  type LinkSeen,
} from '../survey/chain-facts.ts';
import { listed } from './matchers/running.ts';

/** At most so many characters of a database's reply are shown. */
const MOST_SHOWN = 300;

/** Why requests do not get to the backend as they should; undefined if they do. */
export function troubleIn(chain: ChainFacts): string | undefined {
  const refusal = refusalIn(chain);
  if (goesTheWay(chain))
    return (
      refusal && `the request reaches ${chain.way.at(-1)}, which refuses it: "${cut(refusal.says ?? '', MOST_SHOWN)}"`
    );
  const link = silentLinkOf(chain);
  return link && `${silence(link)}${elsewhere(link)}`;
}

function silence({ from, to, asked }: LinkSeen): string {
  return asked > 0 ? `${to} was asked by ${from} and sent nothing back` : `the request never went to ${to}`;
}

/** Whom the one asked who should have asked over a silent link, and who asked the other. */
function elsewhere({ from, to, asked, insteadTo = [], insteadFrom = [] }: LinkSeen): string {
  const came = from === OUTSIDE ? `it came to ${listed(insteadTo)}` : `${from} asked ${listed(insteadTo)} instead`;
  const parts = [
    ...(insteadTo.length > 0 ? [came] : []),
    ...(insteadFrom.length > 0 ? [`${to} was asked by ${listed(insteadFrom)}`] : []),
  ];
  return asked > 0 || parts.length === 0 ? '' : `; ${parts.join(', and ')}`;
}

/** The way of one request, link by link: of one that went the way of most. */
export function chainEvidence(chain: ChainFacts): Evidence[] {
  const isShown = (each: FollowedRequest): boolean => isWhole(each) === goesTheWay(chain);
  const shown = chain.requests.findLast(isShown) ?? chain.requests.at(-1);
  if (shown === undefined) return [];
  const lines = shown.links.map((link) =>
    link.asked === 0
      ? `${link.from} → ${link.to}: nothing${elsewhere(link)}`
      : `${link.from} → ${link.to}: ${link.asked} bytes, ${link.ms} ms after the request came; back: ${link.answered === 0 ? 'nothing' : `${link.answered} bytes`}`,
  );
  const of = `${chain.whole} of ${chain.count} requests went the whole way`;
  const { reply, unread } = shown;
  return [
    describedEvidence(`the way of a request, as it was seen on the wire (${of})`, lines.join('\n')),
    ...(reply?.refused === true
      ? [describedEvidence(`what ${chain.way.at(-1)} replied to the last command`, cut(reply.says ?? '', MOST_SHOWN))]
      : []),
    ...(unread === true
      ? [describedEvidence(`what ${chain.way.at(-1)} replied`, 'could not be read: it is encrypted or compressed')]
      : []),
  ];
}
