/**
 * A machine whose engine others use, too: this one (local.ts), or one that is reached by SSH (ssh.ts). Here is what both have
 * in common: the gate in front of the engine, the probe agent, and the removal of what a submission made there.
 */
import Docker from 'dockerode';
import { Gate } from '../../gate/gate.ts';
import { removeMade } from '../../gate/made.ts';
import { watchRequests } from '../../../base/docker/requests.ts';
import { InfrastructureError, UsageError } from '../../../base/failure.ts';
import type { AnswerTo, Place, ProbeQuestion, RunAnswer } from '../../probe/protocol.ts';
import { askHere } from './here.ts';
import { freeSubnet } from './free-subnet.ts';
import { refusalOf, refusalToShare, type EngineInfo } from '../engine-kind.ts';
import type { Command, EngineFacts, HostKind, ImageSource, LabHost, Stage } from '../lab-host.ts';
import { ownLabels } from '../labels.ts';
import { removeOwn } from '../leftovers.ts';
import { limitsOf, wayOf } from '../limits.ts';
import type { Outside } from '../outside.ts';
import { ProbeContainer } from './probe-container.ts';
import { newNote, writeNote, type Note, type Restart } from '../../restore/note.ts';
import { putBack, putBackOwn } from '../../restore/put-back.ts';
import { snapshotAround } from '../../restore/snapshot.ts';
import type { Contents } from '../../../submission/contents.ts';

/** What a run may do on a machine that is in use. */
export interface Manners {
  /** Nothing is deployed: what already runs there is graded. */
  live: boolean;
  /** Experiments may pause and restart what runs there, and change its addresses. */
  allowDisturb: boolean;
  /** What the probe's container is called; the engine makes up a name if nothing is said. */
  probeName?: string;
  /** Called with a sentence about each thing that could not be removed. */
  say(text: string): void;
}

/** What differs between the two: how commands and files get to the machine. */
export interface Machine extends AsyncDisposable {
  readonly kind: Exclude<HostKind, 'disposable'>;
  /** A unix socket of this machine that leads to its engine. */
  readonly engineSocket: string;
  readonly probeImage: string;
  readonly workplace: string;
  /** The environment of a submission's commands. DOCKER_HOST in it names the gate, so they reach the engine only through it. */
  environment(gate: Gate): Promise<Record<string, string>>;
  outside(probe: ProbeContainer): Promise<Outside>;
  run(command: Command): Promise<RunAnswer>;
  readText(path: string): Promise<string | undefined>;
  upload(source: Contents, target: string): Promise<void>;
  /** Why it cannot be reached any more; undefined while it can. */
  lost?(): string | undefined;
}

const ENDED = 'the run was ended';
const UNDISTURBED = 'judging it would disturb what runs here; --allow-disturb permits that';
/** The label of stand-in images; see helpers/machine/setup/images.ts. */
const STAND_IN_LABEL = 'netgrade.digest';

interface Parts {
  machine: Machine;
  manners: Manners;
  gate: Gate;
  probe: ProbeContainer;
  outside: Outside;
  engine: EngineFacts;
  environment: Record<string, string>;
}

export class SharedLabHost implements LabHost {
  readonly engine: EngineFacts;
  readonly docker: Docker;
  readonly outside: Outside;
  readonly stage: Stage;
  readonly gate: Gate;
  readonly undisturbed?: string;
  readonly disturbing?: NonNullable<LabHost['disturbing']>;
  readonly placeholderImage: string;
  readonly workplace: string;
  readonly environment: Record<string, string>;
  readonly #parts: Parts;
  /** What was there before it was disturbed; undefined as long as nothing was. */
  #noted: Promise<Note> | undefined;
  #isEnding = false;

  private constructor(parts: Parts) {
    const { machine, manners, gate } = parts;
    this.#parts = parts;
    this.gate = gate;
    this.docker = watchRequests(new Docker({ socketPath: gate.socketPath }), 'gate');
    this.engine = parts.engine;
    this.outside = parts.outside;
    this.stage = manners.live ? 'around-the-roles' : gate.made.containers;
    if (manners.live && !manners.allowDisturb) this.undisturbed = UNDISTURBED;
    if (mayDisturb(manners)) this.disturbing = this.#writeDown.bind(this);
    this.placeholderImage = machine.probeImage;
    this.workplace = machine.workplace;
    this.environment = parts.environment;
  }

