/** One network across two machines. */
import { ON_LAB_HOST } from '../../../helpers/machine/probe/agent/swarm-door.ts';
import { until } from '../../../helpers/base/wait.ts';
import { experiment } from './experiment.ts';
import type { LabShell } from './lab-shell.ts';

const NAMES_MS = 30_000;

export const overlay = experiment(
  async (one: LabShell, two: LabShell) => {
    const [address1 = '', address2 = ''] = await one.host.link!(two.host);
    const alone = await one.try('docker network create --driver overlay too-early');
    await formSwarm(one, two, [address1, address2]);
    await one.sh(`
      docker network create --driver overlay --attachable test-net
      docker run -dit --name alpine1 --network test-net alpine`);
    await two.sh('docker run -d --name web --network test-net nginx');
    const web = await two.addressOf('web', 'test-net');
    await one.ready(await one.place('alpine1'), web, 80);
    // The machines of a swarm tell each other of names by and by, and of addresses at once.
    const page = await until(NAMES_MS, async () => {
      const answer = await one.try('docker exec alpine1 wget -q -T 5 -O - http://web');
      return answer.exitCode === 0 ? answer.output : undefined;
    });
    const subnet = await one.sh(`docker network inspect --format '{{(index .IPAM.Config 0).Subnet}}' test-net`);
    return {
      refusedAlone: alone.exitCode !== 0 && /swarm/i.test(alone.output),
      findsByName: page?.includes('Welcome to nginx!') ?? false,
      published: await two.sh('docker port web'),
      addresses: [await one.addressOf('alpine1', 'test-net'), web],
      subnet,
      ...(await onBridgesOfOneName(one, two)),
    };
  },
  {
    'overlay-network': {
      a: ({ findsByName }) => findsByName,
      b: ({ findsByName, published }) => !findsByName || published !== '',
      c: ({ addresses, subnet }) => addresses.every((each) => isIn24(each, subnet)),
      d: ({ bridgesByName, bridgesByAddress }) => bridgesByName && bridgesByAddress,
      e: ({ refusedAlone }) => refusedAlone,
    },
  },
);

/** Tokens are shown, and swarms joined, through the lab host's door only, see helpers/machine/policy/swarm-rules.ts. */
async function formSwarm(one: LabShell, two: LabShell, [address1, address2]: [string, string]): Promise<void> {
  const docker = `docker --host unix://${ON_LAB_HOST.door}`;
  await one.sh(`${docker} swarm init --advertise-addr ${address1}`);
  const token = await one.sh(`${docker} swarm join-token --quiet worker`);
  await two.sh(`${docker} swarm join --advertise-addr ${address2} --token ${token} ${address1}:2377`);
}

async function onBridgesOfOneName(one: LabShell, two: LabShell) {
  for (const [lab, name] of [
    [one, 'here'],
    [two, 'there'],
  ] as const)
    await lab.sh(`docker network create same-net\ndocker run -dit --name ${name} --network same-net alpine`);
  return {
    bridgesByName: await one.pings('here', 'there'),
    bridgesByAddress: await one.pings('here', await two.addressOf('there')),
  };
}

/** Whether an address is in a subnet of 256 addresses, which swarm gives to its networks. */
function isIn24(address: string, subnet: string): boolean {
  const [network = '', length] = subnet.split('/');
  if (length !== '24') throw new Error(`the subnet is ${subnet}`);
  const start = (text: string): string => text.split('.').slice(0, 3).join('.');
  return start(address) === start(network);
}
