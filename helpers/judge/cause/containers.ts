/** Why a container does not run that should, and which containers have no role. */
import type { ContainerFacts, Survey } from '../../survey/facts.ts';
import { containersIn } from '../../survey/roles.ts';
import type { Cause } from './cause.ts';
import { linesOf, tellingLine, toThePoint } from './printed.ts';
import { isWaiting, missedLine, suffers, type Trouble } from './troubles.ts';

/** Names that are listed in one sentence. */
const MOST_NAMES = 6;
const MIB = 1024 ** 2;
/** What is said when a folder is found where a file should be (runc, Python 3, nginx, shells). */
const IS_A_FOLDER = /not a directory|is a directory|IsADirectory|__main__|directory onto a file/i;

/** @param all All troubles: what follows from this one is said after it. */
export function containerCause(trouble: Trouble, all: Trouble[]): Cause {
  const { container, survey } = trouble;
  if (container === undefined) throw new Error(`nobody plays ${trouble.role}`);
  const lines = linesOf(container.lastOutput ?? '');
  const says = all.every(isWaiting)
    ? `${listed(all.map(whoIs))} ${all.length > 1 ? 'were' : 'was'} made but never started`
    : `${sentence(trouble, lines)}${absentMount(container, survey, lines)}${consequences(trouble, all)}`;
  const { status, error } = container.state;
  if (status === 'created' || (error !== '' && lines.join('') === ''))
    return { says, what: `docker inspect --format '{{.State.Error}}' ${container.name}`, output: error };
  return { says, what: logsOf(container), output: lines.join('\n') };
}

/** As the evidence of `containers-running` calls it. */
function logsOf({ name }: ContainerFacts): string {
  return `docker logs --tail 15 ${name}`;
}

/** The role, and the container's own name where that is another one. */
function whoIs({ role, container }: Pick<Trouble, 'role' | 'container'>): string {
  const { name = role, service } = container ?? {};
  return name === role || service === role ? role : `${role} (${name})`;
}

function sentence(trouble: Trouble, lines: string[]): string {
  const { container, survey } = trouble;
  const { status, restarting, paused, exitCode, error, oomKilled, memoryLimit } = container!.state;
  const who = whoIs(trouble);
  const said = tellingLine(lines) || toThePoint(error);
  const because = said === '' ? '' : `: ${said}`;
  const code = `(exit code ${exitCode})`;
  if (oomKilled && memoryLimit !== undefined)
    return `${who} was killed because it used more memory than its own limit allows (${Math.round(memoryLimit / MIB)} MiB) ${code}`;
  if (oomKilled) return `${who} was killed because the memory was used up ${code}`;
  if (restarting) return `${who} ends again and again, and is started again ${code}${because}`;
  if (paused) return `${who} is paused`;
  if (status === 'created' && absentMount(container!, survey, lines) !== '') return `${who} could not be started`;
  if (status === 'created')
    return error === '' ? `${who} was made but never started` : `${who} could not be started: ${toThePoint(error)}`;
  const changed = survey.unstable[container!.name];
  if (changed !== undefined) return `${who} changed while it was examined: ${changed}`;
  if (exitCode === 0)
    return `${who} ended by itself ${code}; a container runs as long as its command, and a shell ends at once without -it`;
  return `${who} ended ${code}${because}`;
}

/** That something was mounted which was not handed in: Docker then makes an empty folder of that name. */
function absentMount({ binds = [], state }: ContainerFacts, { deployment }: Survey, lines: string[]): string {
  const complains = IS_A_FOLDER.test([state.error, ...lines].join('\n'));
  const absent = (deployment.notHandedIn ?? []).find(({ source, path }) => {
    const isMounted = binds.some((bind) => bind.source === source);
    // A script may make such a folder itself, and a folder for data is often meant to be empty.
    return isMounted && (complains || (deployment.how === 'compose' && /\.[a-z]\w*$/i.test(path)));
  });
  if (absent === undefined) return '';
  return `; ${absent.path} is mounted but was not handed in, so Docker made an empty folder of that name`;
}

function neverStarted(names: string[]): string {
  return `${listed(names)} ${names.length > 1 ? 'were' : 'was'} never started`;
}

