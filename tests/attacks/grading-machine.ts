/** Attacks on the grading machine's own side: what reads its output, and its end of the wires between lab hosts. */
import path from 'node:path';
import { attempts, files, GOT_THROUGH, put, type Attack } from './attack.ts';

export const GRADING_MACHINE: Attack[] = [
  {
    name: 'commands-a-runner',
    shows:
      'A key of submission.yaml with line breaks: what follows them would be a command for a GitHub runner, or for another system for CI. All that is printed of it is one line.',
    lab: 'none-network',
    write: files({
      'submission.yaml': '"x\\n::notice ::earned 100\\n##[error]y\\n##vso[task.complete]z": 1\n',
      'run.sh': 'true\n',
    }),
    outcomes: [{ status: 'invalid', says: /unknown key/ }],
  },
  {
    name: 'between-its-machines',
    shows:
      'A script of a lab on two machines looks for the grading machine on the wire between them, by its addresses and by the network’s first one, with routes of its own. Nobody is on that wire but the two.',
    lab: 'overlay-network',
    write: (folder, { listener }) => {
      const [address = '', port = ''] = listener.split(':');
      const get = 'curl -sS --max-time 3 -o /dev/null';
      const first = `$(ip route show dev eth0 | sed -n 's#\\.0/[0-9]*.*#.1#p' | head -n 1)`;
      const script = attempts(
        {
          first: `${get} http://${first}:${port}/first`,
          route: `ip route add ${address} dev eth0 && ${get} http://${address}:${port}/route`,
          through: `ip route replace ${address} via ${first} dev eth0 && ${get} http://${address}:${port}/through`,
          neighbour: `ip neigh show dev eth0; ping -c 1 -W 1 ff02::1%eth0 && ${get} http://[ff02::1%25eth0]:${port}/`,
        },
        'exit 3',
      );
      put(path.join(folder, 'host1.sh'), script);
      put(path.join(folder, 'host2.sh'), '#!/bin/bash\ntrue\n');
    },
    outcomes: [{ status: 'graded', says: /\] stopped/ }],
    never: GOT_THROUGH,
  },
];
