/** The drivers none and host. */
import { until } from '../../../helpers/base/wait.ts';
import { experiment } from './experiment.ts';
import { addressesOf, type LabShell } from './lab-shell.ts';

const ENDED_MS = 20_000;

export const drivers = experiment(async (lab: LabShell) => ({ ...(await none(lab)), ...(await host(lab)) }), {
  'none-network': {
    a: ({ isolatedInterfaces }) => isolatedInterfaces.includes('eth0'),
    b: ({ getsOut }) => getsOut,
    c: ({ isolatedInterfaces }) => isolatedInterfaces.join() === 'lo',
    d: ({ isolatedPublished }) => isolatedPublished,
  },
  'host-network': {
    a: ({ nginxInterfaces }) => nginxInterfaces.includes('docker0'),
    b: ({ answersOnHost }) => answersOnHost,
    c: ({ nginxAddresses, hostAddresses }) => nginxAddresses.some((each) => !hostAddresses.includes(each)),
    d: ({ answersOn8080 }) => answersOn8080,
    e: ({ secondRuns }) => secondRuns,
  },
});

async function none(lab: LabShell) {
  await lab.sh(`
    docker run -dit --name isolated --network none alpine
    docker run -d --name isolated-web --network none -p 8080:80 nginx
    docker run -dit --name control alpine`);
  const [isolated, control] = [await lab.place('isolated'), await lab.place('control')];
  // A port of ours on the host: whoever gets out at all gets there.
  const { canaryPort } = lab.host.outside;
  if ((await lab.connect(control, lab.address, canaryPort)) !== 'open') throw new Error('nobody reaches the host');
  await lab.ready(await lab.place('isolated-web'), '127.0.0.1', 80);
  return {
    isolatedInterfaces: (await lab.host.ask(isolated, { ask: 'stack' })).interfaces
      .filter(({ up, addresses }) => up || addresses.length > 0)
      .map(({ name }) => name),
    getsOut: (await lab.connect(isolated, lab.address, canaryPort)) === 'open',
    isolatedPublished: await lab.getsPage('outside', lab.address, 8080),
  };
}

async function host(lab: LabShell) {
  await lab.sh('docker run -d --name my_nginx --network host nginx');
  await lab.ready('outside', lab.address, 80);
  const [inside, outside] = await Promise.all([lab.stack('my_nginx'), lab.hostStack()]);
  const answersOnHost = await lab.getsPage('outside', lab.address, 80);
  await lab.sh('docker run -d --name second --network host nginx');
  const ended = await until(ENDED_MS, async () => {
    const { State } = await lab.host.docker.getContainer('second').inspect();
    return State.Running ? undefined : true;
  });
  const { output } = await lab.try('docker logs second');
  await lab.sh('docker rm --force my_nginx second\ndocker run -d --name third --network host -p 8080:80 nginx');
  await lab.ready('outside', lab.address, 80);
  return {
    answersOnHost,
    nginxInterfaces: inside.interfaces.map(({ name }) => name),
    nginxAddresses: addressesOf(inside),
    hostAddresses: addressesOf(outside),
    answersOn8080: (await lab.connect('outside', lab.address, 8080)) === 'open',
    secondRuns: ended === undefined || !/in use/i.test(output),
  };
}
