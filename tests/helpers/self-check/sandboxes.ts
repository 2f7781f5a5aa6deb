/** Own and shared sandboxes: ports, interfaces, files. */
import { experiment } from './experiment.ts';
import { addressesOf, type LabShell } from './lab-shell.ts';

export const sandboxes = experiment(async (lab: LabShell) => ({ ...(await samePort(lab)), ...(await shared(lab)) }), {
  'same-port-twice': {
    a: ({ secondRuns }) => !secondRuns,
    b: ({ bothAnswer }) => bothAnswer,
    c: ({ bothPublished }) => bothPublished,
    d: ({ samePublishedTwice }) => samePublishedTwice,
  },
  'shared-sandbox': {
    a: ({ answeredAtLocalhost }) => answeredAtLocalhost,
    b: ({ guestAddresses, webAddresses }) => guestAddresses.some((each) => !webAddresses.includes(each)),
    c: ({ stacks: [web, guest] }) => web === guest,
    d: ({ ownPort80 }) => ownPort80,
    e: ({ seesFiles }) => seesFiles,
  },
});

async function samePort(lab: LabShell) {
  await lab.sh('docker run -d --name web-1 nginx\ndocker run -d --name web-2 nginx');
  const addresses = await Promise.all(['web-1', 'web-2'].map((name) => lab.addressOf(name)));
  await Promise.all(addresses.map((address) => lab.ready('host', address, 80)));
  const answers = await Promise.all(addresses.map((address) => lab.getsPage('host', address, 80)));
  const { State } = await lab.host.docker.getContainer('web-2').inspect();
  await lab.sh('docker run -d --name p-1 -p 8081:80 nginx\ndocker run -d --name p-2 -p 8082:80 nginx');
  await lab.ready('outside', lab.address, 8081);
  await lab.ready('outside', lab.address, 8082);
  await lab.sh('docker run -d --name q-1 -p 8080:80 nginx');
  const { exitCode, output } = await lab.try('docker run -d --name q-2 -p 8080:80 nginx');
  const refused = exitCode !== 0 && /port is already allocated/.test(output);
  if (exitCode !== 0 && !refused) throw new Error(output);
  return {
    secondRuns: State.Running,
    bothAnswer: answers.every(Boolean) && addresses[0] !== addresses[1],
    bothPublished:
      (await lab.getsPage('outside', lab.address, 8081)) && (await lab.getsPage('outside', lab.address, 8082)),
    samePublishedTwice: !refused,
  };
}

async function shared(lab: LabShell) {
  await lab.sh('docker run -d --name web nginx\ndocker run -dit --name guest --network container:web busybox');
  await lab.ready('host', await lab.addressOf('web'), 80);
  const [web, guest] = await Promise.all([lab.stack('web'), lab.stack('guest')]);
  const page = await lab.try('docker exec guest wget -q -T 2 -O - http://localhost');
  const server = await lab.try('docker exec guest timeout 3 httpd -f -p 80');
  if (server.exitCode === 127) throw new Error(server.output);
  await lab.sh('docker exec web ls /etc/nginx'); // so there is something to be seen
  const files = await lab.try('docker exec guest ls /etc/nginx');
  const text = ({ interfaces, routes }: typeof web): string => JSON.stringify([interfaces, routes]);
  return {
    answeredAtLocalhost: page.output.includes('Welcome to nginx!'),
    webAddresses: addressesOf(web),
    guestAddresses: addressesOf(guest),
    stacks: [text(web), text(guest)],
    ownPort80: !/address (already )?in use/i.test(server.output),
    seesFiles: files.exitCode === 0,
  };
}
