/** The survey as specs use it: as roles and networks. In messages, each is printed as its name. */
import { isAlive } from '../survey/subjects.ts';
import type { ContainerFacts, NameFacts, NetworkFacts, RoleFinding, SandboxFacts, Survey } from '../survey/facts.ts';
import { EMBEDDED_DNS } from '../base/docker/addresses.ts';
import { calledName, madeFor, misnomerOf, playersOf } from '../survey/roles.ts';
import { answersHttp } from '../survey/samples.ts';
import { placeNow, playTogether } from './cast.ts';
import type { Condition } from './criterion.ts';
import { lookalikesOf } from './lookalikes.ts';
import { surveyUnderTest } from './spec-context.ts';

export class Lab {
  readonly survey: Survey;

  constructor(survey: Survey) {
    this.survey = survey;
  }

  /** The second machine of a lab that needs two. */
  secondMachine(): Lab {
    if (this.survey.secondMachine === undefined) throw new Error('this lab was surveyed on one machine');
    return new Lab(this.survey.secondMachine);
  }

  role(name: string): Role {
    return new Role(this, name);
  }

  network(name: string): Network {
    return new Network(
      name,
      this.survey.networks.filter(({ names }) => names.includes(name)),
    );
  }

  /**
   * The networks of these names, or else those of other names that evidently play their parts (lookalikes.ts).
   *
   * @param parts All networks of the lab by name, with the roles that should be on them.
   * @returns a network for each, in their order.
   */
  networksOf(parts: Record<string, Role[]>): Network[] {
    const wanted = Object.entries(parts).map(([name, roles]) => ({
      name,
      members: roles.map(({ players }) => players),
    }));
    const players = Object.keys(this.survey.roles).flatMap((each) => this.role(each).players);
    const lookalikes = lookalikesOf(wanted, this.survey.networks, players);
    return wanted.map(({ name }) => new Network(name, this.network(name).candidates, lookalikes.get(name)));
  }

  /** Docker's own network, which containers join when no other one is named. */
  defaultBridge(): Network {
    const made = this.survey.networks.filter(({ name, predefined }) => predefined && name === 'bridge');
    return new Network('the default bridge network', made);
  }
}

/** One of the lab's roles, and the container that plays it, if it can be told which. */
export class Role {
  readonly lab: Lab;
  readonly name: string;
  readonly finding: RoleFinding;
  /** The containers that play it: one, or the running replicas of a service; none if nobody does, or if it cannot be told who. */
  readonly players: ContainerFacts[];
  /** Replicas that do not run beside others that do: only `containers-running` speaks of them. */
  readonly idle: ContainerFacts[];

  constructor(lab: Lab, name: string) {
    this.lab = lab;
    this.name = name;
    this.finding = lab.survey.roles[name] ?? { found: 'none' };
    this.players = playersOf(this.finding, lab.survey.containers);
    this.idle = madeFor(this.finding, lab.survey.containers).filter((each) => !this.players.includes(each));
    if (this.players.length > 1) playTogether(name, this.players.length);
  }

  /** The container that is judged: of replicas, each in turn. */
  get container(): ContainerFacts | undefined {
    return this.players[placeNow(this.name) % this.players.length];
  }

  /** The role's name. (`containers-running` and the evidence's commands show which container has the role.) */
  toString(): string {
    return this.players.length > 1 && this.container !== undefined
      ? `${this.name} (${this.container.name})`
      : this.name;
  }

  /** The name by which other containers must find it. */
  get called(): string {
    return calledName(this.name, this.finding);
  }

  /** Its container. The spec must have needed `exists()` or `running()` before. */
  get facts(): ContainerFacts {
    if (this.container === undefined)
      throw new Error(`there is no container for ${this.name}: the spec must need it first`);
    return this.container;
  }

  /** Its sandbox as the probes found it. The spec must have needed `running()` before. */
  get sandbox(): SandboxFacts {
    const sandbox = this.lab.survey.sandboxes[this.facts.name];
    if (sandbox === undefined)
      throw new Error(`the sandbox of ${this.name} was not read: the spec must need it running`);
    return sandbox;
  }

  /** What a nameserver answered in its sandbox; Docker's embedded one if no other is given. */
  resolved(name: string, server: string = EMBEDDED_DNS): NameFacts | undefined {
    return this.lab.survey.names.find(
      (each) => each.from === this.facts.name && each.name === name && each.server === server,
    );
  }

  exists(): Condition {
    return { holds: this.container !== undefined, because: this.briefTrouble() ?? '' };
  }

