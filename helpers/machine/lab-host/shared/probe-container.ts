/**
 * Runs the probe agent on an engine that others use, too. It runs in a privileged container, in the host's own network and
 * process namespaces, from which it can enter those of other containers. It ends when its input ends, so that nothing is left
 * when the grader is killed.
 */
import type { Duplex } from 'node:stream';
import type Docker from 'dockerode';
import { InfrastructureError, reasonOf } from '../../../base/failure.ts';
import { AgentClient } from '../../probe/agent-client.ts';
import { BESIDE_ENGINE } from '../../probe/agent/engine-root.ts';
import { agentProgram } from '../agent-program.ts';
import { demultiplex } from '../exec-stream.ts';
import { ownLabels } from '../labels.ts';
import { removeContainer } from '../remove.ts';

const BESIDE_THE_ENGINE = {
  Privileged: true,
  PidMode: 'host',
  NetworkMode: 'host',
  // In a cgroup namespace of its own, it could not read the control groups of other processes: their paths lead out of it.
  CgroupnsMode: 'host',
  AutoRemove: true,
};

export class ProbeContainer implements AsyncDisposable {
  readonly agent: AgentClient;
  readonly #container: Docker.Container;

  private constructor(container: Docker.Container, agent: AgentClient) {
    this.#container = container;
    this.agent = agent;
  }

  /**
   * @param image See helpers/machine/setup/probe-image.ts; it has to be there.
   * @param name What it is called, so that users know it. If that is taken, e.g. because two self-tests watch one engine, it gets
   *   a number.
   * @throws {InfrastructureError} when the engine does not start it, e.g. because it allows no privileged containers.
   */
  static async start(docker: Docker, image: string, name?: string): Promise<ProbeContainer> {
    let container: Docker.Container | undefined;
    try {
      const { argv, program } = await agentProgram(BESIDE_ENGINE);
      container = await createNamed(docker, name, {
        Image: image,
        Cmd: argv,
        Labels: ownLabels(),
        OpenStdin: true,
        StdinOnce: true,
        HostConfig: BESIDE_THE_ENGINE,
      });
      const options = { stream: true, hijack: true, stdin: true, stdout: true, stderr: true };
      const attached: unknown = await container.attach(options);
      const stream = attached as Duplex; // dockerode types it as a readable and writable stream only
      const outputs = demultiplex(container, stream);
      await container.start();
      stream.write(program);
      return new ProbeContainer(container, new AgentClient({ input: stream, ...outputs }));
    } catch (error) {
      if (container !== undefined) await removeContainer(container);
      throw new InfrastructureError(`the probe agent could not be started: ${reasonOf(error)}`);
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.agent.close('it was released');
    await removeContainer(this.#container);
  }
}

/** How many containers of one name, with numbers, there may be; the next ones get names from the engine. */
const MOST_OF_A_NAME = 9;

/** Creates a container. If its name is taken, a number is added: whose the other one is, a name does not tell. */
async function createNamed(
  docker: Docker,
  name: string | undefined,
  options: Docker.ContainerCreateOptions,
): Promise<Docker.Container> {
  for (let number = 1; name !== undefined && number <= MOST_OF_A_NAME; number++) {
    try {
      return await docker.createContainer({ ...options, name: number === 1 ? name : `${name}-${number}` });
    } catch (error) {
      if ((error as { statusCode?: number }).statusCode !== 409) throw error;
    }
  }
  return docker.createContainer(options);
}
