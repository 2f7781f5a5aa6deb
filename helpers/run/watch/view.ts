/** What was seen of a lab's network, as the live page shows it: the picture, who reaches whom, and which way packets went. */
import { stationsOf } from '../../judge/way.ts';
import type { LabDefinition } from '../../lab/lab-definition.ts';
import type { SeenTopology } from '../../report/record.ts';
import { topologyOf } from '../../report/seen-topology.ts';
import { arrives, attemptsBetween, type Attempt } from '../../survey/attempts.ts';
import type { Survey } from '../../survey/facts.ts';
import { containersIn } from '../../survey/roles.ts';
import type { Judged, SoFar } from './rejudge.ts';

/** The way of the first packet of an attempt, from station to station. */
export interface PacketWay {
  /** Roles. */
  from: string;
  to: string;
  /** The address that was tried, with its port if it has one. */
  target: string;
  stations: string[];
  end: 'arrived' | 'lost' | 'unknown';
  /** Whether the task wants it to arrive; absent where it says nothing of it. */
  wanted?: boolean;
}

export interface LabView {
  topology: SeenTopology;
  ways: PacketWay[];
  /** Whether who reaches whom was tried on what is there now. */
  isTried: boolean;
}

/** What is tried of the network after a look. */
const TRIED = ['names', 'reach', 'pings'];

/** @param before It stands for what has not been tried yet. */
export function viewOf(
  { survey, sections }: Pick<SoFar, 'survey' | 'sections'> | (Pick<Judged, 'survey'> & { sections?: undefined }),
  { wanted }: LabDefinition,
  before: LabView | undefined,
): LabView {
  const topology = topologyOf(survey, wanted);
  if (sections === undefined || TRIED.every((section) => sections.has(section)))
    return { topology, ways: waysIn(survey, wanted), isTried: true };
  return {
    topology: { ...topology, reach: before?.topology.reach ?? [] },
    ways: before?.ways ?? [],
    isTried: false,
  };
}

/** Of each pair of roles and each address, the first attempt whose packet was seen. What should be lost comes first. */
function waysIn(survey: Survey, wanted: LabDefinition['wanted']): PacketWay[] {
  const roles = Object.entries(survey.roles).filter(([, finding]) => finding.found === 'one');
  const ways = roles.flatMap(([from, sender]) =>
    roles
      .filter(([to]) => to !== from)
      .flatMap(([to, target]) => {
        const asked = wanted?.reach.find((pair) => pair.from === from && pair.to === to)?.byAddress;
        const tried = attemptsBetween(survey, containersIn(sender)[0]!, containersIn(target)[0]!);
        const seen = tried.filter(({ stations = [] }) => stations.length > 0);
        const first = seen.filter(({ address }, i) => seen.findIndex((other) => other.address === address) === i);
        return first.map((attempt): PacketWay => ({
          ...{ from, to, target: targetOf(attempt), stations: stationsOf(survey, attempt), end: endOf(attempt) },
          ...(asked !== undefined && { wanted: asked }),
        }));
      }),
  );
  return ways.sort((a, b) => Number(a.wanted ?? true) - Number(b.wanted ?? true));
}

function targetOf(attempt: Attempt): string {
  if (!('port' in attempt)) return attempt.address;
  return attempt.address.includes(':') ? `[${attempt.address}]:${attempt.port}` : `${attempt.address}:${attempt.port}`;
}

function endOf(attempt: Attempt): PacketWay['end'] {
  if (arrives(attempt)) return 'arrived';
  return attempt.outcome === 'lost' ? 'lost' : 'unknown';
}
