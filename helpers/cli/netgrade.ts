/** `npx netgrade COMMAND …`: does the same as `npm run COMMAND -- …`. It works in the checkout. */
import { UsageError } from '../base/failure.ts';
import { instead } from '../base/near.ts';
import { endWith, EXIT } from './end.ts';

const COMMANDS: Record<string, { about: string; run: () => Promise<unknown> }> = {
  grade: { about: 'grade submissions, and write reports', run: () => import('./grade.ts') },
  'self-test': {
    about: 'watch what runs in your own Docker, and show which rules hold',
    run: () => import('./self-test.ts'),
  },
  'self-check': { about: 'answer the page of questions', run: () => import('./self-check.ts') },
  lab: { about: 'show what a lab asks for, with a hand-out; list all labs', run: () => import('./lab.ts') },
  judge: { about: 'judge kept surveys again, by the rules of today', run: () => import('./judge.ts') },
  report: { about: 'write reports from finished records, in any format', run: () => import('./report.ts') },
  explain: { about: 'show the evidence behind one verdict, from the reports', run: () => import('./explain.ts') },
  images: { about: 'prepare the images of lab hosts, also for other machines', run: () => import('./images.ts') },
  worker: { about: 'grade on this machine what others hand in through a queue', run: () => import('./worker.ts') },
};

const USAGE = `usage: npx netgrade COMMAND [options]

${Object.entries(COMMANDS)
  .map(([name, { about }]) => `  ${name.padEnd(12)}${about}`)
  .join('\n')}

npx netgrade COMMAND --help shows what a command takes. It is the same as npm run COMMAND -- --help.`;

function main([name = '']: string[]): Promise<number> {
  if (name !== '' && name !== '--help' && name !== '-h')
    throw new UsageError(
      `there is no command "${name}"; ${instead(name, Object.keys(COMMANDS), 'the commands are')}\n\n${USAGE}`,
    );
  console.log(USAGE);
  return Promise.resolve(EXIT.done);
}

const command = Object.entries(COMMANDS).find(([name]) => name === process.argv[2])?.[1];
if (command === undefined) await endWith(main);
else {
  // The command's module reads the words after the command's name, and ends the process.
  process.argv.splice(2, 1);
  await command.run();
}
