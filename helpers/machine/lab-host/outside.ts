/** The place from which "reachable from outside" is judged, and a port of ours that shows whether it reaches the host. */
import type { AnswerTo, Place, ProbeQuestion } from '../probe/protocol.ts';

export interface Outside {
  /** The lab host's addresses as the place outside knows them. */
  addresses: string[];
  /** What the place is, in words: "from …". */
  from: string;
  /** Whether it is the grading machine itself, so that this very process asks. */
  here: boolean;
  /** Whether the addresses are those of a machine on which others may listen whom nobody on the engine's host sees. */
  strangersListen: boolean;
  /** A port of ours on the lab host. */
  canaryPort: number;
  /**
   * Whether it was open to the place outside before anything was deployed. If it no longer is, that is the submission's
   * doing; if it never was, something in between keeps packets away.
   */
  wasOpen: boolean;
}

export const NEIGHBOUR = { from: 'another machine', here: false, strangersListen: false };
/** Where the engine's host is a virtual machine behind this one. */
export const THIS_MACHINE = { from: 'this machine, at its own address', here: true, strangersListen: true };
export const GRADING_MACHINE = { from: 'the grading machine', here: true, strangersListen: false };

type Ask = <Q extends ProbeQuestion>(place: Place, question: Q) => Promise<AnswerTo<Q>>;

/** A busy machine gets time to answer. */
const CANARY_MS = 15_000;

/** Opens the canary and tries it. @param patienceMs How long it may take to answer from outside. */
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
