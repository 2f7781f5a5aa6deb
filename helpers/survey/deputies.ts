/** Answers in the place of a paused backend: in each of its containers, on its own sockets. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { greetingIn, helloRequest } from '../machine/probe/mongo-wire.ts';
import { EXPECTED_MS } from './attempts.ts';
import type { ContainerFacts } from './facts.ts';
import { askIn } from './sandboxes.ts';
import { addressesOf } from './subjects.ts';

/** What each container of a backend says of itself to MongoDB's drivers, base64. */
export type Greetings = ReadonlyMap<ContainerFacts, string>;

/** @returns undefined if one of them does not answer as MongoDB does, or is not to be reached from the lab host. */
export async function greetingsOf(
  host: LabHost,
  backend: ContainerFacts[],
  portsOf: (container: ContainerFacts) => number[],
): Promise<Greetings | undefined> {
  const found = await Promise.all(
    backend.map(async (each) => {
      const [address] = addressesOf(each);
      const question = { ask: 'exchange', send: helloRequest(), enough: 'message', timeoutMs: EXPECTED_MS } as const;
      if (address === undefined) return undefined;
      const asked = portsOf(each).map((port) => host.ask('host', { ...question, address, port }));
      const greeting = (await Promise.all(asked)).find(({ received }) => greetingIn(received)?.['ok'] === 1);
      return greeting && ([each, greeting.received] as const);
    }),
  );
  const greetings = found.filter((each) => each !== undefined);
  return greetings.length < backend.length ? undefined : new Map(greetings);
}

/** What a deputy does: it refuses what is asked in MongoDB's protocol, or ends every connection. */
export type Doing = Greetings | 'hanging up';

/**
 * Does something while deputies answer.
 *
 * @returns its result; undefined, and nothing was done, where they cannot.
 */
export async function withDeputies<T>(
  host: LabHost,
  { backend, portsOf }: { backend: ContainerFacts[]; portsOf: (container: ContainerFacts) => number[] },
  doing: Doing,
  work: () => Promise<T>,
): Promise<T | undefined> {
  const begun = await Promise.allSettled(
    backend.map(async (each) => {
      const greeting = doing === 'hanging up' ? undefined : doing.get(each);
      const question = {
        ask: 'answer for',
        ports: portsOf(each),
        ...(greeting !== undefined && { greeting }),
      } as const;
      return (await askIn(host, each, question))?.deputy;
    }),
  );
  const deputies = begun.flatMap((each) =>
    each.status === 'fulfilled' && each.value !== undefined ? [each.value] : [],
  );
  try {
    const failure = begun.find((each) => each.status === 'rejected');
    if (failure !== undefined) throw failure.reason as Error;
    return deputies.length < backend.length ? undefined : await work();
  } finally {
    await Promise.all(deputies.map((deputy) => host.ask('host', { ask: 'stop answering', deputy })));
  }
}
