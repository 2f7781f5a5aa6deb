/** Finds a free subnet on a machine that others use, too. */
import { randomInt } from 'node:crypto';
import type Docker from 'dockerode';
import type { StackAnswer } from '../../probe/protocol.ts';
import { overlap } from '../../../base/docker/addresses.ts';

const TRIES = 1000;

/** Draws a 10.x.y.0/24 that no network of the engine and no route or address of the machine overlaps. */
export async function freeSubnet(docker: Docker, { interfaces, routes }: StackAnswer): Promise<string> {
  const networks = await docker.listNetworks();
  const taken = [
    ...networks.flatMap(({ IPAM }) => (IPAM?.Config ?? []).map(({ Subnet }) => Subnet ?? '')),
    ...routes.map(({ destination }) => destination),
    ...interfaces.flatMap(({ addresses }) => addresses),
  ].filter((each) => /^\d+(\.\d+){3}(\/\d+)?$/.test(each));
  for (let i = 0; i < TRIES; i++) {
    const subnet = `10.${randomInt(1, 255)}.${randomInt(0, 256)}.0/24`;
    if (!taken.some((each) => overlap(subnet, each.includes('/') ? each : `${each}/32`))) return subnet;
  }
  throw new Error('no subnet 10.x.y.0/24 is free on this machine');
}
