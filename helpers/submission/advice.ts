/** What a student whose submission cannot be deployed reads: what was found, and the one thing to do. */
import path from 'node:path';
import { oneLine } from '../base/inert.ts';
import { isArchive, isOtherArchive } from './archive/archive.ts';
import { isCompose } from './compose-file.ts';
import { MANIFEST } from './manifest.ts';
import { scriptFacts } from './script.ts';
import { COMPOSE_FILES, SCRIPT, type Start } from './starts.ts';
import type { Submission } from './submission.ts';
import { levelsOf } from './tree.ts';

const MOST_NAMED = 10;
/** Names that are one of ours but for what an editor or a browser has added: `run.sh.txt`, `compose (1).yaml`, `compose`. */
const ADDED = [/\.txt$/i, / ?\(\d+\)(?=\.)/, /^copy of /i, / - copy(?=\.)/i];

/** @param several Paths of what could be started. */
export function severalFound(several: string[]): string {
  const [first = ''] = several;
  const count = several.length === 2 ? 'two files' : `several files (${several.length})`;
  return oneLine(
    `there are ${count} that could be started, and nothing says which: ${listed(several)}. Say which one with ` +
      `"file: ${first}" in a ${MANIFEST} at the top, or hand in a ${SCRIPT} at the top that starts all of them`,
  );
}

/** @param only What submission.yaml says it has to be. */
export function nothingFound(submission: Submission, only: Start['how'] | undefined): string {
  const looked = [
    MANIFEST,
    ...(only === 'script' ? [] : COMPOSE_FILES),
    ...(only === 'compose' ? [] : [`${SCRIPT} or another script (*.sh)`]),
  ];
  const visible = submission.entries.filter(({ name }) => !name.includes('/') && !name.startsWith('.'));
  const found = visible.length > 0 ? listed(visible.map(({ name }) => name)) : 'an empty folder';
  const todo = whatToDo(submission);
  return oneLine(
    `nothing to deploy: looked for ${looked.join(', ')}, in the folder and in its sub-folders; found ${found}` +
      (todo === undefined ? '' : `. ${todo}`),
  );
}

function whatToDo({ entries, texts, archive }: Submission): string | undefined {
  if (archive !== undefined && 'problem' in archive)
    return `${archive.file} ${archive.problem}: unpack it, and hand in the files that are in it`;
  const files = levelsOf(entries).flatMap((level) =>
    level.flatMap(({ name, files: own }) => own.map((file) => path.posix.join(name, file))),
  );
  const misnamed = files.find((file) => rightName(path.posix.basename(file)) !== undefined);
  if (misnamed !== undefined) return `Rename ${misnamed} to ${rightName(path.posix.basename(misnamed))}`;
  const compose = files.find(
    (file) => /\.(ya?ml|txt|json)$/i.test(file) && isCompose(texts.find((each) => each.file === file)?.text ?? ''),
  );
  if (compose !== undefined)
    return `Rename ${compose} to ${COMPOSE_FILES[0]}, or say "file: ${compose}" in a ${MANIFEST}`;
  const windows = files.find((file) => /\.(bat|cmd|ps1)$/i.test(file));
  if (windows !== undefined) return `Hand in the commands of ${windows} as ${SCRIPT}: scripts are run with bash`;
  const commands = texts.find(({ file, text, isUtf8 }) => isUtf8 && files.includes(file) && startsContainers(text));
  if (commands !== undefined) return `Rename ${commands.file} to ${SCRIPT}, if it is the script that starts everything`;
  const archives = files.filter((file) => isArchive(file) || isOtherArchive(file));
  if (archives.length > 0) return `Unpack ${listed(archives)}, and hand in the files of the one that counts`;
  return undefined;
}

/** Whether a text, whatever its name is, has commands that start containers. */
function startsContainers(text: string): boolean {
  return scriptFacts('text', [{ file: 'text', text }]).starts;
}

/** The name that a file should have; undefined when it has nothing of one of ours. */
function rightName(name: string): string | undefined {
  const bare = ADDED.reduce((rest, added) => rest.replace(added, ''), name).toLowerCase();
  const hyphened = bare.replace(/^docker[ _-]?compose/, 'docker-compose');
  const known = [...COMPOSE_FILES, SCRIPT];
  const right = [bare, hyphened].find((each) => known.includes(each));
  if (right !== undefined) return right;
  return ['compose', 'docker-compose'].includes(hyphened) ? `${hyphened}.yaml` : bare === 'run' ? SCRIPT : undefined;
}

function listed(names: string[]): string {
  const shown = names.slice(0, MOST_NAMED).join(', ');
  return names.length > MOST_NAMED ? `${shown} and ${names.length - MOST_NAMED} more` : shown;
}
