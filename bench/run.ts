/**
 * `npm run bench [-- NAME …]`: performance, as ratios within one run. Each file beside this one answers one question and
 * exports `run()`; without a name, the short ones run.
 */
import { readdirSync } from 'node:fs';
import { endWith, EXIT } from '../helpers/cli/end.ts';
import { UsageError } from '../helpers/base/failure.ts';
import { benchOptions } from './lib/options.ts';

const SHORT = ['one', 'overhead', 'memory'];

const USAGE = `usage: npm run bench -- [name …] [--rounds N] [--students N] [--jobs N,N,…]

  without a name   ${SHORT.join(', ')}
  --rounds N       how often what is compared takes turns (3)
  --students N     how many submissions a class has (12)
  --jobs N,N,…     how many labs at a time a class is graded with (1,2,4)

What each one measures, and how, stands in docs/bench.md. No exit code depends on a time.`;

/** The files beside this one. */
function questions(): string[] {
  return readdirSync(import.meta.dirname)
    .filter((file) => file.endsWith('.ts') && file !== 'run.ts')
    .map((file) => file.replace(/\.ts$/, ''))
    .sort();
}

await endWith(async (argv) => {
  const { names, help } = benchOptions(argv);
  const known = questions();
  if (help) {
    console.log(`${USAGE}\n\nnames: ${known.join(', ')}`);
    return EXIT.done;
  }
  const stranger = names.find((name) => !known.includes(name));
  if (stranger !== undefined)
    throw new UsageError(`there is no benchmark "${stranger}"; there are ${known.join(', ')}`);
  for (const name of names.length > 0 ? names : SHORT) {
    const { run } = (await import(`./${name}.ts`)) as { run: () => Promise<void> };
    await run();
  }
  return EXIT.done;
});
