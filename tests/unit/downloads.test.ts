import { describe, expect, test } from '@jest/globals';
import { unknownImages, whatIsMissing } from '../../helpers/run/downloads.ts';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';
import type { Survey } from '../../helpers/survey/facts.ts';

/** As the Docker command says it on a machine without a way out. */
const NO_REGISTRY = 'docker: Error response from daemon: Get "https://registry.example/v2/": dial tcp: no such host';
const NO_PACKAGE = 'Failed to establish a new connection: [Errno -2] Name or service not known';

function hostWith(images: string[], sealed?: string): LabHost {
  const getImage = (name: string): object => ({
    inspect: () => (images.includes(name) ? Promise.resolve({}) : Promise.reject(new Error('no such image'))),
  });
  return { docker: { getImage }, ...(sealed !== undefined && { sealed }) } as unknown as LabHost;
}

function seen(output: string): Survey {
  return { roles: { web: { found: 'none' } }, containers: [], deployment: { output } } as unknown as Survey;
}

const MISSING = { image: 'redis:7', why: 'its registry is out of order' };

describe('what could not be downloaded, when a role does not run', () => {
  test('is what the porter did not get, whatever the output says', async () => {
    const why = await whatIsMissing([hostWith([])], seen(NO_REGISTRY), { noSuch: [], missing: MISSING });
    expect(why).toBe('its registry is out of order');
  });

  test('is nothing, when the submission has built what the porter did not get', async () => {
    expect(await whatIsMissing([hostWith(['redis:7'])], seen(''), { noSuch: [], missing: MISSING })).toBeUndefined();
  });

  test('is what the output says, with why there is no way out', async () => {
    const why = await whatIsMissing([hostWith([], 'say --egress')], seen(NO_REGISTRY), { noSuch: [] });
    expect(why).toBe(`${NO_REGISTRY} (say --egress)`);
  });

  test('is no image of which a registry has said that there is none: that is the submission’s mistake', async () => {
    const host = hostWith([], 'say --egress');
    const provided = { noSuch: ['ngnix:latest'] };
    expect(await whatIsMissing([host], seen(NO_REGISTRY), provided)).toBeUndefined();
    expect(await unknownImages(host, provided)).toEqual(['ngnix:latest']);
    expect(await whatIsMissing([host], seen(`${NO_REGISTRY}\n${NO_PACKAGE}`), provided)).toContain(NO_PACKAGE);
  });
});