  /** Takes over the machine: it is disposed of together with this host, or at once when opening fails. */
  static async open(machine: Machine, manners: Manners): Promise<SharedLabHost> {
    await using opened = new AsyncDisposableStack();
    opened.use(machine);
    const docker = engineOf(machine);
    if (mayDisturb(manners)) await putBackOwn(docker, manners.say.bind(manners));
    await removeOwn(docker);
    const facts = await engineFacts(docker, machine, manners);
    const policy = !manners.live ? 'own-things' : manners.allowDisturb ? 'anything' : 'look';
    const gate = await Gate.open({ engineSocket: machine.engineSocket, policy, labels: ownLabels('submission') });
    opened.use(gate);
    const probe = opened.use(await ProbeContainer.start(docker, machine.probeImage, manners.probeName));
    const [outside, environment] = await Promise.all([
      machine.outside(probe),
      manners.live ? {} : machine.environment(gate),
    ]);
    const engine = { ...facts, outside: outside.from };
    opened.move();
    return new SharedLabHost({ machine, manners, gate, probe, outside, engine, environment });
  }

  ask<Q extends ProbeQuestion>(place: Place, question: Q): Promise<AnswerTo<Q>> {
    if (place === 'outside' && this.outside.here) return askHere(question);
    return this.#parts.probe.agent.ask(place, question);
  }

  run(command: Command): Promise<RunAnswer> {
    return this.#parts.machine.run(command);
  }

  readText(path: string): Promise<string | undefined> {
    return this.#parts.machine.readText(path);
  }

  upload(source: Contents, target: string): Promise<void> {
    return this.#parts.machine.upload(source, target);
  }

  async spareSubnet(): Promise<string> {
    return freeSubnet(this.docker, await this.ask('host', { ask: 'stack' }));
  }

  lost(): string | undefined {
    return this.#parts.machine.lost?.();
  }

  async #writeDown(restarts: Restart[]): Promise<void> {
    if (this.#isEnding) throw new InfrastructureError(ENDED);
    await (this.#noted ??= noteOn(engineOf(this.#parts.machine), restarts));
  }

  /** Lets nothing be disturbed any more, and puts back what was. */
  async #putBack(): Promise<void> {
    const { machine, manners, gate } = this.#parts;
    this.#isEnding = true;
    await gate.bar(ENDED);
    const note = await this.#noted?.catch(() => undefined); // without a note nothing was changed
    if (note !== undefined && this.lost() === undefined)
      await putBack(engineOf(machine), note, manners.say.bind(manners), true);
  }

  /** Puts back what was disturbed, before anything else. Then removes what a submission made. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { machine, manners, gate, probe } = this.#parts;
    await using opened = new AsyncDisposableStack();
    opened.use(machine);
    opened.use(gate);
    if (!manners.live) await gate.bar(ENDED);
    if (mayDisturb(manners)) await this.#putBack();
    // Nothing can be removed on a machine that is out of reach. The next run removes it by its labels. The probe agent ends by
    // itself, because its input ends.
    if (this.lost() !== undefined) {
      probe.agent.close('the machine was lost');
      return;
    }
    opened.use(probe);
    const left = await removeMade(engineOf(machine), gate.made);
    for (const each of left) manners.say(`could not remove ${each}`);
  }
}

async function noteOn(docker: Docker, restarts: Restart[]): Promise<Note> {
  const ids = restarts.map(({ id }) => id);
  const note = newNote(restarts, await snapshotAround(docker, ids));
  await writeNote(docker, note);
  return note;
}

function mayDisturb({ live, allowDisturb }: Manners): boolean {
  return live && allowDisturb;
}

function engineOf({ kind, engineSocket }: Machine): Docker {
  return watchRequests(new Docker({ socketPath: engineSocket }), kind);
}

/** @throws {UsageError} when labs cannot be judged on this kind of engine. */
async function engineFacts(
  docker: Docker,
  { kind }: Machine,
  { live }: Manners,
): Promise<Omit<EngineFacts, 'outside'>> {
  const [version, info, images] = await Promise.all([
    docker.version(),
    docker.info() as Promise<EngineInfo>,
    imagesOn(docker),
  ]);
  const refusal = refusalOf(version) ?? refusalToShare(info);
  if (refusal !== undefined) throw new UsageError(refusal);
  const limits = limitsOf(wayOf(kind, live));
  return { version: version.Version, apiVersion: version.ApiVersion, host: kind, live, images, limits };
}

/** `stand-ins` when the engine has any of our stand-in images; otherwise its images are taken to be the official ones. */
async function imagesOn(docker: Docker): Promise<ImageSource> {
  const standIns = await docker.listImages({ filters: { label: [STAND_IN_LABEL] } });
  return standIns.length > 0 ? 'stand-ins' : 'registry';
}
