/**
 * Deploying on an engine that others use, too. Before, the names, ports and subnets that a submission needs must be
 * free. Afterwards, it must not have collided with anything of others. Neither is the student's fault.
 */
import path from 'node:path';
import { InfrastructureError } from '../base/failure.ts';
import type { Gate } from '../machine/gate/gate.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { Deployment } from '../submission/deployment.ts';
import { composeCommand, composeConfig } from './compose-config.ts';
import { needsOfCompose } from './compose-needs.ts';
import { noNeeds, type NeededPort, type Needs } from './needs.ts';
import { needsOfScript } from './script-needs.ts';
import { takenFrom } from './taken.ts';

const ADVICE =
  'Remove or rename what is in the way, or grade on a fresh machine (--host disposable), or grade what runs as it stands (--live).';

/**
 * @param target Where the submission is on the host.
 * @param ports Ports of the host that the lab itself needs.
 * @throws {InfrastructureError} when something that the submission needs is taken; nothing has been changed then.
 */
export async function checkNeedsAreFree(
  host: LabHost,
  deployment: Deployment,
  target: string,
  ports: number[],
): Promise<void> {
  const needs = await needsOf(host, deployment, target);
  const labs: NeededPort[] = ports.map((port) => ({ port, address: '0.0.0.0', protocol: 'tcp' }));
  const taken = await takenFrom(host, { ...needs, ports: [...needs.ports, ...labs] });
  if (taken.length > 0)
    throw new InfrastructureError(`not deployed, nothing was touched: ${[...new Set(taken)].join('; ')}. ${ADVICE}`);
}

async function needsOf(host: LabHost, deployment: Deployment, target: string): Promise<Needs> {
  const { how, file, directory } = deployment;
  const cwd = path.posix.join(target, directory);
  if (how === 'script') return needsOfScript((await host.readText(path.posix.join(cwd, file ?? ''))) ?? '');
  const config = await composeConfig(host, composeCommand(deployment), cwd);
  return config === undefined ? noNeeds() : needsOfCompose(config);
}

/** Messages of Engine 28 and 20.10. If others have most of the networks, they have used up the pools. */
const POOLS_USED_UP =
  /predefined address pools have been fully subnetted|non-overlapping IPv4 address pool among the defaults/;

/** @throws {InfrastructureError} when the deployment met with what others have on this machine. */
export async function checkCollisions(host: LabHost, gate: Gate): Promise<void> {
  const met = [...gate.refused];
  for (const message of gate.failed) if (await isOthers(host, gate, message)) met.push(message);
  if (met.length > 0)
    throw new InfrastructureError(
      `could not be deployed beside what is there: ${[...new Set(met)].join('; ')}. ${ADVICE}`,
    );
}

/**
 * Whether others have the name, port or subnet that a container or network could not get.
 *
 * @param message The engine's error (Engine 20.10 to 28).
 */
async function isOthers({ docker }: LabHost, { made }: Gate, message: string): Promise<boolean> {
  const holder = /already in use by container "?([0-9a-f]{12,64})/.exec(message)?.[1];
  if (holder !== undefined) return !made.containers.has(holder);
  if (POOLS_USED_UP.test(message)) {
    const networks = await docker.listNetworks();
    return networks.filter(({ Id }) => !made.networks.has(Id)).length > made.networks.size;
  }
  const network = /network with name (\S+) already exists/.exec(message)?.[1];
  if (network !== undefined) {
    const ids = (await docker.listNetworks()).filter(({ Name }) => Name === network).map(({ Id }) => Id);
    return !ids.some((id) => made.networks.has(id));
  }
  const port = /:(\d+)\b.*(port is already allocated|address already in use)/.exec(message)?.[1];
  if (port !== undefined) {
    const containers = await docker.listContainers({ all: true });
    const publishers = containers.filter(({ Ports }) => Ports.some(({ PublicPort }) => PublicPort === Number(port)));
    return !publishers.some(({ Id }) => made.containers.has(Id));
  }
  return /Pool overlaps/.test(message);
}
