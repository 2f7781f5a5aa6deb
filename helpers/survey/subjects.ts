/** The containers of a survey as probes need them: where to ask from, and which addresses and ports to try. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { Listener, Place } from '../machine/probe/protocol.ts';
import type { ContainerFacts, PublishedPort } from './facts.ts';

/** Whether a container really runs: Docker's `Running` is also true for paused and restarting containers. */
export function isAlive({ state }: ContainerFacts): boolean {
  return state.running && !state.restarting && !state.paused && state.pid > 0;
}

export function placeOf({ state }: ContainerFacts): Place {
  return { pid: state.pid };
}

export function usesHostSandbox({ networkMode }: ContainerFacts): boolean {
  return networkMode === 'host';
}

/** A container's addresses on the networks that another one is on, too. */
export function sharedAddresses(from: ContainerFacts, to: ContainerFacts): string[] {
  const networks = from.attachments.map(({ networkId }) => networkId);
  return to.attachments.filter(({ networkId }) => networks.includes(networkId)).flatMap(({ addresses }) => addresses);
}

const LOOPBACK = /^(127\.|::1$)/;

export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}

/** At most so many ports of one container are probed. */
const MOST_PORTS = 12;
/** Docker's embedded DNS server listens on a random port of 127.0.0.11, our sentinel nameserver on 53. */
const DNS_PORT = 53;

/** The ports on which something in the container listens for others, not on loopback only. */
export function openPorts(listeners: Listener[], except: Set<number> = new Set()): number[] {
  const ports = listeners.filter(({ address, port }) => !isLoopback(address) && port !== DNS_PORT && !except.has(port));
  return [...new Set(ports.map(({ port }) => port))].slice(0, MOST_PORTS);
}

export function addressesOf({ attachments }: ContainerFacts): string[] {
  return [...new Set(attachments.flatMap(({ addresses }) => addresses))];
}

/** TCP ports that a container's sandbox publishes, without those bound to the host's loopback. */
export function publishedToOthers({ published }: ContainerFacts): PublishedPort[] {
  return published.filter(
    ({ protocol, hostAddress, hostPort }) => protocol === 'tcp' && hostPort > 0 && !isLoopback(hostAddress),
  );
}

/** Ports of the host on which the engine itself listens, for containers that publish them. */
export function portsTheEngineHolds(containers: ContainerFacts[]): Set<number> {
  const holding = containers.filter(({ state }) => state.running);
  return new Set(holding.flatMap(({ published }) => published.map(({ hostPort }) => hostPort)));
}

/** The addresses at which a published port can be tried: all candidates of its family, or the one it is bound to. */
export function addressesFor(mapping: PublishedPort, candidates: string[]): string[] {
  if (mapping.hostAddress === '0.0.0.0') return candidates.filter((address) => !address.includes(':'));
  if (mapping.hostAddress === '::') return candidates.filter((address) => address.includes(':'));
  return [mapping.hostAddress];
}

export async function hostAddresses(host: LabHost): Promise<string[]> {
  return (await host.ask('host', { ask: 'addresses' })).addresses;
}
