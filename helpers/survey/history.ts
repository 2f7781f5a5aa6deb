/** What the engine did since it started: when containers were started, and when they joined and left networks. */
import type Docker from 'dockerode';
import { eventsIn, type EventLine } from './engine-events.ts';
import type { EngineEvent } from './facts.ts';

const ACTIONS = ['start', 'die', 'connect', 'disconnect'] as const;

/** The engine keeps its last 256 events (Docker's API documentation, "Monitor events"). */
export async function surveyHistory(docker: Docker): Promise<EngineEvent[]> {
  const stream = await docker.getEvents({
    since: 0,
    until: await clockOf(docker), // not in the future, so that the engine answers without waiting for more
    filters: { type: ['container', 'network'], event: [...ACTIONS] },
  });
  const history: EngineEvent[] = [];
  for await (const { event, text } of eventsIn(stream)) {
    const one = eventOf(event, text);
    if (one !== undefined) history.push(one);
  }
  return history;
}

/** The engine's own time, in seconds since 1970: a machine far away may have another one than this. */
async function clockOf(docker: Docker): Promise<number> {
  const { SystemTime } = (await docker.info()) as { SystemTime: string };
  return Number((Date.parse(SystemTime) / 1000).toFixed(3));
}

function eventOf({ Type, Action, Actor }: EventLine, text: string): EngineEvent | undefined {
  const action = ACTIONS.find((each) => each === Action);
  const at = /"timeNano":(\d+)/.exec(text)?.[1];
  if (action === undefined || at === undefined) return undefined;
  if (Type === 'container') return { at, action, container: Actor.ID };
  return { at, action, container: Actor.Attributes['container'] ?? '', network: Actor.ID };
}
