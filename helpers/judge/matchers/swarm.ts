/** Matchers for labs on two machines: their swarm, the overlay network, and which container runs on which machine. */
import { Inconclusive } from '../matcher.ts';
import type { Lab, Network, Role } from '../lab-under-test.ts';
import { findingOf, troubledFirst, type Evidence, type Finding } from '../../lab/verdict.ts';
import type { SwarmFacts } from '../../survey/facts.ts';
import { isAlive } from '../../survey/subjects.ts';

export function formASwarm(lab: Lab): Finding {
  const machines = [lab, lab.secondMachine()].map(({ survey }, i) => {
    if (survey.swarm === undefined) throw new Inconclusive(`machine ${i + 1} was not asked whether it is in a swarm`);
    return survey.swarm;
  });
  const alone = machines.flatMap(({ state }, i) =>
    state === 'active' ? [] : [`machine ${i + 1} is not in a swarm (${state})`],
  );
  const ids = machines.map(({ nodeId }) => nodeId);
  const known = machines.flatMap(({ nodes }) => nodes);
  const separate = machines.every((swarm) => !isKnown(swarm, ids));
  const away = known.filter(({ id, state }) => ids.includes(id) && state !== 'ready');
  const troubles = [
    ...alone,
    ...(alone.length === 0 && separate ? ['each machine is in a swarm, but not in the same one'] : []),
    ...away.map(({ address, state }) => `the swarm's node at ${address} is ${state}`),
  ];
  return findingOf(
    'both machines are nodes of one swarm',
    troubles,
    'both machines are nodes of one swarm, and ready',
    [
      ...machines.map(({ state, nodeId }, i): Evidence => ({
        what: `docker info --format '{{.Swarm.LocalNodeState}} {{.Swarm.NodeID}}'   # on machine ${i + 1}`,
        output: `${state} ${nodeId}`.trim(),
      })),
      {
        what: 'docker node ls   # on a manager',
        output:
          known.map(({ id, state, address }) => `${id} ${state} ${address}`).join('\n') || '(no machine is a manager)',
      },
    ],
  );
}

/** Whether a manager knows all of these nodes. */
function isKnown({ nodes }: SwarmFacts, ids: string[]): boolean {
  return ids.every((id) => nodes.some((node) => node.id === id));
}

export function beAnAttachableOverlay(network: Network): Finding {
  const { name, candidates, lookalike } = network;
  const why = (): string => {
    const alike = lookalike === undefined ? '' : `; ${lookalike.names.at(-1) ?? lookalike.name} looks like ${name}`;
    if (candidates.length === 0) return `there is no network called ${name}${alike}`;
    const overlays = candidates.filter(({ driver }) => driver === 'overlay');
    if (overlays.length === 0) return `${name} has the driver ${candidates.map(({ driver }) => driver).join(', ')}`;
    return `${name} is an overlay network, but not attachable: only services of the swarm can use it`;
  };
  const holds = candidates.some(({ driver, attachable }) => driver === 'overlay' && attachable);
  return findingOf(
    `${name} is an overlay network that containers can be attached to`,
    holds ? [] : [why()],
    `${name} is an attachable overlay network`,
    [
      {
        what: `docker network inspect --format '{{.Driver}} {{.Attachable}}' ${name}`,
        output: candidates.map(({ driver, attachable }) => `${driver} ${attachable}`).join('\n') || '(none)',
      },
    ],
  );
}

/** Whether a role was found by a name. A container found by alias or image only does not count as a second one. */
function isCalled({ finding }: Role): boolean {
  return finding.found === 'one' && ['container name', 'compose service', 'submission.yaml'].includes(finding.by);
}

/** @param roles In the order of the machines: the first has to run on machine 1. */
export function runOnMachinesOfTheirOwn(roles: Role[]): Finding {
  const troublesOf = (role: Role, i: number): string[] => {
    const strays = roles
      .filter((other) => other !== role)
      .map((other) => other.lab.role(role.name))
      .filter(({ container }) => container !== undefined && isAlive(container))
      .filter((stray) => role.container === undefined || isCalled(stray));
    return [
      ...[role.trouble(), ...role.idleTroubles(), role.misnomer()]
        .filter((each) => each !== undefined)
        .map((each) => `on machine ${i + 1}, ${each}`),
      ...strays.map(() => `${role} runs on the other machine${role.container === undefined ? '' : ' too'}`),
    ];
  };
  return findingOf(
    roles.map((role, i) => `${role} runs on machine ${i + 1}`).join(', and ') + ', and nowhere else',
    roles.flatMap(troublesOf),
    roles.map((role, i) => `${role} runs on machine ${i + 1}`).join(', '),
    troubledFirst([...roles.entries()], ([i, role]) => troublesOf(role, i).length > 0).flatMap(([i, { lab }]) =>
      machineEvidence(lab, i + 1),
    ),
  );
}

function machineEvidence({ survey }: Lab, machine: number): Evidence[] {
  const { command, directory, exitCode, output } = survey.deployment;
  const lines = survey.containers.map(({ name, state }) => `${name}\t${state.status}`);
  const processes = {
    what: `docker ps --all --format '{{.Names}}\\t{{.State}}'   # on machine ${machine}`,
    output: lines.join('\n') || '(no containers)',
  };
  const script = {
    what: `cd ${directory} && ${command}   # on machine ${machine}`,
    output: `${output.trim().slice(-4000)}\n(exit code ${exitCode})`,
  };
  return exitCode === 0 ? [processes] : [processes, script];
}
