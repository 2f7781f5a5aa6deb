/** Networks of one's own are what the labs are about; only the lab host's own wire stays out of them. */
import { Fields, fieldOf, isNothing, type Json } from './body.ts';
import { denial, quoted, type Denial } from './denial.ts';

/** Which of them a task wants is for its criteria to say. */
const DRIVERS = ['', 'bridge', 'host', 'none', 'null', 'overlay', 'macvlan', 'ipvlan'];

/** @param body Of `POST /networks/create`. */
export function deniedNetwork(body: Json): Denial | undefined {
  const driver = fieldOf(body, 'Driver') ?? '';
  if (!DRIVERS.includes(driver as string))
    return denial(
      `a network of the driver ${quoted(driver)}`,
      'it is no driver of Docker’s own',
      'Leave --driver out: then it is a bridge.',
    );
  const options = fieldOf(body, 'Options');
  // Whatever the driver: a network may take its settings from another one.
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
