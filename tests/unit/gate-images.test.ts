/** What the gate of a machine in use reads of requests that make images, and what it adds to them. */
import { describe, expect, test } from '@jest/globals';
import { fullNameOf } from '../../helpers/base/docker/image-name.ts';
import { imageRequest, loadedIn, Said, Steps } from '../../helpers/machine/gate/image-requests.ts';
import { fieldsOf, mapEntry, textsIn } from '../../helpers/machine/gate/protobuf.ts';
import { isSolve, readSolve } from '../../helpers/machine/gate/solve.ts';

const LABELS = { made: 'here' };

function asked(url: string): { path: string; query: Record<string, string[]> } & Record<string, unknown> {
  const { url: given = '', ...rest } = imageRequest(url, LABELS) ?? {};
  const { pathname: path, searchParams } = new URL(given, 'http://engine');
  return {
    path,
    query: Object.fromEntries([...searchParams.keys()].map((key) => [key, searchParams.getAll(key)])),
    ...rest,
  };
}

describe('requests of the Engine API', () => {
  test('a build gets labels beside its own, and the classic builder removes the container of a step that fails', () => {
    expect(asked('/v1.51/build?t=a&t=b:2&version=1&labels=%7B%22own%22%3A%22x%22%7D')).toEqual({
      path: '/v1.51/build',
      query: { t: ['a', 'b:2'], version: ['1'], labels: ['{"own":"x","made":"here"}'], forcerm: ['1'] },
      names: ['a', 'b:2'],
      tells: 'steps',
    });
  });

  test('so does one by BuildKit that comes this way (Docker 20.10)', () => {
    expect(asked('/v1.41/build?t=a&version=2&labels=null')).toEqual({
      path: '/v1.41/build',
      query: { t: ['a'], version: ['2'], labels: ['{"made":"here"}'] },
      names: ['a'],
    });
  });

  test('a commit and an import get a label', () => {
    const change = ['LABEL "made"="here"'];
    expect(asked('/v1.51/commit?container=c&repo=docker.io%2Flibrary%2Fa&tag=2&changes=CMD+x')).toMatchObject({
      query: { changes: ['CMD x', ...change] },
      names: ['docker.io/library/a:2'],
    });
    expect(asked('/v1.51/images/create?fromSrc=-&repo=a')).toMatchObject({
      query: { changes: change },
      names: ['a:latest'],
    });
    expect(asked('/v1.51/commit?container=c')).toMatchObject({ query: { changes: change }, names: [] });
  });

  test('a tag names an image that is there, and an archive tells its names afterwards', () => {
    expect(imageRequest('/v1.51/images/a%2Fb/tag?repo=c&tag=1', LABELS)).toMatchObject({
      names: ['c:1'],
      named: 'a/b',
    });
    expect(imageRequest('/v1.51/images/load?quiet=1', LABELS)).toMatchObject({ names: [], tells: 'loaded' });
  });

  test.each(['/v1.51/images/create?fromImage=alpine&tag=latest', '/v1.51/exec/0/start', '/session'])(
    '%s makes no image of the submission’s',
    (url) => {
      expect(imageRequest(url, LABELS)).toBeUndefined();
    },
  );
});

describe('what the engine says', () => {
  const stepsIn = (texts: string[]): { made: string[]; built: string | undefined } => {
    const steps = new Steps();
    return { made: texts.flatMap((text) => steps.hear(text) ?? []), built: steps.built };
  };

  test('comes in parts that may break off anywhere', () => {
    const said = new Said();
    const lines = Buffer.from(
      `${JSON.stringify({ stream: 'übrig\n' })}\r\n${JSON.stringify({ aux: { ID: 'x' } })}\r\n`,
    );
    expect([...lines].flatMap((byte) => said.hear(Buffer.from([byte])))).toEqual(['übrig\n']);
  });

  test('may be a line without an end, of which no more is kept than a little', () => {
    const said = new Said();
    for (let part = 0; part < 1000; part++) said.hear(Buffer.alloc(10_000, 'x'));
    expect(said.hear(Buffer.from('\n{"stream":"and then"}\n'))).toEqual(['and then']);
  });

  test('the steps of a build that are new, and not those that were there', () => {
    expect(
      stepsIn([
        ...['Step 1/4 : FROM alpine', '\n', ' ---> c55da0074e11\n'],
        ...['Step 2/4 : RUN true', '\n', ' ---> Using cache\n', ' ---> 111111111111\n'],
        ...['Step 3/4 : COPY . .', '\n', ' ---> 222222222222\n'],
        ...['Step 4/4 : RUN false', '\n', ' ---> Running in 999999999999\n'],
        ...[' ---> Removed intermediate container 999999999999\n', ' ---> 333333333333\n'],
        'Successfully built 333333333333\n',
      ]),
    ).toEqual({ made: ['222222222222', '333333333333'], built: '333333333333' });
  });

  test('a build without output tells only the image', () => {
    const id = 'c55da0074e11'.repeat(5).padEnd(64, '0');
    expect(stepsIn([`sha256:${id}\n`])).toEqual({ made: [], built: id });
  });

  test('the names in an archive', () => {
    const texts = ['Loaded image: alpine:latest\n', 'Loaded image ID: sha256:0123\n', 'Loaded image: a/b:2\n'];
    expect(texts.map(loadedIn)).toEqual(['alpine:latest', undefined, 'a/b:2']);
  });
});

