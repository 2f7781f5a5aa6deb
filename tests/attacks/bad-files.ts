/** Files that are not what they seem: links, pipes, archives, names and YAML, and Compose files that reach for others. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { packTar, packZip } from './archive.ts';
import {
  attempts,
  ENDED,
  files,
  ISOLATED,
  MARK,
  NOT_RUNNING,
  put,
  SECRET_VARIABLE,
  together,
  within,
  type Attack,
} from './attack.ts';

const LAB = 'none-network';

/** As a student would write it. */
const COMPOSE = `services:
  isolated:
    image: alpine
    container_name: isolated
    network_mode: none
    stdin_open: true
    tty: true
`;

function link(target: string, file: string): void {
  mkdirSync(path.dirname(file), { recursive: true });
  symlinkSync(target, file);
}

function pipe(file: string): void {
  const { status, stderr } = spawnSync('mkfifo', [file], { encoding: 'utf8' });
  if (status !== 0) throw new Error(`mkfifo: ${stderr}`);
}

/** Nine levels of nine aliases each: 387 million words from a few lines. */
function laughs(): string {
  const levels = Array.from({ length: 9 }, (_, i) =>
    i === 0
      ? 'a0: &a0 [lol, lol, lol]'
      : `a${i}: &a${i} [${Array(9)
          .fill(`*a${i - 1}`)
          .join(', ')}]`,
  );
  return `${levels.join('\n')}\n`;
}

/** Names that steer a terminal, a shell, a runner or a report, as far as a file can be called so. */
const STRANGE_NAMES = [
  '\u001b[2J\u001b]0;title\u0007',
  'line\nbreak\r\n::error::by name',
  '-rf',
  '--help',
  `$(touch ${MARK})`,
  `;touch ${MARK}`,
  `"'\`|&<>*?[`,
  '\u202egpj.hs',
  '..\\..\\outside',
  'é'.repeat(100),
];

