/** `npm run lab`: which lab is shown, what only the hand-out is, and what is refused. Nothing is graded, and no engine is asked. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { labNames } from '../helpers/labs.ts';

const SHOP = readFileSync('specs/topologies/web-shop.yaml', 'utf8');

let course: string;
beforeAll(() => {
  course = mkdtempSync(path.join(os.tmpdir(), 'netgrade-lab-'));
});
afterAll(() => {
  rmSync(course, { recursive: true, force: true });
});

function put(file: string, content: string): string {
  const target = path.join(course, file);
  mkdirSync(path.dirname(target), { recursive: true });
  writeFileSync(target, content);
  return target;
}

function lab(...args: string[]): { status: number | null; stdout: string; stderr: string } {
  const command = ['--disable-warning=ExperimentalWarning', 'helpers/cli/lab.ts', ...args];
  const env = { ...process.env, GITHUB_ACTIONS: '', DOCKER_HOST: 'unix:///nonexistent/docker.sock' };
  return spawnSync(process.execPath, command, { encoding: 'utf8', env });
}

test('lists all labs; with --labs, also those of the course', () => {
  put('mine/kiosk.yaml', SHOP);
  const { status, stdout } = lab('--labs', path.join(course, 'mine'));
  expect(status).toBe(0);
  const listed = stdout.trimEnd().split('\n');
  expect(listed.map((line) => line.split(' ')[0])).toEqual([...labNames(), 'kiosk'].sort());
  expect(listed).toContain('kiosk                100 points  A shop and its back office on three networks');
});

test('shows a file’s rules and hand-out, and how it is graded', () => {
  const file = put('given/kiosk.yaml', SHOP);
  put('given/starters/kiosk/shop/default.conf', 'x');
  const { status, stdout, stderr } = lab(file);
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toMatch(/^kiosk: A shop and its back office on three networks\n22 rules, 100 points\n/);
  expect(stdout).toContain(`graded by: npm run grade -- --labs ${path.dirname(file)} --lab kiosk\n`);
  expect(stdout).toContain('\n# kiosk: A shop and its back office on three networks\n');
  expect(stdout).toContain('- `shop/default.conf`\n');
});

test('--handout writes the hand-out and nothing else', () => {
  const { status, stdout } = lab(put('alone/kiosk.yaml', SHOP), '--handout');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^# kiosk: /);
});

test('shows a lab of netgrade’s by its name, with the hand-out that somebody has written', () => {
  const { status, stdout } = lab('nginx-flask-mongo');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^nginx-flask-mongo: nginx, Flask and MongoDB on two networks\n14 rules, 100 points\n/);
  expect(stdout).toContain(readFileSync('docs/labs/nginx-flask-mongo.md', 'utf8').trimEnd());
});

test('a wrong file is refused with the line and the reason', () => {
  const file = put('wrong/kiosk.yaml', SHOP.replace('to: store', 'to: stoer'));
  expect(lab(file)).toMatchObject({
    status: 2,
    stdout: '',
    stderr: expect.stringMatching(/kiosk\.yaml, line 21: there is no role "stoer"; the roles are shop, /),
  });
});

test.each([
  ['a lab that there is not', ['nginx-flask-mango'], /no lab "nginx-flask-mango"; did you mean nginx-flask-mongo\?/],
  ['a file that there is not', ['course/kiosk.yaml'], /there is no file course\/kiosk\.yaml/],
  ['a folder', ['specs/topologies'], /specs\/topologies is no file; --labs DIR names a folder/],
  ['two labs', ['sandbox', 'web-shop'], /name one lab, or one file/],
  ['the hand-out of nothing', ['--handout'], /name one lab, or one file/],
])('%s is wrong usage', (_, args, message) => {
  expect(lab(...args)).toMatchObject({ status: 2, stdout: '', stderr: expect.stringMatching(message) });
});

test('a file that grading would not take as this lab is refused', () => {
  expect(lab(put('names/web-shop.yaml', SHOP)).stderr).toContain('there are two labs called web-shop');
  expect(lab(put('names/course.yaml', SHOP)).stderr).toContain('course.yaml is no lab');
  expect(lab('specs/topologies/web-shop.yaml').status).toBe(0);
});
