/** This machine, with the engine that the user's Docker command line talks to. */
import { lookup } from 'node:dns/promises';
import { existsSync } from 'node:fs';
import { chmod, mkdir, rm, symlink, writeFile } from 'node:fs/promises';
import path from 'node:path';
import Docker from 'dockerode';
import type { Gate } from '../../gate/gate.ts';
import { reasonOf } from '../../../base/failure.ts';
import { watchRequests } from '../../../base/docker/requests.ts';
import { logged } from '../../../base/log.ts';
import type { AgentClient } from '../../probe/agent-client.ts';
import { bootId } from '../../probe/agent/machine.ts';
import { run } from '../../probe/agent/run.ts';
import { readTextFile } from '../../probe/agent/text-file.ts';
import { TEXT_LIMIT } from '../../../base/plain-file.ts';
import type { RunAnswer } from '../../probe/protocol.ts';
import type { EngineAddress } from '../engine-address.ts';
import { askHere, ownAddresses } from './here.ts';
import type { Command } from '../lab-host.ts';
import { ownPath } from '../own-files.ts';
import { THIS_MACHINE, lookFromOutside, type Outside } from '../outside.ts';
import type { ProbeContainer } from './probe-container.ts';
import { sharedWorkplace } from './shared-files.ts';
import { SharedLabHost, type Machine, type Manners } from './shared-host.ts';
import { wireUp } from './wire.ts';
import type { Contents } from '../../../submission/contents.ts';
import { itemsOf } from '../../../submission/items.ts';

/** The variables of the user's environment that a submission's commands keep. Docker's command line needs them. */
const KEPT = ['HOME', 'DOCKER_CONFIG', 'XDG_RUNTIME_DIR', 'TMPDIR'];
const CANARY_MS = 3_000;

/** @param probeImage See helpers/machine/setup/probe-image.ts. */
export async function openLocalHost(
  address: EngineAddress,
  probeImage: string,
  manners: Manners,
): Promise<SharedLabHost> {
  const docker = watchRequests(new Docker({ socketPath: address.socketPath }), 'local');
  const workplace = await workplaceFor(docker, probeImage, manners);
  return SharedLabHost.open(
    new ThisMachine({ address, probeImage, workplace, say: manners.say.bind(manners) }),
    manners,
  );
}

/** Where nothing is deployed, nothing is mounted. */
async function workplaceFor(docker: Docker, probeImage: string, { live }: Manners): Promise<string> {
  if (!live) return sharedWorkplace(docker, probeImage);
  const folder = ownPath();
  await mkdir(folder, { mode: 0o700 });
  return folder;
}

class ThisMachine implements Machine {
  readonly kind = 'local';
  readonly engineSocket: string;
  readonly probeImage: string;
  readonly workplace: string;
  readonly #address: EngineAddress;
  readonly #say: (text: string) => void;

  constructor(of: { address: EngineAddress; probeImage: string; workplace: string; say: (text: string) => void }) {
    this.#address = of.address;
    this.engineSocket = of.address.socketPath;
    this.probeImage = of.probeImage;
    this.workplace = of.workplace;
    this.#say = of.say;
  }

  environment(gate: Gate): Promise<Record<string, string>> {
    const kept = KEPT.flatMap((name) => {
      const value = process.env[name];
      return value === undefined ? [] : [[name, value]];
    });
    return Promise.resolve({
      ...(Object.fromEntries(kept) as Record<string, string>),
      PATH: usersPath(),
      LANG: 'C.UTF-8',
      DOCKER_HOST: `unix://${gate.socketPath}`,
    });
  }

  /**
   * A neighbour machine, if the engine runs on this machine itself. If the engine runs in a virtual machine (Docker Desktop)
   * or far away, published ports are tried from this process.
   */
  async outside({ agent }: ProbeContainer): Promise<Outside> {
    if (await this.#isTheEnginesHost(agent)) return wireUp(agent);
    const { machine } = this.#address;
    const addresses = machine === undefined ? ownAddresses() : [(await lookup(machine, { family: 4 })).address];
    const ask: AgentClient['ask'] = (place, question) =>
      place === 'outside' ? askHere(question) : agent.ask(place, question);
    return lookFromOutside(ask, THIS_MACHINE, addresses, CANARY_MS);
  }

  async #isTheEnginesHost(agent: AgentClient): Promise<boolean> {
    if (!existsSync('/proc/sys/kernel/random/boot_id')) return false;
    return (await agent.ask('host', { ask: 'machine' })).bootId === bootId();
  }

  run(command: Command): Promise<RunAnswer> {
    return logged('command', command.argv.join(' '), () => run({ ask: 'run', ...command }));
  }

  readText(file: string): Promise<string | undefined> {
    return Promise.resolve(readTextFile(file, TEXT_LIMIT));
  }

  async upload(source: Contents, target: string): Promise<void> {
    await mkdir(target, { recursive: true });
    const modes: { file: string; mode: number }[] = [];
    for await (const { kind, name, mode, target: to = '', content } of itemsOf(source)) {
      const file = path.join(target, name);
      if (kind === 'folder') await mkdir(file);
      else if (kind === 'link') await symlink(to, file);
      else if (content !== undefined)
        await writeFile(file, Buffer.isBuffer(content) ? content : content.stream(), { flag: 'wx' });
      if (kind !== 'link') modes.push({ file, mode });
    }
    // Permissions come last: a folder may be read-only.
    for (const { file, mode } of modes.reverse()) await chmod(file, mode);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.workplace, { recursive: true, force: true }).catch((error: unknown) => {
      this.#say(`could not remove ${this.workplace}, where the submission was: ${reasonOf(error)}`);
    });
  }
}

/** The user's PATH, without the folders that npm puts in front: those hold the grader's own programs. */
function usersPath(): string {
  const folders = (process.env['PATH'] ?? '').split(path.delimiter);
  return folders.filter((folder) => !folder.includes('node_modules')).join(path.delimiter);
}
