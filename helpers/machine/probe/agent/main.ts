/**
 * The probe agent of a lab host: `node main.cjs [--beside-engine | --policy]`. It answers questions about the machine
 * itself and, from inside their namespaces, about every sandbox on it and about its neighbour machine. It puts nothing
 * into a student's container.
 */
import { createInterface } from 'node:readline';
import type { Answers, ProbeQuestion, ReplyLine, Request, RequestLine } from '../protocol.ts';
import { BuildWires } from './build-wires.ts';
import { Channels } from './channels.ts';
import { beginDeputy, endDeputy } from './deputy.ts';
import { readFirewall } from './firewall.ts';
import { lineOf } from './json-line.ts';
import { endConnections } from './end-connections.ts';
import { connect, exchange, httpGet, resolve } from './network.ts';
import { BESIDE_ENGINE, engineRoot, LAB_HOST_ROOT } from './engine-root.ts';
import { buildNeighbour } from './neighbour.ts';
import { standpointAt } from './namespaces.ts';
import { AS_POLICY, bePolicy, PolicyProcess } from './policy-process.ts';
import { run } from './run.ts';
import { holdersOf, processes } from './processes.ts';
import { addresses, bootId, listen } from './machine.ts';
import { readSandbox, textOf } from './sandbox.ts';
import { ping, readStack } from './stack.ts';
import { beginWitness, readWitness } from './witness.ts';

/** The machine's own root directory, as this process sees it. */
const ownRoot = process.argv[2] === BESIDE_ENGINE ? engineRoot() : LAB_HOST_ROOT;

/** Present on our own lab hosts. */
let policy: PolicyProcess | undefined;

/** Present on lab hosts from which only builds get out. */
let builds: BuildWires | undefined;

/** Whether the machine is kept when the grader is gone. */
let stays = false;

async function answer({ place, question }: Request): Promise<Answers[ProbeQuestion['ask']]> {
  const from = standpointAt(place);
  const root = typeof place === 'object' ? `/proc/${place.pid}/root` : ownRoot;
  switch (question.ask) {
    case 'connect':
      return connect(from, question);
    case 'exchange':
      return exchange(from, question);
    case 'http':
      return httpGet(from, question);
    case 'resolve':
      return resolve(from, question);
    case 'sandbox':
      return readSandbox(from, root);
    case 'stack':
      return readStack(from);
    case 'firewall':
      return readFirewall();
    case 'end connections':
      return endConnections(from, question);
    case 'answer for':
      return beginDeputy(place, question);
    case 'stop answering':
      endDeputy(question.deputy);
      return {};
    case 'ping':
      return ping(from, question);
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
    case 'witness':
      return beginWitness(from, question);
    case 'witnessed':
      return readWitness(question);
    case 'addresses':
      return { addresses: addresses() };
    case 'policy':
      policy = await PolicyProcess.start(process.argv[1] ?? '', question);
      return {};
    case 'policy begin':
      await started(policy).begin(question);
      return {};
    case 'policy facts':
      return started(policy).facts();
    case 'watch builds':
      builds = await BuildWires.open(question.nameserver);
      return {};
    case 'next build':
      return started(builds).next(question.timeoutMs);
    case 'let build go':
      started(builds).go(question.pid);
      return {};
    case 'stay':
      stays = true;
      return {};
    case 'run':
      return run(question);
  }
}

function started<T>(given: T | undefined): T {
  if (given === undefined) throw new Error('what is asked was not started');
  return given;
}

function say(reply: ReplyLine): void {
  process.stdout.write(lineOf(reply));
}

/** Answers what comes from standard input, one question a line, until it ends. */
function beAgent(): void {
  const channels = new Channels(say);
  createInterface({ input: process.stdin })
    .on('line', (line) => {
      const request = JSON.parse(line) as RequestLine;
      if (!('question' in request)) {
        channels.take(request);
        return;
      }
      answer(request).then(
        (result) => {
          say({ id: request.id, answer: result });
        },
        (error: unknown) => {
          say({ id: request.id, error: error instanceof Error ? error.message : String(error) });
        },
      );
    })
    // The grader is gone: so are we, unless the machine's engine shall go on asking the policy.
    .once('close', () => {
      if (!stays) process.exit(0);
    });
  // Nobody reads the answers when the grader is gone; that it is gone is seen above.
  process.stdout.on('error', () => undefined);
}

if (process.argv[2] === AS_POLICY) void bePolicy();
else beAgent();
