/**
 * What stands in the way of a deployed submission and is not its author's fault: a bug of the engine, a limit of the grading
 * machine, something that a stand-in lacks, or something that could not be downloaded. Only a submission that does not run is
 * asked about. Whatever else is wrong with it, it can be judged on another machine, or with a way out to the network.
 */
import { orGone } from '../base/docker/gone.ts';
import { plainOutput } from '../base/plain-output.ts';
import { engineFault } from '../deploy/engine-fault.ts';
import { machineLimit } from '../deploy/machine-limit.ts';
import { standInLack } from '../deploy/stand-in-lacks.ts';
import type { Provided } from '../machine/lab-host/image-shelf.ts';
import { lastLines } from '../machine/lab-host/last-lines.ts';
import type { LabHost } from '../machine/lab-host/lab-host.ts';
import type { SurveyPlan } from '../lab/survey-plan.ts';
import type { TextFile } from '../submission/submission.ts';
import type { ContainerFacts, Survey } from '../survey/facts.ts';
import { madeFor } from '../survey/roles.ts';
import { touchesBackend } from '../survey/samples.ts';
import { isAlive } from '../survey/subjects.ts';
import { whatIsMissing } from './downloads.ts';

/** How many containers are asked what they have printed, and for how many lines of it. */
const MOST_CONTAINERS = 20;
const LINES = 300;

interface Handed {
  plan: SurveyPlan;
  /** The small files of the submission. */
  files: TextFile[];
  provided: Provided;
}

/** @returns what it is, in words; undefined when nothing of this kind is known. */
export async function inTheWay(hosts: LabHost[], seen: Survey, handed: Handed): Promise<string | undefined> {
  const outputs = machinesOf(seen).map(({ deployment }) => deployment.output);
  const [first] = hosts;
  const fault = first && (await engineFault(outputs.join('\n'), first.docker));
  if (fault !== undefined) return fault;
  const running = everyRoleRuns(seen);
  if (running && isWhole(seen, handed.plan)) return undefined;
  const logs = await logsOf(hosts, seen);
  const usesStandIns = first?.engine.images === 'stand-ins';
  const lack = usesStandIns ? standInLack([...outputs, ...logs.map(({ text }) => text)], handed.files) : undefined;
  if (running) return lack;
  const ended = logs.filter(({ container }) => !isAlive(container)).map(({ text }) => text);
  const said = [...outputs, ...ended];
  return (
    machineLimit(said) ??
    lack ??
    (await whatIsMissing(hosts, said, handed.provided, handed.files, endsOf(seen, handed.files)))
  );
}

function machinesOf(seen: Survey): Survey[] {
  return [seen, seen.secondMachine].filter((each) => each !== undefined);
}

function everyRoleRuns(seen: Survey): boolean {
  const runsOn = ({ roles, containers }: Survey, role: string): boolean => {
    const players = madeFor(roles[role], containers);
    return players.length > 0 && players.every(isAlive);
  };
  return Object.keys(seen.roles).every((role) => machinesOf(seen).some((machine) => runsOn(machine, role)));
}

/** Whether the application works, where the lab has one: requests go through it to its backends. */
function isWhole({ experiments: { backendAway } }: Survey, { application }: SurveyPlan): boolean {
  if ((application?.requests ?? []).length === 0) return true;
  return backendAway.length > 0 && backendAway.every(touchesBackend);
}

/** What containers and their health checks have printed last. */
async function logsOf(hosts: LabHost[], seen: Survey): Promise<{ container: ContainerFacts; text: string }[]> {
  const all = machinesOf(seen).flatMap(({ containers }, i) =>
    containers.map((container) => ({ container, host: hosts[i] })),
  );
  const read = all.slice(0, MOST_CONTAINERS).map(async ({ container, host }) => {
    const there = host?.docker.getContainer(container.id);
    const text = there && (await orGone(() => lastLines(there, LINES)));
    const { State } = (there && (await orGone(() => there.inspect()))) ?? {};
    const checks = (State?.Health?.Log ?? []).map(({ Output }) => Output);
    return { container, text: plainOutput([text ?? '', ...checks].join('\n')) };
  });
  return Promise.all(read);
}

/** How the deployments ended, each with the texts of its scripts. */
function endsOf(seen: Survey, files: TextFile[]): { output: string; exitCode: number | null; script: string }[] {
  const script = files
    .filter(({ file }) => file.endsWith('.sh'))
    .map(({ text }) => text)
    .join('\n');
  return machinesOf(seen).map(({ deployment: { how, output, exitCode } }) => ({
    output,
    exitCode,
    script: how === 'script' ? script : '',
  }));
}
