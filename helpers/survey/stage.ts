/** Which of a machine's containers belong to the submission: other people's containers may run there, too. */
import { orGone } from '../base/docker/gone.ts';
import { lastLines } from '../machine/lab-host/last-lines.ts';
import type { LabHost, Stage } from '../machine/lab-host/lab-host.ts';
import type { ContainerFacts, RoleFinding } from './facts.ts';
import { inspectAll, type Inventory } from './inspect.ts';
import { containersIn } from './roles.ts';
import { usesHostSandbox } from './subjects.ts';

const LAST_LINES = 15;

type Find = (containers: ContainerFacts[]) => Record<string, RoleFinding>;

/**
 * Inspects the submission's containers, with the last lines of those that do not run, and all networks, because the
 * submission may use any of them.
 */
export async function inspectStage({ docker, stage }: LabHost, find: Find): Promise<Inventory> {
  const { containers: all, networks } = await inspectAll(docker);
  const containers = onStage(stage, { containers: all, networks }, find);
  await Promise.all(
    containers
      .filter(({ state }) => !state.running || state.restarting)
      .map(async (container) => {
        const lines = await orGone(() => lastLines(docker.getContainer(container.id), LAST_LINES));
        if (lines !== undefined) container.lastOutput = lines;
      }),
  );
  return { containers, networks };
}

function onStage(stage: Stage, { containers, networks }: Inventory, find: Find): ContainerFacts[] {
  if (stage === 'everything') return containers;
  if (stage !== 'around-the-roles') return containers.filter(({ id }) => stage.has(id));
  const made = networks.filter(({ predefined }) => !predefined).map(({ id }) => id);
  return around(Object.values(find(containers)).flatMap(containersIn), containers, made);
}

/** These containers, and all that share a sandbox, a Compose project or a user-made network with one of them. */
function around(names: string[], containers: ContainerFacts[], madeNetworks: string[]): ContainerFacts[] {
  const players = containers.filter(({ name }) => names.includes(name));
  const networksOf = ({ attachments }: ContainerFacts): string[] =>
    attachments.map(({ networkId }) => networkId).filter((id) => madeNetworks.includes(id));
  const networks = new Set(players.flatMap(networksOf));
  const projects = new Set(players.map(({ project }) => project).filter((each) => each !== undefined));
  const sandboxes = new Set(players.filter((each) => !usesHostSandbox(each)).map(({ sandboxOf }) => sandboxOf));
  return containers.filter(
    (each) =>
      players.includes(each) ||
      (each.project !== undefined && projects.has(each.project)) ||
      sandboxes.has(each.sandboxOf) ||
      networksOf(each).some((id) => networks.has(id)),
  );
}
