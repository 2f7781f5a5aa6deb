/**
 * A stand-in for the world around the grading machine: one server at public and at private addresses, which the grading
 * machine reaches by a wire. (It is no network of Docker's: an engine lets nothing pass from one of its networks to another.)
 */
import { spawnSync } from 'node:child_process';
import { ownLabels } from '../../helpers/machine/lab-host/labels.ts';

/** Reserved for documentation (RFC 5737): nobody's, and public as far as a filter can tell. */
export const PUBLIC = '203.0.113.200';
/** Each is reached by the grading machine, and must not be by a lab host. The last is a neighbour's public one. */
export const NOT_PUBLIC = ['10.255.254.2', '169.254.77.80', '100.64.77.80', '198.19.77.80', '203.0.113.201'] as const;
export const PORT = 8000;

const WIRE = 'ng-world';
const MACHINES_END = '10.255.254.1';
const WORLDS_END = '10.255.254.2';
const OWN_ROUTES = NOT_PUBLIC.filter((address) => address !== WORLDS_END);
/** Answers with the address of whoever asks. */
const SERVER = `require('http').createServer((asked, answer) => answer.end('you are ' + asked.socket.remoteAddress)).listen(${PORT})`;

export class OutsideWorld implements Disposable {
  readonly #image: string;
  readonly #container: string;

  private constructor(image: string, container: string) {
    this.#image = image;
    this.#container = container;
  }

  static open(): OutsideWorld {
    const image = docker('image', 'ls', '--filter', 'reference=netgrade/lab-host', '--format', '{{.ID}}').split(
      '\n',
    )[0]!;
    const labels = Object.entries(ownLabels()).flatMap(([name, value]) => ['--label', `${name}=${value}`]);
    const run = ['run', '--detach', ...labels, '--privileged', '--network', 'none', '--entrypoint', 'node', image];
    const container = docker(...run, '-e', SERVER);
    const world = new OutsideWorld(image, container);
    const process = docker('inspect', '--format', '{{.State.Pid}}', container);
    const addresses = [PUBLIC, ...OWN_ROUTES].map((address) => `ip address add ${address}/32 dev lo`);
    const inside = [
      `ip address add ${WORLDS_END}/30 dev eth0`,
      'ip link set eth0 up',
      'ip link set lo up',
      ...addresses,
    ];
    world.#onMachine(
      `ip link add ${WIRE} type veth peer name eth0 netns ${process}`,
      `ip address add ${MACHINES_END}/30 dev ${WIRE}`,
      `ip link set ${WIRE} up`,
      `nsenter --target ${process} --net sh -euc '${[...inside, `ip route add default via ${MACHINES_END}`].join('; ')}'`,
      ...OWN_ROUTES.map((address) => `ip route add ${address} via ${WORLDS_END}`),
    );
    return world;
  }

  /** Only now: what the grading machine has a route of its own to counts as its own network, when a gateway opens. */
  makePublic(): void {
    this.#onMachine(`ip route add ${PUBLIC} via ${WORLDS_END}`);
  }

  /** Asks the server from a container that has Docker's own way out, as lab hosts had. @returns what it answers. */
  answers(network: string, address: string): string {
    const ask = ['--silent', '--max-time', '5', `http://${address}:${PORT}`];
    return docker('run', '--rm', '--network', network, '--entrypoint', 'curl', this.#image, ...ask);
  }

  /** Asks Docker's nameserver for a container's name, from a container that has Docker's own way out. */
  address(network: string, name: string): string {
    return docker('run', '--rm', '--network', network, '--entrypoint', 'getent', this.#image, 'ahostsv4', name);
  }

  #onMachine(...commands: string[]): void {
    const there = ['run', '--rm', '--privileged', '--network', 'host', '--pid', 'host', '--entrypoint', 'sh'];
    docker(...there, this.#image, '-euc', commands.join('\n'));
  }

  [Symbol.dispose](): void {
    docker('rm', '--force', this.#container); // the wire ends with it, and the routes with the wire
  }
}

/** Runs a docker command on the grading machine. @returns what it prints. */
export function docker(...args: string[]): string {
  const { status, stdout, stderr } = spawnSync('docker', args, { encoding: 'utf8', timeout: 60_000 });
  if (status !== 0) throw new Error(`docker ${args.join(' ')}: ${stderr}`);
  return stdout.trim();
}
