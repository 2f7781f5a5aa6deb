/** Ways out of the submission: to the lab host's root, to what lab hosts share, to the probe agent, to other machines. */
import path from 'node:path';
import { symlinkSync } from 'node:fs';
import {
  attempts,
  files,
  GOT_THROUGH,
  ISOLATED,
  MARK,
  NOT_RUNNING,
  put,
  together,
  within,
  type Attack,
} from './attack.ts';

const LAB = 'none-network';
const STOPPED = [{ status: 'graded', fails: NOT_RUNNING, says: /\] stopped/ }] as const;

/** A service beside the honest one; Compose starts none of them when the engine refuses one. */
function beside(service: string): string {
  return `services:
  isolated: { image: alpine, container_name: isolated, network_mode: none, tty: true, stdin_open: true, depends_on: [other] }
  other: { image: alpine, tty: true, ${service} }
`;
}

/** What a container with the run of the lab host would do to what all lab hosts share. */
const SPOIL = `mount -o remount,rw /host/golden; touch /host/golden/${MARK} /host/tmp/${MARK}`;

export const TRESPASS: Attack[] = [
  {
    name: 'privileged',
    shows: 'A privileged container in a Compose file. The engine refuses it, and its author reads why.',
    lab: LAB,
    write: files({ 'compose.yaml': beside('privileged: true') }),
    outcomes: [{ status: 'graded', fails: NOT_RUNNING, says: /denied: a privileged container/ }],
  },
  {
    name: 'docker-socket',
    shows: 'A mount of the engine’s own socket. It is refused.',
    lab: LAB,
    write: files({ 'compose.yaml': beside(`volumes: ['/var/run/docker.sock:/var/run/docker.sock']`) }),
    outcomes: [{ status: 'graded', fails: NOT_RUNNING, says: /denied: the engine's own socket/ }],
  },
  {
    name: 'root-directory',
    shows:
      'A mount of the lab host’s root directory, to write into the image layers that all lab hosts share. It is refused.',
    lab: LAB,
    write: files({ 'compose.yaml': beside(`volumes: ['/:/host'], command: [sh, -c, '${SPOIL}']`) }),
    outcomes: [{ status: 'graded', fails: NOT_RUNNING, says: /denied: .* is not allowed on a lab host/ }],
  },
  {
    name: 'ways-to-the-root-directory',
    shows:
      'Other ways to mount it: through a link of the submission, a volume of the driver `local` with `o=bind`, `--mount`, `../`, the temporary folder, /proc, what the engine keeps, a build. None gets through.',
    lab: LAB,
    write: (folder, targets) => {
      symlinkSync('/', path.join(folder, 'link'));
      files({ Dockerfile: 'FROM alpine\nRUN --security=insecure mount -o remount,rw /\n' })(folder, targets);
      const run = 'docker run --rm';
      const spoil = `alpine sh -c "touch /host/tmp/${MARK} /host/${MARK}"`;
      put(
        path.join(folder, 'run.sh'),
        attempts({
          link: `${run} -v "$PWD/link:/host" ${spoil}`,
          linked: `ln -sfn / later; ${run} -v "$PWD/later/etc/..:/host" ${spoil}`,
          mount: `${run} --mount type=bind,source=/,target=/host ${spoil}`,
          upwards: `${run} -v "$PWD/../../..:/host" ${spoil}`,
          volume: `docker volume create -o type=none -o o=bind -o device=/ root && ${run} -v root:/host ${spoil}`,
          inline: `${run} --mount type=volume,target=/host,volume-opt=type=none,volume-opt=o=bind,volume-opt=device=/ ${spoil}`,
          golden: `${run} -v /golden:/host alpine touch /host/${MARK}`,
          engine: `${run} -v /var/lib/docker:/host alpine touch /host/${MARK}`,
          proc: `${run} -v /proc:/host alpine touch /host/1/root/${MARK}`,
          api: `docker run --rm --use-api-socket alpine true`,
          socket: `${run} -v /run:/host alpine ls /host/docker.sock`,
          etc: `${run} -v /etc:/host alpine touch /host/${MARK}`,
          build: 'DOCKER_BUILDKIT=1 docker build --allow security.insecure .',
          service: `docker swarm init --advertise-addr 127.0.0.1 && docker service create -d --mount type=bind,source=/,target=/host ${spoil}`,
        }),
      );
      put(path.join(folder, 'submission.yaml'), 'timeout: 120\n');
    },
    outcomes: STOPPED,
    never: GOT_THROUGH,
  },
  {
    name: 'ways-to-more-rights',
    shows:
      'Capabilities, devices, the host’s namespaces, profiles switched off, privileged `exec`, other runtimes, control groups, builders and plugins. None gets through.',
    lab: LAB,
    write: together(
      files({
        'run.sh': attempts({
          privileged: 'docker run --rm --privileged alpine true',
          exec: 'docker run -dit --name plain alpine && docker exec --privileged plain true',
          capabilities: 'docker run --rm --cap-add ALL alpine true',
          admin: 'docker run --rm --cap-add SYS_ADMIN alpine true',
          module: 'docker run --rm --cap-add sys_module alpine true',
          device: 'docker run --rm --device /dev/kmsg alpine true',
          devices: 'docker run --rm --device-cgroup-rule "a *:* rwm" alpine true',
          pid: 'docker run --rm --pid host alpine true',
          ipc: 'docker run --rm --ipc host alpine true',
          cgroup: 'docker run --rm --cgroupns host alpine true',
          seccomp: 'docker run --rm --security-opt seccomp=unconfined alpine true',
          paths: 'docker run --rm --security-opt systempaths=unconfined alpine true',
          parent: 'docker run --rm --cgroup-parent / alpine true',
          oom: 'docker run --rm --oom-score-adj -1000 alpine true',
          builder: 'docker buildx create --driver docker-container --driver-opt image=alpine:latest --bootstrap',
          plugin: 'docker plugin install --grant-all-permissions vieux/sshfs',
        }),
      }),
      within(120),
    ),
    outcomes: STOPPED,
    never: GOT_THROUGH,
  },
  {
    name: 'hooks-with-rights',
    shows: 'Compose’s lifecycle hooks can ask for a privileged `exec`. The engine refuses it as it refuses the others.',
    lab: LAB,
    write: files({
      'compose.yaml': `services:
  isolated:
    image: alpine
    container_name: isolated
    network_mode: none
    tty: true
    post_start: [{ command: [sh, -c, 'mount -t proc proc /mnt && touch /tmp/${MARK}'], user: root, privileged: true }]
`,
    }),
    outcomes: [
      { status: 'graded', fails: [], because: 'The container itself was started before, and is isolated.' },
      { status: 'graded', fails: NOT_RUNNING, because: 'Compose ends what it has started when a hook fails.' },
    ],
  },
  {
    name: 'device-files',
    shows:
      'A container may make a file for any device of the machine, and may not open it. A script tries to open it for it: in a folder that both see, in a volume, in the container’s own root directory. Where scripts run, no device file works, and no process of a container is seen.',
    lab: LAB,
    write: together(
      files({
        'run.sh': attempts({
          // The kernel's source of random bytes: a device that does no harm.
          folder: `docker run --rm -v "$PWD:/here" alpine sh -c 'mknod /here/device c 1 9; chmod 666 /here/device' && head -c 1 device > /dev/null`,
          volume:
            `docker run --rm -v vol:/here alpine sh -c 'mknod /here/device c 1 9; chmod 777 /here; chmod 666 /here/device' &&` +
            ' head -c 1 /var/lib/docker/volumes/vol/_data/device > /dev/null',
          root:
            `docker run -d --name deep alpine sh -c 'mknod /device c 1 9; chmod 666 /device; exec setpriv --reuid 1000 --clear-groups sleep 60' &&` +
            ` for i in $(seq 20); do pid=$(docker inspect -f '{{.State.Pid}}' deep); [ -r /proc/$pid/root/device ] && exec head -c 1 /proc/$pid/root/device > /dev/null; sleep 0.1; done; exit 1`,
          processes: '[ -d /proc/$(docker inspect -f "{{.State.Pid}}" deep)/root ]',
          setuid:
            `docker run --rm -v "$PWD:/here" alpine sh -c 'cp /bin/busybox /here/su; chown 0:0 /here/su; chmod 4755 /here/su' &&` +
            ' [ "$(./su id -u)" = 0 ]',
        }),
      }),
      within(60),
    ),
    outcomes: STOPPED,
    never: GOT_THROUGH,
  },
  {
    name: 'own-machine',
    shows:
      'A script that tries to become root on its lab host, to change its engine, its mounts and its kernel, and to read what the grader left there. It is an ordinary user there.',
    lab: LAB,
    write: together(
      files({
        'run.sh': attempts({
          root: '[ "$(id -u)" = 0 ]',
          sudo: 'test "$(sudo -n id -u)" = 0 || su -c true', // there is one, which changes nothing
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
