/**
 * The probe agent of a lab host. Started once as `node main.ts [ROOT | --beside-engine]`, it answers for the lab host itself and starts
 * one more of itself in each sandbox it is asked about, through nsenter(1): nothing is put into a student's container.
 */
import { spawn, type ChildProcess } from 'node:child_process';
import { createInterface } from 'node:readline';
import type { Answers, Place, Question, ReplyLine, RequestLine } from '../protocol.ts';
import { lineOf } from './line.ts';
import { connect, exchange, httpGet, resolve } from './network.ts';
import { BESIDE_ENGINE, engineRoot } from './engine-root.ts';
import { buildNeighbour, NEIGHBOUR } from './neighbour.ts';
import { run } from './run.ts';
import { holdersOf, processes } from './processes.ts';
import { addresses, bootId, listen, readSandbox, textOf } from './sandbox.ts';
import { ping, readStack } from './stack.ts';

/** The root directory of the place that this process answers for, as it sees it; '' for its own. */
const root = process.argv[2] === BESIDE_ENGINE ? engineRoot() : (process.argv[2] ?? '');

async function answer(question: Question): Promise<Answers[Question['ask']]> {
  switch (question.ask) {
    case 'connect':
      return connect(question);
    case 'exchange':
      return exchange(question);
    case 'http':
      return httpGet(question);
    case 'resolve':
      return resolve(question);
    case 'sandbox':
      return readSandbox(root);
    case 'stack':
      return readStack();
    case 'ping':
      return ping(question);
    case 'processes':
      return { processes: processes() };
    case 'holders':
      return { holders: holdersOf(question.port) };
    case 'text':
      return textOf(root, question.path);
    case 'listen':
      return listen();
    case 'neighbour':
      await buildNeighbour(question);
      return {};
    case 'machine':
      return { bootId: bootId() };
    case 'addresses':
      return { addresses: addresses() };
    case 'run':
      return run(question);
  }
}

function say(reply: ReplyLine): void {
  process.stdout.write(lineOf(reply));
}

/** The agents in other places, by the path of their network namespace. */
const delegates = new Map<string, ChildProcess>();

function delegate(place: Exclude<Place, 'host'>): ChildProcess {
  const [namespace, itsRoot] =
    place === 'outside' ? [NEIGHBOUR, ''] : [`/proc/${place.pid}/ns/net`, `/proc/${place.pid}/root`];
  const known = delegates.get(namespace);
  if (known !== undefined) return known;
  const child = spawn('nsenter', [`--net=${namespace}`, process.execPath, import.meta.filename, itsRoot], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  delegates.set(namespace, child);
  const asked = new Set<number>();
  waiting.set(child, asked);
  createInterface({ input: child.stdout }).on('line', (line) => {
    const reply = JSON.parse(line) as ReplyLine;
    asked.delete(reply.id);
    say(reply);
  });
  const gone = (why: string): void => {
    if (delegates.get(namespace) === child) delegates.delete(namespace);
    for (const id of asked) say({ id, error: `the probe in ${namespace} ended (${why})` });
    asked.clear();
  };
  child.once('error', (error) => {
    gone(error.message);
  });
  child.once('exit', (code, signal) => {
    gone(`exit ${signal ?? String(code)}`);
  });
  child.stdin.on('error', () => undefined); // 'exit' tells.
  return child;
}

const waiting = new Map<ChildProcess, Set<number>>();

createInterface({ input: process.stdin })
  .on('line', (line) => {
    const request = JSON.parse(line) as RequestLine;
    if (request.place === 'host') {
      answer(request.question).then(
        (result) => {
          say({ id: request.id, answer: result });
        },
        (error: unknown) => {
          say({ id: request.id, error: error instanceof Error ? error.message : String(error) });
        },
      );
      return;
    }
    const child = delegate(request.place);
    waiting.get(child)?.add(request.id);
    child.stdin?.write(lineOf({ ...request, place: 'host' }));
  })
  // The grader is gone: so are we.
  .once('close', () => process.exit(0));
