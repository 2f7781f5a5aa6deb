/** What the engine did since it started: when containers were started, and when they joined and left networks. */
import type Docker from 'dockerode';
import type { EngineEvent } from './facts.ts';

const ACTIONS = ['start', 'die', 'connect', 'disconnect'] as const;

/** A line of `docker events`, as the API gives it. */
interface EventLine {
  Type: string;
  Action: string;
  Actor: { ID: string; Attributes: Record<string, string> };
}

/** The engine keeps its last 256 events (Docker's API documentation, "Monitor events"). */
export async function surveyHistory(docker: Docker): Promise<EngineEvent[]> {
  const stream = await docker.getEvents({
    since: 0,
    until: Number((Date.now() / 1000).toFixed(3)), // a time that has come: the engine answers and does not wait for more
    filters: { type: ['container', 'network'], event: [...ACTIONS] },
  });
  let text = '';
  for await (const chunk of stream as AsyncIterable<unknown>) text += String(chunk);
  return text
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map(eventOf)
    .filter((each) => each !== undefined);
}

function eventOf(line: string): EngineEvent | undefined {
  const { Type, Action, Actor } = JSON.parse(line) as EventLine;
  const action = ACTIONS.find((each) => each === Action);
  const at = /"timeNano":(\d+)/.exec(line)?.[1];
  if (action === undefined || at === undefined) return undefined;
  if (Type === 'container') return { at, action, container: Actor.ID };
  return { at, action, container: Actor.Attributes['container'] ?? '', network: Actor.ID };
}
