/** How a submission is brought up, and what its author reads when nobody knows how. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { composeCommand } from '../../helpers/deploy/compose-config.ts';
import { deploymentOf, type Deployment, type Wanted } from '../../helpers/submission/deployment.ts';
import { readSubmission } from '../../helpers/submission/submission.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-deployment-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const STACK: Wanted = { lab: 'stack', roles: ['nginx', 'flask-app', 'mongo'] };

async function decided(files: Record<string, string | Buffer>): Promise<ReturnType<typeof deploymentOf>> {
  for (const [file, content] of Object.entries(files)) {
    mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
    writeFileSync(path.join(root, file), content);
  }
  return deploymentOf(await readSubmission(root), STACK);
}

async function commandFor(files: Record<string, string>): Promise<string> {
  return composeCommand((await decided(files)) as Deployment).join(' ');
}

async function reasonFor(files: Record<string, string | Buffer>): Promise<string> {
  const deployment = await decided(files);
  return 'reason' in deployment ? deployment.reason : 'deployed';
}

describe('the command of Compose', () => {
  // prettier-ignore
  test.each<[string, Record<string, string>, string]>([
    ['leaves to Compose what it finds', { 'compose.yaml': '', 'compose.override.yaml': '' }, 'docker compose'],
    ['names a file that it does not find', { 'Compose.YAML': '' }, 'docker compose --file Compose.YAML'],
    [
      'names the file that goes with such a one, too',
      { 'Docker-compose.yml': '', 'docker-compose.override.yml': '' },
      'docker compose --file Docker-compose.yml --file docker-compose.override.yml',
    ],
    ['names the project in a folder without Latin letters', { 'תרגיל/compose.yaml': '' }, 'docker compose --project-name stack'],
    ['also of one that has nothing but signs', { '--_/compose.yaml': '' }, 'docker compose --project-name stack'],
    ['not where the file itself names it', { 'תרגיל/compose.yaml': 'name: mine\nservices: {}\n' }, 'docker compose'],
    ['nor in a folder with some', { 'תרגיל 2/compose.yaml': '' }, 'docker compose'],
    ['names the file that submission.yaml names', { 'submission.yaml': 'file: compose.yaml', 'compose.yaml': '' }, 'docker compose --file compose.yaml'],
  ])('%s', async (_, files, command) => {
    expect(await commandFor(files)).toBe(command);
  });

  test('by a script in another folder has the project’s name in the environment', async () => {
    const files = { 'run.sh': 'cd תרגיל && docker compose up -d', 'תרגיל/compose.yaml': '' };
    expect(await decided(files)).toMatchObject({ how: 'script', project: 'stack' });
  });
});

describe('submission.yaml', () => {
  const COMPOSE = { 'compose.yaml': '' };
  test.each(['submission.yaml', 'submission.yml', 'Submission.yaml', 'work/submission.yml'])(
    'may be %s',
    async (name) => {
      expect(await decided({ ...COMPOSE, [name]: '\ufeffroles: { mongo: db }\r\n' })).toMatchObject({
        roles: { mongo: 'db' },
      });
    },
  );

  // prettier-ignore
  test.each<[string, Record<string, string>, RegExp]>([
    ['two of them', { 'submission.yaml': '', 'submission.yml': '' }, /there are submission\.yaml and submission\.yml: keep/],
    ['a key that is nearly one', { 'submission.yml': 'role: {}' }, /^submission\.yml: unknown key "role"; did you mean "roles"\?/],
    ['a role that is nearly one', { 'submission.yaml': 'roles: { flask: api }' }, /no role of this lab; did you mean "flask-app"\?/],
    ['a role of another lab', { 'submission.yaml': 'roles: { redis: db }' }, /"redis", which is no role.*the roles are nginx, flask-app, mongo.*\{ nginx: your-container \}/],
    ['a role twice', { 'submission.yaml': 'roles: { mongo: a, Mongo: b }' }, /names mongo twice, as "a" and as "b"/],
    ['a container on either side', { 'submission.yaml': 'roles: { mongo: a, b: mongo }' }, /"b", which is no role/],
    ['a file that is not there', { 'submission.yml': 'file: a.yaml' }, /^submission\.yml names the file "a\.yaml", which is not/],
  ])('is refused: %s', async (_, files, said) => {
    expect(await reasonFor({ ...COMPOSE, ...files })).toMatch(said);
  });

  test('names files relative to its own folder, and without regard to case', async () => {
    const files = { 'work/submission.yaml': 'file: Stack/Up.sh', 'work/stack/up.sh': '' };
    expect(await decided(files)).toMatchObject({ how: 'script', directory: 'work/stack', file: 'up.sh' });
  });

  test('with containers on the left is turned round, and its author reads so', async () => {
    const deployment = await decided({
      ...COMPOSE,
      'submission.yaml': 'roles: { web: nginx, api: Flask_App, mongo: mongo }',
    });
    expect(deployment).toMatchObject({ roles: { nginx: 'web', 'flask-app': 'api', mongo: 'mongo' } });
    expect((deployment as Deployment).notes).toEqual([
      'roles in submission.yaml has containers on the left; it was read as { nginx: web, flask-app: api }',
    ]);
  });

  test('with roles on the left is taken as it is, also where containers are called as other roles', async () => {
    const files = { ...COMPOSE, 'submission.yaml': 'roles: { nginx: mongo, mongo: nginx }' };
    expect(await decided(files)).toMatchObject({ roles: { nginx: 'mongo', mongo: 'nginx' }, notes: [] });
  });

  test('in another spelling of a role is understood', async () => {
    const deployment = await decided({ ...COMPOSE, 'submission.yaml': 'roles: { Flask_App: api }' });
    expect(deployment).toMatchObject({ roles: { 'flask-app': 'api' } });
    expect((deployment as Deployment).notes.join()).toContain('"Flask_App" as flask-app');
  });
});

describe('what is not deployed, and what to do', () => {
  // prettier-ignore
  test.each<[string, Record<string, string | Buffer>, RegExp]>([
    ['two Compose files', { 'a/compose.yml': '', 'b/compose.yml': '' }, /two files.*nothing says which: a\/compose\.yml, b\/compose\.yml\. .*"file: a\/compose\.yml"/],
    ['several scripts', { 'a.sh': 'docker run a', 'b.sh': 'docker run b', 'c.sh': 'docker run c' }, /several files \(3\).*run\.sh at the top/],
    ['a hidden ending', { 'docker-compose.yml.txt': '' }, /Rename docker-compose\.yml\.txt to docker-compose\.yml$/],
    ['a second download', { 'docker-compose (1).yml': '' }, /Rename docker-compose \(1\)\.yml to docker-compose\.yml$/],
    ['another sign', { 'a/docker_compose.yaml': '' }, /Rename a\/docker_compose\.yaml to docker-compose\.yaml$/],
    ['no ending', { 'docker-compose': '' }, /Rename docker-compose to docker-compose\.yaml$/],
    ['another name', { 'stack.yml': 'services: { a: { image: a } }' }, /Rename stack\.yml to compose\.yaml, or say "file: stack\.yml"/],
    ['a script that is no script yet', { 'run.sh.txt': 'docker run a' }, /Rename run\.sh\.txt to run\.sh$/],
    ['a script of Windows', { 'start.bat': 'docker run -d nginx' }, /Hand in the commands of start\.bat as run\.sh/],
    ['commands in a text', { 'a/commands.txt': '1.\ndocker run -d nginx\n' }, /Rename a\/commands\.txt to run\.sh, if/],
    ['a program without an ending', { deploy: '#!/bin/bash\ndocker compose -f x up' }, /Rename deploy to run\.sh/],
    ['an archive of another kind', { 'work.rar': 'Rar!' }, /Unpack work\.rar/],
    ['a text', { 'report.docx': 'x' }, /found report\.docx$/],
    ['nothing', {}, /found an empty folder$/],
    ['a name of two lines', { 'a\n::error::.txt': 'x' }, /found a; ::error::\.txt$/],
  ])('%s', async (_, files, said) => {
    expect(await reasonFor(files)).toMatch(said);
  });
});

test('the scripts for two machines may lie in a sub-folder together', async () => {
  await decided({ 'swarm/host1.sh': '', 'swarm/Host2.sh': '' });
  expect(deploymentOf(await readSubmission(root), { machines: 2 })).toMatchObject({
    directory: 'swarm',
    scripts: ['host1.sh', 'Host2.sh'],
  });
});
