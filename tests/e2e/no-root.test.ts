/** A student's first run: without root, not in Docker's group and in it, and where Docker does not run. */
import { cpSync } from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { bootLaptop, type Laptop } from '../helpers/laptop.ts';
import { recordOf } from '../helpers/grade.ts';

const PREPARE_MS = 600_000;
const GRADING_MS = 120_000;
const USER = 'ann';
const LAB = 'none-network';

let laptop: Laptop;
beforeAll(async () => {
  laptop = await bootLaptop();
  await laptop.root(`useradd --create-home ${USER}; chmod 777 /work-of-students`);
  cpSync(`submissions/example-good/${LAB}`, path.join(laptop.place.submissions, USER, LAB), { recursive: true });
}, PREPARE_MS);
afterAll(async () => {
  await laptop[Symbol.asyncDispose]();
}, GRADING_MS);

/** `npm run grade` as that user, in these groups besides the user's own. */
function gradeAs(groups: string[]): ReturnType<Laptop['grade']> {
  const how = groups.length === 0 ? '--clear-groups' : `--groups=${groups.join(',')}`;
  const through = ['setpriv', `--reuid=${USER}`, `--regid=${USER}`, how, 'env', `HOME=/home/${USER}`, `USER=${USER}`];
  return laptop.grade(['--host', 'local', '--again'], { through });
}

test(
  'who is not in the group docker is told how to get into it',
  async () => {
    const { exitCode, stderr } = await gradeAs([]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(
      /permission denied on Docker's socket .*: ann is not in the group docker\. Run `sudo usermod -aG docker/,
    );
  },
  GRADING_MS,
);

test(
  'who has been added only now is told to let the session know',
  async () => {
    await laptop.root(`usermod --append --groups docker ${USER}`);
    const { exitCode, stderr } = await gradeAs([]);
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/ann is in the group docker, but was not yet when this session began\. Run `newgrp docker`/);
  },
  GRADING_MS,
);

test(
  'who is in the group grades',
  async () => {
    const { exitCode, stderr } = await gradeAs(['docker']);
    expect([exitCode, stderr]).toEqual([0, expect.stringContaining('as you')]);
    expect(recordOf(laptop.place.out, USER).score).toBe(100);
  },
  GRADING_MS,
);

test(
  'where Docker is installed and its socket is not there, it is said how to start it',
  async () => {
    await laptop.root('mv /var/run/docker.sock /var/run/away.sock');
    const { exitCode, stderr } = await gradeAs(['docker']);
    await laptop.root('mv /var/run/away.sock /var/run/docker.sock');
    expect(exitCode).toBe(2);
    expect(stderr).toMatch(/Docker is installed but not running: it has no socket .*Start it with `sudo /);
  },
  GRADING_MS,
);