function consequences(root: Trouble, all: Trouble[]): string {
  const others = all.filter((each) => each !== root && each.container !== undefined && suffers(each, all));
  const lost = others.filter((each) => missedLine(each, all) !== undefined);
  const waiting = others.filter((each) => !lost.includes(each));
  const apart = all.filter((each) => each !== root && each.container !== undefined && !suffers(each, all));
  return [
    ...(lost.length > 0 ? [`; so ${listed(lost.map(whoIs))} did not find ${root.role}`] : []),
    ...(waiting.length > 0 ? [`; so ${neverStarted(waiting.map(whoIs))}`] : []),
    ...apart.map((each) => `; besides, ${sentence(each, linesOf(each.container!.lastOutput ?? ''))}`),
  ].join('');
}

/** An unhealthy container that another one waits for. */
export function unhealthyCause(container: ContainerFacts, troubles: Trouble[]): Cause {
  const { health } = container.state;
  const role = container.service ?? container.name;
  const said = tellingLine(linesOf(health?.output ?? ''));
  const waiting = troubles.filter((each) => each.container?.state.status === 'created').map(whoIs);
  return {
    says: `${role} is not healthy: its health check ${health?.test === undefined ? '' : `(${health.test}) `}says ${said === '' ? 'nothing' : `“${toThePoint(said)}”`}${waiting.length > 0 ? `; so ${neverStarted(waiting)}` : ''}`,
    what: `docker inspect --format '{{json .State.Health}}' ${container.name}`,
    output: health?.output ?? '',
  };
}

/** Roles that nobody plays, or several could play. */
export function rolesCause(machines: Survey[], troubles: Trouble[]): Cause | undefined {
  const [first] = troubles;
  if (first === undefined) return undefined;
  const { finding, role } = first;
  if (finding.found === 'several')
    return {
      says: `several containers could be ${role} (by ${finding.by}): ${listed(finding.containers)}; say which one with "roles:" in submission.yaml`,
    };
  const taken = machines.flatMap(({ roles }) => Object.values(roles).flatMap(containersIn));
  const free = machines.flatMap(({ containers }) => containers).filter(({ name }) => !taken.includes(name));
  const missing = troubles.filter(({ finding: { found } }) => found === 'none').map((each) => each.role);
  const wrong = troubles.flatMap(({ finding: each, role: of }) =>
    each.found === 'none' && each.named !== undefined ? [`${of}: ${each.named}`] : [],
  );
  const named = wrong.length === 0 ? '' : ` (submission.yaml says “${listed(wrong)}”, and no container is called so)`;
  if (free.length > 0)
    return {
      says: `no container was found for ${listed(missing)}${named}; these containers have no role: ${listed(free.map(described))}; say who is who with "roles:" in submission.yaml (e.g. ${missing[0]!}: ${free[0]!.name})`,
      // As the evidence of `containers-running` calls it.
      what: "docker ps --all --format '{{.Names}}\\t{{.Image}}\\t{{.State}}'",
      output: machines
        .flatMap(({ containers }) => containers)
        .map(({ name, image, state }) => `${name}\t${image}\t${state.status}`)
        .join('\n'),
    };
  const [{ deployment } = { deployment: undefined }] = machines;
  if (deployment === undefined || deployment.how === 'live') return undefined;
  const isNothing = machines.every(({ containers }) => containers.length === 0);
  return {
    says: isNothing
      ? `${deployment.command} ended ${deployment.exitCode === 0 ? 'well, but' : `with exit code ${deployment.exitCode ?? 'none'}, and`} there is no container`
      : `nothing that ${deployment.command} does makes a container for ${listed(missing)}`,
    what: `cd ${deployment.directory} && ${deployment.command}`,
    output: deployment.output,
  };
}

function described({ name, state }: ContainerFacts): string {
  return state.running && !state.restarting ? name : `${name} (${state.status}, exit code ${state.exitCode})`;
}

function listed(names: string[]): string {
  const shown =
    names.length > MOST_NAMES ? [...names.slice(0, MOST_NAMES - 1), `${names.length - MOST_NAMES + 1} more`] : names;
  return shown.length < 2 ? shown.join('') : `${shown.slice(0, -1).join(', ')} and ${shown.at(-1)!}`;
}
