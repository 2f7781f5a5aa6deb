/** Archives that are handed in: unpacked where they are all there is, and refused where they are no honest ones. */
import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { buffer } from 'node:stream/consumers';
import { gzipSync } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import tar from 'tar-stream';
import { packFolder } from '../../helpers/machine/lab-host/pack-folder.ts';
import { packParcel, unpackParcel } from '../../helpers/run/queue/parcel.ts';
import { membersOf } from '../../helpers/submission/archive/archive.ts';
import { deploymentOf } from '../../helpers/submission/deployment.ts';
import { readSubmission, type Submission } from '../../helpers/submission/submission.ts';
import { packTar, packZip } from '../attacks/archive.ts';

let root: string;
beforeEach(() => {
  root = mkdtempSync(path.join(os.tmpdir(), 'netgrade-archive-'));
});
afterEach(() => {
  rmSync(root, { recursive: true });
});

const WORK = [
  { name: 'project/compose.yaml', content: 'services:\r\n  a: { image: nginx }\r\n' },
  { name: 'project/web/up.sh', content: '#!/bin/sh\n' },
];

function put(file: string, content: string | Buffer): void {
  mkdirSync(path.dirname(path.join(root, file)), { recursive: true });
  writeFileSync(path.join(root, file), content);
}

/** What arrives on a lab host: permissions, names and small texts. */
async function arrives(submission: Submission): Promise<string[]> {
  const unpack = tar.extract();
  packFolder(submission, '/lab').pipe(unpack);
  const seen: string[] = [];
  for await (const entry of unpack) {
    const { name, mode } = entry.header;
    seen.push(`${mode.toString(8)} ${name} ${(await buffer(entry)).toString()}`.trim());
  }
  return seen;
}

async function refusal(content: Buffer): Promise<string> {
  put('work.zip', content);
  const submission = await readSubmission(root);
  const deployment = deploymentOf(submission);
  return 'reason' in deployment ? deployment.reason : `deployed: ${deployment.directory}`;
}

describe('an archive that is all there is', () => {
  test.each<[string, Buffer]>([
    ['hand-in.zip', packZip(WORK)],
    ['hand-in.tar', packTar(WORK)],
    ['hand-in.tar.gz', gzipSync(packTar(WORK))],
    ['hand-in.TGZ', gzipSync(packTar(WORK))],
    ['hand-in.zip', gzipSync(packTar(WORK))],
  ])('is unpacked: %s', async (name, content) => {
    put(name, content);
    put('report.pdf', 'a report');
    const submission = await readSubmission(root);
    expect(deploymentOf(submission)).toMatchObject({ how: 'compose', directory: 'hand-in/project' });
    expect(submission.notes[0]).toBe(`${name} was unpacked into hand-in/`);
    expect((await arrives(submission)).slice(1)).toEqual([
      expect.stringMatching(/^755 lab\/hand-in\/?$/),
      expect.stringMatching(/^755 lab\/hand-in\/project\/?$/),
      expect.stringMatching(/^755 lab\/hand-in\/project\/web\/?$/),
      '644 lab/report.pdf a report',
      '644 lab/hand-in/project/compose.yaml services:\n  a: { image: nginx }',
      // A zip of Windows does not say what may be executed; a tar does.
      `${content.toString('latin1', 0, 2) === 'PK' ? 755 : 644} lab/hand-in/project/web/up.sh #!/bin/sh`,
    ]);
    expect(readdirSync(root).sort()).toEqual([name, 'report.pdf'].sort());
  });

  test('travels to a worker as it is, which finds the same in it', async () => {
    put('hand-in.zip', packZip(WORK));
    const here = await readSubmission(root);
    const there = mkdtempSync(path.join(os.tmpdir(), 'netgrade-worker-'));
    const arrived = await readSubmission(await unpackParcel(await packParcel(here.handedIn), there));
    rmSync(there, { recursive: true });
    expect([arrived.digest, arrived.entries, arrived.texts]).toEqual([here.digest, here.entries, here.texts]);
  });

  test('may lie in a folder, and in another archive', async () => {
    put('My work/all.zip', packZip([{ name: 'b.zip', content: packZip(WORK) }]));
    const submission = await readSubmission(root);
    expect(deploymentOf(submission)).toMatchObject({ directory: 'My work/all/b/project' });
    expect(await arrives(submission)).toContain('755 lab/My work/all/b/project/web/up.sh #!/bin/sh');
  });

  test('has the submission.yaml and the answers of its author in it', async () => {
    put('a.zip', packZip([...WORK, { name: 'project/submission.yml', content: 'roles: { nginx: a }\n' }]));
    expect((await readSubmission(root)).manifest).toMatchObject({
      roles: { nginx: 'a' },
      from: 'a/project/submission.yml',
    });
  });

  test('is left alone beside files that can be started', async () => {
    put('old.zip', packZip(WORK));
    put('run.sh', 'docker run -d nginx');
    const submission = await readSubmission(root);
    expect([submission.archive, submission.entries.length]).toEqual([undefined, 2]);
  });

  test('has its names as their author sees them, also where Windows packed them', async () => {
    const bytes = Buffer.from([0x9a, 0x98, 0x82, 0x89, 0x8c]);
    put('a.zip', packZip([{ name: Buffer.concat([bytes, Buffer.from('\\compose.yaml')]), content: '' }]));
    expect(deploymentOf(await readSubmission(root))).toMatchObject({ directory: 'a/תרגיל' });
  });

  test('of two, nobody knows which counts', async () => {
    put('a.zip', packZip(WORK));
    put('b.tar', packTar(WORK));
    expect(deploymentOf(await readSubmission(root))).toMatchObject({
      reason: expect.stringMatching(/Unpack a\.zip, b\.tar/),
    });
  });
});

