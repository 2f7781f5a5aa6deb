/**
 * Puts a wire between two lab hosts that have to reach each other. It is no network of the grading machine's engine: on each
 * of those the grading machine has an interface, too, and would be reached.
 */
import { randomInt } from 'node:crypto';
import { PassThrough } from 'node:stream';
import type Docker from 'dockerode';
import { InfrastructureError, reasonOf } from '../../../base/failure.ts';
import { ownLabels } from '../labels.ts';

/** The nameserver's address on a lab host; see images/lab-host/scripts/boot.sh. */
const NAMESERVER = '203.0.113.53';
/** As on a machine with one network card. */
const NAME = 'eth0';
/**
 * Run where the processes of both are seen, which are $1 and $2; $3 and $4 are their addresses.
 *
 * `docker swarm init` without an address takes the only one of the network cards. It counts neither veth pairs nor bridges as
 * cards, but loopback, where the nameserver's address is (`resolveSystemAddr` in moby's daemon/cluster/listen_addr_linux.go,
 * Engine 20.10 to 28). So loopback gets the address of the wire, and the nameserver's moves to the wire.
 */
const WIRE = `
nsenter --target $1 --net ip link add ${NAME} type veth peer name ${NAME} netns $2
for each in "$1 $3" "$2 $4"; do
  set -- $each
  nsenter --target $1 --net ip address add $2/30 dev ${NAME}
  nsenter --target $1 --net ip link set ${NAME} up
  nsenter --target $1 --net ip address add ${NAMESERVER}/32 dev ${NAME}
  nsenter --target $1 --net ip address del ${NAMESERVER}/32 dev lo
  nsenter --target $1 --net ip address add $2/32 dev lo
done`;

/**
 * Puts a wire between two lab hosts. It ends with either.
 *
 * @param outer The grading machine's engine.
 * @returns each machine's address on it, in the order of the machines.
 * @throws {InfrastructureError} when it cannot be done.
 */
export async function linkLabHosts(outer: Docker, containers: [Docker.Container, Docker.Container]): Promise<string[]> {
  try {
    const [one, other] = await Promise.all(containers.map((container) => container.inspect()));
    const processes = [one, other].map((each) => String(each?.State.Pid));
    const addresses = drawAddresses();
    const said = new PassThrough();
    const [{ StatusCode }, wirer] = (await outer.run(
      one?.Image ?? '',
      ['-euc', WIRE, 'sh', ...processes, ...addresses],
      said,
      {
        Entrypoint: ['sh'],
        Labels: ownLabels(),
        Tty: true, // its output alone, without frames
        HostConfig: { NetworkMode: 'none', PidMode: 'host', Privileged: true },
      },
    )) as [{ StatusCode: number }, Docker.Container];
    await wirer.remove({ v: true }); // its image declares a volume
    if (StatusCode !== 0) throw new Error((await said.toArray()).join('').trim());
    return addresses;
  } catch (error) {
    throw new InfrastructureError(`two lab hosts could not be linked: ${reasonOf(error)}`);
  }
}

/** Two addresses of one /30, in a range for benchmarks (RFC 2544) that nobody else has; see gateway.sh. */
function drawAddresses(): [string, string] {
  const [third, fourth] = [randomInt(256), 4 * randomInt(64)];
  return [`198.19.${third}.${fourth + 1}`, `198.19.${third}.${fourth + 2}`];
}
