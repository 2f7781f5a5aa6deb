/** What of a submission's files is compared, and how each kind of file is taken apart. */
import path from 'node:path';
import { streamsOfAnswers, streamsOfYaml } from './compose.ts';
import { streamsOfProgram } from './program.ts';
import type { ComparedText } from './compared-texts.ts';
import { streamsOfScript } from './script.ts';
import { Names, type Stream } from './tokens.ts';

const PROGRAM = /\.(?:conf|cfg|ini|env|toml|template|tpl|py|m?[jt]s|go|java|rb|php|c|cc|cpp|rs|html)$|^\.env$/;
const DOCKERFILE = /^dockerfile|\.dockerfile$/i;
const SCRIPT = /\.(?:sh|bash|zsh)$/;
const YAML = /\.ya?ml$/;
const ANSWERS = /^answers\.ya?ml$/;
/** Not compared: it is short, and its words are prescribed. */
const MANIFEST = 'submission.yaml';
/** Code blocks in Markdown: indented, or fenced. */
const CODE_BLOCK = /^(?: {4}|\t)(.*)$|^```[^\n]*\n([^]*?)^```/gm;

export function isCompared(file: string): boolean {
  const name = path.basename(file);
  return name !== MANIFEST && [PROGRAM, DOCKERFILE, SCRIPT, YAML].some((each) => each.test(name));
}

/** @returns the streams of all files, and the names that are made up in them. */
export function streamsOf(files: ComparedText[]): { streams: Stream[]; names: string[] } {
  const names = new Names();
  const take = (): Stream[] => files.flatMap((file) => streamsOfFile(file, names));
  take(); // twice, because a file may use a name that is chosen in a later file
  return { streams: take(), names: names.shown };
}

function streamsOfFile({ file, text }: ComparedText, names: Names): Stream[] {
  const name = path.basename(file);
  if (ANSWERS.test(name)) return streamsOfAnswers(text, names);
  if (YAML.test(name)) return streamsOfYaml(text, names) ?? streamsOfProgram(name, text, names);
  if (SCRIPT.test(name)) return streamsOfScript(text, names);
  if (name.endsWith('.md')) return streamsOfHandout(text, names);
  return streamsOfProgram(name, text, names);
}

/** The commands and files in a hand-out; its sentences are not. */
function streamsOfHandout(text: string, names: Names): Stream[] {
  const code = [...text.matchAll(CODE_BLOCK)].map(([, indented, fenced]) => indented ?? fenced ?? '').join('\n');
  return [...streamsOfScript(code, names), ...(streamsOfYaml(code, names) ?? [])];
}
