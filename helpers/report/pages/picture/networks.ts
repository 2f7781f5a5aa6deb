/** What the two drawings say alike about networks. */

/** Networks that every engine has, and their drivers. */
export const PREDEFINED_NAMES: Record<string, string> = { bridge: 'bridge', host: 'host', none: 'null' };
/** Networks of a swarm's own that no task is about. */
const OF_A_SWARM = ['ingress', 'docker_gwbridge'];

/** An overlay network is one network on both machines; any other is on the machine it was made on. */
export function networkId(name: string, driver: string, machine: number | undefined): string {
  return driver === 'overlay' || machine === undefined ? `network ${name}` : `network ${name} on ${machine}`;
}

/** Whether nobody made it. */
export function isPredefined(name: string): boolean {
  return name in PREDEFINED_NAMES || OF_A_SWARM.includes(name);
}

export function driverDetails(name: string, driver: string): string[] {
  if (name === 'host') return ['the machine’s own sandbox'];
  if (name === 'none') return ['no network at all'];
  if (name === 'bridge') return ['the default bridge'];
  return [driver === '' ? 'network' : `${driver} network`];
}
