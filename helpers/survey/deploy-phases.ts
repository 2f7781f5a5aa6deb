/**
 * What a deployment spent its time on, according to the engine's events, so that it works for scripts, too. The time
 * between two events belongs to the later one: building if an image was made, pulling if one was pulled, otherwise
 * starting (networks, volumes, containers).
 */
import type Docker from 'dockerode';
import type { DeploymentFacts } from '../deploy/deployment-facts.ts';
import { eventsIn } from './engine-events.ts';
import { partOf, type Timings } from './stopwatch.ts';

/** An event of the engine. `at`: milliseconds since 1970. */
export interface Moment {
  type: string;
  action: string;
  at: number;
}

/** The events of images that end a build (Engine 20.10 to 28); BuildKit only tags its result. */
const MADE = ['tag', 'create', 'build', 'load', 'import', 'commit'];

/**
 * @param docker An engine that only the submission uses: events of others would be counted, too.
 * @returns milliseconds of the parts of `deploy`; none when the machine's clock is not known.
 */
export async function deployPhases(docker: Docker, { startedAt, ms }: DeploymentFacts): Promise<Timings> {
  if (startedAt === undefined) return {};
  const stream = await docker.getEvents({
    since: seconds(startedAt),
    until: seconds(startedAt + ms), // a time in the past, so that the engine answers without waiting for more
    filters: { type: ['image', 'container', 'network', 'volume'] },
  });
  const moments: Moment[] = [];
  for await (const { event, text } of eventsIn(stream)) {
    const nano = /"timeNano":(\d+)/.exec(text)?.[1] ?? '0';
    moments.push({ type: event.Type, action: event.Action, at: Number(nano) / 1e6 });
  }
  return splitDeployment(moments, startedAt, ms);
}

export function splitDeployment(moments: Moment[], startedAt: number, ms: number): Timings {
  const spent = { pull: 0, build: 0, start: 0 };
  const end = startedAt + ms;
  let last = startedAt;
  for (const { type, action, at } of moments.toSorted((a, b) => a.at - b.at)) {
    const now = Math.min(Math.max(at, last), end);
    spent[kindOf(type, action)] += now - last;
    last = now;
  }
  spent.start += end - last;
  return Object.fromEntries(
    Object.entries(spent)
      .filter(([kind, time]) => kind === 'start' || time > 0)
      .map(([kind, time]) => [partOf('deploy', kind), Math.round(time)]),
  );
}

function kindOf(type: string, action: string): 'pull' | 'build' | 'start' {
  if (type !== 'image') return 'start';
  return action === 'pull' ? 'pull' : MADE.includes(action) ? 'build' : 'start';
}

function seconds(ms: number): number {
  return Number((ms / 1000).toFixed(3));
}
