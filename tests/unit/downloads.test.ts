import { describe, expect, test } from '@jest/globals';
import { unknownImages, whatIsMissing } from '../../helpers/run/downloads.ts';
import type { Provided } from '../../helpers/machine/lab-host/image-shelf.ts';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';

/** As the Docker command says it on a machine without a way out. */
const NO_REGISTRY =
  'docker: Error response from daemon: Get "https://registry.example/v2/": dial tcp: lookup registry.example: no such host';
const NO_PACKAGE =
  "WARNING: Retrying after connection broken by 'NewConnectionError: Failed to establish a new connection: [Errno -2] Name or service not known': /simple/flask/";
const FAILED_BUILD =
  'ERROR: failed to solve: process "/bin/sh -c cp nothing /" did not complete successfully: exit code: 1';
const NOBODYS = { noSuch: [] };

function hostWith(images: string[], sealed?: string): LabHost {
  const getImage = (name: string): object => ({
    inspect: () => (images.includes(name) ? Promise.resolve({}) : Promise.reject(new Error('no such image'))),
  });
  return { docker: { getImage }, ...(sealed !== undefined && { sealed }) } as unknown as LabHost;
}

const SEALED = hostWith([], 'say --egress');
const script = (text: string): { file: string; text: string }[] => [{ file: 'run.sh', text }];
const missing = (output: string, provided: Provided = NOBODYS, text = ''): Promise<string | undefined> =>
  whatIsMissing([SEALED], [output], provided, script(text));

const PROVIDED = { noSuch: [], missing: { image: 'redis:7', why: 'its registry is out of order' } };

describe('what could not be downloaded, when a role does not run', () => {
  test('is what the porter did not get, whatever the output says', async () => {
    const why = await whatIsMissing([hostWith([])], [NO_REGISTRY], PROVIDED, []);
    expect(why).toMatch(/: its registry is out of order$/);
  });

  test('is nothing, when the submission has built what the porter did not get', async () => {
    expect(await whatIsMissing([hostWith(['redis:7'])], [''], PROVIDED, [])).toBeUndefined();
  });

  test('is what the output says, with why there is no way out', async () => {
    expect(await missing(NO_REGISTRY)).toBe(
      `something the submission needs could not be downloaded: ${NO_REGISTRY} (say --egress)`,
    );
  });

  test('is no image of which a registry has said that there is none: that is the submission’s mistake', async () => {
    const provided = { noSuch: ['ngnix:latest'] };
    expect(await missing(NO_REGISTRY, provided)).toBeUndefined();
    expect(await unknownImages(SEALED, provided)).toEqual(['ngnix:latest']);
    expect(await missing(`${NO_REGISTRY}\n${NO_PACKAGE}`, provided)).toContain(NO_PACKAGE);
  });
});

describe('an image of the submission’s own, which is looked for when its build has failed,', () => {
  const asked = `${FAILED_BUILD}\nUnable to find image 'web:latest' locally\n${NO_REGISTRY}`;

  test.each([
    ['named in the script', 'docker build -t web .\ndocker run -d web'],
    ['named by a variable', 'docker build -t "$IMAGE" .\ndocker run -d "$IMAGE"'],
  ])('is no download: %s', async (_, text) => {
    expect(await missing(asked, NOBODYS, text)).toBeUndefined();
  });

  test('does not hide what its build wanted from the network', async () => {
    const output = `E: Temporary failure resolving 'deb.example'\n${asked}`;
    expect(await missing(output, NOBODYS, 'docker build -t web .')).toContain('deb.example');
  });

  test('does not hide another image that is needed', async () => {
    const redis = `Unable to find image 'redis:7' locally\n${NO_REGISTRY}`;
    expect(await missing(`${asked}\n${redis}`, NOBODYS, 'docker build -t web .\ndocker run redis:7')).toContain(
      'no such host',
    );
  });
});
