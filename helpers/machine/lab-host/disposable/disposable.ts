/** A lab host that exists for one lab of one student: a privileged container with an engine of its own. */
import { randomBytes } from 'node:crypto';
import Docker from 'dockerode';
import { InfrastructureError, reasonOf } from '../../../base/failure.ts';
import { log } from '../../../base/log.ts';
import { watchRequests } from '../../../base/docker/requests.ts';
import { KEY_HEADER } from '../../policy/policy.ts';
import { DEFAULT_RULES } from '../../policy/rules.ts';
import { type LabPolicy } from '../../../lab/lab-definition.ts';
import { LAB_HOST_ROOT } from '../../probe/agent/engine-root.ts';
import { AgentClient } from '../../probe/agent-client.ts';
import type { AnswerTo, Place, ProbeQuestion, Run, RunAnswer, WireEnds } from '../../probe/protocol.ts';
import { drawPool, type AddressPool } from './address-pool.ts';
import { agentProgram } from '../agent-program.ts';
import { BOUNDS, COUNT_REACHED, reachedIn, type Bounds } from './bounds.ts';
import { execStreams, feed } from '../exec-stream.ts';
import type { Command, EngineFacts, HostPolicy, LabHost } from '../lab-host.ts';
import type { Kept } from '../kept.ts';
import { Gateway, GATEWAY } from './gateway.ts';
import { linkLabHosts } from './link.ts';
import { lastLines } from '../last-lines.ts';
import { limitsOf } from '../limits.ts';
import { lookFromOutside, NEIGHBOUR, type Outside } from '../outside.ts';
import { removeContainer } from '../remove.ts';
import { packFolder } from '../pack-folder.ts';
import { start, type LabHostImage, type LabHostOptions } from './start.ts';
import { openTunnel, type Tunnel } from '../tunnel.ts';
import { until } from '../../../base/wait.ts';
import type { Contents } from '../../../submission/contents.ts';

const ENGINE_SOCKET = '/var/run/docker.sock';
const BOOT_TIMEOUT_MS = 60_000;
/** How long one question for the next build waits. */
const BUILD_WATCH_MS = 60_000;
/** How many of its last lines are quoted when a lab host does not come up. */
const LAST_WORDS = 5;
/** Prints the end of the engine's log; see images/lab-host/scripts/boot.sh. */
const LAST_OF_ENGINE: Run = {
  ask: 'run',
  argv: ['tail', '-n', String(LAST_WORDS), `${LAB_HOST_ROOT}/var/lib/docker/engine.log`],
  cwd: '/',
  env: { PATH: '/usr/bin:/bin' },
  timeoutMs: 20_000,
  maxOutput: 2000,
};
/** Put before a submission's commands: it runs them as the student; see images/lab-host/scripts/as-student.sh. */
const AS_STUDENT = ['as-student'];
/** Gives what stands behind it a terminal; see images/lab-host/scripts/with-terminal.py. */
const WITH_TERMINAL = ['with-terminal'];
/** Put before the agent's command; see images/lab-host/scripts/agent-root.sh. */
const IN_ROOT_OF_ITS_OWN = ['agent-root'];
/** Put before a command that the agent runs, so that it runs among the lab host's own files. */
const ON_LAB_HOST = (cwd: string): string[] => [
  'nsenter',
  '--target=1',
  '--mount',
  `--wd=${LAB_HOST_ROOT}${cwd}`,
  '--',
];
const SEALED =
  'fresh machines have no way out to the network unless you say --egress all (images that are named in plain words are fetched without it)';
const BUILDS_ONLY =
  'with --egress build only the steps of builds have a way out to the network, and what scripts and containers start has none unless you say --egress all';
const WORKPLACE = '/home/student';

/** The addresses of the wire to the neighbour machine. They are reserved for documentation (RFC 5737, RFC 3849), so they are free. */
const WIRE: WireEnds[] = [
  { host: '198.51.100.1/24', neighbour: '198.51.100.2/24' },
  { host: '2001:db8:51::1/64', neighbour: '2001:db8:51::2/64' },
];

/** A name that only the lab host's own nameserver knows; see boot.sh. */
const PRIVATE_NAME = { name: 'only-this-host.netgrade.test', address: '203.0.113.99' };

export class DisposableLabHost implements LabHost {
  readonly stage = 'everything';
  readonly privateName = PRIVATE_NAME;
  readonly placeholderImage = 'busybox:latest';
  readonly workplace = WORKPLACE;
  readonly environment = {
    PATH: '/usr/local/lib/netgrade/commands:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: '/home/student',
    USER: 'student',
    LANG: 'C.UTF-8',
  };
  readonly docker: Docker;
  readonly engine: EngineFacts;
  readonly outside: Outside;
  readonly sealed?: string;
  readonly policy: HostPolicy;
  readonly bounded: NonNullable<LabHost['bounded']>;
  /** The grading machine's engine. This lab host is one of its containers, `#container`. */
  readonly #outer: Docker;
  readonly #container: Docker.Container;
  readonly #tunnel: Tunnel;
  readonly #agent: AgentClient;
  readonly #pool: AddressPool;
  #spares = 0;

