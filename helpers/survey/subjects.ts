/** The containers of a survey as probes see them: where they can be asked, and where they can be reached. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { Listener, Place } from '../machine/probe/protocol.ts';
import type { ContainerFacts, PublishedPort } from './facts.ts';

/** Running for good at this moment: `Running` alone is also true of a container that is paused or restarting. */
export function isAlive({ state }: ContainerFacts): boolean {
  return state.running && !state.restarting && !state.paused && state.pid > 0;
}

export function placeOf({ state }: ContainerFacts): Place {
  return { pid: state.pid };
}

export function usesHostSandbox({ networkMode }: ContainerFacts): boolean {
  return networkMode === 'host';
}

/** Addresses of a container on networks that another one is on, too: where that one usually reaches it. */
export function sharedAddresses(from: ContainerFacts, to: ContainerFacts): string[] {
  const networks = from.attachments.map(({ networkId }) => networkId);
  return to.attachments.filter(({ networkId }) => networks.includes(networkId)).flatMap(({ addresses }) => addresses);
}

const LOOPBACK = /^(127\.|::1$)/;

export function isLoopback(address: string): boolean {
  return LOOPBACK.test(address);
}

/** A probe of more ports than this of one container would be a port scan of our own making. */
const MOST_PORTS = 12;
/** Docker's embedded DNS server listens on a random port of 127.0.0.11, our sentinel nameserver on 53. */
const DNS_PORT = 53;

/** Ports that something in the container listens on for others than itself. */
export function openPorts(listeners: Listener[], except: Set<number> = new Set()): number[] {
  const ports = listeners.filter(({ address, port }) => !isLoopback(address) && port !== DNS_PORT && !except.has(port));
  return [...new Set(ports.map(({ port }) => port))].slice(0, MOST_PORTS);
}

export function addressesOf({ attachments }: ContainerFacts): string[] {
  return [...new Set(attachments.flatMap(({ addresses }) => addresses))];
}

/** TCP ports that a container's sandbox publishes on addresses that others than the host itself can use. */
export function publishedToOthers({ published }: ContainerFacts): PublishedPort[] {
  return published.filter(
    ({ protocol, hostAddress, hostPort }) => protocol === 'tcp' && hostPort > 0 && !isLoopback(hostAddress),
  );
}

/** Ports of the host that the engine itself listens on, for containers that publish them. */
export function portsTheEngineHolds(containers: ContainerFacts[]): Set<number> {
  const holding = containers.filter(({ state }) => state.running);
  return new Set(holding.flatMap(({ published }) => published.map(({ hostPort }) => hostPort)));
}

/** The addresses under which a mapping can be tried: all given ones of its family, or the one it names. */
export function addressesFor(mapping: PublishedPort, candidates: string[]): string[] {
  if (mapping.hostAddress === '0.0.0.0') return candidates.filter((address) => !address.includes(':'));
  if (mapping.hostAddress === '::') return candidates.filter((address) => address.includes(':'));
  return [mapping.hostAddress];
}

export async function hostAddresses(host: LabHost): Promise<string[]> {
  return (await host.ask('host', { ask: 'addresses' })).addresses;
}
