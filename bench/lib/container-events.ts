/** What this machine's engine says of its containers, as it happens. */
import type Docker from 'dockerode';
import { createInterface } from 'node:readline';
import { OWNER_LABEL } from '../../helpers/machine/lab-host/labels.ts';

export interface ContainerEvent {
  Action: string;
  /** Nanoseconds since 1970. */
  timeNano: number;
  Actor: { ID: string; Attributes: Record<string, string> };
}

type EventStream = NodeJS.ReadableStream & { destroy: () => void };

/** @returns what ends it. */
export async function onContainerEvents(docker: Docker, tell: (event: ContainerEvent) => void): Promise<Disposable> {
  const stream = (await docker.getEvents({ filters: { type: ['container'] } })) as EventStream;
  createInterface(stream).on('line', (text) => {
    tell(JSON.parse(text) as ContainerEvent);
  });
  return {
    [Symbol.dispose]: () => {
      stream.destroy();
    },
  };
}

/** The process that made the container, by its label. */
export function ownerOf({ Actor }: ContainerEvent): number {
  return Number(Actor.Attributes[OWNER_LABEL]?.split(':')[1] ?? NaN);
}
