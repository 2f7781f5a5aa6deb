/** Lab hosts with `--egress all` reach public addresses, and nobody else: neither each other nor the grading machine. */
import { once } from 'node:events';
import http from 'node:http';
import type { AddressInfo } from 'node:net';
import os from 'node:os';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { ownLabels } from '../../helpers/machine/lab-host/labels.ts';
import { bootApart, type LabHostsApart, type Said } from '../helpers/lab-hosts-apart.ts';
import { docker, NOT_PUBLIC, OutsideWorld, PORT, PUBLIC } from '../helpers/outside-world.ts';

const SETUP_MS = 300_000;
const COMMAND_MS = 120_000;
const MARK = 'netgrade-frame-mark';

let world: OutsideWorld;
let hosts: LabHostsApart;
let machine: http.Server;

beforeAll(async () => {
  world = OutsideWorld.open();
  machine = http.createServer((_, answer) => answer.end('the grading machine')).listen(0, '0.0.0.0');
  await once(machine, 'listening');
  hosts = await bootApart('all');
  world.makePublic();
}, SETUP_MS);

afterAll(async () => {
  machine.close();
  await hosts[Symbol.asyncDispose]();
  world[Symbol.dispose]();
}, SETUP_MS);

const one = (text: string): Promise<Said> => hosts.script(0, text);
const other = (text: string): Promise<Said> => hosts.script(1, text);

const ask = (address: string, port = PORT): string =>
  `curl --silent --show-error --max-time 5 http://${address}:${port} 2>&1`;