export const BAD_FILES: Attack[] = [
  {
    name: 'link-to-a-file-of-the-grader',
    shows:
      'Links to files of the grading machine, absolute and with `../`. They travel as links, and on the lab host they lead nowhere.',
    lab: LAB,
    write: (folder, targets) => {
      link(path.join(targets.folder, 'secret.txt'), path.join(folder, 'loot-1'));
      link(path.relative(folder, path.join(targets.folder, 'secret.txt')), path.join(folder, 'loot-2'));
      put(path.join(folder, 'run.sh'), `cat loot-1 loot-2 2>&1\n${ENDED}`);
    },
    outcomes: [{ status: 'graded', fails: NOT_RUNNING, says: /loot-1: No such file or directory/ }],
  },
  {
    name: 'script-is-a-link',
    shows: 'run.sh is a link to a script of the grading machine. A link is no script: there is nothing to deploy.',
    lab: LAB,
    write: (folder, targets) => {
      link(path.join(targets.folder, 'secret.sh'), path.join(folder, 'run.sh'));
    },
    outcomes: [{ status: 'invalid', says: /nothing to deploy/ }],
  },
  {
    name: 'manifest-is-a-link',
    shows: 'submission.yaml is a link to a file of the grading machine. It is not read.',
    lab: LAB,
    write: (folder, targets) => {
      link(path.join(targets.folder, 'secret.txt'), path.join(folder, 'submission.yaml'));
      put(path.join(folder, 'run.sh'), ISOLATED);
    },
    outcomes: [{ status: 'invalid', says: /submission\.yaml must be a file with text in it; it is a link/ }],
  },
  {
    name: 'file-behind-a-link',
    shows:
      'submission.yaml names a file in a folder that is a link to one of the grading machine. What is not in the submission is not looked for: the answer does not tell whether it exists.',
    lab: LAB,
    write: (folder, targets) => {
      link(targets.folder, path.join(folder, 'door'));
      put(path.join(folder, 'submission.yaml'), 'file: door/secret.sh\n');
    },
    outcomes: [{ status: 'invalid', says: /names the file "door\/secret\.sh", which is not in the submission/ }],
  },
  {
    name: 'file-outside',
    shows: 'submission.yaml names a file with `../`. It is refused by its name.',
    lab: LAB,
    write: files({ 'submission.yaml': 'file: sub/../../../target/secret.sh\n', 'run.sh': ISOLATED }),
    outcomes: [{ status: 'invalid', says: /file must lie inside the submission/ }],
  },
  {
    name: 'lab-is-a-link',
    shows: 'The lab’s folder itself is a link to a folder of the grading machine. Nothing was handed in.',
    lab: LAB,
    write: (folder, targets) => {
      rmSync(folder, { recursive: true });
      link(targets.folder, folder);
    },
    outcomes: [{ status: 'missing' }],
  },
  {
    name: 'script-is-a-pipe',
    shows: 'run.sh is a named pipe that nobody writes to. Nobody waits for it: there is nothing to deploy.',
    lab: LAB,
    write: (folder) => {
      pipe(path.join(folder, 'run.sh'));
    },
    outcomes: [{ status: 'invalid', says: /nothing to deploy/ }],
  },
  {
    name: 'pipes-beside',
    shows: 'Named pipes beside an honest script, called as what the grader reads. They do not travel.',
    lab: LAB,
    write: (folder) => {
      put(path.join(folder, 'run.sh'), ISOLATED);
      for (const name of ['answers.yaml', 'Dockerfile', 'compose.yaml', '.env']) pipe(path.join(folder, name));
    },
    outcomes: [{ status: 'graded', fails: [] }],
  },
  {
    name: 'strange-names',
    shows:
      'Files whose names steer terminals, shells, runners and reports, beside an honest script. They travel, and are text wherever they are shown.',
    lab: LAB,
    write: files({ ...Object.fromEntries(STRANGE_NAMES.map((name) => [name, name])), 'run.sh': ISOLATED }),
    outcomes: [{ status: 'graded', fails: [] }],
  },
  {
    name: 'names-that-are-no-text',
    shows: 'A file whose name is no UTF-8. It cannot be handed on under its name, and its author is told to rename it.',
    lab: LAB,
    write: (folder) => {
      put(path.join(folder, 'run.sh'), ISOLATED);
      writeFileSync(Buffer.concat([Buffer.from(`${folder}/`), Buffer.from([0x66, 0xff, 0xfe, 0x2e, 0x63])]), 'x');
    },
    outcomes: [{ status: 'invalid', says: /name.*UTF-8/ }],
  },
  {
    name: 'archive-with-a-way-out',
    shows:
      'An archive with `../`, absolute names and a link to `/`, unpacked by the script and by a Dockerfile’s ADD. What it writes is on the lab host, which ends.',
    lab: LAB,
    write: together(
      files({
        'loot.tar': packTar([
          { name: `../../../../../../tmp/${MARK}`, content: 'x' },
          { name: `/tmp/${MARK}`, content: 'x' },
          { name: 'root', link: '/' },
          { name: `root/tmp/${MARK}`, content: 'x' },
        ]),
        Dockerfile: 'FROM alpine\nADD loot.tar /loot/\n',
        'run.sh': `tar -xPf loot.tar\ndocker build -q .\n${ISOLATED}`,
      }),
    ),
    outcomes: [{ status: 'graded', fails: [] }],
  },
  {
    name: 'archive-of-names-that-lead-out',
    shows:
      'All that is handed in is an archive with `../`, and an honest script. The grading machine reads the names, unpacks nothing, and its author is told which name it is.',
    lab: LAB,
    write: files({
      'work.zip': packZip([
        { name: 'run.sh', content: ISOLATED },
        { name: `../../../../../../../../tmp/${MARK}`, content: 'x' },
      ]),
    }),
    outcomes: [{ status: 'invalid', says: /work\.zip has .* which leads out of it: unpack it/ }],
  },
  {
    name: 'archive-of-links',
    shows: 'The same with a link to a file of the grading machine, called as a script. No link in an archive is taken.',
    lab: LAB,
    write: (folder, targets) => {
      put(
        path.join(folder, 'work.tar'),
        packTar([{ name: 'run.sh', link: path.join(targets.folder, 'secret.sh').slice(0, 99) }]),
      );
    },
    outcomes: [{ status: 'invalid', says: /work\.tar has "run\.sh", which is a link/ }],
  },
  {
    name: 'archive-bomb-for-the-grader',
    shows:
      'The same with a file that is a thousand times the archive. Unpacking ends at 50 MiB, or at 200 times its size.',
    lab: LAB,
    write: files({
      'work.zip': packZip([
        { name: 'run.sh', content: ISOLATED },
        { name: 'zeros', content: Buffer.alloc(45 * 1024 * 1024) },
      ]),
    }),
    outcomes: [{ status: 'invalid', says: /unpacks to more than 200 times its own size/ }],
  },
  {
    name: 'archive-of-strange-names',
    shows:
      'Names that steer terminals, shells, runners and reports, in an archive with an honest script. They travel as text.',
    lab: LAB,
    write: files({
      'work.zip': packZip([
        { name: 'run.sh', content: ISOLATED },
        ...STRANGE_NAMES.filter((name) => !name.includes('..')).map((name) => ({ name, content: name })),
      ]),
    }),
    outcomes: [{ status: 'graded', fails: [] }],
  },
  {
    name: 'yaml-bomb-in-compose',
    heavy: true,
    shows:
      'A Compose file of nine lines that are 387 million words. Compose on the lab host says no, or runs into the time limit.',
    lab: LAB,
    write: together(files({ 'compose.yaml': `${laughs()}${COMPOSE}    labels: *a8\n` }), within(20)),
    outcomes: [{ status: 'graded', fails: NOT_RUNNING, says: /alias|its time limit/ }],
  },
  {
    name: 'yaml-bomb-in-the-manifest',
    shows: 'The same in submission.yaml, which the grader itself reads: it says no after ten aliases.',
    lab: LAB,
    write: files({ 'submission.yaml': `${laughs()}timeout: 20\n`, 'run.sh': ISOLATED }),
    outcomes: [{ status: 'invalid', says: /submission\.yaml is not valid YAML: .*alias/i }],
  },
  {
    name: 'yaml-deep-in-the-manifest',
    shows: 'Thirty thousand brackets in submission.yaml. The grader reads no more of it than it has time for.',
    lab: LAB,
    write: files({ 'submission.yaml': `roles: ${'['.repeat(30_000)}\n`, 'run.sh': ISOLATED }),
    outcomes: [{ status: 'invalid', says: /submission\.yaml is not valid YAML/ }],
  },
  {
    name: 'environment-of-the-grader',
    shows:
      'A Compose file asks for a variable of the grader’s environment in every way there is: `${…}`, by name, through `.env`. Compose runs on the lab host, and nothing of that environment is there.',
    lab: LAB,
    write: files({
      '.env': `FROM_ENV=\${${SECRET_VARIABLE}:-unset}\n`,
      'compose.yaml': `${COMPOSE.replace('    stdin_open: true\n    tty: true\n', '')}    command: sh -c 'env; exit 1'
    environment:
      - ${SECRET_VARIABLE}
      - GIVEN=[\${${SECRET_VARIABLE}:-unset}]
      - PASSED_ON=[\${FROM_ENV:-unset}]
`,
    }),
    outcomes: [{ status: 'graded', fails: NOT_RUNNING, says: /GIVEN=\[unset\]/ }],
  },
  {
    name: 'compose-reads-outside',
    shows:
      'Compose files that read what is not in the submission: `include`, `extends`, `env_file`, `configs`, `secrets` and build contexts, by absolute names and by `../`. They read on the lab host, where nothing of it is.',
    lab: LAB,
    write: (folder, targets) => {
      const outside = path.join(targets.folder, 'secret.txt');
      const upwards = path.relative(folder, outside);
      const readers = (file: string): Record<string, string> => ({
        include: `include: ['${file}']\n${COMPOSE}`,
        extends: `${COMPOSE}    extends: { file: '${file}', service: isolated }\n`,
        envfile: `${COMPOSE}    env_file: '${file}'\n`,
        config: `${COMPOSE}    configs: [loot]\nconfigs: { loot: { file: '${file}' } }\n`,
        secret: `${COMPOSE}    secrets: [loot]\nsecrets: { loot: { file: '${file}' } }\n`,
        context: `${COMPOSE}    build: { context: ., additional_contexts: { loot: '${path.dirname(file)}' } }\n`,
        buildsecret: `${COMPOSE}    build: { context: ., secrets: [loot] }\nsecrets: { loot: { file: '${file}' } }\n`,
      });
      const commands: Record<string, string> = {};
      for (const [way, file] of Object.entries({ absolute: outside, upwards }))
        for (const [word, text] of Object.entries(readers(file))) {
          const name = `${word}-${way}.yaml`;
          put(path.join(folder, 'files', name), text);
          // Made and not started: what is read, is read by then.
          commands[`${word}-${way}`] = `cd files && docker compose -p ${word} -f ${name} up --no-start --build`;
        }
      put(
        path.join(folder, 'files/Dockerfile'),
        'FROM alpine\nRUN --mount=type=secret,id=loot,required=true cat /run/secrets/loot\nCOPY --from=loot secret.txt /\n',
      );
      put(path.join(folder, 'run.sh'), attempts(commands));
      put(path.join(folder, 'submission.yaml'), 'timeout: 120\n');
    },
    outcomes: [{ status: 'graded', fails: NOT_RUNNING, says: /\[include-absolute\] stopped/ }],
    // A bind mount of something that is not there is only noticed at the start.
    never: /\[(include|extends|envfile|context|buildsecret)-\w+\] got through/,
  },
  {
    name: 'compose-runs-a-program',
    shows:
      'Compose’s `provider:` names a program of the submission, which Compose runs on the machine where it runs itself. That is the lab host.',
    lab: LAB,
    write: files({
      'provider.sh': `#!/bin/bash\ntouch "/tmp/${MARK}" "$HOME/${MARK}"\necho '{"type":"info","message":"provided"}'\n`,
      'compose.yaml': `${COMPOSE}  other:\n    provider:\n      type: ./provider.sh\n`,
    }),
    outcomes: [
      { status: 'graded', fails: [], because: 'Compose runs the program (2.37 and later).' },
      { status: 'graded', fails: NOT_RUNNING, because: 'Compose does not know the key, or does not take the program.' },
    ],
  },
  {
    name: 'compose-hooks-and-watch',
    shows:
      '`develop.watch` on the root directory, and `post_start` hooks that ask for root. Nothing is watched after `up`; hooks run in the submission’s own container.',
    lab: LAB,
    write: files({
      'compose.yaml': `${COMPOSE}    post_start:
      - { command: [sh, -c, 'touch /tmp/${MARK}'], user: root }
    develop: { watch: [{ path: /, action: sync, target: /loot }] }
`,
    }),
    outcomes: [{ status: 'graded', fails: [] }],
  },
];
