/** Repeats requests that worked before something was changed. */
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import { until } from '../base/wait.ts';
import type { RepeatedRequest, Sample } from './experiment-facts.ts';
import type { ContainerFacts, OutsidePort } from './facts.ts';
import { sample, urlAt, type Entrance } from './requests.ts';
import { commonKind, isOfKind } from './samples.ts';

/** A request that worked before. */
export interface Known {
  entrance: Entrance;
  before: Sample[];
}

/** Milliseconds: for one answer, and for all tries together. */
export interface Patience {
  answerMs: number;
  limitMs: number;
}

/** Repeats a request until an answer of the same kind as before comes, or the deadline passes. */
export async function repeat(
  host: LabHost,
  { entrance, before }: Known,
  now: ContainerFacts[],
  { answerMs, limitMs }: Patience,
): Promise<RepeatedRequest> {
  const moved = { ...entrance, port: portNow(entrance.port, now) };
  const asked: RepeatedRequest = { front: entrance.front, url: urlAt(moved), before, answers: [] };
  await until(limitMs, async () => {
    asked.answers = [...asked.answers.slice(-2), await sample(host, moved, answerMs)];
    return works(asked) ? true : undefined;
  });
  return asked;
}

/** Whether the last answer is of the same kind as before. */
export function works({ before, answers }: RepeatedRequest): boolean {
  const kind = commonKind(before);
  const last = answers.at(-1);
  return kind !== undefined && last !== undefined && isOfKind(last, kind);
}

/** The host's port after a restart: Docker chooses another one if the student named none. */
function portNow(port: OutsidePort, containers: ContainerFacts[]): OutsidePort {
  const { mapping } = port;
  const now = containers
    .find(({ name }) => name === port.container)
    ?.published.find(
      (each) => each.containerPort === mapping?.containerPort && each.hostAddress === mapping.hostAddress,
    );
  return now === undefined || now.hostPort === 0 ? port : { ...port, port: now.hostPort };
}
