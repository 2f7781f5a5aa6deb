/** Bridge networks: what they are made of, and who reaches whom on them. */
import { experiment } from './experiment.ts';
import { addressesOf, v4Of, type LabShell } from './lab-shell.ts';

export const bridges = experiment(
  // One after the other: each builds on what is there already.
  async (lab: LabShell) => ({
    ...(await pair(lab)),
    ...(await newNetwork(lab)),
    ...(await noNetworkNamed(lab)),
    ...(await onTheDefaultBridge(lab)),
    ...(await onTwoNetworks(lab)),
    ...(await tutorial(lab)),
  }),
  {
    'interface-pair': {
      a: ({ inner, outer }) => inner === 'eth0' && outer?.startsWith('veth') === true,
      b: ({ outerAddresses, innerAddresses }) => innerAddresses.every((each) => outerAddresses.includes(each)),
      c: ({ outerMaster, bridge }) => outerMaster === bridge,
      d: ({ pairsWhenConnected }) => pairsWhenConnected === 1,
      e: ({ numberInside, outerIndex }) => numberInside === outerIndex,
    },
    'new-bridge-network': {
      a: ({ appeared }) => appeared.some(({ name }) => name.startsWith('veth')),
      b: ({ containersAppeared }) => containersAppeared > 0,
      c: ({ appeared, newGateway }) =>
        appeared.some((each) => isBridge(each.name) && each.addresses.includes(newGateway)),
      d: ({ docker0Addresses }) => docker0Addresses.length > 1,
    },
    'no-network-named': {
      a: ({ boxNetworks }) => boxNetworks.length === 0,
      b: ({ boxNetworks, boxMaster }) => boxNetworks.join() === 'bridge' && boxMaster === 'docker0',
      c: ({ networksAppeared }) => networksAppeared > 0,
      d: ({ boxInHostsSandbox }) => boxInHostsSandbox,
    },
    'default-bridge-names': {
      a: ({ byName }) => byName,
      b: ({ byHostname }) => byHostname,
      c: ({ byNameBack }) => byNameBack,
      d: ({ byAddress }) => byAddress,
    },
    'user-defined-names': {
      a: ({ a2ByName }) => a2ByName,
      b: ({ b1ByName }) => b1ByName,
      c: ({ a2ByAlias }) => a2ByAlias,
      d: ({ b1ByAddress }) => b1ByAddress,
    },
    'alpine-net': {
      a: ({ alpine4to3ByName }) => alpine4to3ByName,
      b: ({ alpine4to3ByAddress }) => alpine4to3ByAddress,
      c: ({ alpine1to3ByAddress }) => alpine1to3ByAddress,
      d: ({ alpine1to4ByName }) => alpine1to4ByName,
      e: ({ alpine3to1ByName }) => alpine3to1ByName,
    },
  },
);

function isBridge(name: string): boolean {
  return name.startsWith('br-');
}

async function pair(lab: LabShell) {
  await lab.sh('docker network create lab-net\ndocker run -dit --name box --network lab-net alpine');
  const [inside, outside] = await Promise.all([lab.stack('box'), lab.hostStack()]);
  const inner = inside.interfaces.find(({ name }) => name !== 'lo');
  const outer = outside.interfaces.find(
    ({ index, peerIndex }) => index === inner?.peerIndex && peerIndex === inner.index,
  );
  const link = await lab.sh('docker exec box ip link show eth0');
  const { Id } = (await lab.host.docker.getNetwork('lab-net').inspect()) as { Id: string };
  await lab.sh('docker network create other-net\ndocker network connect other-net box');
  const connected = await lab.stack('box');
  return {
    inner: inner?.name,
    outer: outer?.name,
    innerAddresses: inner === undefined ? [] : v4Of(inner),
    outerAddresses: outer === undefined ? [] : v4Of(outer),
    outerMaster: outer?.master,
    outerIndex: outer?.index,
    bridge: `br-${Id.slice(0, 12)}`,
    numberInside: Number(/@if(\d+)/.exec(link)?.[1]),
    pairsWhenConnected: connected.interfaces.filter(({ peerIndex }) => peerIndex !== undefined).length,
  };
}

