/** `npm run images`: prepares the images of lab hosts before anything is graded, and puts them where other machines find them. */
import { oneOf } from '../run/values.ts';
import { ensureEngine } from '../machine/setup/engine.ts';
import { DEFAULT_GENERATION, GENERATIONS } from '../machine/setup/generations.ts';
import { contentTag, putPrepared, storeOf } from '../machine/setup/image-store.ts';
import { ensureImages, preparedNames } from '../machine/setup/images.ts';
import { failureAnnotation } from '../report/formats/github/annotations.ts';
import { command, isOnRunner } from '../report/formats/github/commands.ts';
import { parsedArguments } from './arguments.ts';
import { endWith, EXIT } from './end.ts';

const USAGE = `usage: npm run images -- [options]

Prepares the images of lab hosts, as the first npm run grade does.

  --push REGISTRY|DIR    put them into a registry or a folder, from which npm run grade -- --images takes them.
                         A registry is HOST[:PORT][/PATH]; a folder begins with / or ./
  --images REGISTRY|DIR  take them from there, if it has them; a folder gets what was made here
  --key                  print their tag only: it is another one whenever anything that they are made from is
  --engine VERSION       of which generation: ${GENERATIONS.join(', ')} (${DEFAULT_GENERATION})
  --help`;

const OPTIONS = {
  push: { type: 'string' },
  images: { type: 'string' },
  key: { type: 'boolean' },
  engine: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

async function main(argv: string[]): Promise<number> {
  const { values } = parsedArguments({ args: argv, options: OPTIONS }, USAGE);
  const { push, images, key = false, help = false } = values;
  if (help) {
    console.log(USAGE);
    return EXIT.done;
  }
  for (const store of [push, images]) if (store !== undefined) storeOf(store);
  const generation = oneOf('--engine', values.engine ?? DEFAULT_GENERATION, GENERATIONS);
  const { docker } = await ensureEngine();
  const names = await preparedNames(generation);
  const tag = await contentTag(docker, names);
  if (key) {
    console.log(tag);
    return EXIT.done;
  }
  await ensureImages(docker, generation, images);
  for (const each of push === undefined ? [] : await putPrepared(docker, names, push))
    console.log(`put there: ${each}`);
  console.log(`the images of lab hosts are ready: ${tag}`);
  return EXIT.done;
}

await endWith(main, (reason) => {
  if (isOnRunner(process.env)) command(process.stdout, [failureAnnotation(reason)]);
});
