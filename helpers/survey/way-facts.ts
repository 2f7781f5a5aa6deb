/** Ways round: whether something that was sent to others arrived where the sender must not get. */

/** Everything that was tried, and the ways that were found. */
export interface WaysFacts {
  tried: TriedFacts[];
  ways: WayFacts[];
}

/** From one container (or `OUTSIDE`, see survey-plan.ts) towards another one. */
export interface TriedFacts {
  from: string;
  to: string;
  /** How many doors were open to the sender; something was sent through each. */
  open: number;
  /** How many doors were too many to be tried. */
  untried?: number;
  /** Packets in the target's sandbox that could not be read: something may have arrived among them. */
  missed: number;
  /** Why nobody could listen in the target's sandbox; absent when somebody did. */
  unheard?: 'not allowed' | 'no sandbox of its own' | 'no control';
}

export interface WayFacts {
  from: string;
  to: string;
  /** Where the sender got in. */
  door: DoorFacts;
  /**
   * How it was sent: as bytes, as an HTTP request, as a MongoDB command, or with the request to a proxy to pass it on. `asked`:
   * what was sent did not arrive itself, but whenever it was sent, its receiver asked the target, and could not do without it.
   */
  form: 'raw' | 'http' | 'mongodb' | 'proxy' | 'asked';
  /** In whose sandboxes it was, in this order; the target's comes last. */
  stations: EntryFacts[];
}

export interface DoorFacts {
  address: string;
  port: number;
  /** Whether it is the sender's own sandbox, another one's, or a port of the host. */
  at: 'own sandbox' | 'sandbox' | 'host';
  /** The container that listens there; absent if none is known. */
  container?: string;
}

/** Where it came in. */
export interface EntryFacts {
  container: string;
  address: string;
  port: number;
  /** The address it came from. */
  from: string;
}
