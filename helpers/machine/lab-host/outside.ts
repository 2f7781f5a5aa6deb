/** The place from which "reachable from outside" is judged. A test port (the canary) shows whether that place reaches the host. */
import type { AnswerTo, Place, ProbeQuestion } from '../probe/protocol.ts';

export interface Outside {
  /** The lab host's addresses as the place outside knows them. */
  addresses: string[];
  /** What the place is, in words that follow "from". */
  from: string;
  /** Whether the place is the grading machine itself, so that this process tries the ports. */
  here: boolean;
  /** Whether programs may listen at these addresses that cannot be seen from the engine's host. */
  strangersListen: boolean;
  /** The port on the lab host at which the canary listens. */
  canaryPort: number;
  /**
   * Whether the canary was reached before anything was deployed. If it was, and no longer is, the submission caused that. If
   * it never was, something between the two machines drops packets.
   */
  wasOpen: boolean;
}

export const NEIGHBOUR = { from: 'another machine', here: false, strangersListen: false };
/** Used where the engine runs in a virtual machine on this one, or far away. */
export const THIS_MACHINE = { from: 'this machine, at its own address', here: true, strangersListen: true };
export const GRADING_MACHINE = { from: 'the grading machine', here: true, strangersListen: false };

type Ask = <Q extends ProbeQuestion>(place: Place, question: Q) => Promise<AnswerTo<Q>>;

/** A busy machine gets time to answer. */
const CANARY_MS = 15_000;

/** Opens the canary and tries to reach it. @param patienceMs How long the canary may take to answer. */
export async function lookFromOutside(
  ask: Ask,
  place: Pick<Outside, 'from' | 'here' | 'strangersListen'>,
  addresses: string[],
  patienceMs = CANARY_MS,
): Promise<Outside> {
  const { port: canaryPort } = await ask('host', { ask: 'listen' });
  const [address] = addresses;
  if (address === undefined) return { ...place, addresses, canaryPort, wasOpen: false };
  const { outcome } = await ask('outside', { ask: 'connect', address, port: canaryPort, timeoutMs: patienceMs });
  return { ...place, addresses, canaryPort, wasOpen: outcome === 'open' };
}
