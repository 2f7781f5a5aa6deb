/** Ways out through the engine: what a container would have to be allowed, to get at its lab host or at devices. */
import path from 'node:path';
import { symlinkSync } from 'node:fs';
import {
  attempts,
  files,
  GOT_THROUGH,
  MARK,
  NOT_RUNNING,
  put,
  STOPPED,
  together,
  within,
  type Attack,
} from './attack.ts';

const LAB = 'none-network';

/** A service beside the honest one; Compose starts none of them when the engine refuses one. */
function beside(service: string): string {
  return `services:
  isolated: { image: alpine, container_name: isolated, network_mode: none, tty: true, stdin_open: true, depends_on: [other] }
  other: { image: alpine, tty: true, ${service} }
`;
}

/** What a container with the run of the lab host would do to what all lab hosts share. */
const SPOIL = `mount -o remount,rw /host/golden; touch /host/golden/${MARK} /host/tmp/${MARK}`;

export const RIGHTS: Attack[] = [
  {
    name: 'privileged',
    shows: 'A privileged container in a Compose file. The engine refuses it, and its author reads why.',
    lab: LAB,
    write: files({ 'compose.yaml': beside('privileged: true') }),
    outcomes: [{ status: 'graded', fails: NOT_RUNNING, says: /denied: a privileged container/ }],
  },
  {
    name: 'docker-socket',
    shows: 'A mount of the engine’s own socket. It is refused, and the others are brought up without that service.',
    lab: LAB,
    write: files({ 'compose.yaml': beside(`volumes: ['/var/run/docker.sock:/var/run/docker.sock']`) }),
    outcomes: [{ status: 'graded', fails: [], says: /denied: the engine's own socket/ }],
  },
  {
    name: 'root-directory',
    shows:
      'A mount of the lab host’s root directory, to write into the image layers that all lab hosts share. It is refused, and the others are brought up without that service.',
    lab: LAB,
    write: files({ 'compose.yaml': beside(`volumes: ['/:/host'], command: [sh, -c, '${SPOIL}']`) }),
    outcomes: [{ status: 'graded', fails: [], says: /denied: .* is not allowed on a lab host/ }],
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
          service: `docker service create -d --mount type=bind,source=/,target=/host ${spoil}`,
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
];
