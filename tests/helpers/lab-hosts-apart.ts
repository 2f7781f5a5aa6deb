/**
 * Two lab hosts in a process of their own, because Jest cannot load what boots them. A test starts it by `bootApart`; what
 * then runs is the end of this file.
 */
import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import type { Egress } from '../../helpers/machine/lab-host/disposable/bounds.ts';
import type { LabHost } from '../../helpers/machine/lab-host/lab-host.ts';

export interface Said {
  exitCode: number | null;
  output: string;
}

export interface LabHostsApart extends AsyncDisposable {
  /** What they were started from. */
  image: string;
  network: string;
  /** Runs a script on one of them, as a submission does. */
  script: (host: 0 | 1, text: string) => Promise<Said>;
}

type Question = { host: 0 | 1; text: string };
type Opened = { image: string; network: string };

const COMMAND_MS = 60_000;

export async function bootApart(egress: Egress): Promise<LabHostsApart> {
  const execArgv = ['--disable-warning=ExperimentalWarning'];
  const child = fork('tests/helpers/lab-hosts-apart.ts', [egress], { execArgv, stdio: 'inherit' });
  const { image, network } = await answerOf<Opened>(child);
  let last = Promise.resolve<unknown>(undefined);
  const script = (host: 0 | 1, text: string): Promise<Said> => {
    const said = last.then(() => {
      child.send({ host, text } satisfies Question);
      return answerOf<Said>(child);
    });
    last = said.catch(() => undefined);
    return said;
  };
  const end = async (): Promise<void> => {
    const ended = once(child, 'exit');
    child.disconnect();
    await ended;
  };
  return { image, network, script, [Symbol.asyncDispose]: end };
}

async function answerOf<T>(child: ChildProcess): Promise<T> {
  const gone = new AbortController();
  const end = (): void => {
    gone.abort(new Error('the process with the lab hosts has ended'));
  };
  child.once('exit', end);
  const [answer] = (await once(child, 'message', { signal: gone.signal })) as [T];
  child.off('exit', end);
  return answer;
}

if (process.send !== undefined && process.argv[1]?.endsWith('lab-hosts-apart.ts') === true) void serve();

async function serve(): Promise<void> {
  const disconnected = once(process, 'disconnect');
  const { default: Docker } = await import('dockerode');
  const { bootsOn } = await import('../../helpers/machine/lab-host/disposable/boots.ts');
  const { findEngineAddress } = await import('../../helpers/machine/lab-host/engine-address.ts');
  const { openRuntime } = await import('../../helpers/machine/lab-host/disposable/runtime.ts');
  const { DEFAULT_GENERATION } = await import('../../helpers/machine/setup/generations.ts');
  const { ensureImages } = await import('../../helpers/machine/setup/images.ts');
  const docker = new Docker();
  await openRuntime(await findEngineAddress());
  const from = await ensureImages(docker, DEFAULT_GENERATION);
  const boots = bootsOn(docker, from, { egress: process.argv[2] as Egress });
  const hosts = await Promise.all([boots.labHost(), boots.labHost()]);
  process.on('message', ({ host, text }: Question) => {
    void runOn(hosts[host], text).then((said) => process.send?.(said));
  });
  process.send?.({ image: from.image, network: from.network } satisfies Opened);
  await disconnected;
  await Promise.all(hosts.map((host) => host[Symbol.asyncDispose]()));
  await boots[Symbol.asyncDispose]();
  process.exit();
}

async function runOn(host: LabHost, text: string): Promise<Said> {
  const { exitCode, output } = await host.run({
    argv: ['bash', '-c', text],
    cwd: host.workplace,
    env: host.environment,
    timeoutMs: COMMAND_MS,
    maxOutput: 20_000,
    terminal: true,
  });
  return { exitCode, output };
}
