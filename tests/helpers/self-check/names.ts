/** Hostnames, DNS servers and hosts files. */
import { EMBEDDED_DNS } from '../../../helpers/base/docker/addresses.ts';
import { experiment } from './experiment.ts';
import { nameserversIn, v4Of, type LabShell } from './lab-shell.ts';

/** The lab host's own hosts entry, see images/lab-host/scripts/boot.sh. In the question it has a friendlier name. */
const HOSTS_ENTRY = 'sentinel.netgrade.test';

export const names = experiment(
  // One after the other: `one` of the custom network is the neighbour in the last question, too.
  async (lab: LabShell) => ({
    ...(await hostnames(lab)),
    ...(await onDefaultBridge(lab)),
    ...(await onCustomNetwork(lab)),
    ...(await hostsFiles(lab)),
  }),
  {
    hostname: {
      a: ({ first }) => first === 'web',
      b: ({ first, id }) => first === id.slice(0, 12),
      c: ({ second }) => second === 'web-1',
      d: ({ renamed }) => renamed === 'www',
      e: ({ thirdRefused }) => thirdRefused,
    },
    'dns-on-default-bridge': {
      a: ({ inDefault, onHost }) => inDefault.join() === onHost.join(),
      b: ({ inDefault }) => inDefault.join() === EMBEDDED_DNS,
      c: ({ inDefault, docker0 }) => inDefault.join() === docker0.join(),
      d: ({ inDefault }) => inDefault.join() === '203.0.113.53',
    },
    'dns-on-custom-network': {
      a: ({ inCustom, findsTwo }) => inCustom.join() === EMBEDDED_DNS && findsTwo,
      b: ({ findsPrivateName }) => findsPrivateName,
      c: ({ hostFindsTwo }) => hostFindsTwo,
      d: ({ findsThree }) => findsThree,
    },
    'hosts-file': {
      a: ({ boxHosts }) => boxHosts.includes(HOSTS_ENTRY),
      b: ({ mateFinds }) => mateFinds,
      c: ({ boxHosts, boxLines }) => boxLines.some((line) => boxHosts.includes(line)),
      d: ({ hostHosts }) => hostHosts.includes('db.internal'),
      e: ({ boxFinds }) => boxFinds,
    },
  },
);

async function hostnames(lab: LabShell) {
  await lab.sh('docker run -dit --name web busybox\ndocker run -dit --name shop --hostname web-1 busybox');
  const [id, first, second] = await Promise.all([
    lab.sh(`docker inspect --format '{{.Id}}' web`),
    lab.sh('docker exec web hostname'),
    lab.sh('docker exec shop hostname'),
  ]);
  const third = await lab.try('docker run -dit --name third --hostname web-1 busybox');
  const renamed = await lab.sh('docker rename web www\ndocker exec www hostname');
  return { id, first, second, renamed, thirdRefused: third.exitCode !== 0 };
}

/** As in the question, the host names a server on its loopback besides the one that it really has. */
async function onDefaultBridge(lab: LabShell) {
  const original = await lab.sh('cat /etc/resolv.conf');
  await lab.sh(`printf 'nameserver 127.0.0.1\\n%s\\n' '${original}' > /etc/resolv.conf`);
  const onHost = nameserversIn(await lab.sh('cat /etc/resolv.conf'));
  if (onHost.join() !== '127.0.0.1,203.0.113.53') throw new Error(`the host has other servers: ${onHost.join()}`);
  await lab.sh('docker run -dit --name three busybox');
  const { resolvConf } = await lab.files('three');
  const { interfaces } = await lab.hostStack();
  await lab.sh(`printf '%s\\n' '${original}' > /etc/resolv.conf`);
  return {
    onHost,
    inDefault: nameserversIn(resolvConf),
    docker0: interfaces.filter(({ name }) => name === 'docker0').flatMap(v4Of),
  };
}

async function onCustomNetwork(lab: LabShell) {
  await lab.sh(`
    docker network create lab-net
    docker run -dit --name one --network lab-net busybox
    docker run -dit --name two --network lab-net busybox`);
  const one = await lab.place('one');
  const inCustom = nameserversIn((await lab.files('one')).resolvConf);
  const [findsTwo, findsThree, findsPrivateName, hostFindsTwo] = await Promise.all([
    lab.knows(one, 'two', EMBEDDED_DNS),
    lab.knows(one, 'three', EMBEDDED_DNS),
    lab.knows(one, lab.host.privateName?.name ?? '', EMBEDDED_DNS),
    lab.knows('host', 'two', EMBEDDED_DNS),
  ]);
  return { inCustom, findsTwo, findsThree, findsPrivateName, hostFindsTwo };
}

async function hostsFiles(lab: LabShell) {
  // Where the question has some address, here it is that of a container: whoever looks the name up reaches it.
  const address = await lab.addressOf('two');
  await lab.sh(`docker run -dit --name box --network lab-net --add-host db.internal:${address} busybox`);
  const [box, hostHosts, own, hostname, boxFinds, mateFinds] = await Promise.all([
    lab.files('box'),
    lab.sh('cat /etc/hosts'),
    lab.addressOf('box'),
    lab.sh('docker exec box hostname'),
    lab.pings('box', 'db.internal'),
    lab.pings('one', 'db.internal'),
  ]);
  if (!hostHosts.includes(HOSTS_ENTRY)) throw new Error('the lab host has lost its own entry');
  return {
    hostHosts,
    boxHosts: box.hosts,
    boxLines: [`${own}\t${hostname}`, `${own} ${hostname}`],
    boxFinds,
    mateFinds,
  };
}
