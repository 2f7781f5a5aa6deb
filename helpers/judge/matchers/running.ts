import { usedUpText } from '../../survey/used-up.ts';
import type { PolicyFacts } from '../../machine/policy/policy.ts';
import type { Role } from '../lab-under-test.ts';
import { describedEvidence, type Evidence, type Finding } from '../../lab/verdict.ts';

/** At most so many denials are shown. */
const MOST_DENIALS = 5;

/** @param options.alone Roles among them that only one container may play, replicas or not. */
export function runAndStayUp(roles: Role[], { alone = [] }: { alone?: Role[] } = {}): Finding {
  const crowded = alone.filter(({ players }) => players.length > 1);
  const troubles = [
    ...roles
      .flatMap((role) => [role.trouble(), ...role.idleTroubles(), role.misnomer()])
      .filter((each) => each !== undefined),
    ...crowded.map(
      ({ name, players }) =>
        `${listed(players.map((each) => each.name))} are ${name} together, but do not share their data: there should be one`,
    ),
  ];
  const denials = deniedIn(roles[0]!);
  const { survey } = roles[0]!.lab;
  return {
    pass: troubles.length === 0,
    expected: `${listed(roles.map(({ name }) => name))} ${roles.length > 1 ? 'run, and keep' : 'runs, and keeps'} running`,
    actual:
      troubles.length === 0
        ? `${roles.length > 1 ? 'all run' : 'it runs'}: ${roles.map(describe).join(', ')}`
        : [
            ...troubles,
            ...(survey.deployment.noSuchImages ?? []).map((image) => `no registry has an image called ${image}`),
            ...(survey.usedUp ?? []).map(usedUpText),
            ...denials.map(({ sentence }) => `denied: ${sentence}`),
          ].join('\n'),
    evidence: [
      processList(roles),
      ...deniedRequests(denials),
      ...roles.flatMap(deathNote),
      ...deploymentOutput(roles, troubles.length > 0),
    ],
  };
}

export function listed(items: { toString(): string }[]): string {
  const names = items.map(String);
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} and ${names.at(-1)}`;
}

function describe(role: Role): string {
  const by = role.finding.found === 'one' ? role.finding.by : '';
  return `${role.name} is ${listed(role.players.map(({ name }) => name))} (found by ${by})`;
}

function processList(roles: Role[]): Evidence {
  const { containers } = roles[0]!.lab.survey;
  const lines = containers.map(({ name, image, state }) => {
    const exit = state.running ? '' : ` (${state.exitCode})`;
    return `${name}\t${image}\t${state.paused ? 'paused' : state.status}${exit}`;
  });
  return {
    what: "docker ps --all --format '{{.Names}}\\t{{.Image}}\\t{{.State}}'",
    output: lines.length > 0 ? lines.join('\n') : '(no containers)',
  };
}

/** The requests that the lab host's policy denied, each kind once. */
function deniedIn({ lab }: Role): PolicyFacts['denied'] {
  const denied = lab.survey.policy?.denied ?? [];
  return [...new Map(denied.map((each) => [each.sentence, each])).values()].slice(0, MOST_DENIALS);
}

function deniedRequests(denied: PolicyFacts['denied']): Evidence[] {
  if (denied.length === 0) return [];
  return [
    describedEvidence(
      'requests that the policy of the lab host’s engine denied',
      denied.map(({ request, sentence }) => `${request}: ${sentence}`).join('\n'),
    ),
  ];
}

function deathNote(role: Role): Evidence[] {
  const { container } = role;
  if (container?.lastOutput === undefined) return [];
  return [{ what: `docker logs --tail 15 ${container.name}`, output: container.lastOutput.trim() || '(nothing)' }];
}

/** What the deployment printed, if it failed, or if it was a script that ended well and something does not run nevertheless. */
function deploymentOutput(roles: Role[], isTroubled: boolean): Evidence[] {
  const { deployment } = roles[0]!.lab.survey;
  if (deployment.exitCode === 0 && !(isTroubled && deployment.how === 'script')) return [];
  const how = deployment.timedOut
    ? `ended after ${Math.round(deployment.ms / 1000)} s, its time limit`
    : `exit code ${deployment.exitCode}`;
  return [
    {
      what: `cd ${deployment.directory} && ${deployment.command}`,
      output: `${deployment.output.trim().slice(-4000)}\n(${how})`,
    },
  ];
}