  /** Why there is not exactly one container with this role that runs and stays up; undefined if there is. */
  trouble(): string | undefined {
    const { error = '' } = this.container?.state ?? {};
    const why = this.briefTrouble();
    if (why === undefined) return undefined;
    if (this.finding.found === 'several')
      return `${why}; say which one it is in submission.yaml, for example \`roles: { ${this.name}: ${this.finding.containers[0] ?? ''} }\``;
    if (this.finding.found === 'none' && this.finding.named !== undefined)
      return `${why}: submission.yaml says that it is ${this.finding.named}, and no container is called so`;
    return error === '' ? why : `${why}: ${error}`;
  }

  /** The same without what to do, and without the engine's words: for rules that cannot be judged because of it. */
  briefTrouble(): string | undefined {
    if (this.finding.found === 'none') return `no container found for the role ${this.name}`;
    if (this.finding.found === 'several') {
      const { by, containers } = this.finding;
      return `several containers could be ${this.name} (${by}): ${containers.join(' and ')}`;
    }
    const stop = haltOf(this.facts);
    if (stop !== undefined) return `${this} ${stop}`;
    const change = this.lab.survey.unstable[this.facts.name];
    return change === undefined ? undefined : `${this} changed while it was being examined: ${change}`;
  }

  /** What is the matter with each replica that does not run beside others that do. */
  idleTroubles(): string[] {
    return this.idle.map((each) => {
      const { error } = each.state;
      return `${this.name} (${each.name}) ${haltOf(each) ?? 'does not run'}${error === '' ? '' : `: ${error}`}`;
    });
  }

  /** That its container is called nearly as it should be, in words; undefined if there is nothing to say. */
  misnomer(): string | undefined {
    const called = this.container && misnomerOf(this.name, this.finding, this.container);
    return called === undefined ? undefined : `${called} looks like ${this.name}: it should be called ${this.name}`;
  }

  /** Whether there is a container, and it does not run: what Docker was told of it can be judged all the same. */
  get isStopped(): boolean {
    return this.container !== undefined && !isAlive(this.container);
  }

  /** Whether it was told to have a sandbox of its own without a network, and has been connected to none since. */
  get isToldNoNetwork(): boolean {
    const { sandboxOf, name, networkMode, attachments } = this.facts;
    return sandboxOf === name && networkMode === 'none' && attachments.every(({ network }) => network === 'none');
  }

  /** Whether this role's sandbox answered an HTTP request from outside. */
  answersFromOutside(): Condition {
    const ports = this.lab.survey.outside.ports.filter(({ container }) => this.ownsPortsOf(container));
    return {
      holds: ports.some(answersHttp),
      because: `${this} does not answer from outside`,
    };
  }

  /** Whether a container's published ports are this role's: its own, or those of the sandbox it shares. */
  ownsPortsOf(container: string): boolean {
    return (
      this.container !== undefined && (container === this.container.name || container === this.container.sandboxOf)
    );
  }

  /** The same, of whichever of its containers. */
  sharesPortsOf(container: string): boolean {
    return [...this.players, ...this.idle].some(({ name, sandboxOf }) => container === name || container === sandboxOf);
  }
}

/** How a container does not run, as the end of a sentence; undefined if it runs. */
function haltOf(container: ContainerFacts): string | undefined {
  const { state } = container;
  if (state.restarting) return `keeps crashing and restarting (exit code ${state.exitCode})`;
  if (state.paused) return 'is paused';
  if (state.status === 'created') return 'was created but never started';
  return isAlive(container) ? undefined : `is not running: it has stopped (exit code ${state.exitCode})`;
}

/** A network as the hand-out calls it: the network of that name, or Compose's network of that name. */
export class Network {
  readonly name: string;
  readonly candidates: NetworkFacts[];
  /** A network of another name that plays its part. Everything is judged on it but the name. */
  readonly lookalike: NetworkFacts | undefined;

  constructor(name: string, candidates: NetworkFacts[], lookalike?: NetworkFacts) {
    this.name = name;
    this.candidates = candidates;
    this.lookalike = lookalike;
  }

  toString(): string {
    return this.name;
  }

  exists(): Condition {
    return { holds: this.seen.length > 0, because: `there is no network called ${this.name}` };
  }

  /** The networks of its name, or else the one that plays its part. */
  get seen(): NetworkFacts[] {
    return this.candidates.length === 0 && this.lookalike !== undefined ? [this.lookalike] : this.candidates;
  }

  is(networkId: string): boolean {
    return this.seen.some(({ id }) => id === networkId);
  }
}

/** A network as the student calls it: without the prefix that Compose gives it. */
export function shortName(survey: Survey, network: { network: string; networkId: string }): string {
  return survey.networks.find(({ id }) => id === network.networkId)?.names.at(-1) ?? network.network;
}

export function labUnderTest(): Lab {
  return new Lab(surveyUnderTest());
}
