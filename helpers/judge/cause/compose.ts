/** Why `docker compose up` failed: Compose's own last sentence, and what is behind it. */
import type { DeploymentFacts } from '../../deploy/deployment-facts.ts';
import { failedBuild, type FailedBuild } from './build-log.ts';
import type { Cause } from './cause.ts';
import { containerCause, unhealthyCause } from './containers.ts';
import { tellingLine, toThePoint } from './printed.ts';
import { rootOf, type Trouble } from './troubles.ts';

/** How Compose (2.20 to 2.40) says that it does not understand its file. */
const OF_THE_FILE =
  /invalid compose project|^validating |^yaml: |additional propert|failed to parse|refers to undefined|depends on undefined|dependency cycle|must be an? |interpolation|mapping key|cannot unmarshal|unsupported|env file|empty compose file|no configuration file|is not valid|invalid (?:ip|proto|port|container|hostport|type|service)/i;
const DEPENDENCY = /dependency (?:failed to start: )?(?:container )?(\S+?)"? (?:is unhealthy|exited|failed)/;

/**
 * @param lines What was printed.
 * @param at Where a script calls Compose.
 */
export function composeCause(
  lines: string[],
  troubles: Trouble[],
  { directory, command, file, timedOut, ms }: DeploymentFacts,
  at = '',
): Cause {
  const seen = { what: `cd ${directory} && ${command}`, output: lines.join('\n') };
  const build = failedBuild(lines);
  if (build !== undefined) return buildCause(build, at, seen.what);
  const said = tellingLine(lines);
  if (timedOut)
    return { says: `${at}docker compose up was not done after ${Math.round(ms / 1000)} s, its time limit${said === '' ? '' : `: ${said}`}`, ...seen }; // prettier-ignore
  const named = DEPENDENCY.exec(said)?.[1];
  const dependency = named === undefined ? undefined : containerCalled(named, troubles);
  if (dependency?.state.running === true) return unhealthyCause(dependency, troubles);
  const root = rootOf(troubles);
  const { error = '' } = root?.container?.state ?? {};
  const isIts = root?.container !== undefined && (dependency?.id === root.container.id || (error !== '' && toThePoint(said) === toThePoint(error))); // prettier-ignore
  if (isIts) return containerCause(root, troubles);
  if (OF_THE_FILE.test(said))
    return { says: `${at}Compose cannot read ${file ?? 'the Compose file'}: ${said}`, ...seen };
  return { says: `${at}docker compose up failed: ${toThePoint(said)}`, ...seen };
}

/** @param at Where a script builds it. */
export function buildCause({ service, step, says, lines }: FailedBuild, at: string, what: string): Cause {
  const image = service === undefined ? 'an image' : `the image of ${service}`;
  const where = step === undefined ? '' : `: "${step}" failed`;
  return { says: `${at}${image} could not be built${where}: ${says}`, what, output: lines.join('\n') };
}

function containerCalled(name: string, troubles: Trouble[]): Trouble['container'] {
  return troubles[0]?.survey.containers.find((each) => each.name === name || each.service === name);
}
