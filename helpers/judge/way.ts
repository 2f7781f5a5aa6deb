/** Puts the way of a packet into words: where a witness saw it, and where it was lost. */
import type { Attempt } from '../survey/attempts.ts';
import { THE_HOST, type NetworkFacts, type Station, type Survey } from '../survey/facts.ts';

/** How an attempt ended and, if a witness saw its packet, which way that went: in one line. */
export function wayOf(survey: Survey, attempt: Attempt): string {
  const { outcome, stations = [] } = attempt;
  if (stations.length === 0) return outcome;
  const way = stationsOf(survey, attempt).join(' → ');
  if (outcome === 'lost')
    return `no answer; the packet was lost: ${way} → lost ${whereLost(stations)}, before ${attempt.to}`;
  if (outcome === 'arrived') return `no answer; but the packet arrived: ${way}`;
  return `${outcome}: ${way}`;
}

/** The places where a witness saw an attempt's packet, in its order. */
export function stationsOf(survey: Survey, { stations = [] }: Attempt): string[] {
  return stations.map((station) => placeIn(survey, station));
}

/** Where packets between two containers were last seen, as the end of a sentence; undefined if none was seen to be lost. */
export function lostBetween(survey: Survey, attempts: Attempt[]): string | undefined {
  const lost = attempts.filter(({ outcome, stations = [] }) => outcome === 'lost' && stations.length > 0);
  const places = lost.map(({ stations = [] }) => placeIn(survey, stations.at(-1)!));
  const once = [...new Set(places)];
  return once.length === 0 ? undefined : `last seen at ${once.join(' and ')}`;
}

function whereLost(stations: Station[]): string {
  return stations.at(-1)?.place === THE_HOST ? 'on the host' : 'on the way out';
}

/** One station: "nginx eth0", "public-net-1 on the host (br-3481b65be5b7)". */
function placeIn(survey: Survey, { place, interface: name }: Station): string {
  if (place !== THE_HOST) return `${place} ${name}`;
  const network = networkOf(survey, name);
  return network === undefined ? `the host’s ${name}` : `${network} on the host (${name})`;
}

/** The network whose bridge an interface of the host is, or is a port of. */
function networkOf({ host, networks }: Survey, name: string): string | undefined {
  const bridge = host.sandbox.interfaces.find((each) => each.name === name)?.master ?? name;
  const network = networks.find((each) => bridgeOf(each) === bridge);
  return network?.names.at(-1);
}

/** Docker's names for bridges (docs: "Bridge network driver"). */
function bridgeOf({ id, name, predefined, driver, options }: NetworkFacts): string | undefined {
  if (driver !== 'bridge') return undefined;
  const named = options['com.docker.network.bridge.name'];
  return named ?? (predefined && name === 'bridge' ? 'docker0' : `br-${id.slice(0, 12)}`);
}
