/** Ways out past the engine: to the lab host's root, to the probe agent, to other machines, to the reports. */
import path from 'node:path';
import { attempts, files, GOT_THROUGH, ISOLATED, MARK, put, STOPPED, together, within, type Attack } from './attack.ts';

const LAB = 'none-network';

export const TRESPASS: Attack[] = [
  {
    name: 'own-machine',
    shows:
      'A script that tries to become root on its lab host, to change its engine, its mounts and its kernel, and to read what the grader left there. It is an ordinary user there.',
    lab: LAB,
    write: together(
      files({
        'run.sh': attempts({
          root: '[ "$(id -u)" = 0 ]',
          // There are both, and they change nothing.
          sudo: 'test "$(sudo -n id -u)" = 0',
          su: 'test "$(su -c "id -u")" = 0',
          golden: `mount -o remount,rw /golden && touch /golden/${MARK}`,
          layers: `touch /golden/${MARK}`,
          data: 'ls /var/lib/docker/overlay2',
          settings: 'echo "{}" > /etc/docker/daemon.json',
          engine: 'kill $(pidof dockerd)',
          containerd: 'kill -9 $(pidof containerd)',
          nameserver: 'kill $(pidof dnsmasq)',
          // Asked and not done: if it could be done, it would be done to the grading machine's kernel.
          kernel: '[ -w /proc/sysrq-trigger ]',
          pattern: '[ -w /proc/sys/kernel/core_pattern ]',
          disk: 'mknod disk b 8 0',
          modules: 'insmod /dev/null',
          groups: 'mkdir /sys/fs/cgroup/free && echo $$ > /sys/fs/cgroup/free/cgroup.procs',
          namespace: 'nsenter -t 1 -m -p true',
          bounds: 'ulimit -u unlimited && ulimit -n 10000000',
        }),
      }),
      within(60),
    ),
    outcomes: STOPPED,
    never: GOT_THROUGH,
  },
  {
    name: 'kills-its-engine',
    shows:
      'A script that ends the engine it is deployed on, after an honest line. It sees no processes but its own, and the honest line counts.',
    lab: LAB,
    write: files({ 'run.sh': `${ISOLATED}kill $(pidof dockerd containerd)\nkill -9 $(pidof dockerd containerd)\n` }),
    outcomes: [{ status: 'graded', fails: [] }],
  },
  {
    name: 'probe-agent',
    shows:
      'A script that looks for the probe agent, to end it, to trace it, to read its memory, to speak in its name. It is root’s, and among processes that no script sees.',
    lab: LAB,
    write: together(
      files({
        'run.sh': `agent() { ps -eo pid,args | awk '/agent/ && !/awk/ { print $1 }'; }\nexport -f agent\n${attempts({
          kill: 'kill -9 $(agent)',
          stop: 'kill -STOP $(agent)',
          memory: 'for pid in $(agent); do head -c 1 /proc/$pid/mem && exit 0; done; exit 1',
          descriptors: 'for pid in $(agent); do ls /proc/$pid/fd && exit 0; done; exit 1',
          voice: 'for pid in $(agent); do echo "{}" > /proc/$pid/fd/1 && exit 0; done; exit 1',
          environment: 'for pid in 1 $(agent); do cat /proc/$pid/environ && exit 0; done; exit 1',
          trace: 'for pid in $(agent); do strace -p $pid -e none && exit 0; done; exit 1',
        })}`,
      }),
      within(60),
    ),
    outcomes: STOPPED,
    never: GOT_THROUGH,
  },
  {
    name: 'cuts-the-wire',
    shows:
      'A script takes down every interface of its lab host, also the wire to the machine from which “reachable from outside” is judged. What cannot be seen from outside then is not counted as closed.',
    lab: 'expose-vs-publish',
    write: files({
      Dockerfile: 'FROM busybox\nEXPOSE 8080\nCMD ["httpd", "-f", "-p", "8080"]\n',
      'run.sh': `docker build -t web .
docker run -d --name exposed web
docker run -d --name published -p 8080:8080 web
for each in $(ls /sys/class/net); do ip link delete $each; ip link set $each down; done
iptables -I INPUT -j DROP
iptables -I FORWARD -j DROP
`,
    }),
    outcomes: [
      { status: 'graded', fails: ['exposed-not-reachable', 'published-reachable'] },
      { status: 'graded', fails: ['published-reachable'], because: 'What is behind it is skipped.' },
      { status: 'error', because: 'Without the wire nothing can be judged; nobody gets a point for it.' },
    ],
  },
  {
    name: 'other-machines',
    shows:
      'A script and a container try to reach the grading machine, its engine, other lab hosts and a registry. Lab hosts have no network but their own.',
    lab: LAB,
    write: (folder, { listener }) => {
      const [address = '', port = ''] = listener.split(':');
      const network = address.replace(/\d+$/, '');
      const get = 'curl -sS --max-time 3 -o /dev/null';
      put(
        path.join(folder, 'run.sh'),
        attempts({
          grader: `${get} http://${listener}/script`,
          container: `docker run --rm alpine wget -q -T 3 -O /dev/null http://${listener}/container`,
          host: `docker run --rm --network host alpine wget -q -T 3 -O /dev/null http://${listener}/host`,
          gateway: `${get} http://$(ip route | awk '/default/ { print $3 }'):${port}/gateway`,
          engine: `${get} http://${address}:2375/version || ${get} http://${address}:2376/version`,
          neighbours: `for n in $(seq 2 12); do (exec 3<>/dev/tcp/${network}$n/22) 2>/dev/null && exit 0; done; exit 1`,
          // What an engine says of a registry out of reach would be nobody's fault.
          registry: `docker pull ${listener}/image > /dev/null 2>&1`,
          names: 'getent hosts www.example.com',
        }),
      );
      put(path.join(folder, 'submission.yaml'), 'timeout: 120\n');
    },
    outcomes: STOPPED,
    never: GOT_THROUGH,
  },
  {
    name: 'image-of-the-grader',
    shows:
      'An image of a registry that is named by its address, on the grading machine: whoever fetched it would tell what answers there. No machine with a way out is asked to.',
    lab: LAB,
    write: (folder, { listener }) => {
      const compose = `services:\n  isolated: { image: '${listener}/image:1', network_mode: none }\n`;
      put(path.join(folder, 'compose.yaml'), compose);
    },
    outcomes: [{ status: 'error', says: /names its registry by an address|network is unreachable/ }],
  },
  {
    name: 'blames-the-network',
    shows:
      'A script that starts nothing and prints what an engine prints when a registry is out of reach. It is believed, because nobody may lose points for that; it gains none by it, and the lab is to be graded again.',
    lab: LAB,
    write: files({
      'run.sh': `echo 'Error response from daemon: Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host'\nexit 1\n`,
    }),
    outcomes: [{ status: 'error', says: /could not be downloaded/ }],
  },
  {
    name: 'writes-reports',
    shows:
      'A script that writes its own report wherever reports might be, and prints one. Reports are made on the grading machine, from what was seen.',
    lab: LAB,
    write: files({
      'run.sh': `for each in reports ../reports ../../reports /reports /srv/reports; do
  mkdir -p $each; echo '{"score":100,"${MARK}":1}' > $each/writes-reports.json
done
echo '{"id":1,"answer":{"outcome":"open"}}'
docker run -dit --name isolated alpine ash
`,
      'reports/writes-reports.json': '{"score":100}',
    }),
    outcomes: [{ status: 'graded', fails: ['cannot-reach', 'loopback-only', 'no-route'] }],
  },
];