async function newNetwork(lab: LabShell) {
  const containers = async (): Promise<number> => (await lab.host.docker.listContainers({ all: true })).length;
  const [before, containersBefore] = [await lab.hostStack(), await containers()];
  await lab.sh('docker network create new-net');
  const [after, containersAfter] = [await lab.hostStack(), await containers()];
  const gateway = await lab.sh(`docker network inspect --format '{{(index .IPAM.Config 0).Gateway}}' new-net`);
  const known = before.interfaces.map(({ index }) => index);
  return {
    appeared: after.interfaces
      .filter(({ index }) => !known.includes(index))
      .map((each) => ({ name: each.name, addresses: v4Of(each) })),
    docker0Addresses: after.interfaces.filter(({ name }) => name === 'docker0').flatMap(v4Of),
    newGateway: gateway,
    containersAppeared: containersAfter - containersBefore,
  };
}

async function noNetworkNamed(lab: LabShell) {
  const networks = async (): Promise<number> => (await lab.host.docker.listNetworks()).length;
  const before = await networks();
  await lab.sh('docker run -dit --name first alpine');
  const { NetworkSettings } = await lab.host.docker.getContainer('first').inspect();
  const [inside, outside, after] = await Promise.all([lab.stack('first'), lab.hostStack(), networks()]);
  const ends = inside.interfaces.map(({ peerIndex }) => peerIndex).filter((each) => each !== undefined);
  return {
    boxNetworks: Object.keys(NetworkSettings.Networks),
    boxMaster: outside.interfaces.find(({ index }) => ends.includes(index))?.master,
    networksAppeared: after - before,
    boxInHostsSandbox: inside.namespace === outside.namespace,
  };
}

/** With the container that was started without naming a network. */
async function onTheDefaultBridge(lab: LabShell) {
  await lab.sh('docker run -dit --name another --hostname second alpine');
  const address = await lab.addressOf('another');
  const [byName, byHostname, byNameBack, byAddress] = await Promise.all([
    lab.pings('first', 'another'),
    lab.pings('first', 'second'),
    lab.pings('another', 'first'),
    lab.pings('first', address),
  ]);
  return { byName, byHostname, byNameBack, byAddress };
}

async function onTwoNetworks(lab: LabShell) {
  await lab.sh(`
    docker network create net-a
    docker network create net-b
    docker run -dit --name a1 --network net-a alpine
    docker run -dit --name a2 --network net-a --network-alias cache alpine
    docker run -dit --name b1 --network net-b alpine`);
  const address = await lab.addressOf('b1');
  if (addressesOf(await lab.stack('b1')).join() !== address) throw new Error('b1 does not have its address');
  const [a2ByName, b1ByName, a2ByAlias, b1ByAddress] = await Promise.all([
    lab.pings('a1', 'a2'),
    lab.pings('a1', 'b1'),
    lab.pings('a1', 'cache'),
    lab.pings('a1', address),
  ]);
  return { a2ByName, b1ByName, a2ByAlias, b1ByAddress };
}

async function tutorial(lab: LabShell) {
  await lab.sh(`
    docker network create alpine-net
    docker run -dit --name alpine1 --network alpine-net alpine
    docker run -dit --name alpine2 --network alpine-net alpine
    docker run -dit --name alpine3 alpine
    docker run -dit --name alpine4 --network alpine-net alpine
    docker network connect bridge alpine4`);
  const address = await lab.addressOf('alpine3');
  const [alpine4to3ByName, alpine4to3ByAddress, alpine1to3ByAddress, alpine1to4ByName, alpine3to1ByName] =
    await Promise.all([
      lab.pings('alpine4', 'alpine3'),
      lab.pings('alpine4', address),
      lab.pings('alpine1', address),
      lab.pings('alpine1', 'alpine4'),
      lab.pings('alpine3', 'alpine1'),
    ]);
  return { alpine4to3ByName, alpine4to3ByAddress, alpine1to3ByAddress, alpine1to4ByName, alpine3to1ByName };
}
