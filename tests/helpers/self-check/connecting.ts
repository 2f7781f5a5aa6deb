/** A running container and its networks: addresses, gateway, and the DNS server that it uses. */
import { EMBEDDED_DNS } from '../../../helpers/base/docker/addresses.ts';
import { experiment } from './experiment.ts';
import { addressesOf, gatewaysOf, nameserversIn, v4Of, type LabShell } from './lab-shell.ts';

export const connecting = experiment(
  async (lab: LabShell) => ({
    ...(await connected(lab)),
    ...(await gateway(lab)),
    ...(await namesAfterwards(lab)),
  }),
  {
    'connect-while-running': {
      a: ({ startedAgain }) => startedAgain,
      b: ({ atFirst, both, onNetB }) => both.length === 2 && both.includes(onNetB) && both.includes(atFirst),
      c: ({ atFirst, both, onNetB }) => !both.includes(atFirst) && both.includes(onNetB),
      d: ({ runsOn, afterwards, onNetB }) => runsOn && afterwards.join() === onNetB,
      e: ({ subnets: [a, b] }) => a === b,
    },
    'default-gateway': {
      a: ({ gateways, docker0 }) => gateways.join() === docker0.join(),
      b: ({ gateways, hostGateways }) => gateways.join() === hostGateways.join(),
      c: ({ gateways }) => gateways.includes('127.0.0.1'),
      d: ({ gateways, hostAddress }) => gateways.includes(hostAddress),
    },
    'dns-after-connecting': {
      a: ({ servers }) => !servers.includes(EMBEDDED_DNS),
      b: ({ servers, newFriend, oldFriend }) => servers.join() === EMBEDDED_DNS && newFriend && oldFriend,
      c: ({ servers, newFriend, outsideName }) => servers.join() === EMBEDDED_DNS && newFriend && !outsideName,
      d: ({ servers, newFriend, outsideName }) => servers.join() === EMBEDDED_DNS && newFriend && outsideName,
    },
  },
);

async function connected(lab: LabShell) {
  const process = async (): Promise<string> => {
    const { State } = await lab.host.docker.getContainer('box').inspect();
    return `${State.Pid} ${State.StartedAt}`;
  };
  await lab.sh(`
    docker network create net-a
    docker network create net-b
    docker run -dit --name box --network net-a busybox`);
  const [first, atFirst] = [await process(), await lab.addressOf('box', 'net-a')];
  await lab.sh('docker network connect net-b box');
  const onNetB = await lab.addressOf('box', 'net-b');
  const [second, both] = [await process(), addressesOf(await lab.stack('box'))];
  const subnets = await Promise.all(
    ['net-a', 'net-b'].map((name) =>
      lab.sh(`docker network inspect --format '{{(index .IPAM.Config 0).Subnet}}' ${name}`),
    ),
  );
  await lab.sh('docker network disconnect net-a box');
  const [third, afterwards] = [await process(), addressesOf(await lab.stack('box'))];
  return { startedAgain: first !== second, runsOn: second === third, atFirst, onNetB, both, afterwards, subnets };
}

async function gateway(lab: LabShell) {
  await lab.sh('docker run -dit --name old-friend alpine');
  const [inside, outside] = await Promise.all([lab.stack('old-friend'), lab.hostStack()]);
  const printed = await lab.sh('docker exec old-friend ip route');
  const docker0 = outside.interfaces.find(({ name }) => name === 'docker0');
  if (docker0 === undefined) throw new Error('there is no docker0');
  const gateways = gatewaysOf(inside);
  if (!printed.includes(`default via ${gateways.join()} `)) throw new Error(`ip route says otherwise: ${printed}`);
  return { gateways, docker0: v4Of(docker0), hostGateways: gatewaysOf(outside), hostAddress: lab.address };
}

async function namesAfterwards(lab: LabShell) {
  await lab.sh(`
    docker run -dit --name asker busybox
    docker network create lab-net
    docker run -dit --name new-friend --network lab-net busybox`);
  const before = nameserversIn((await lab.files('asker')).resolvConf);
  await lab.sh('docker network connect lab-net asker');
  const servers = nameserversIn((await lab.files('asker')).resolvConf);
  if (before.includes(EMBEDDED_DNS)) throw new Error('it used that server already');
  const asker = await lab.place('asker');
  const knownToAny = async (name: string): Promise<boolean> => {
    const answers = await Promise.all(servers.map((server) => lab.knows(asker, name, server)));
    return answers.some(Boolean);
  };
  const [newFriend, oldFriend, outsideName] = await Promise.all(
    ['new-friend', 'old-friend', lab.host.privateName?.name ?? ''].map(knownToAny),
  );
  return { servers, newFriend: newFriend === true, oldFriend: oldFriend === true, outsideName: outsideName === true };
}
