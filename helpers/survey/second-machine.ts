/** Surveys a submission on two machines: each machine by itself, and from each to the other's containers. */
import type Docker from 'dockerode';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { ContainerFacts, Survey, SwarmFacts } from './facts.ts';
import type { DeploymentFacts } from '../deploy/deployment-facts.ts';
import { inspectAll, type Inventory } from './inspect.ts';
import type { SurveyPlan } from '../lab/survey-plan.ts';
import { isAlive } from './subjects.ts';
import { survey } from './survey.ts';

/** @returns the first machine's survey, with the second's inside. */
export async function surveyTwoMachines(
  hosts: [LabHost, LabHost],
  plan: SurveyPlan,
  deployments: [DeploymentFacts, DeploymentFacts],
  named: Record<string, string>,
): Promise<Survey> {
  const [here, there] = await Promise.all([inspectAll(hosts[0].docker), inspectAll(hosts[1].docker)]);
  const [first, second, swarmHere, swarmThere] = await Promise.all([
    survey(hosts[0], plan, deployments[0], named, { elsewhere: meantFrom(here, there) }),
    survey(hosts[1], plan, deployments[1], named, { elsewhere: meantFrom(there, here) }),
    swarmOf(hosts[0].docker),
    swarmOf(hosts[1].docker),
  ]);
  return { ...first, swarm: swarmHere, secondMachine: { ...second, swarm: swarmThere } };
}

/** The other machine's containers, with only those addresses that are on networks of both machines. */
function meantFrom(own: Inventory, other: Inventory): ContainerFacts[] {
  const shared = own.networks.map(({ id }) => id);
  return other.containers
    .filter(isAlive)
    .map((container) => ({
      ...container,
      published: [],
      attachments: container.attachments.filter(({ networkId }) => shared.includes(networkId)),
    }))
    .filter(({ attachments }) => attachments.length > 0);
}

/** What `docker info` says of a node's swarm, and `docker node ls` of its nodes (API 1.41 and later). */
interface SwarmInfo {
  LocalNodeState: string;
  NodeID: string;
  ControlAvailable: boolean;
}
interface NodeInfo {
  ID: string;
  Status: { State: string; Addr: string };
}

async function swarmOf(docker: Docker): Promise<SwarmFacts> {
  const { Swarm } = (await docker.info()) as { Swarm: SwarmInfo };
  const nodes = Swarm.ControlAvailable ? ((await docker.listNodes()) as unknown as NodeInfo[]) : [];
  return {
    state: Swarm.LocalNodeState,
    nodeId: Swarm.NodeID,
    nodes: nodes.map(({ ID, Status }) => ({ id: ID, state: Status.State, address: Status.Addr })),
  };
}
