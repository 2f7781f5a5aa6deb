/** Too much of everything: files, processes, memory, disk, output, time. */
import { mkdirSync, truncateSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import { headerOf } from './archive.ts';
import { files, ISOLATED, NOT_RUNNING, put, together, within, type Attack } from './attack.ts';

const LAB = 'none-network';
const MIB = 1024 * 1024;
const GIB = 1024 * MIB;

/** A file that says it is so large, and takes no room. */
function sparse(file: string, bytes: number): void {
  put(file, '');
  truncateSync(file, bytes);
}

/** `gib` GiB of zeros in a tar archive, compressed: several compressed streams one after the other are one. */
function archiveBomb(gib: number): Buffer {
  const one = gzipSync(Buffer.alloc(64 * MIB), { level: 9 });
  const zeros = Array<Buffer>((gib * GIB) / (64 * MIB)).fill(one);
  return Buffer.concat([gzipSync(headerOf('zeros', gib * GIB - 1)), ...zeros]);
}

export const TOO_MUCH: Attack[] = [
  {
    name: 'very-many-files',
    shows:
      'A build context of 5,001 files. It is refused before anything is copied, and its author is told what to leave out.',
    lab: LAB,
    write: (folder) => {
      put(path.join(folder, 'run.sh'), ISOLATED);
      mkdirSync(path.join(folder, 'context'));
      for (let i = 0; i < 5001; i++) writeFileSync(path.join(folder, 'context', `${i}`), '');
    },
    outcomes: [{ status: 'invalid', says: /more than 5000 files and folders, most of it in "context"/ }],
  },
  {
    name: 'very-large-files',
    shows: 'Files that say they are 4 TiB large. They are measured before they are read, and refused.',
    lab: LAB,
    write: (folder) => {
      put(path.join(folder, 'run.sh'), ISOLATED);
      sparse(path.join(folder, 'data/huge'), 4096 * GIB);
    },
    outcomes: [{ status: 'invalid', says: /the submission is too large: it has .* MiB or more, most of it in "data"/ }],
  },
  {
    name: 'very-deep-folders',
    shows: 'Folders in folders, deeper than a path can be long. The walk ends at 1,000 bytes.',
    lab: LAB,
    write: (folder) => {
      put(path.join(folder, 'run.sh'), ISOLATED);
      mkdirSync(path.join(folder, ...Array<string>(600).fill('d')), { recursive: true });
    },
    outcomes: [{ status: 'invalid', says: /folders in folders so deep/ }],
  },
  {
    name: 'endless-script',
    shows: 'A script that never ends. It is ended by the submission’s own time limit, and what it had started counts.',
    lab: LAB,
    write: together(files({ 'run.sh': `${ISOLATED}sleep infinity\n` }), within(6)),
    outcomes: [{ status: 'graded', fails: [] }],
  },
  {
    name: 'endless-output',
    shows: 'A script that prints as fast as it can, until its time limit. The beginning and the end of it are kept.',
    lab: LAB,
    heavy: true,
    write: together(files({ 'run.sh': `${ISOLATED}yes\n` }), within(6)),
    outcomes: [{ status: 'graded', fails: [] }],
  },
  {
    name: 'endless-log',
    shows: 'A container that logs as fast as it can. Its log is bounded, and it is as isolated as it would be without.',
    lab: LAB,
    heavy: true,
    write: files({ 'run.sh': 'docker run -d --network none --name isolated alpine yes\n' }),
    outcomes: [{ status: 'graded', fails: [] }],
  },
  {
    name: 'endless-build',
    shows:
      'A Dockerfile with a step that never ends, and one that prints for ever. Its time limit ends it; no container runs.',
    lab: LAB,
    heavy: true,
    write: together(
      files({
        Dockerfile: 'FROM alpine\nRUN while :; do echo building; done\n',
        'compose.yaml':
          'services:\n  isolated: { build: ., container_name: isolated, network_mode: none, tty: true }\n',
      }),
      within(10),
    ),
    outcomes: [{ status: 'graded', fails: NOT_RUNNING, says: /time limit|was not done|seconds/ }],
  },
  {
    name: 'fork-bomb',
    shows:
      'A fork bomb in the script, after an honest line. It runs into the bound on processes and ends with its time limit; the honest line counts.',
    lab: LAB,
    heavy: true,
    write: together(files({ 'run.sh': `${ISOLATED}bomb() { bomb | bomb & }\nbomb\nsleep infinity\n` }), within(20)),
    outcomes: [{ status: 'graded', fails: [], says: /the limit of processes was reached \(1024 / }],
  },
  {
    name: 'fork-bomb-in-a-container',
    shows: 'The same in a container beside the honest one. The bound on processes is on all that a submission does.',
    lab: LAB,
    heavy: true,
    write: files({
      'run.sh': `${ISOLATED}docker run -d --network none --name bomb alpine sh -c 'bomb() { bomb | bomb & }; bomb; sleep 600'\n`,
    }),
    outcomes: [{ status: 'graded', fails: [] }],
  },
  {
    name: 'memory-filler',
    shows:
      'A script and a container that fill memory. The kernel ends what goes beyond the lab host’s bound, and nothing outside of it.',
    lab: LAB,
    heavy: true,
    write: together(
      files({
        'run.sh': `${ISOLATED}docker run -d --network none --name eater alpine sh -c 'tail /dev/zero'\ntail /dev/zero\n`,
      }),
      within(60),
    ),
    outcomes: [
      { status: 'graded', fails: [], says: /the memory was used up \(2 GiB / },
      {
        status: 'graded',
        fails: NOT_RUNNING,
        because:
          'The kernel chooses what to end within the bound; it may be the honest container, too, which its author filled the memory around.',
      },
    ],
  },
  {
    name: 'disk-filler',
    shows:
      'A script and a container that fill the disk. The lab host’s own is full then (4 GiB), the grading machine’s is not; what ran before goes on.',
    lab: LAB,
    heavy: true,
    write: together(
      files({
        'run.sh': `${ISOLATED}docker run -d --network none --name filler alpine sh -c 'cat /dev/zero > /filler'\ncat /dev/zero > filler\nsleep infinity\n`,
      }),
      within(30),
    ),
    outcomes: [{ status: 'graded', fails: [], says: /the disk was full \(4 GiB / }],
  },
  {
    name: 'a-million-files',
    shows: 'A script that makes a million files on the lab host and builds an image of them. Its time limit ends it.',
    lab: LAB,
    heavy: true,
    write: together(
      files({
        Dockerfile: 'FROM alpine\nCOPY . /files\n',
        'run.sh': `${ISOLATED}mkdir files; cd files; seq 1000000 | xargs touch; cd ..; docker build .; sleep infinity\n`,
      }),
      within(20),
    ),
    outcomes: [{ status: 'graded', fails: [] }],
  },
  {
    name: 'archive-bomb',
    shows:
      'An archive of 6 MiB that is 6 GiB unpacked, in a Dockerfile’s ADD. The lab host’s disk is full, and the build fails.',
    lab: LAB,
    heavy: true,
    write: together(
      (folder) => {
        put(path.join(folder, 'bomb.tar.gz'), archiveBomb(6));
      },
      files({
        Dockerfile: 'FROM alpine\nADD bomb.tar.gz /\n',
        'run.sh': `${ISOLATED}docker build .\nsleep infinity\n`,
      }),
      within(30),
    ),
    outcomes: [{ status: 'graded', fails: [] }],
  },
  {
    name: 'very-many-containers',
    shows:
      'Containers and networks without end beside an honest one. Its time limit ends it; all that there are then are looked at.',
    lab: LAB,
    heavy: true,
    write: together(
      files({
        'run.sh': `${ISOLATED}for i in $(seq 1000); do docker network create "net-$i"; docker run -d --network "net-$i" alpine sleep 600; done\n`,
      }),
      within(20),
    ),
    outcomes: [{ status: 'graded', fails: [] }],
  },
];
