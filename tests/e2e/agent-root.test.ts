/**
 * Whatever a submission might manage to write on its lab host, the probe agent goes on running its own tools. This test
 * writes as root, through the grading machine's engine: no submission is known that can.
 */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from '@jest/globals';
import { sh } from '../../helpers/machine/setup/shell.ts';
import { labHostAtWork } from '../helpers/engine.ts';
import { criteriaWith, grade, labOf, startGrading, workspace } from '../helpers/grade.ts';

const RUN_MS = 600_000;
const AT_WORK_MS = 300_000;
const COMMAND_MS = 60_000;
const LAB = 'none-network';

/** A container that is not isolated at all. The script waits until the tools are other ones. */
const SCRIPT = `docker run -dit --name isolated alpine ash
until [ -e /opt/replaced ]; do sleep 0.1; done
`;

/** Tools and a library that say nothing of what is there, so that a container on a network would look isolated. */
const REPLACE = `for tool in ip ping awk df find nsenter; do rm -f /usr/bin/$tool /bin/$tool; printf '#!/bin/sh\\necho []\\n' > /usr/bin/$tool; chmod 755 /usr/bin/$tool; done
echo /nowhere.so > /etc/ld.so.preload
touch /opt/replaced
ip -json address`;

test(
  'tools that are replaced on the lab host change no verdict',
  async () => {
    using place = workspace();
    const { submissions, out } = place;
    const folder = path.join(submissions, 'alice', LAB);
    mkdirSync(folder, { recursive: true });
    writeFileSync(path.join(folder, 'run.sh'), SCRIPT);
    // First an honest one: new lab hosts are calibrated before it, and the calibration's lab host is not the one meant below.
    await grade([
      '--submissions',
      'submissions',
      '--out',
      path.join(out, '..', 'before'),
      '--lab',
      LAB,
      'example-good',
    ]);
    const grader = startGrading(['--submissions', submissions, '--out', out, '--lab', LAB]);
    const labHost = await labHostAtWork(grader.process.pid, AT_WORK_MS);
    const said = await sh(['docker', 'exec', labHost, 'sh', '-c', REPLACE], { timeoutMs: COMMAND_MS });
    expect(said).toMatch(/^\[\]$/m); // that is what `ip` says there now
    await grader.ended;
    const lab = labOf(out, 'alice', LAB);
    expect([lab.status, lab.message, criteriaWith(lab, 'failed').sort()]).toEqual([
      'graded',
      undefined,
      ['cannot-reach', 'loopback-only', 'no-route'],
    ]);
  },
  RUN_MS,
);
