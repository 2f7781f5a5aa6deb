/** What both drawings need to know: the ids of things that the task asks for, and what is special about networks. */

/** Networks that every engine has, and their drivers. */
export const PREDEFINED_NAMES: Record<string, string> = { bridge: 'bridge', host: 'host', none: 'null' };
/** Networks that a swarm makes for itself; no task is about them. */
const OF_A_SWARM = ['ingress', 'docker_gwbridge'];

/** The id of the container that plays a role. */
export function containerId(role: string, machine: number | undefined): string {
  return `container ${role}${machine === undefined ? '' : ` on ${machine}`}`;
}

/** The id of a network that the task asks for. An overlay network is one network on both machines; any other is on the machine it was made on. */
export function networkId(name: string, driver: string, machine: number | undefined): string {
  return driver === 'overlay' || machine === undefined ? `network ${name}` : `network ${name} on ${machine}`;
}

/** Whether the engine made it by itself. */
export function isPredefined(name: string): boolean {
  return name in PREDEFINED_NAMES || OF_A_SWARM.includes(name);
}

export function driverDetails(name: string, driver: string): string[] {
  if (name === 'host') return ['the machine’s own sandbox'];
  if (name === 'none') return ['no network at all'];
  if (name === 'bridge') return ['the default bridge'];
  return [driver === '' ? 'network' : `${driver} network`];
}
