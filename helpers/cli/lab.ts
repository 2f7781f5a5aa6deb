/** `npm run lab`: shows what a lab asks for, with a hand-out, or lists all labs. Nothing is graded. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { UsageError } from '../base/failure.ts';
import { inert } from '../base/inert.ts';
import { instead } from '../base/near.ts';
import { labOfFile, loadCatalogue, type GradableLab } from '../lab/catalogue.ts';
import { quoted } from '../machine/ssh/quote.ts';
import { handOutOf } from '../report/hand-out/hand-out.ts';
import { labsText, labText } from '../report/hand-out/lab-text.ts';
import { paint } from '../report/terminal.ts';
import { parsedArguments } from './arguments.ts';
import { endWith, EXIT } from './end.ts';

const USAGE = `usage: npm run lab -- [LAB | FILE] [options]

Shows what a lab asks for: its title, its rules with their ids and points, roles, networks, and a hand-out for students.
Nothing is graded. FILE is a topology, e.g. course/shop.yaml; what is wrong in it is said with its line. Without LAB and
FILE it lists all labs.

  --handout            only the hand-out, as Markdown: npx netgrade lab FILE --handout > hand-out.md
  --labs DIR           a folder with the course's own topologies; may be given several times
  --help

exit codes: 0 shown, 2 wrong usage, or a file with mistakes`;

const OPTIONS = {
  handout: { type: 'boolean' },
  labs: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

/** Hand-outs of the labs that come with netgrade. */
const HAND_OUTS = path.resolve(import.meta.dirname, '../../docs/labs');

async function main(argv: string[]): Promise<number> {
  const { values, positionals } = parsedArguments({ args: argv, allowPositionals: true, options: OPTIONS }, USAGE);
  const [word, ...more] = positionals;
  if (more.length > 0 || (word === undefined && values.handout === true))
    throw new UsageError(`name one lab, or one file\n\n${USAGE}`);
  const screen = { colours: process.stdout.isTTY && process.env['NO_COLOR'] === undefined };
  if (values.help === true) console.log(USAGE);
  else if (word === undefined) console.log(labsText([...(await loadCatalogue(values.labs)).values()], screen));
  else {
    const lab = isFile(word) ? labOfFile(word) : await labCalled(word, values.labs);
    const handOut = handOutFor(lab);
    const head = paint(screen, 'bold', 'hand-out');
    if (values.handout === true) console.log(handOut);
    else
      console.log([labText(lab, screen), ...(isFile(word) ? [gradedBy(lab, word)] : []), head, handOut].join('\n\n'));
  }
  return EXIT.done;
}

/** A word with a folder or with the ending of YAML is a file; any other one is a lab's name. */
function isFile(word: string): boolean {
  return /[/\\]|\.ya?ml$/i.test(word);
}

async function labCalled(name: string, ownLabs: string[] = []): Promise<GradableLab> {
  const catalogue = await loadCatalogue(ownLabs);
  const lab = catalogue.get(name);
  if (lab !== undefined) return lab;
  throw new UsageError(
    `there is no lab "${name}"; ${instead(name, [...catalogue.keys()], 'the labs are')} (a topology of your own is named by its file, e.g. course/${name}.yaml)`,
  );
}

function gradedBy({ name }: GradableLab, file: string): string {
  return `graded by: npm run grade -- --labs ${quoted([path.dirname(file)])} --lab ${name}`;
}

/** The page that somebody has written for a lab of netgrade's; else what follows from the topology. */
function handOutFor(lab: GradableLab): string {
  const page = path.join(HAND_OUTS, `${lab.name}.md`);
  if (existsSync(page)) return inert(readFileSync(page, 'utf8')).trimEnd();
  if (lab.topology === undefined) throw new Error(`${lab.name} has no page in docs/labs`);
  return handOutOf(lab, lab.topology, givenFiles(lab));
}

function givenFiles({ starter = '' }: GradableLab): string[] {
  if (!existsSync(starter)) return [];
  return readdirSync(starter, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(starter, path.join(entry.parentPath, entry.name)))
    .sort();
}

await endWith(main);