describe('an archive is refused that', () => {
  const deep = `${'d/'.repeat(600)}x`;
  const many = Array.from({ length: 5001 }, (_, i) => ({ name: `f${i}`, content: '' }));
  test.each<[string, Buffer, RegExp]>([
    ['leads out', packZip([{ name: '../../x', content: '' }]), /has "\.\.\/\.\.\/x", which leads out of it/],
    ['leads out the Windows way', packZip([{ name: '..\\x', content: '' }]), /leads out of it/],
    ['leads out of a folder', packTar([{ name: 'a/../../x', content: '' }]), /leads out of it/],
    [
      'has an absolute name',
      packTar([{ name: '/etc/passwd', content: '' }]),
      /"\/etc\/passwd", which is no name inside of it/,
    ],
    ['has a drive in a name', packZip([{ name: 'C:\\x', content: '' }]), /no name inside/],
    [
      'has a link',
      packTar([{ name: 'a', link: '/etc/passwd' }]),
      /has "a", which is a link: pack files and folders only/,
    ],
    ['has a link of Unix', packZip([{ name: 'a', content: '/etc/passwd', mode: 0o120777 }]), /is a link/],
    ['has a device', packZip([{ name: 'a', content: '', mode: 0o020666 }]), /neither a file nor a folder/],
    [
      'has a file in a file',
      packTar([
        { name: 'a', content: '' },
        { name: 'a/b', content: '' },
      ]),
      /lies in a file/,
    ],
    [
      'has one name twice',
      packZip([
        { name: 'a', content: '' },
        { name: './a', content: '' },
      ]),
      /is there twice/,
    ],
    [
      'is a bomb',
      packZip([{ name: 'a', content: Buffer.alloc(40 * 1024 * 1024) }]),
      /more than 200 times its own size/,
    ],
    [
      'is a packed bomb',
      gzipSync(packTar([{ name: 'a', content: Buffer.alloc(60 * 1024 * 1024) }])),
      /more than 50 MiB/,
    ],
    ['lies about its size', packZip([{ name: 'a', content: Buffer.alloc(1024 * 1024), says: 10 }]), /is damaged/],
    ['has very many files', packZip(many), /more than 5000 files and folders/],
    ['is very deep', packZip([{ name: deep, content: '' }]), /too long a name/],
    ['is cut', packZip(WORK).subarray(0, 100), /is damaged/],
    ['is something else', Buffer.from('no archive at all'), /is damaged/],
    ['is empty', Buffer.alloc(0), /nothing to deploy/],
    ['is another kind', Buffer.from('Rar!\u001a\u0007'), /work\.zip is a RAR archive: unpack it/],
    ['is locked', packZip([{ name: 'a', content: 'x', locked: true }]), /is protected by a password/],
  ])('%s', async (_, content, said) => {
    const reason = await refusal(content);
    expect(reason).toMatch(said);
    expect(reason).toMatch(/^nothing to deploy: /);
  });

  test('and what nobody has written does not count: links in node_modules, and the folders of macOS', async () => {
    const junk = Array.from({ length: 6000 }, (_, i) => ({ name: `node_modules/f${i}`, content: '' }));
    put('a.tar', packTar([...WORK, ...junk, { name: 'node_modules/.bin/x', link: '/bin/sh' }]));
    const names: string[] = [];
    for await (const { name } of membersOf({ file: path.join(root, 'a.tar') })) names.push(name);
    expect(names).toEqual(['project/compose.yaml', 'project/web/up.sh']);
  });
});