  private constructor(parts: {
    outer: Docker;
    container: Docker.Container;
    tunnel: Tunnel;
    docker: Docker;
    agent: AgentClient;
    pool: AddressPool;
    engine: EngineFacts;
    outside: Outside;
    options: LabHostOptions;
    policy: HostPolicy;
    bounds: Bounds;
  }) {
    if (parts.options.wayOut === 'none') this.sealed = parts.options.buildsOut === undefined ? SEALED : BUILDS_ONLY;
    this.#outer = parts.outer;
    this.#container = parts.container;
    this.#tunnel = parts.tunnel;
    this.docker = parts.docker;
    this.#agent = parts.agent;
    this.#pool = parts.pool;
    this.engine = parts.engine;
    this.outside = parts.outside;
    this.policy = parts.policy;
    this.bounded = {
      bounds: parts.bounds,
      reached: async () => reachedIn((await this.ask('host', COUNT_REACHED)).output),
    };
  }

  /**
   * Boots a lab host. It is ready when its engine answers and its neighbour machine reaches it.
   *
   * @throws {InfrastructureError} when it does not come up; then it is removed.
   */
  static async boot(
    outer: Docker,
    from: LabHostImage,
    options: LabHostOptions,
    bounds = BOUNDS,
  ): Promise<DisposableLabHost> {
    const pool = drawPool();
    agentProgram().catch(() => undefined); // made ready while the container starts; an error shows when it is needed
    return start(outer, from, { pool, bounds, options }, (container) =>
      DisposableLabHost.#enter(outer, container, { from, pool, options, bounds }),
    );
  }

