/**
 * The witness's own positive control: packets that must arrive at each container, sent before and after everything else. A
 * witness that does not see them proves nothing, and that is never the student's fault.
 */
import { InfrastructureError } from '../../base/failure.ts';
import type { LabHost } from '../../machine/lab-host/lab-host.ts';
import type { ConnectAnswer } from '../../machine/probe/protocol.ts';
import type { ContainerFacts, NetworkFacts } from '../facts.ts';
import { askIn } from '../sandboxes.ts';
import type { Capture, Captures } from './witness.ts';

/** How long a control's answer is waited for (milliseconds). That it arrives is what counts; who answers may be slow. */
const CONTROL_MS = 1_000;
export interface Control extends ConnectAnswer {
  to: string;
  address: string;
  port: number;
}

/**
 * Sends a packet to each address of each container: from the lab host, which is on every bridge network, or else from the
 * container itself.
 *
 * @param ports The ports of a container to which it may be sent.
 */
export async function sendControls(
  host: LabHost,
  containers: ContainerFacts[],
  networks: NetworkFacts[],
  ports: (container: ContainerFacts) => number[],
): Promise<Control[]> {
  const bridges = new Set(networks.filter(({ driver }) => driver === 'bridge').map(({ id }) => id));
  const sent = containers.flatMap((container) =>
    container.attachments.flatMap(({ networkId, addresses }) =>
      addresses.map(async (address): Promise<Control | undefined> => {
        const port = ports(container)[0]!;
        const question = { ask: 'connect', address, port, timeoutMs: CONTROL_MS } as const;
        const answer = bridges.has(networkId)
          ? await host.ask('host', question)
          : await askIn(host, container, question);
        return answer && { ...answer, to: container.name, address, port };
      }),
    ),
  );
  return (await Promise.all(sent)).filter((each) => each !== undefined);
}

function isAnswered({ outcome }: Control): boolean {
  return outcome === 'open' || outcome === 'refused';
}

/**
 * Containers at which every control arrived, at each address and each time.
 *
 * @throws {InfrastructureError} when a control was answered, and the witness did not see it arrive.
 */
export function controlled(captures: Captures, rounds: Control[][]): ReadonlySet<string> {
  const doubtful = new Set<string>();
  for (const control of rounds.flat()) {
    const capture = captures.get(control.to);
    if (capture === undefined || !isSeen(capture, control)) {
      if (capture !== undefined && isAnswered(control))
        throw new InfrastructureError(
          `a connection to ${control.address} was answered, but the witness in ${control.to} did not see it arrive`,
        );
      doubtful.add(control.to);
    }
  }
  const [first = []] = rounds;
  const names = first.map(({ to }) => to);
  const always = names.filter((name) => rounds.every((round) => round.some(({ to }) => to === name)));
  return new Set(always.filter((name) => !doubtful.has(name)));
}

function isSeen({ packets }: Capture, { address, port, sourcePort }: Control): boolean {
  return packets.some(
    ({ protocol, out, to, toPort, fromPort }) =>
      protocol === 'tcp' && !out && to === address && toPort === port && fromPort === sourcePort,
  );
}
