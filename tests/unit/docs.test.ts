import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from '@jest/globals';
import { USAGE } from '../../helpers/cli/options.ts';

/** What a student handed in is not ours to check. */
const STUDENTS = /^(submissions|tests\/(corpus|solutions))\//;
const PAGES = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '*.md'], {
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => file !== '' && !STUDENTS.test(file) && existsSync(file));
const OUR_FOLDERS = /^(bench|docs|helpers|images|specs|starters|tests)\/[\w./-]+$/;
const LONGEST_README = 150;
const LONGEST_DOOR = 30;
const MOST_ROOMS = 10;

/** Without code: nothing in it is a link. */
function proseOf(file: string): string {
  const lines = readFileSync(file, 'utf8').split('\n');
  const prose = lines.filter((line) => !/^ {4,}(?![-*\d|])/.test(line));
  return prose.join('\n').replace(/`[^`\n]*`/g, '');
}

function linksOf(file: string): string[] {
  const targets = [...proseOf(file).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target = '']) => target);
  return targets.filter((target) => !/^[a-z]+:/.test(target));
}

/** The names that GitHub gives to a page's headings. */
function anchorsOf(file: string): string[] {
  const headings = [...readFileSync(file, 'utf8').matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) => heading);
  return headings.map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );
}

function leadsSomewhere(page: string, target: string): boolean {
  const [file = '', anchor] = target.split('#');
  const found = file === '' ? page : path.join(path.dirname(page), file);
  return existsSync(found) && (anchor === undefined || anchorsOf(found).includes(anchor));
}

describe.each(PAGES)('%s', (page) => {
  test('its links lead to files and headings that are there', () => {
    expect(linksOf(page).filter((target) => !leadsSomewhere(page, target))).toEqual([]);
  });

  test('the paths that it names are there', () => {
    const named = [...readFileSync(page, 'utf8').matchAll(/`([^`\n]+)`/g)].map(([, code = '']) => code);
    expect(named.filter((code) => OUR_FOLDERS.test(code) && !existsSync(code))).toEqual([]);
  });
});

describe('documentation', () => {
  test('the check of links notices one that leads nowhere', () => {
    expect(leadsSomewhere('README.md', 'docs/no-such-page.md')).toBe(false);
    expect(leadsSomewhere('docs/README.md', 'hosts.md#no-such-heading')).toBe(false);
    expect(leadsSomewhere('docs/README.md', 'hosts.md#the-way-out')).toBe(true);
  });

  test('README.md is a page that one reads to its end', () => {
    expect(readFileSync('README.md', 'utf8').trimEnd().split('\n').length).toBeLessThanOrEqual(LONGEST_README);
  });

  test('the index names every page', () => {
    const pages = PAGES.filter((page) => /^docs\/(labs\/)?[\w-]+\.md$/.test(page) && page !== 'docs/README.md');
    const named = linksOf('docs/README.md').map((target) => path.join('docs', target));
    expect(pages.filter((page) => !named.includes(page))).toEqual([]);
  });

  test('“Where is …?” names what is in the files that it names', () => {
    const page = readFileSync('docs/architecture.md', 'utf8');
    const named = [...page.matchAll(/`((?:helpers|specs)\/[^`]+\.ts)`[\w ]*\(`(\w+)`\)/g)].map(
      ([, file = '', name = '']) => ({ file, name }),
    );
    expect(named.length).toBeGreaterThan(3);
    expect(named.filter(({ file, name }) => !readFileSync(file, 'utf8').includes(`function ${name}(`))).toEqual([]);
  });

  test('docs/command-line.md explains every option of npm run grade', () => {
    const options = [...USAGE.matchAll(/^ {2}(--[a-z-]+)/gm)].map(([, option = '']) => option);
    const explained = readFileSync('docs/command-line.md', 'utf8');
    expect(options.length).toBeGreaterThan(20);
    expect(options.filter((option) => !explained.includes(`\`${option}`) && option !== '--help')).toEqual([]);
  });
});

describe('the rooms of helpers/', () => {
  const entries = readdirSync('helpers', { withFileTypes: true });
  const rooms = entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);

  test('are at most ten, and nothing lies beside them', () => {
    expect(rooms.length).toBeLessThanOrEqual(MOST_ROOMS);
    expect(entries.filter((entry) => !entry.isDirectory())).toEqual([]);
  });

  test.each(rooms)('helpers/%s has a short page at its door that names its sub-folders', (room) => {
    const page = readFileSync(path.join('helpers', room, 'README.md'), 'utf8').trimEnd();
    expect(page.split('\n').length).toBeLessThanOrEqual(LONGEST_DOOR);
    const folders = readdirSync(path.join('helpers', room), { withFileTypes: true }).filter((each) =>
      each.isDirectory(),
    );
    expect(folders.filter(({ name }) => !page.includes(`\`${name}/\``))).toEqual([]);
  });
});
