/** The step at which building an image failed, and what it printed: BuildKit's wording, and the old builder's. */
import { errorLine, tellingLine } from './printed.ts';

export interface FailedBuild {
  /** The service that is built, where Compose says it. */
  service?: string;
  /** The instruction of the Dockerfile that failed, where it got so far. */
  step?: string;
  /** The line that says why. */
  says: string;
  /** The last lines of the step. */
  lines: string[];
}

/** ` > [flask-app builder 2/4] RUN pip install …:`, after a line of dashes (BuildKit 0.11 to 0.25, plain progress). */
const STEP = /^ > \[(?:([\w.-]+) )?(?:[\w.-]+ )?(?:\d+\/\d+|internal|stage-\d+ \d+\/\d+)\] (.*?):?$/;
/** `#4 [flask-app internal] load …`: Bake puts the image before the step where it builds several. */
const INTERNAL = /\[[\w.-]+ internal\] /;
const SOLVE = 'failed to solve: ';
/** What the step printed, without the seconds before it. */
const SECONDS = /^\d+\.\d+ /;
const OLD_STEP = /^Step \d+\/\d+ : (.*)$/;
const OLD_FAILURE = /^(?:The command '.*' returned a non-zero code: \d+|COPY failed: |ADD failed: )/;

/** @param lines What the deployment printed. @returns undefined when no build failed. */
export function failedBuild(lines: string[]): FailedBuild | undefined {
  const solved = lines.findLastIndex((line) => line.includes(SOLVE));
  if (solved >= 0) return ofBuildKit(lines.slice(0, solved), lines[solved]!);
  const old = lines.findLastIndex((line) => OLD_FAILURE.test(line));
  return old < 0 ? undefined : ofOldBuilder(lines.slice(0, old), lines[old]!);
}

function ofBuildKit(lines: string[], solved: string): FailedBuild {
  const target = /\btarget ([\w.-]+): /.exec(solved)?.[1];
  const why = solved
    .slice(solved.lastIndexOf(SOLVE) + SOLVE.length)
    .replace(/^failed to compute cache key: /, '')
    .replace(/^failed to calculate checksum of ref \S+: /, '');
  // Where several images are built at once, steps of the others are listed as well: they were cancelled.
  const areSeveral = target !== undefined && lines.some((line) => INTERNAL.test(line));
  const at = lines.findLastIndex((line) => {
    const found = STEP.exec(line);
    return found !== null && (!areSeveral || found[1] === target);
  });
  const [, named, step] = at < 0 ? [] : (STEP.exec(lines[at]!) ?? []);
  const service = target ?? named;
  const after = at < 0 ? [] : lines.slice(at + 1);
  const end = after.findIndex((line) => /^-{3,}$/.test(line));
  const printed = after.slice(0, Math.max(end, 0)).map((line) => line.replace(SECONDS, ''));
  return {
    ...(service !== undefined && { service }),
    ...(step !== undefined && { step }),
    // BuildKit itself only says that the command failed; the command has said why.
    says: /^process ".*" did not complete/.test(why) ? tellingLine(printed) || why : why,
    lines: [...printed, solved],
  };
}

function ofOldBuilder(lines: string[], failure: string): FailedBuild {
  const at = lines.findLastIndex((line) => OLD_STEP.test(line));
  const step = at < 0 ? undefined : OLD_STEP.exec(lines[at]!)?.[1];
  const printed = at < 0 ? [] : lines.slice(at + 1).filter((line) => !/^ ---> /.test(line));
  return {
    ...(step !== undefined && { step }),
    says: errorLine(printed) ?? failure,
    lines: [...printed, failure],
  };
}
