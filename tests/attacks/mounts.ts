/** Ways to the lab host's files by a mount whose source is one thing when it is asked for, and another when it is looked up. */
import path from 'node:path';
import { attempts, GOT_THROUGH, MARK, NOT_RUNNING, put, type Attack } from './attack.ts';

/** Writes into what it finds mounted, if that is the lab host's root directory. */
const TAKE = `sh -c "ls -d /host/golden && touch /host/${MARK}"`;
/** Makes a folder, and later puts a link to the root directory in its place. */
const folder = (name: string): string => `rm -rf $PWD/? && mkdir -p $PWD/${name} &&`;
const swap = (name: string): string => `rm -rf $PWD/${name} && ln -s / $PWD/${name} &&`;

/** Says that a folder that stays one is mounted, and that links in it work: what is stopped below is not stopped by chance. */
const CONTROL = `mkdir plain && echo control > plain/file && ln -s file plain/link
docker run --rm -v "$PWD/plain:/host" alpine sh -c 'echo "[$(cat /host/link)] was mounted"'
`;

/**
 * The engine fills an empty volume from an image with a file in each of forty folders, while a container changes what is
 * there. That takes longer than an attempt may.
 */
const FILL = `docker build -q -t filling - << 'END'
FROM alpine
RUN for n in $(seq 40); do mkdir -p /fill/$n; touch /fill/$n/${MARK}; done
END
docker run -d --name filler -v fill:/v alpine sh -c 'while :; do rm -rf /v/*; for n in $(seq 40); do ln -s /opt /v/$n; done; done'
for n in $(seq 25); do docker create -v fill:/fill filling; done > /dev/null
docker rm -f filler
`;

/** The engine starts the container by itself: there is no request to judge. */
const AGAIN = `mkdir i; docker run -d --name again --restart always -v "$PWD/i:/host" alpine sh -c 'ls -d /host/golden; sleep 1; exit 1'
rm -rf i; ln -s / i
`;

const ATTEMPTS = {
  filled: `ls /opt/${MARK}`,
  again: `for n in $(seq 80); do docker logs again 2> /dev/null | grep golden && exit 0; docker inspect -f '{{.State.Error}}' again | grep -E 'links|exists' >&2 && exit 1; sleep 0.2; done; exit 1`,
  start: `${folder('a')} docker create --name ca -v "$PWD/a:/host" alpine ${TAKE} && ${swap('a')} docker start -a ca`,
  restart: `${folder('b')} docker run -d --name cb -v "$PWD/b:/host" alpine sh -c 'ls -d /host/golden; sleep 60' && ${swap('b')} docker restart -t 0 cb && docker logs cb | grep golden`,
  within: `${folder('c/etc')} docker create --name cc -v "$PWD/c/etc:/host" alpine touch /host/${MARK} && ${swap('c')} docker start -a cc`,
  into: `${folder('d')} docker create --name cd -v "$PWD/d:/host" alpine true && ${swap('d')} echo ${MARK} > ${MARK} && docker cp ${MARK} cd:/host/opt/`,
  outof: `${folder('e')} docker create --name ce -v "$PWD/e:/host" alpine true && ${swap('e')} docker cp ce:/host/etc/shadow - | tar xO`,
  volume: `${folder('f')} docker volume create -o type=none -o o=bind -o device=$PWD/f vol && ${swap('f')} docker run --rm -v vol:/host alpine ${TAKE}`,
  readonly: `${folder('g')} docker volume create -o type=none -o o=bind,ro -o device=$PWD/g ro && ${swap('g')} docker run --rm -v ro:/host alpine ls -d /host/golden`,
  temporary: `rm -rf /tmp/? $PWD/? && mkdir /tmp/k && docker create --name ck -v /tmp/k:/host alpine ${TAKE} && rm -rf /tmp/k && ln -s / /tmp/k && docker start -a ck`,
  device: `rm -rf /tmp/? $PWD/? && mkdir /tmp/l && docker run --rm -v /tmp/l:/host alpine mknod -m 666 /host/memory c 1 1 && head -c 1 /tmp/l/memory`,
  made: `${folder('h')} docker create --name ch -v "$PWD/h/${MARK}:/host" alpine true && ${swap('h')} docker start ch`,
};

export const MOUNTS: Attack[] = [
  {
    name: 'mounts-that-change',
    shows:
      'A folder of the submission is mounted, and replaced by a link to the lab host’s root directory before the container starts, is started again by hand or by the engine, or `docker cp` looks into it; the same as a volume of the driver `local`, on the way to what is mounted, in a volume that the engine fills, and in the folder for temporary files. The engine follows no links there.',
    lab: 'none-network',
    write: (lab) => {
      put(
        path.join(lab, 'run.sh'),
        attempts(ATTEMPTS).replace('\n', () => `\n${CONTROL}${FILL}${AGAIN}`),
      );
      put(path.join(lab, 'submission.yaml'), 'timeout: 240\n');
    },
    outcomes: [
      {
        status: 'graded',
        fails: NOT_RUNNING,
        says: /\[control\] was mounted[\s\S]*\[filled\] stopped: .*No such file[\s\S]*\[again\] stopped: .*(symbolic links|file exists)/,
      },
    ],
    never: GOT_THROUGH,
  },
];