describe('a lab host with a way out', () => {
  test(
    'reaches a public address, from scripts and from containers',
    async () => {
      expect(await one(ask(PUBLIC))).toMatchObject({ exitCode: 0, output: expect.stringContaining('you are') });
      const inContainer = `docker run --rm alpine wget -qO- -T 5 http://${PUBLIC}:${PORT}`;
      expect(await one(inContainer)).toMatchObject({ exitCode: 0, output: expect.stringContaining('you are') });
    },
    COMMAND_MS,
  );

  test.each(NOT_PUBLIC)(
    'does not reach %s, which the grading machine reaches',
    async (address) => {
      expect(world.answers(hosts.network, address)).toMatch('you are');
      expect(await one(ask(address))).toMatchObject({ exitCode: 7 });
    },
    COMMAND_MS,
  );

  test(
    'reaches the grading machine at none of its addresses',
    async () => {
      const { port } = machine.address() as AddressInfo;
      const own = Object.values(os.networkInterfaces()).flatMap((list) => list ?? []);
      const addresses = own
        .filter(({ family, internal }) => family === 'IPv4' && !internal)
        .map(({ address }) => address);
      expect(addresses.length).toBeGreaterThan(0);
      for (const address of addresses) {
        expect(await (await fetch(`http://${address}:${port}`)).text()).toBe('the grading machine');
        expect(await one(ask(address, port))).toMatchObject({ exitCode: 7 });
      }
    },
    COMMAND_MS,
  );

  test(
    'does not reach another one, whatever addresses and routes it gives itself',
    async () => {
      const { output } = await other('ip -4 -o address show dev uplink');
      const address = /inet (\S+)/.exec(output)?.[1] ?? '';
      const serve = `python3 -m http.server ${PORT}`;
      expect((await other(`docker run --detach --network host python ${serve}`)).exitCode).toBe(0);
      const itself = `for i in $(seq 50); do ${ask(address)} && exit; sleep 0.1; done; exit 1`;
      expect(await other(itself)).toMatchObject({ exitCode: 0 });
      expect(await one(ask(address))).toMatchObject({ exitCode: 7 });
      // As a neighbour on the same wire, and in the name of the other one.
      expect((await one(`ip route add ${address} dev uplink && ${ask(address)}`)).exitCode).not.toBe(0);
      const inItsName = `ip address add ${address}/32 dev uplink && curl --max-time 5 --interface ${address} http://${PUBLIC}:${PORT}`;
      expect((await one(inItsName)).exitCode).not.toBe(0);
      await one(`ip address del ${address}/32 dev uplink; ip route del ${address} dev uplink`);
    },
    COMMAND_MS,
  );

  test(
    'puts no device onto what is at the other end of its wire',
    async () => {
      // Of the namespaces that it can name, the neighbour's is one (a positive control); the gateway's is none.
      const { output } = await one(`for id in $(ip netns list-id | awk '{ print $2 }'); do for n in $(seq 2 9); do
        ip link add link if$n link-netnsid $id name on$id-$n type macvlan mode bridge 2> /dev/null && echo "made on $id"
      done; done; ip -o link show type macvlan; ip -o link show uplink`);
      expect(output.match(/made on/g)).toHaveLength(1);
      expect(output).toMatch(/made on[\s\S]*link-netns outside/);
      expect(output).not.toMatch(/uplink.*link-netns/);
    },
    COMMAND_MS,
  );

  test(
    'sees no frame of another one, and its own',
    async () => {
      const listen = `python3 -u -c '
import socket, time
s = socket.socket(socket.AF_PACKET, socket.SOCK_RAW, socket.htons(3))
print("listening", flush=True)
end = time.time() + 60
while time.time() < end:
    s.settimeout(1)
    try: frame = s.recv(65535)
    except OSError: continue
    for mark in (b"one", b"other"):
        if b"${MARK}-" + mark in frame: print("saw", mark.decode(), flush=True)
'`;
      const start = `docker run --detach --name listener --network host python ${listen}
      for i in $(seq 100); do docker logs listener 2>&1 | grep -q listening && exit; sleep 0.1; done; exit 1`;
      expect(await one(start)).toMatchObject({ exitCode: 0 });
      // To everybody on the wire (also past IP, which no firewall sees), to the other one's address, and to the outside.
      const send = (mark: string): string => `python3 -c '
import socket
for to in ("255.255.255.255", "198.18.0.2", "198.18.0.3", "${PUBLIC}"):
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BROADCAST, 1)
    s.setsockopt(socket.SOL_SOCKET, socket.SO_BINDTODEVICE, b"uplink")
    s.sendto(b"${MARK}-${mark}", (to, 9))
raw = socket.socket(socket.AF_PACKET, socket.SOCK_RAW)
raw.bind(("uplink", 0))
raw.send(bytes.fromhex("ffffffffffff02000000000188b5") + b"${MARK}-${mark}")
'`;
      const sent = await other(`docker run --rm --network host python ${send('other')}`);
      expect(sent).toMatchObject({ exitCode: 0 });
      expect(await one(`docker run --rm --network host python ${send('one')}`)).toMatchObject({
        exitCode: 0,
      });
      const seen = await one('for i in $(seq 50); do docker logs listener 2>&1 | grep saw && exit; sleep 0.1; done');
      expect(seen.output).toMatch(/saw one/);
      expect(seen.output).not.toMatch(/saw other/);
    },
    COMMAND_MS,
  );

  test(
    'is told no private address by a name that the grading machine knows',
    async () => {
      const name = `netgrade-test-${process.pid}`;
      const labels = Object.entries(ownLabels()).flatMap(([label, value]) => ['--label', `${label}=${value}`]);
      const run = ['run', '--detach', '--name', name, ...labels, '--network', hosts.network, 'busybox', 'sleep', '60'];
      const neighbour = docker(...run);
      try {
        const known = `${name}.${hosts.network}`;
        expect(world.address(hosts.network, known)).toMatch(/^172\.|^192\.168\.|^10\./);
        expect(await one(`getent ahostsv4 ${known}`)).toEqual({ exitCode: 2, output: '' });
      } finally {
        docker('rm', '--force', neighbour);
      }
    },
    COMMAND_MS,
  );
});

test(
  'without a way out, no public address is reached either',
  async () => {
    await using sealed = await bootApart('none');
    expect(await sealed.script(0, ask(PUBLIC))).toMatchObject({ exitCode: 7 });
    expect(await one(ask(PUBLIC))).toMatchObject({ exitCode: 0 });
  },
  SETUP_MS,
);
