/** Who is found to be like whom: copies, however disguised, and nobody who went a way of their own. */
import { beforeAll, describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { StudentRecord } from '../../helpers/report/record.ts';
import type { Fingerprint } from '../../helpers/report/similarity/fingerprint.ts';
import { similarGroups } from '../../helpers/report/similarity/groups.ts';
import { mostThatAreFew, similarPairs } from '../../helpers/report/similarity/pairs.ts';
import { casesOf } from '../helpers/corpus.ts';
import { RUNS } from '../helpers/records.ts';
import {
  classOf,
  fingerprintOfFiles,
  fingerprintOfFolder,
  fingerprintsOfCases,
  labWith,
  solution,
  solutionsOf,
} from '../helpers/similarity.ts';

const EXERCISE = 'nginx-flask-mongo';
const TUTORIAL = 'user-defined-bridge';

/** Pairs of corpus cases that stand out rightly: their author put the same files into both. */
const SAME_FILES = ['nginx-streams-mongo', 'relay-in-nginx-sandbox', 'relay-publishes-mongo'];

const honest = new Map<string, Map<string, Fingerprint>>();
beforeAll(async () => {
  for (const lab of [EXERCISE, TUTORIAL]) {
    const fingerprints = new Map<string, Fingerprint>();
    for (const [name, folder] of solutionsOf(lab)) fingerprints.set(name, await fingerprintOfFolder(lab, folder));
    const cases = casesOf(lab).filter(({ good }) => good);
    const names = cases.map(({ name }) => name).slice(0, 30 - fingerprints.size);
    honest.set(lab, new Map([...fingerprints, ...(await fingerprintsOfCases(lab, names))]));
  }
}, 30_000);

function classWith(lab: string, more: Record<string, Fingerprint>): StudentRecord[] {
  return classOf(lab, [...honest.get(lab)!, ...Object.entries(more)]);
}

function found(records: StudentRecord[]): string[] {
  return similarPairs(records).map(({ students }) => students.join(' ~ '));
}

const DISGUISED = {
  'addresses/docker-compose.yml': {
    'compose.yaml': `
# all my own work
networks:
    private-net-1: {ipam: {config: [{gateway: 10.5.9.254, subnet: 10.5.9.0/24}]}, driver: "bridge"}
    public-net-1: {ipam: {config: [{gateway: 10.5.8.254, subnet: 10.5.8.0/24}]}, driver: "bridge"}
services:
    storage:
        networks: {private-net-1: {ipv4_address: 10.5.9.7}}
        healthcheck:
            retries: 15
            interval: 3s      # often
            timeout: 4s
            test: [CMD-SHELL, "mongosh --norc --quiet --eval 'quit(db.hello().isWritablePrimary ? 0 : 2)'"]
        container_name: mongo
        image: mongo
    logic:
        logging: {options: {max-file: "2", max-size: "5m"}, driver: json-file}
        depends_on: {storage: {condition: service_healthy}}
        container_name: flask-app
        build: ./flask-app
        networks: {private-net-1: {ipv4_address: 10.5.9.8}, public-net-1: {ipv4_address: 10.5.8.8}}
    entry:
        logging: {options: {max-file: "2", max-size: "5m"}, driver: json-file}
        depends_on: [logic]
        ports: ['8080:80']
        container_name: nginx
        build: ./nginx
        networks: {public-net-1: {ipv4_address: 10.5.8.9}}
`,
  },
  'functions/run.sh': {
    'run.sh': `#!/bin/bash
set -euo pipefail

# is it there yet?
await_listener() {
    local c=$1 p=$2 n=0
    while ! docker exec "$c" bash -c "exec 3<>/dev/tcp/127.0.0.1/$p" 2> /dev/null; do
        n=$((n + 1))
        if [ "$n" -gt 40 ]; then
            note "$c does not listen on port $p"
            return 1
        fi
        sleep 0.5
    done
}
note() {
    printf '[%s] %s\\n' "$(date +%T)" "$*" >&2
}
ensure_bridge() {
    local bridge_name=$1
    if ! docker network inspect "$bridge_name" > /dev/null 2>&1; then
        note "making network $bridge_name"
        docker network create --driver bridge "$bridge_name" > /dev/null
    fi
}

note "building"
docker build --quiet --tag solution-app flask-app > /dev/null
docker build --quiet --tag solution-web nginx > /dev/null
for bridge_name in private-net-1 public-net-1; do ensure_bridge "$bridge_name"; done
docker run --detach --name mongo --network private-net-1 mongo
await_listener mongo 27017
docker run --detach --name flask-app --network private-net-1 solution-app
docker network connect public-net-1 flask-app
docker run --detach --name nginx --network public-net-1 --publish 8080:80 solution-web
`,
  },
};

describe('in a class of about 30', () => {
  test.each([EXERCISE, TUTORIAL])('%s: nobody who went a way of their own is found', (lab) => {
    const records = classWith(lab, {});
    expect(records.length).toBeGreaterThanOrEqual(lab === EXERCISE ? 30 : 13);
    expect(found(records)).toEqual([]);
  });

  test.each(['restarts', 'addresses', 'functions', 'arrays', 'limits', 'inline'])(
    'an exact copy of "%s" is found if there is enough in it, and nobody else',
    (name) => {
      const original = honest.get(EXERCISE)!.get(name)!;
      const pairs = similarPairs(classWith(EXERCISE, { 'a-copy': original }));
      const enough = original.grams.split(' ').length >= 10;
      expect(pairs.map(({ students, share }) => [...students, share])).toEqual(enough ? [['a-copy', name, 1]] : []);
      expect(enough).toBe(name !== 'restarts'); // which is what everybody writes
    },
  );

  test.each(Object.entries(DISGUISED))('a disguised copy of %s is found, and nobody else', async (of, files) => {
    const name = of.split('/')[0]!;
    const pairs = similarPairs(classWith(EXERCISE, { 'a-copy': await fingerprintOfFiles(EXERCISE, files) }));
    expect(pairs.map(({ students }) => students)).toEqual([['a-copy', name]]);
    const [{ share, common, sameNames } = { share: 0, common: 0, sameNames: 0 }] = pairs;
    expect(share).toBeGreaterThan(0.7);
    expect(sameNames).toBeLessThan(common); // the names are others
  });

  test('a copy of the tutorial with checks of one’s own is found; one of the tutorial alone is not', () => {
    const { checks, loop } = Object.fromEntries(honest.get(TUTORIAL)!);
    expect(found(classWith(TUTORIAL, { x: checks! }))).toEqual(['checks ~ x']);
    expect(found(classWith(TUTORIAL, { x: loop! }))).toEqual([]);
  });

  test('what the course gives out, the obvious solution and the hand-out’s commands are nobody’s own', async () => {
    for (const example of ['example-good', 'example-published-solution']) {
      const { grams, names } = await fingerprintOfFolder(EXERCISE, `submissions/${example}/${EXERCISE}`);
      expect([grams, names]).toEqual(['', []]);
    }
    expect((await fingerprintOfFolder(EXERCISE, `specs/material/${EXERCISE}/other-edition`)).grams).toBe('');
    const plain = { 'run.sh': 'docker network create alpine-net\n' };
    expect(await fingerprintOfFiles(TUTORIAL, plain)).toEqual({ grams: '', names: [] });
  });

  test('what more than a few have is not rare: then it counts for nobody', () => {
    const original = honest.get(EXERCISE)!.get('limits')!;
    const copies = (count: number): Record<string, Fingerprint> =>
      Object.fromEntries(Array.from({ length: count }, (_, i) => [`copy-${i}`, original]));
    expect(similarGroups(classWith(EXERCISE, copies(2))).map(({ students }) => students.length)).toEqual([3]);
    expect(found(classWith(EXERCISE, copies(12)))).toEqual([]);
  });
});

describe('the corpus as a class', () => {
  test.each([TUTORIAL, 'netflix', EXERCISE])(
    '%s: who stands out has the same files',
    async (lab) => {
      const some = casesOf(lab).filter(({ name, rare }) => !rare || SAME_FILES.includes(name));
      const cases = await fingerprintsOfCases(
        lab,
        some.map(({ name }) => name),
      );
      const students = [...new Set(similarPairs(classOf(lab, cases)).flatMap((pair) => pair.students))];
      expect(students.sort()).toEqual(lab === EXERCISE ? SAME_FILES : []);
    },
    30_000,
  );
});

describe('a small class', () => {
  test('needs more: hardly anything can be told to be rare', async () => {
    const long = await fingerprintOfFiles(EXERCISE, { 'run.sh': solution(EXERCISE, 'functions', 'run.sh') });
    const short = honest.get(EXERCISE)!.get('arrays')!;
    expect(found(classOf(EXERCISE, [['a', long], ['b', long]]))).toEqual(['a ~ b']); // prettier-ignore
    expect(found(classOf(EXERCISE, [['a', short], ['b', short]]))).toEqual([]); // prettier-ignore
    expect(found(classWith(EXERCISE, { b: short }))).toEqual(['arrays ~ b']);
  });

  test('two lines are not enough, whatever they say', async () => {
    const two = await fingerprintOfFiles(EXERCISE, {
      'run.sh': 'docker run -d --name purple-elephant --memory 77m --cpus 0.3 mongo --quiet\necho it is running now\n',
    });
    expect(two.grams).not.toBe('');
    expect(found(classOf(EXERCISE, [['a', two], ['b', two]]))).toEqual([]); // prettier-ignore
    expect(found(classWith(EXERCISE, { a: two, b: two }))).toEqual([]);
  });
});

describe('names', () => {
  const seen = (...names: string[]) => ({
    networks: [],
    containers: names.map((name) => ({ name, image: 'alpine', state: 'running', networks: [], ports: [] })),
  });

  test('that nobody else would make up are enough, and are said', async () => {
    const names = ['wombat-7', 'kangaroo', 'emu-net', 'platypus'];
    const one = await fingerprintOfFiles(TUTORIAL, {}, seen(...names, 'echidna'));
    const other = await fingerprintOfFiles(TUTORIAL, {}, seen(...names, 'alpine1'));
    const [pair, ...others] = similarPairs(classWith(TUTORIAL, { one, other }));
    expect(others).toEqual([]);
    expect(pair).toMatchObject({ students: ['one', 'other'], common: 0, names: [...names].sort() });
  });

  test.each([
    ['of anybody', ['web', 'api', 'db', 'proxy', 'backend2', 'my-net']],
    ['told apart by a number only', ['wombat1', 'wombat2', 'wombat3', 'wombat-4', 'wombat_5']],
    ['that Compose made of the folder’s', ['lab-nginx-1', 'lab-mongo-1', 'lab-web-1', 'lab-api-1']],
  ])('%s are not', async (_, names) => {
    const files = { 'compose.yaml': 'services: { nginx: {}, mongo: {}, web: {}, api: {} }' };
    const one = await fingerprintOfFiles(TUTORIAL, files, seen(...names));
    expect(found(classWith(TUTORIAL, { one, other: one }))).toEqual([]);
  });
});

describe('whatever the fingerprints are', () => {
  const hex = fc.integer({ min: 0, max: 60 }).map((n) => n.toString(16).padStart(8, '0'));
  const gram = fc.tuple(hex, hex).map(([shape, text]) => shape + text);
  const fingerprint = fc.record({
    grams: fc.uniqueArray(gram, { maxLength: 40 }).map((grams) => grams.sort().join(' ')),
    names: fc.uniqueArray(fc.constantFrom('wombat', 'emu', 'kea', 'moa', 'kiwi', 'tui', 'weka'), { maxLength: 7 }),
  });
  const aClass = fc.array(fingerprint, { minLength: 2, maxLength: 12 }).map((fingerprints) =>
    classOf(
      'a-lab',
      fingerprints.map((each, i) => [`s${i}`, each]),
    ),
  );

  test('the order of the class does not matter, and each pair is said once, with shares of at most 1', () => {
    fc.assert(
      fc.property(aClass, fc.infiniteStream(fc.nat()), (records, random: Iterator<number, number>) => {
        const shuffled = records
          .map((record) => ({ record, at: random.next().value }))
          .sort((a, b) => a.at - b.at)
          .map(({ record }) => record);
        const pairs = similarPairs(records);
        expect(similarPairs(shuffled)).toEqual(pairs);
        expect(similarGroups(shuffled)).toEqual(similarGroups(records));
        expect(new Set(pairs.map(({ students }) => students.join())).size).toBe(pairs.length);
        for (const { students, share, common, sameNames } of pairs) {
          expect(students[0] < students[1]).toBe(true);
          expect(share > 0 && share <= 1 && sameNames <= common).toBe(true);
        }
      }),
      RUNS,
    );
  });

  test('a submission is wholly like itself', () => {
    fc.assert(
      fc.property(fingerprint, (each) => {
        const pairs = similarPairs(classOf('a-lab', [['a', each], ['b', each]])); // prettier-ignore
        expect(pairs.every(({ share }) => share === 1)).toBe(true);
        expect(pairs.length === 1 || each.grams.split(' ').length < 100).toBe(true);
      }),
      RUNS,
    );
  });
});

test('groups: whoever hangs together in a lab, and labs are kept apart', () => {
  const grams = (of: string): string =>
    Array.from({ length: 20 }, (_, i) => `${of}${i}`.padEnd(8, '.').repeat(2)).join(' ');
  const record = (student: string, first: string, second: string): StudentRecord => ({
    ...classOf('x', [])[0]!,
    student,
    labs: [labWith('lab-1', { grams: grams(first), names: [] }), labWith('lab-2', { grams: grams(second), names: [] })],
  });
  const students = [record('d', 'aaa', 'bbb'), record('c', 'aaa', 'ccc'), record('b', 'ddd', 'bbb')];
  const others = Array.from({ length: 12 }, (_, i) => record(`x${i}`, `1${i}f`, `2${i}e`));
  expect(similarGroups([...students, ...others]).map((group) => [group.lab, group.students])).toEqual([
    ['lab-1', ['c', 'd']],
    ['lab-2', ['b', 'd']],
  ]);
});

test('few are two in a small class, six in one of 30, twenty in one of 300', () => {
  expect([2, 8, 12, 30, 300].map(mostThatAreFew)).toEqual([2, 2, 3, 6, 20]);
});

test('members of a group are no copies of each other; their group may be one of somebody else', () => {
  const [, fingerprint] = [...honest.get(EXERCISE)!][0]!;
  const records = classWith(EXERCISE, { 'zoe-1': fingerprint, 'zoe-2': fingerprint });
  const both = records.map((record) =>
    record.student.startsWith('zoe')
      ? { ...record, labs: record.labs.map((lab) => ({ ...lab, group: 'team' })) }
      : record,
  );
  expect(found(records)).toContain('zoe-1 ~ zoe-2');
  expect(found(both)).not.toContain('zoe-1 ~ zoe-2');
  expect(found(both).some((pair) => pair.includes('zoe-1'))).toBe(true);
});