test.each([
  ['docker.io/library/web', 'web:latest'],
  ['web:1', 'web:1'],
  ['localhost:5000/web', 'localhost:5000/web:latest'],
  ['docker.io/a/web:2', 'a/web:2'],
])('the engine lists %s as %s', (given, listed) => {
  expect(fullNameOf(given)).toBe(listed);
});

describe('requests of BuildKit', () => {
  const CONTROL = '/moby.buildkit.v1.Control/Solve';
  const GATEWAY = '/moby.buildkit.v1.frontend.LLBBridge/Solve';
  const text = (number: number, value: string): Buffer =>
    Buffer.concat([Buffer.from([number * 8 + 2, value.length]), Buffer.from(value)]);
  const sent = (...parts: Buffer[]): Buffer => {
    const message = Buffer.concat(parts);
    const prefix = Buffer.alloc(5);
    prefix.writeUInt32BE(message.length, 1);
    return Buffer.concat([prefix, message]);
  };
  const optionsOf = (body: Buffer, number: number): Record<string, string> => {
    expect(body.readUInt32BE(1)).toBe(body.length - 5);
    return Object.fromEntries(textsIn(fieldsOf(body.subarray(5)), number));
  };

  const NAME = mapEntry(4, 'name', 'docker.io/library/a,b:2');
  const ATTRIBUTES = Buffer.concat([text(1, 'moby'), mapEntry(2, 'name', 'docker.io/library/a,b:2')]);
  const EXPORTER = Buffer.concat([Buffer.from([12 * 8 + 2, ATTRIBUTES.length]), ATTRIBUTES]);

  test.each([
    ['exporters', [EXPORTER]],
    ['an attribute, as older clients say it', [NAME]],
    ['both', [NAME, EXPORTER]],
  ])('the names of what is built are in %s', (_, named) => {
    expect(readSolve(CONTROL, sent(text(1, 'ref'), ...named)).names).toEqual(['docker.io/library/a', 'b:2']);
  });

  test('what is built may have no name', () => {
    expect(readSolve(CONTROL, sent(text(1, 'ref'))).names).toEqual([]);
  });

  test.each([
    [CONTROL, 6, 7],
    [GATEWAY, 2, 3],
  ])('%s gets a label among the options of its frontend', (path, frontend, options) => {
    const own = mapEntry(options, 'target', 'x'.repeat(300));
    const { labelled } = readSolve(path, sent(text(frontend, 'dockerfile.v0'), own, Buffer.from([11 * 8, 1])));
    expect(optionsOf(labelled(LABELS), options)).toEqual({ target: 'x'.repeat(300), 'label:made': 'here' });
  });

  test('a request without a frontend is passed on as it is', () => {
    const body = sent(text(1, 'ref'));
    expect(readSolve(CONTROL, body).labelled(LABELS)).toBe(body);
  });

  test('what is no such message is refused, and other requests are not read', () => {
    expect(() => readSolve(CONTROL, sent(Buffer.from([7, 7, 7])))).toThrow(/no field/);
    expect(() => readSolve(CONTROL, sent(Buffer.from([10, 99])))).toThrow(/no field/);
    expect(() => readSolve(CONTROL, sent(Buffer.from([255])))).toThrow(/in the middle/);
    expect(() => readSolve(CONTROL, sent(Buffer.alloc(100_000, Buffer.from([4 * 8 + 2, 0]))))).toThrow(/1000 fields/);
    expect([isSolve(CONTROL), isSolve('/moby.buildkit.v1.Control/Status')]).toEqual([true, false]);
  });
});
