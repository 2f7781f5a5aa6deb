/** Attacks on what a lab host has for scripts: the terminal, the commands in place of others, the registry of the course's images. */
import path from 'node:path';
import { attempts, GOT_THROUGH, MARK, NOT_RUNNING, put, type Attack } from './attack.ts';

const REGISTRY = 'http://127.0.0.1:619';
const IMAGE = `${REGISTRY}/v2/library/nginx`;

/** Says that the registry answers: what is stopped below is not stopped because there is none. */
const CONTROL = `curl -fsS ${IMAGE}/manifests/latest > /dev/null && echo "[control] the registry answers"\n`;

export const OWN_TOOLS: Attack[] = [
  {
    name: 'tools-of-the-lab-host',
    shows:
      'A script that changes what the lab host has for scripts (the terminal, `sudo`, `apt-get`), that puts something into the registry of the course’s images, takes something else out of it, or takes its port. Nothing of it can be written, and the registry has these images and nothing else.',
    lab: 'none-network',
    write: (folder) => {
      const script = attempts({
        terminal: 'echo x >> /usr/local/sbin/with-terminal',
        commands: 'ln -sf /bin/true /usr/local/lib/netgrade/commands/apt-get',
        command: 'echo x >> /usr/local/lib/netgrade/set-up',
        sudo: 'sudo tee -a /usr/local/bin/sudo <<< x',
        folder: 'ls /var/lib/docker/registry/blobs',
        mount: `docker run --rm -v /var/lib/docker/registry:/host alpine touch /host/${MARK}`,
        upload: `curl -fsS -X POST ${IMAGE}/blobs/uploads/`,
        replace: `curl -fsS -X PUT --data-binary @/etc/hosts ${IMAGE}/manifests/latest`,
        remove: `curl -fsS -X DELETE ${IMAGE}/manifests/latest`,
        upwards: `curl -fsS --path-as-is ${IMAGE}/blobs/../../../../../../etc/shadow`,
        encoded: `curl -fsS ${IMAGE}/blobs/sha256:..%2f..%2f..%2fetc%2fshadow`,
        list: `curl -fsS ${REGISTRY}/images.json`,
        others: `curl -fsS ${REGISTRY}/v2/netgrade/debian/manifests/bookworm`,
        port: `docker run --rm --network host python python3 -c 'import socket; socket.create_server(("127.0.0.1", 619))'`,
        push: 'docker tag alpine nginx:mine && docker push nginx:mine',
      });
      put(
        path.join(folder, 'run.sh'),
        script.replace('\n', () => `\n${CONTROL}`),
      );
      put(path.join(folder, 'submission.yaml'), 'timeout: 120\n');
    },
    outcomes: [{ status: 'graded', fails: NOT_RUNNING, says: /\[control\] the registry answers[\s\S]*\] stopped/ }],
    never: GOT_THROUGH,
  },
];
