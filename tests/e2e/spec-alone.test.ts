/** A spec by itself, as its author runs it: `SURVEY=FILE npx jest specs/LAB.spec.ts`, or with SUBMISSION=DIR. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, describe, expect, test } from '@jest/globals';
import { packSurvey } from '../../helpers/survey/survey-file.ts';
import { changed, recorded, sandboxOf, SURVEYS } from '../helpers/surveys.ts';

const LONG_MS = 120_000;
const NO_ENGINE = { DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
const JEST = path.resolve('node_modules/jest/bin/jest.js');
const folder = mkdtempSync(path.join(os.tmpdir(), 'netgrade-specs-'));

afterAll(() => {
  rmSync(folder, { recursive: true, force: true });
});

/** @returns the exit code, and all that Jest printed. */
function jest(args: string[], env: Record<string, string>): { status: number | null; printed: string } {
  const { status, stdout, stderr } = spawnSync(process.execPath, [JEST, ...args], {
    encoding: 'utf8',
    env: { ...process.env, CI: '', FORCE_COLOR: '0', ...env },
  });
  return { status, printed: stdout + stderr };
}

function kept(lab: string): string {
  return path.join(SURVEYS, `${lab}.json.gz`);
}

describe('with a kept survey, and no engine', () => {
  test.each([
    ['none-network', 'none-network'],
    ['topology', 'web-shop'],
  ])(
    '%s.spec.ts judges %s',
    (spec, lab) => {
      const { status, printed } = jest([`specs/${spec}.spec.ts`], { ...NO_ENGINE, SURVEY: kept(lab) });
      expect([status, printed]).toEqual([0, expect.stringMatching(/Tests: +\d+ passed, \d+ total/)]);
    },
    LONG_MS,
  );

  test(
    'says what failed, what was not judged and why, with the line of the spec and none of the helpers',
    () => {
      const bad = changed(recorded('none-network'), (draft) => {
        sandboxOf(draft, 'isolated').interfaces.push({
          index: 5,
          name: 'eth0',
          mac: '',
          up: true,
          addresses: ['172.17.0.2/16'],
        });
        draft.reach = [];
      });
      const file = path.join(folder, 'bad.json.gz');
      writeFileSync(file, packSurvey('none-network', bad));
      const { status, printed } = jest(['specs/none-network.spec.ts'], { ...NO_ENGINE, SURVEY: file });
      expect(status).toBe(1);
      expect(printed).toMatch(
        /FAILED\n *expected: isolated has the interface lo and no other\n *seen: +isolated has .*eth0/,
      );
      expect(printed).toMatch(/> +\d+ \| +expect\(isolated\)\.toHaveOnlyLoopback\(\);/);
      expect(printed).toMatch(/ERROR: the rule could not be judged, which is not the submission’s fault\n *because: /);
      expect(printed).not.toMatch(/at .*helpers/);
    },
    LONG_MS,
  );

  test(
    'a criterion that waits for another one is told apart from a failed one',
    () => {
      const gone = changed(recorded('none-network'), (draft) => {
        draft.roles['isolated'] = { found: 'none' };
      });
      const file = path.join(folder, 'gone.json.gz');
      writeFileSync(file, packSurvey('none-network', gone));
      const { printed } = jest(['specs/none-network.spec.ts'], { ...NO_ENGINE, SURVEY: file });
      expect(printed.match(/SKIPPED: containers-running has to be met first/g)).toHaveLength(3);
      expect(printed.match(/FAILED$/gm)).toHaveLength(1);
    },
    LONG_MS,
  );
});

describe('what is missing is said, and nothing is judged', () => {
  test.each<[string, Record<string, string>, RegExp]>([
    [
      'neither a survey nor a submission',
      {},
      /none-network\.spec\.ts judges a survey\. Say which: SURVEY=FILE .*SUBMISSION=DIR/,
    ],
    ['no such file', { SURVEY: '/nowhere.json.gz' }, /\/nowhere\.json\.gz cannot be read/],
    [
      'a survey of another lab',
      { SURVEY: kept('sandbox') },
      /is of the lab sandbox, which specs\/sandbox\.spec\.ts judges/,
    ],
    [
      'a submission of another lab',
      { SUBMISSION: 'submissions/example-good/web-shop' },
      /is of the lab web-shop, which specs\/topology\.spec\.ts judges/,
    ],
    [
      'a folder of no lab',
      { SUBMISSION: 'submissions/example-good' },
      /LAB=NAME says.*is of the lab example-good, which there is not/,
    ],
    [
      'an empty submission',
      { SUBMISSION: folder, LAB: 'none-network' },
      /nothing to deploy: looked for submission\.yaml/,
    ],
  ])(
    '%s',
    (_, env, reason) => {
      const { status, printed } = jest(['specs/none-network.spec.ts'], { ...NO_ENGINE, ...env });
      expect([status, printed]).toEqual([1, expect.stringMatching(reason)]);
      expect(printed).toMatch(/Tests: +0 total/);
      expect(printed).not.toMatch(/^ +at /m);
    },
    LONG_MS,
  );

  test(
    'Jest alone has no specs among its tests',
    () => {
      const { printed } = jest(['--listTests'], NO_ENGINE);
      expect(printed).toContain('spec-alone.test.ts');
      expect(printed).not.toContain('.spec.ts');
    },
    LONG_MS,
  );
});

test(
  'a submission is deployed and surveyed first',
  () => {
    const { status, printed } = jest(['specs/none-network.spec.ts'], {
      SUBMISSION: 'submissions/example-good/none-network',
    });
    expect([status, printed]).toEqual([0, expect.stringMatching(/deploying .*none-network as none-network/)]);
    expect(printed).toMatch(/Tests: +4 passed, 4 total/);
  },
  LONG_MS,
);
