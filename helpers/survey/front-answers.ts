/**
 * Whether a front answers well by now, at every port at which a web server answers. A port that has answered well is not
 * asked again: there may be a limit of requests.
 */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { HttpAnswer } from '../machine/probe/protocol.ts';
import type { ContainerFacts } from './facts.ts';
import { isUnder500 } from './samples.ts';
import { askIn, listenersOf } from './sandboxes.ts';
import { addressesOf, openPorts, usesHostSandbox } from './subjects.ts';

const ANSWER_MS = 2_000;

/** How a port answers: as it should, with an error of a server, or not in HTTP. */
type State = 'well' | 'ill' | 'otherwise';

export type AnswersWell = (front: ContainerFacts, path: string) => Promise<boolean>;

/** Asks from the lab host, which reaches every container, because publishing is judged separately. */
export function frontAnswers(host: LabHost): AnswersWell {
  const well = new Set<string>();
  return async (front, path) => {
    const states = (await portsOf(host, front)).map(async (port) => {
      const key = `${front.id} ${front.state.startedAt} ${port} ${path}`;
      const state = well.has(key) ? 'well' : await stateOf(host, front, port, path);
      if (state === 'well') well.add(key);
      return state;
    });
    const all = await Promise.all(states);
    return all.includes('well') && !all.includes('ill');
  };
}

/** The ports that are published, if any of them is open; otherwise all that are open. */
async function portsOf(host: LabHost, front: ContainerFacts): Promise<number[]> {
  const open = openPorts((await listenersOf(host, front)) ?? []);
  const published = open.filter((port) => front.published.some(({ containerPort }) => containerPort === port));
  return published.length > 0 ? published : open;
}

async function stateOf(host: LabHost, front: ContainerFacts, port: number, path: string): Promise<State> {
  const addresses = usesHostSandbox(front) ? ['127.0.0.1'] : addressesOf(front);
  const ask = (address: string, tls: boolean): Promise<HttpAnswer | undefined> => {
    const question = { ask: 'http', address, port, path, tls, timeoutMs: ANSWER_MS } as const;
    return addresses.length > 0 ? host.ask('host', question) : askIn(host, front, question);
  };
  const tries = (addresses.length > 0 ? addresses : ['127.0.0.1']).map(async (address) => {
    const plain = await ask(address, false);
    // What a server says that speaks TLS only.
    const tls = plain?.outcome === 'not-http' || plain?.status === 400 ? await ask(address, true) : undefined;
    return tls?.outcome === 'answered' ? tls : plain;
  });
  const answers = (await Promise.all(tries)).filter((answer) => answer?.outcome === 'answered');
  if (answers.length === 0) return 'otherwise';
  return answers.some((answer) => answer && isUnder500(answer)) ? 'well' : 'ill';
}