  /** Starts the agent in the machine, tells it the policy's key, and waits for the engine's first answer. */
  static async #enter(
    outer: Docker,
    container: Docker.Container,
    { from, pool, options, bounds }: { from: LabHostImage; pool: AddressPool; options: LabHostOptions; bounds: Bounds },
  ): Promise<DisposableLabHost> {
    let tunnel: Tunnel | undefined;
    try {
      const { argv, program } = await agentProgram();
      const streams = await execStreams(container, [...IN_ROOT_OF_ITS_OWN, ...argv]);
      streams.input.write(program);
      const agent = new AgentClient(streams);
      // The engine needs the agent, which answers for its policy plugin: it does not start to work before.
      const key = randomBytes(24).toString('hex');
      await agent.ask('host', { ask: 'policy', key, workplace: WORKPLACE, timeoutMs: BOOT_TIMEOUT_MS });
      if (options.buildsOut !== undefined) await letBuildsOut(agent, options.buildsOut, container);
      const openedTunnel = (tunnel = await openTunnel(() => agent.dial(ENGINE_SOCKET)));
      const docker = watchRequests(
        new Docker({ socketPath: tunnel.socketPath, headers: { [KEY_HEADER]: key } }),
        'lab host',
      );
      noticeTheEnd(container, agent, openedTunnel);
      // The engine takes a second to start. The neighbour machine is set up in this time.
      const [version, outside] = await Promise.all([
        engineAnswers(docker, agent),
        openWire(agent),
        options.wayOut instanceof Gateway && options.wayOut.connect(container),
      ]);
      const engine = {
        version: version.Version,
        apiVersion: version.ApiVersion,
        host: 'disposable',
        live: false,
        images: from.images,
        outside: outside.from,
        limits: limitsOf('disposable'),
      } as const;
      const policy = policyOf(agent, options);
      const parts = { outer, container, tunnel, docker, agent, pool, engine, outside, bounds, policy, options };
      return new DisposableLabHost(parts);
    } catch (error) {
      await tunnel?.close();
      // A container that has ended may be removed already. Then its last lines cannot be read, and only the error is given.
      const said = await lastLines(container, LAST_WORDS).catch(() => '');
      const words = said.trim() === '' ? '' : ` (it said: ${said.trim()})`;
      throw new InfrastructureError(`the lab host did not come up: ${reasonOf(error)}${words}`);
    }
  }

  ask<Q extends ProbeQuestion>(place: Place, question: Q): Promise<AnswerTo<Q>> {
    return this.#agent.ask(place, question);
  }

  /** If the command asked too much of the engine, it is just being started anew: it answers again when this returns. */
  async run({ argv, cwd, terminal = false, ...command }: Command): Promise<RunAnswer> {
    const onLabHost = [...ON_LAB_HOST(cwd), ...AS_STUDENT, ...(terminal ? WITH_TERMINAL : []), ...argv];
    const answer = await this.ask('host', { ask: 'run', ...command, cwd: '/', argv: onLabHost });
    await engineAnswers(this.docker, this.#agent);
    return answer;
  }

  async readText(path: string): Promise<string | undefined> {
    return (await this.ask('host', { ask: 'text', path })).text;
  }

  spareSubnet(): Promise<string> {
    return Promise.resolve(this.#pool.spare(this.#spares++ % 256));
  }

  async link(other: LabHost): Promise<string[]> {
    if (!(other instanceof DisposableLabHost)) throw new Error('only machines of one kind can be linked');
    return linkLabHosts(this.#outer, [this.#container, other.#container]);
  }

  /** The agent is told to stay, too: the engine asks it about every request, and refuses all when it is gone. */
  async keep(name: string): Promise<Kept> {
    const paused = await this.docker.listContainers({ filters: { status: ['paused'] } });
    await this.ask('host', { ask: 'stay' });
    await this.#container.rename({ name });
    await this.#letGo('the lab host is kept');
    return {
      name,
      paused: paused.map(({ Id }) => Id.slice(0, 12)),
    };
  }

  /** Unpacks the files as the student. The engine's own copying (`docker cp`) would not see what is mounted in the lab host. */
  async upload(source: Contents, target: string): Promise<void> {
    const archive = packFolder(source, target, { withoutSyntax: this.sealed !== undefined, changeable: true });
    const { exitCode, output } = await feed(this.#container, [...AS_STUDENT, 'tar', '-xC', '/'], archive);
    if (exitCode !== 0) throw new InfrastructureError(`the submission did not reach the lab host: ${output.trim()}`);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#letGo('the lab host was released');
    await removeContainer(this.#container);
  }

  async #letGo(why: string): Promise<void> {
    this.#agent.close(why);
    await this.#tunnel.close();
  }
}

function policyOf(agent: AgentClient, { foreignImages = true }: LabHostOptions): HostPolicy {
  return {
    foreignImages,
    begin: async (rules: LabPolicy, tokenSecret: string) => {
      const all = { ...DEFAULT_RULES, ...rules, foreignImages };
      await agent.ask('host', { ask: 'policy begin', rules: all, tokenSecret });
    },
    facts: () => agent.ask('host', { ask: 'policy facts' }),
  };
}

/** Waits until the engine answers. Its socket exists before that, so a question on it may simply take long. */
async function engineAnswers(docker: Docker, agent: AgentClient): Promise<Docker.DockerVersion> {
  const version = await until(BOOT_TIMEOUT_MS, async () => {
    if (agent.closed !== undefined) throw agent.closed;
    return docker.version().catch(() => undefined); // not yet: asked again
  });
  if (version !== undefined) return version;
  const { output } = await agent.ask('host', LAST_OF_ENGINE);
  throw new Error(`its engine did not answer in ${BOOT_TIMEOUT_MS / 1000} s, and printed last: ${output}`);
}

/** Gives each container of a build a wire to the gateway, before it begins. That goes on until the lab host is released. */
async function letBuildsOut(agent: AgentClient, gateway: Gateway, container: Docker.Container): Promise<void> {
  await agent.ask('host', { ask: 'watch builds', nameserver: GATEWAY });
  const connect = async (pid: number): Promise<void> => {
    await gateway.connect(container, pid).catch((error: unknown) => {
      log('run', `a build has no way out: ${reasonOf(error)}`); // it says itself what it could not download
    });
    await agent.ask('host', { ask: 'let build go', pid });
  };
  const watch = async (): Promise<void> => {
    while (agent.closed === undefined) {
      const { pid } = await agent.ask('host', { ask: 'next build', timeoutMs: BUILD_WATCH_MS });
      if (pid !== undefined) connect(pid).catch(() => undefined); // the lab host has ended
    }
  };
  watch().catch(() => undefined); // the lab host has ended
}

/** Sets up the neighbour machine. If it cannot reach the lab host at all, nothing could be said about who reaches what. */
async function openWire(agent: AgentClient): Promise<Outside> {
  await agent.ask('host', { ask: 'neighbour', wire: 'wire', ends: WIRE });
  const addresses = WIRE.map(({ host }) => host.replace(/\/.*/, ''));
  const outside = await lookFromOutside(agent.ask.bind(agent), NEIGHBOUR, addresses);
  if (!outside.wasOpen) throw new Error('its neighbour machine does not reach it');
  return outside;
}

/**
 * Closes the agent and the tunnel when the lab host ends. The engine does not always close the streams of an ended
 * container, so a question to the agent would wait for its whole time limit.
 */
function noticeTheEnd(container: Docker.Container, agent: AgentClient, tunnel: Tunnel): void {
  const end = (): void => {
    agent.close('the lab host ended');
    void tunnel.close();
  };
  container.wait().then(end, end);
}
