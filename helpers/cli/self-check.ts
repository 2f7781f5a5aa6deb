/** `npm run self-check`: serves the page of questions on this machine, or builds it as a file. */
import { mkdirSync, writeFileSync } from 'node:fs';
import http from 'node:http';
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import path from 'node:path';
import { THEMES } from '../../specs/self-check/index.ts';
import { UsageError, reasonOf } from '../base/failure.ts';
import { buildSelfCheck } from '../report/self-check/build.ts';
import { say } from '../machine/setup/say.ts';
import { optional } from '../run/options.ts';
import { number } from '../run/values.ts';
import { parsedArguments } from './arguments.ts';
import { endWith, EXIT } from './end.ts';

/** The port is always the same, because a browser stores the student's progress for one address. */
const PORT = 8642;
const HOST = '127.0.0.1';

const USAGE = `usage: npm run self-check -- [options]

Serves the page of questions on this machine; Ctrl-C ends it.

  --port N       at this port (${PORT}); 0 for any that is free
  --build DIR    serve nothing: write the page to DIR/index.html, for any web server or to be opened from disk
  --help

exit codes: 0 you left, or the page is written, 2 wrong usage`;

const OPTIONS = {
  port: { type: 'string' },
  build: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

interface SelfCheckOptions {
  port: number;
  build?: string;
}

async function main(argv: string[]): Promise<number> {
  const options = optionsIn(argv);
  if (options === undefined) console.log(USAGE);
  else if (options.build === undefined) await serve(options.port);
  else console.log(await write(options.build));
  return EXIT.done;
}

function made(): Promise<string> {
  say('sealing the answers, which takes some seconds …');
  return buildSelfCheck(THEMES);
}

function optionsIn(argv: string[]): SelfCheckOptions | undefined {
  const { port, build, help } = parsedArguments({ args: argv, options: OPTIONS }, USAGE).values;
  if (help === true) return undefined;
  if (port !== undefined && build !== undefined)
    throw new UsageError(`--build serves nothing, so it takes no --port\n\n${USAGE}`);
  return { port: number('--port', port, { from: 0, to: 65_535, whole: true }) ?? PORT, ...optional('build', build) };
}

/** @returns the file's path. */
async function write(folder: string): Promise<string> {
  const file = path.join(folder, 'index.html');
  const trouble = (error: unknown): UsageError => new UsageError(`${file} cannot be written: ${reasonOf(error)}`);
  try {
    mkdirSync(folder, { recursive: true });
  } catch (error) {
    throw trouble(error);
  }
  const page = await made();
  try {
    writeFileSync(file, page);
  } catch (error) {
    throw trouble(error);
  }
  return file;
}

/** Serves the page until the user ends it by Ctrl-C. */
async function serve(port: number): Promise<void> {
  let page = '';
  const server = http.createServer(({ url, method = '' }, response) => {
    const found = url === '/' && ['GET', 'HEAD'].includes(method);
    response.writeHead(found ? 200 : 404, { 'content-type': `text/${found ? 'html' : 'plain'}; charset=utf-8` });
    response.end(found ? page : 'There is only one page here: /\n');
  });
  server.listen(port, HOST);
  try {
    await once(server, 'listening');
  } catch (error) {
    throw new UsageError(`port ${port} cannot be used (${reasonOf(error)}); name another one with --port N`);
  }
  page = await made();
  console.log(`http://localhost:${(server.address() as AddressInfo).port}/`);
  await Promise.race(['SIGINT', 'SIGTERM', 'SIGHUP'].map((signal) => once(process, signal)));
}

await endWith(main);
