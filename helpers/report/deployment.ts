/** How a submission was brought up, and what of it was not read literally, as records have it and as people read it. */
import path from 'node:path';
import { oneLine } from '../base/inert.ts';
import type { Survey } from '../survey/facts.ts';
import { startedAgainText } from '../survey/start-again.ts';
import type { DeploymentRecord, LabRecord } from './record.ts';

/** @returns nothing where the survey does not say it. */
export function deploymentRecord({
  deployment,
  secondMachine,
  answers,
  startedAgain = [],
}: Partial<Pick<Survey, 'deployment' | 'secondMachine' | 'answers' | 'startedAgain'>>): Pick<
  LabRecord,
  'deployment' | 'notes'
> {
  if (deployment === undefined) return {};
  const { how, why, directory, command, notes = [] } = deployment;
  const note = answers !== undefined && 'note' in answers.answers ? answers.answers.note : undefined;
  const all = [...notes, ...startedAgain.map(startedAgainText), ...(note === undefined ? [] : [note])];
  const commands = [command, secondMachine?.deployment.command ?? ''].filter((each) => each !== '');
  const record: DeploymentRecord | undefined =
    why === undefined ? undefined : { how, directory: inLab(directory), command: commands.join(', then '), why };
  return { ...(record && { deployment: record }), ...(all.length > 0 && { notes: all }) };
}

/** On the lab host, the lab's folder is called as the lab is. */
function inLab(directory: string): string {
  return path.posix.normalize(directory.split('/').slice(1).join('/'));
}

/** @returns sentences for a student, each one line of text: how the lab was brought up, and what was not read literally. */
export function deploymentTexts({ deployment, notes = [] }: Pick<LabRecord, 'deployment' | 'notes'>): string[] {
  const read = notes.map(oneLine);
  if (deployment === undefined || deployment.how === 'live') return read;
  const { directory, command, why } = deployment;
  const place = directory === '.' ? '' : ` in ${directory}/`;
  return [oneLine(`started with “${command}”${place}, because ${why}`), ...read];
}
