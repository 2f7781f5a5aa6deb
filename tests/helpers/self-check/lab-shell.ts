/**
 * A lab host as an experiment uses it: commands as a student types them, and probes where a command would leave open why
 * something did not work. What is neither a clear yes nor a clear no throws: it must not decide anything.
 */
import type { LabHost } from '../../../helpers/machine/lab-host/lab-host.ts';
import type {
  HttpAnswer,
  NetworkInterface,
  Place,
  Reach,
  SandboxAnswer,
  StackAnswer,
} from '../../../helpers/machine/probe/protocol.ts';
import { until } from '../../../helpers/base/wait.ts';

const COMMAND_MS = 60_000;
const PROBE_MS = 2_000;
const READY_MS = 20_000;
const MOST_OUTPUT = 50_000;

/** ping(8), of busybox as of iputils: answered; not answered; no such name, or nowhere to send it. */
const PING_EXITS = [0, 1, 2];

export class LabShell {
  readonly host: LabHost;

  constructor(host: LabHost) {
    this.host = host;
  }

  /** Its address as other machines know it. */
  get address(): string {
    return this.host.outside.addresses[0] ?? '';
  }

  /**
   * As the machine's own root, not as a submission: some experiments take what those must not have. `nsenter` leads out of the
   * agent's own root directory, which has no docker.
   */
  async try(script: string): Promise<{ exitCode: number; output: string }> {
    const { exitCode, output, timedOut } = await this.host.ask('host', {
      ask: 'run',
      argv: ['nsenter', '--target', '1', '--mount', 'bash', '-c', script],
      cwd: '/',
      env: this.host.environment,
      timeoutMs: COMMAND_MS,
      maxOutput: MOST_OUTPUT,
    });
    if (timedOut || exitCode === null) throw new Error(`it did not end: ${script}\n${output}`);
    return { exitCode, output: output.trim() };
  }

  /** @returns its output. @throws when it fails. */
  async sh(script: string): Promise<string> {
    const { exitCode, output } = await this.try(`set -e\n${script}`);
    if (exitCode !== 0) throw new Error(`exit code ${exitCode}: ${script}\n${output}`);
    return output;
  }

  /** Whether a ping from a container is answered, by name or address. */
  async pings(container: string, target: string): Promise<boolean> {
    const { exitCode, output } = await this.try(`docker exec ${container} ping -c 1 -W 1 ${target}`);
    if (!PING_EXITS.includes(exitCode)) throw new Error(`ping in ${container} ended with ${exitCode}: ${output}`);
    return exitCode === 0;
  }

  async place(container: string): Promise<{ pid: number }> {
    const { State } = await this.host.docker.getContainer(container).inspect();
    if (!State.Running) throw new Error(`${container} does not run`);
    return { pid: State.Pid };
  }

  async stack(container: string): Promise<StackAnswer> {
    return this.host.ask(await this.place(container), { ask: 'stack' });
  }

  hostStack(): Promise<StackAnswer> {
    return this.host.ask('host', { ask: 'stack' });
  }

  async files(container: string): Promise<SandboxAnswer> {
    return this.host.ask(await this.place(container), { ask: 'sandbox' });
  }

  /** The container's address on a network; on its only one if none is named. */
  async addressOf(container: string, network?: string): Promise<string> {
    const { NetworkSettings } = await this.host.docker.getContainer(container).inspect();
    const attached = NetworkSettings.Networks;
    const address = (network === undefined ? Object.values(attached)[0] : attached[network])?.IPAddress ?? '';
    if (address === '') throw new Error(`${container} has no address${network === undefined ? '' : ` on ${network}`}`);
    return address;
  }

  async connect(from: Place, address: string, port: number): Promise<Reach> {
    return (await this.host.ask(from, { ask: 'connect', address, port, timeoutMs: PROBE_MS })).outcome;
  }

  http(from: Place, address: string, port: number, timeoutMs = PROBE_MS): Promise<HttpAnswer> {
    return this.host.ask(from, { ask: 'http', address, port, path: '/', timeoutMs });
  }

  /** Whether nginx's own page is answered. */
  async getsPage(from: Place, address: string, port: number): Promise<boolean> {
    const { status, body = '' } = await this.http(from, address, port);
    return status === 200 && body.includes('Welcome to nginx!');
  }

  /** Waits until something answers: only then does it prove anything that something else does not. */
  async ready(from: Place, address: string, port: number): Promise<void> {
    const open = await until(READY_MS, async () =>
      (await this.connect(from, address, port)) === 'open' ? true : undefined,
    );
    if (open === undefined) throw new Error(`nothing opened port ${port} of ${address} in ${READY_MS} ms`);
  }

  /** Whether an address is known for a name, at a nameserver. */
  async knows(from: Place, name: string, server: string): Promise<boolean> {
    const { outcome, addresses } = await this.host.ask(from, { ask: 'resolve', name, server, timeoutMs: PROBE_MS });
    return outcome === 'answered' && addresses.length > 0;
  }

  /** Removes all containers and networks. */
  async clear(): Promise<void> {
    await this.sh('docker ps --all --quiet | xargs --no-run-if-empty docker rm --force\ndocker network prune --force');
  }
}

/** IPv4 addresses without prefix length; loopback left out. */
export function addressesOf({ interfaces }: StackAnswer): string[] {
  return interfaces.filter(({ name }) => name !== 'lo').flatMap(v4Of);
}

export function v4Of({ addresses }: NetworkInterface): string[] {
  return addresses.filter((each) => !each.includes(':')).map((each) => each.replace(/\/.*/, ''));
}

/** The default route's gateways. */
export function gatewaysOf({ routes }: StackAnswer): string[] {
  return routes.flatMap(({ destination, gateway }) =>
    destination === 'default' && gateway !== undefined && !gateway.includes(':') ? [gateway] : [],
  );
}

export function nameserversIn(resolvConf: string): string[] {
  return [...resolvConf.matchAll(/^nameserver\s+(\S+)/gm)].map(([, server = '']) => server);
}
