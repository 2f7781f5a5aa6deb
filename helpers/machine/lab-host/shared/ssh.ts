/** A remote machine that is reached by SSH. Commands, files and the engine's API all go over the ssh connection. */
import path from 'node:path';
import type { Gate } from '../../gate/gate.ts';
import { InfrastructureError } from '../../../base/failure.ts';
import type { AgentClient } from '../../probe/agent-client.ts';
import type { RunAnswer } from '../../probe/protocol.ts';
import { SshMachine } from '../../ssh/machine.ts';
import type { SshTarget } from '../../ssh/target.ts';
import { askHere } from './here.ts';
import type { Command } from '../lab-host.ts';
import { GRADING_MACHINE, lookFromOutside, type Outside } from '../outside.ts';
import type { ProbeContainer } from './probe-container.ts';
import { SharedLabHost, type Machine, type Manners } from './shared-host.ts';
import { openTunnel, type Tunnel } from '../tunnel.ts';
import { wireUp } from './wire.ts';
import type { Contents } from '../../../submission/contents.ts';

const CANARY_MS = 3_000;
const QUESTION_MS = 20_000;

export interface SshOptions {
  acceptHostKey: boolean;
  say(text: string): void;
}

/** Opens a stream to the engine there, as Docker's own command line does for ssh:// hosts. */
export function engineTunnel(machine: SshMachine): Promise<Tunnel> {
  return openTunnel(() => machine.dial(['docker', 'system', 'dial-stdio']));
}

/** @param probeImage The probe agent's image; the machine's engine must have it already. */
export async function openSshHost(
  target: SshTarget,
  probeImage: string,
  options: SshOptions,
  manners: Manners,
): Promise<SharedLabHost> {
  await using opened = new AsyncDisposableStack();
  const machine = opened.use(await SshMachine.connect(target, { ...options, env: process.env }));
  const tunnel = opened.adopt(await engineTunnel(machine), (each) => each.close());
  const workplace = await machine.makeFolder();
  opened.move();
  return await SharedLabHost.open(new RemoteMachine(machine, tunnel, workplace, probeImage, manners), manners);
}

class RemoteMachine implements Machine {
  readonly kind = 'ssh';
  readonly engineSocket: string;
  readonly probeImage: string;
  readonly workplace: string;
  readonly #machine: SshMachine;
  readonly #tunnel: Tunnel;
  readonly #manners: Manners;
  #door: AsyncDisposable | undefined;
  #lost: string | undefined;

  constructor(machine: SshMachine, tunnel: Tunnel, workplace: string, probeImage: string, manners: Manners) {
    this.#machine = machine;
    this.#tunnel = tunnel;
    this.#manners = manners;
    this.engineSocket = tunnel.socketPath;
    this.workplace = workplace;
    this.probeImage = probeImage;
    void machine.lost.then((error) => (this.#lost = error.message));
  }

  lost(): string | undefined {
    return this.#lost;
  }

  /** The submission's commands reach the gate, which is here, through a socket there. */
  async environment(gate: Gate): Promise<Record<string, string>> {
    const socket = path.posix.join(this.workplace, 'docker.sock');
    this.#door = await this.#machine.listenOn(socket, (stream) => {
      gate.forward(stream);
    });
    const { exitCode, output } = await this.#machine.run({
      argv: ['sh', '-c', 'printf "%s\\n%s\\n" "$PATH" "$HOME"'],
      timeoutMs: QUESTION_MS,
      maxOutput: 10_000,
    });
    const [PATH = '', HOME = ''] = output.split('\n');
    if (exitCode !== 0) throw new InfrastructureError(`the shell on ${this.#machine.hostName} did not tell its PATH`);
    return { PATH, HOME, LANG: 'C.UTF-8', DOCKER_HOST: `unix://${socket}` };
  }

  /** The grading machine, if it reaches the machine directly. Behind a jump host, it is a neighbour machine set up there. */
  async outside({ agent }: ProbeContainer): Promise<Outside> {
    const { address } = this.#machine;
    if (address === undefined) return wireUp(agent);
    const ask: AgentClient['ask'] = (place, question) =>
      place === 'outside' ? askHere(question) : agent.ask(place, question);
    return lookFromOutside(ask, GRADING_MACHINE, [address], CANARY_MS);
  }

  run(command: Command): Promise<RunAnswer> {
    return this.#machine.run(command);
  }

  readText(file: string): Promise<string | undefined> {
    return this.#machine.readText(file);
  }

  upload(source: Contents, target: string): Promise<void> {
    return this.#machine.upload(source, target);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await using opened = new AsyncDisposableStack();
    opened.use(this.#machine);
    opened.adopt(this.#tunnel, (each) => each.close());
    opened.use(this.#door);
    if (this.#lost !== undefined) return;
    await this.#machine.removeFolder(this.workplace).catch((error: unknown) => {
      this.#manners.say(`could not remove ${this.workplace} on ${this.#machine.hostName}: ${String(error)}`);
    });
  }
}
