/** Feedback files for a Canvas assignment: their names have to lead Canvas to what each student handed in. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import yauzl from 'yauzl';
import { ChosenFormats } from '../../helpers/report/formats/chosen.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';
import { findClass } from '../../helpers/submission/platforms/class.ts';
import { putAll } from '../helpers/downloads.ts';
import { NOW, recordWith } from '../helpers/records.ts';
import { schemaErrors } from '../helpers/schema.ts';

let out: string;
beforeEach(() => {
  out = mkdtempSync(path.join(os.tmpdir(), 'netgrade-canvas-feedback-'));
});
afterEach(() => {
  rmSync(out, { recursive: true, force: true });
});

async function filesOf(zip: Buffer): Promise<Map<string, Buffer>> {
  const files = new Map<string, Buffer>();
  const opened = await yauzl.fromBufferPromise(zip);
  for await (const entry of opened.eachEntry())
    files.set(entry.fileName, await buffer(await opened.openReadStreamPromise(entry)));
  return files;
}

async function feedback(
  records: StudentRecord[],
  labs?: string[],
): Promise<{ files: Map<string, Buffer>; printed: string }> {
  let printed = '';
  const stream = () => ({ write: (line: string) => void (printed += line) });
  const place = { out, env: {}, now: NOW, ...(labs && { labs }), stdout: stream(), stderr: stream() };
  await new ChosenFormats(['canvas-feedback'], place).write(records);
  return { files: await filesOf(readFileSync(path.join(out, 'canvas-feedback.zip'))), printed };
}

/** As Canvas reads a name: without LATE; of a hidden name what comes after `anon`, or else the first two numbers. */
function numbersIn(name: string): string[] {
  const parts = name.split('_').filter((part) => part !== 'LATE');
  const isLink = parts.at(-1)!.startsWith('link');
  const found = parts[0] === 'anon' ? parts.slice(1, 3) : parts.filter((part) => /^\d+$/.test(part)).slice(0, 2);
  return isLink ? [] : found;
}

/** Records of a class in a folder, each of one lab in which something failed. */
async function gradedFrom(files: string[]): Promise<StudentRecord[]> {
  const root = path.join(out, 'download');
  putAll(root, Object.fromEntries(files.map((name) => [name, 'services: {}'])));
  const asked = { students: [], labs: ['a-lab'], knownLabs: ['a-lab'], called: new Map<string, string>() };
  const { students } = await findClass(root, asked);
  return students.map(({ name, submitter }) => {
    const record = recordWith([{ title: 'mongo is private' }, { title: 'a secret', visibility: 'hidden' }], name);
    return { ...record, labs: record.labs.map((lab) => ({ ...lab, ...(submitter && { submitter }) })) };
  });
}

test('each file has the two numbers by which Canvas finds what was handed in', async () => {
  const records = await gradedFrom([
    'adamsalice_LATE_12345_90001_app.tar.gz',
    'adamsalice_LATE_12345_90002_docker-compose-1.yml',
    'brownbob_12346_90003_work 7_8.zip',
    'cookeve_12347_90004_link.yaml',
    'cookeve_12347_90005_Dockerfile',
    'teamseven_dunndan_12348_90006_run.sh',
    'foxfay_12349_90007_work.tar.gz',
    'fordgus_12350_text.html',
  ]);
  expect(records.flatMap(schemaErrors)).toEqual([]);
  const { files, printed } = await feedback(records);
  expect([...files.keys()].map(numbersIn)).toEqual([
    ['12345', '90002'],
    ['12346', '90003'],
    ['12347', '90005'],
    ['12348', '90006'],
  ]);
  expect(printed).toMatch(/there is nothing for "fordgus 12350"; "foxfay 12349": no text file or zip/);
  const [text, zip] = files.values();
  expect(text!.toString('utf8')).toContain('mongo is private');
  expect(text!.toString('utf8')).not.toContain('a secret');
  // The student sees it as work 7_8.zip, which therefore is one.
  const inside = await filesOf(zip!);
  expect([...inside.keys()]).toEqual(['feedback.md']);
  expect(inside.get('feedback.md')!.toString('utf8')).toContain('mongo is private');
});

test('hidden names find their way back, too', async () => {
  const { files } = await feedback(await gradedFrom(['anon_x1y2z_90001_compose.yaml', 'anon_a3b4c_90002_run.sh']));
  expect([...files.keys()].map(numbersIn)).toEqual(expect.arrayContaining([['x1y2z', '90001'], ['a3b4c', '90002']])); // prettier-ignore
});

test('only the lab that is named, if one is; whoever was graded from elsewhere is named', async () => {
  const [alice] = await gradedFrom(['adamsalice_12345_90002_compose.yaml', 'brownbob_12346_90003_compose.yaml']);
  expect((await feedback([alice!], ['another-lab'])).files.size).toBe(0);
  const { files, printed } = await feedback([alice!, recordWith([{}], 'zoe')], ['a-lab']);
  expect([files.size, printed]).toEqual([1, expect.stringContaining('there is nothing for "zoe"')]);
});
