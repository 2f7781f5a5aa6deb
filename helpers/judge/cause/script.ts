/** What went wrong in a script: the command that ended it, the one that it waits for, or one that failed on the way. */
import { cut } from '../../base/inert.ts';
import type { DeploymentFacts } from '../../deploy/deployment-facts.ts';
import type { TracedCommand } from '../../deploy/trace.ts';
import { failedBuild, type FailedBuild } from './build-log.ts';
import type { Cause } from './cause.ts';
import { buildCause, composeCause } from './compose.ts';
import { cleansUp, dockerCommand, ends, staysInForeground, starts } from './docker-command.ts';
import { errorLine, lastOf, linesOf, toThePoint } from './printed.ts';
import type { Trouble } from './troubles.ts';

const LONGEST_COMMAND = 200;
/** An error of a command under `set -e` is among the last lines that were printed. */
const LAST_LINES = 12;
/** bash's own words: `run.sh: line 3: make: command not found`. */
const OF_BASH = /^(\S+): line (\d+): (.*)$/;
/** Errors of bash itself that end a script, whatever it has set. */
const ENDS_BASH = /syntax error|unexpected (?:EOF|end of file)|unbound variable|unterminated|bad substitution/;
/** Commands that look around and wait. Whether they fail says nothing about what was brought up. */
const LOOKS =
  /^(?:\[|\[\[|\(\(|test|grep|egrep|curl|wget|ping|nc|sleep|wait|read|echo|printf|cat|ls|ip|ifconfig|true|false|return|local|let|exit|kill|pkill|diff|timeout|which|command|type)(?:\s|$)|^!/;
const DOCKER_LOOKS = ['inspect', 'ps', 'ls', 'logs', 'exec', 'images', 'port', 'top', 'stats', 'info', 'version', 'wait', 'diff', 'events']; // prettier-ignore

const UNANSWERED = '; nobody types anything here, so a script must not wait for input';

/** Why a script ended before its end; undefined when it only ended with an exit code that is not zero. */
export function brokeOff(deployment: DeploymentFacts, troubles: Trouble[]): Cause | undefined {
  const { timedOut, exitCode, commands = [] } = deployment;
  const lines = linesOf(deployment.output);
  if (timedOut) return waiting(deployment, lines, commands);
  const end = endOf(commands, exitCode);
  if (end !== undefined) return endedAt(end, deployment, lines, troubles);
  // Syntax errors and unset variables (`set -u`) end a script, and no command has failed.
  const own = lines.find((line) => OF_BASH.test(line) && ENDS_BASH.test(line));
  if (own !== undefined && exitCode !== 0)
    return { says: own.replace(OF_BASH, '$1 ended at line $2: $3'), ...seenIn(deployment, lines) };
  const last = commands.at(-1);
  if (last !== undefined && troubles.length > 0 && /^select\b/.test(last.command))
    return { says: `${last.file} ended at line ${last.line} (${quoted(last)})${UNANSWERED}`, ...seenIn(deployment, lines) }; // prettier-ignore
  if (last !== undefined && troubles.length > 0 && /^exit\s+[1-9]/.test(last.command)) {
    const before = commands.findLast(({ exitCode: code }) => code !== undefined);
    if (before !== undefined) return endedAt(before, deployment, lines, troubles);
    // If a container has ended, its log says more.
    if (troubles.every(({ container }) => container === undefined))
      return { says: `${scriptOf(deployment)} ended itself at line ${last.line} (${tried(commands)})${tail(lines) || lastWords(lines)}`, ...seenIn(deployment, lines) }; // prettier-ignore
  }
  return undefined;
}

/** An `exit`, and what was tried in the same line before. */
function tried(commands: TracedCommand[]): string {
  const [before, last] = commands.slice(-2);
  if (last === undefined || before?.file !== last.file || before.line !== last.line) return quoted(commands.at(-1)!);
  return `${quoted(before)}, then ${quoted(last)}`;
}

/** The command at which `set -e` ended the script, or a script that it calls. */
function endOf(commands: TracedCommand[], exitCode: number | null): TracedCommand | undefined {
  const last = commands.findLastIndex((each) => each.ends);
  const found = commands[last];
  if (found === undefined || found.exitCode !== exitCode) return undefined;
  // If it called another script, the command that ended that one says more.
  const inner = commands.slice(0, last).findLast((each) => each.ends && each.exitCode === exitCode);
  return inner !== undefined && inner.file !== found.file && found.command.includes(inner.file) ? inner : found;
}

function endedAt(end: TracedCommand, deployment: DeploymentFacts, lines: string[], troubles: Trouble[]): Cause {
  const at = `${end.file}, line ${end.line}: `;
  const seen = seenIn(deployment, lines);
  const docker = dockerCommand(end.command);
  const build = docker?.verb === 'build' || docker?.verb === 'up' ? failedBuild(lines) : undefined;
  if (build !== undefined) return buildCause(ownBuild(build, end), at, seen.what);
  if (docker?.group === 'compose' && docker.verb === 'up')
    return composeCause(lines, troubles, { ...deployment, command: end.command }, at);
  const stop = end.ends ? `${end.file} ended at line ${end.line}` : `${end.file} went wrong at line ${end.line}`;
  const failed = `${quoted(end)} failed (exit code ${end.exitCode ?? 1})${tail(lines)}`;
  return { says: `${stop}, because ${failed}${adviceOn(end, lines)}`, ...seen };
}

/** What is built, as the command calls it: without Compose, BuildKit names the stage of the Dockerfile in its place. */
function ownBuild(build: FailedBuild, command: TracedCommand | undefined): FailedBuild {
  const docker = command === undefined ? undefined : dockerCommand(command.command);
  if (docker === undefined || docker.group === 'compose') return build;
  const at = docker.words.findIndex((word) => word === '-t' || word === '--tag');
  const called = at < 0 ? undefined : docker.words[at + 1];
  const { step, says, lines } = build;
  return { says, lines, ...(step !== undefined && { step }), ...(called !== undefined && { service: called }) };
}

function adviceOn({ command, ends: isEnd }: TracedCommand, lines: string[]): string {
  const docker = dockerCommand(command);
  const said = lines.slice(-LAST_LINES).join('\n');
  if (/^read\b/.test(command)) return UNANSWERED;
  if (/input device is not a TTY/i.test(said))
    return '; leave out -t (nobody sits at a terminal here), or start containers with -d';
  if (docker !== undefined && cleansUp(docker) && isEnd)
    return '; on a fresh machine there is nothing to remove yet, and “set -e” ends a script at the first command that fails';
  return isEnd ? '; “set -e” ends a script at the first command that fails, so nothing after it was run' : '';
}

/** The command that a script still waited for when its time was up. */
function waiting(deployment: DeploymentFacts, lines: string[], commands: TracedCommand[]): Cause {
  const seen = seenIn(deployment, lines);
  const stopped = `${scriptOf(deployment)} was stopped after ${Math.round(deployment.ms / 1000)} s, its time limit`;
  const last = commands.findLast(({ exitCode }) => exitCode === undefined);
  if (last === undefined) return { says: `${stopped}${tail(lines)}`, ...seen };
  const unread = unanswered(commands);
  if (unread !== undefined)
    return { says: `${stopped}: it went on asking with ${quoted(unread)} (${unread.file}, line ${unread.line})${UNANSWERED}`, ...seen }; // prettier-ignore
  const loop = loopAt(last, commands);
  if (loop !== undefined)
    return { says: `${stopped}: it was still in the loop that begins with ${quoted(loop)} (${loop.file}, line ${loop.line})`, ...seen }; // prettier-ignore
  const docker = dockerCommand(last.command);
  const advice =
    docker !== undefined && staysInForeground(docker)
      ? ', which runs in the foreground: add -d, so that the script goes on'
      : docker?.verb === 'attach' || docker?.verb === 'logs'
        ? ', which goes on as long as the container runs: leave it out'
        : '';
  return {
    says: `${stopped}: it was still waiting for ${quoted(last)} (${last.file}, line ${last.line})${advice}`,
    ...seen,
  };
}

/** The last command that asked somebody, in vain. */
function unanswered(commands: TracedCommand[]): TracedCommand | undefined {
  return commands.findLast(({ command, exitCode }) => /^read\b/.test(command) && exitCode !== undefined);
}

/** Where a script sleeps again and again: the first command of the loop around it. A trace has each line of a loop three times at most. */
function loopAt(last: TracedCommand, commands: TracedCommand[]): TracedCommand | undefined {
  if (!/^sleep\b/.test(last.command)) return undefined;
  const isSame = (one: TracedCommand, other: TracedCommand): boolean =>
    one.file === other.file && one.line === other.line && one.command === other.command;
  const first = commands.findIndex((each) => isSame(each, last));
  const again = commands.findIndex((each, i) => i > first && isSame(each, last));
  return again < 0 ? undefined : commands[first + 1];
}

/** A script that stops or removes in the end what it had started. @param gone Whether the engine has seen containers that are gone. */
export function takenDown(deployment: DeploymentFacts, troubles: Trouble[], gone: boolean): Cause | undefined {
  const { commands = [], output } = deployment;
  const seen = seenIn(deployment, linesOf(output));
  const started = commands.findLastIndex(({ command }) => isDocker(command, starts));
  const after = commands
    .slice(started + 1)
    .filter((each) => each.exitCode === undefined && isDocker(each.command, ends));
  const end = after.findLast(({ command }) => !/\b(stop|kill)\b/.test(command)) ?? after.at(-1);
  const isOver = troubles.every(
    ({ finding, container }) => finding.found === 'none' || container?.state.running === false,
  );
  if (started >= 0 && end !== undefined && isOver) {
    const did = /\b(stop|kill)\b/.test(end.command) ? 'stopped' : 'removed';
    return { says: `your script ${did} its containers again (${quoted(end)}, ${end.file}, line ${end.line})`, ...seen };
  }
  const missing = troubles.filter(({ finding }) => finding.found === 'none');
  if (!gone || missing.length === 0) return undefined;
  const own = commands.find(({ command }) => / --rm\b/.test(command) && isDocker(command, starts) && missing.some(({ role }) => command.includes(role))); // prettier-ignore
  if (own !== undefined)
    return { says: `a container ended, and --rm removed it together with its log (${quoted(own)}, ${own.file}, line ${own.line}): leave out --rm to see why it ended`, ...seen }; // prettier-ignore
  if (missing.length < troubles.length || missing.length < Object.keys(missing[0]!.survey.roles).length)
    return undefined;
  // bash does not tell what a trap on EXIT runs.
  const trap = commands.find(({ command }) =>
    /^trap\b.*\s(?:EXIT|0)\b|^trap\b.*\bdocker\b.*\b(?:down|rm|stop|prune)\b/.test(command),
  );
  if (trap !== undefined)
    return { says: `your script removed its containers again (${quoted(trap)}, ${trap.file}, line ${trap.line})`, ...seen }; // prettier-ignore
  return commands.length > 0 ? undefined : { says: 'your script started containers and removed them again', ...seen };
}

/** The first command that failed and is of some weight, in a script that went on. */
export function failedOnTheWay(deployment: DeploymentFacts, troubles: Trouble[]): Cause | undefined {
  const lines = linesOf(deployment.output);
  if (troubles.every(({ finding }) => finding.found === 'one')) return undefined;
  const { commands = [] } = deployment;
  const first = commands.find(({ exitCode, command }) => exitCode !== undefined && hasWeight(command, troubles));
  const at = first === undefined ? '' : `${first.file}, line ${first.line}: `;
  const build = failedBuild(lines);
  const what = seenIn(deployment, lines).what;
  if (build !== undefined) {
    const builds = commands.find(({ exitCode, command }) => exitCode !== undefined && /\b(build|up)\b/.test(command));
    return buildCause(
      ownBuild(build, builds),
      builds === undefined ? at : `${builds.file}, line ${builds.line}: `,
      what,
    );
  }
  const unread = unanswered(commands);
  if (first === undefined)
    return unread && { says: `${unread.file}, line ${unread.line}: ${quoted(unread)} got no answer${UNANSWERED}`, what, output: lines.join('\n') }; // prettier-ignore
  if (dockerCommand(first.command)?.group === 'compose')
    return composeCause(lines, troubles, { ...deployment, command: first.command }, at);
  const said = saidOf(first, commands, lines);
  return { says: `${at}${quoted(first)} failed (exit code ${first.exitCode ?? 1})${said}${adviceOn(first, lines)}`, what, output: lines.join('\n') }; // prettier-ignore
}

function hasWeight(command: string, [first]: Trouble[]): boolean {
  const docker = dockerCommand(command);
  if (docker === undefined) return !LOOKS.test(command);
  if (docker.group === 'network' && docker.verb === 'create') {
    const name = docker.words.at(-1);
    return first?.survey.networks.every(({ names }) => !names.includes(name ?? '')) ?? true;
  }
  return !cleansUp(docker) && !DOCKER_LOOKS.includes(docker.verb);
}

/** The error in a whole output that belongs to this command, as far as that can be told: a later error may be another one's. */
function saidOf(failed: TracedCommand, commands: TracedCommand[], lines: string[]): string {
  const { command, exitCode, line } = failed;
  const ofBash = lines.find((each) => OF_BASH.exec(each)?.[2] === String(line) && exitCode! >= 126);
  if (ofBash !== undefined) return `: ${ofBash.replace(OF_BASH, '$3')}`;
  const words = command
    .split(/\s+/)
    .filter((word) => /^[\w./:-]{3,}$/.test(word) && !/^(docker|run|--?[\w-]+)$/.test(word));
  const errors = lines.filter((each) => errorLine([each]) !== undefined);
  // As many errors as commands that failed: then each has said one.
  const all = commands.filter((each) => each.exitCode !== undefined);
  const own = all.length === errors.length ? errors[all.indexOf(failed)] : undefined;
  const found = own ?? errors.find((each) => words.some((word) => each.includes(word))) ?? errors[0];
  return found === undefined ? '' : `: ${toThePoint(found.trim())}`;
}

/** A script that failed in the end, although everything runs. */
export function lastFailure(deployment: DeploymentFacts): Cause {
  const { commands = [], exitCode, output } = deployment;
  const lines = linesOf(output);
  const last = commands.findLast((each) => each.exitCode !== undefined && each.exitCode === exitCode);
  const where = last === undefined ? '' : `: ${quoted(last)} failed (line ${last.line})`;
  return {
    says: `everything that the task asks for runs, but ${deployment.command} ended with exit code ${exitCode ?? 'none'}${where}`,
    ...seenIn(deployment, lines),
  };
}

function isDocker(command: string, holds: (docker: NonNullable<ReturnType<typeof dockerCommand>>) => boolean): boolean {
  const docker = dockerCommand(command);
  return docker !== undefined && holds(docker);
}

/** The error in the last lines, to be put after a sentence; empty when there is none. */
function tail(lines: string[]): string {
  const found = errorLine(lines.filter((line) => line.trim() !== '').slice(-LAST_LINES));
  return found === undefined ? '' : `: ${toThePoint(found)}`;
}

/** The last line that was printed, to be put after a sentence; and what a script may have missed that tells its usage. */
function lastWords(lines: string[]): string {
  const last = lines.findLast((line) => line.trim() !== '')?.trim() ?? '';
  if (last === '') return '';
  return `: ${cut(last, LONGEST_COMMAND)}${/\busage\b/i.test(last) ? '; a script is started without arguments' : ''}`;
}

function seenIn({ directory, command }: DeploymentFacts, lines: string[]): Required<Pick<Cause, 'what' | 'output'>> {
  return { what: `cd ${directory} && ${command}`, output: lastOf(lines, 8000) };
}

function scriptOf({ command }: DeploymentFacts): string {
  return command.replace(/^bash /, '');
}

function quoted({ command }: TracedCommand): string {
  return `\`${cut(command.replace(/\s+/g, ' '), LONGEST_COMMAND)}\``;
}
