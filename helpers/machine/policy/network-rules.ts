/** Rules for networks. The labs are about networks, so only attaching one to the lab host's own interface is denied. */
import { Fields, fieldOf, isNothing, type Json } from './body.ts';
import { denial, quoted, type Denial } from './denial.ts';

/** Allowed drivers; the criteria judge whether it is the right one for the task. */
const DRIVERS = ['', 'bridge', 'host', 'none', 'null', 'overlay', 'macvlan', 'ipvlan'];

/** @param body The body of `POST /networks/create`. */
export function deniedNetwork(body: Json): Denial | undefined {
  const driver = fieldOf(body, 'Driver') ?? '';
  if (!DRIVERS.includes(driver as string))
    return denial(
      `a network of the driver ${quoted(driver)}`,
      'it is no driver of Docker’s own',
      'Leave --driver out: then it is a bridge.',
    );
  const options = fieldOf(body, 'Options');
  // Checked for every driver, because a network may take its settings from another network.
  if (
    options instanceof Fields &&
    options.entries().some(([name, value]) => /^parent$/i.test(name) && !isNothing(value))
  )
    return denial(
      `a network with the parent ${quoted(options.get('parent') ?? '')}`,
      'it would put containers on the lab host’s own wire, among other machines',
      'Leave the parent out: then the network is the lab host’s own.',
    );
  return undefined;
}
