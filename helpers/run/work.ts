/** Finds out what is graded: which labs of which students. On a live host, it is what runs there. */
import { UsageError } from '../base/failure.ts';
import { oneLine } from '../base/inert.ts';
import { instead } from '../base/near.ts';
import type { GradableLab } from '../lab/catalogue.ts';
import { say } from '../machine/setup/say.ts';
import { findStudents, type Student } from '../submission/find.ts';
import { findClass } from '../submission/platforms/class.ts';
import { NO_LAB } from '../submission/platforms/labs-in.ts';
import { inGroups } from '../submission/groups.ts';
import { ownerOf, type RunOptions } from './options.ts';

export interface Work {
  students: Student[];
  /** The labs that are graded. */
  labs: GradableLab[];
  /** Set if the folder of submissions is one student's own: whatever lies beside it may be the student's, too. */
  isOneStudents?: true;
}

type Whose = Omit<Work, 'labs'>;

/**
 * @param groups Names of groups, each with its members.
 * @throws {UsageError} when a student or lab that is named does not exist, or this kind of host cannot grade the lab.
 */
export async function findWork(
  options: RunOptions,
  catalogue: Map<string, GradableLab>,
  groups: ReadonlyMap<string, string[]> = new Map(),
): Promise<Work> {
  const knownLabs = [...catalogue.keys()];
  const stranger = options.labs.find((lab) => !catalogue.has(lab));
  if (stranger !== undefined)
    throw new UsageError(`there is no lab "${stranger}"; the labs are ${knownLabs.join(', ')}`);
  const strange = [...options.folders].find(([, lab]) => lab !== NO_LAB && !catalogue.has(lab));
  if (strange !== undefined)
    throw new UsageError(
      `--folder ${strange.join('=')}: there is no lab "${strange[1]}"; ${instead(strange[1], [...knownLabs, NO_LAB], 'it may be')}`,
    );
  const found = await (groups.size === 0 ? findWhose(options, catalogue) : findGrouped(options, catalogue, groups));
  const { students } = found;
  return { ...found, labs: gradableOn(options, wantedLabs(options, catalogue, students)) };
}

/** Of a group, any member may be named, whoever has handed it in. */
async function findGrouped(
  options: RunOptions,
  catalogue: Map<string, GradableLab>,
  groups: ReadonlyMap<string, string[]>,
): Promise<Whose> {
  const inAGroup = (name: string): boolean => groups.has(name) || [...groups.values()].flat().includes(name);
  const all = await findWhose({ ...options, students: [] }, catalogue);
  const everybody = await inGroups(all.students, groups);
  if (options.students.length === 0) return { ...all, students: everybody };
  const alone = options.students.filter((name) => !inAGroup(name));
  const single = alone.length === 0 ? [] : (await findWhose({ ...options, students: alone }, catalogue)).students;
  const asked = everybody.filter(
    ({ name, members }) => members !== undefined && [name, ...members].some((each) => options.students.includes(each)),
  );
  return { ...all, students: [...single, ...asked] };
}

async function findWhose(options: RunOptions, catalogue: Map<string, GradableLab>): Promise<Whose> {
  if (!options.live) return findHandedIn(options, catalogue);
  return { students: findLive(options, [...catalogue.keys()]) };
}

async function findHandedIn(options: RunOptions, catalogue: Map<string, GradableLab>): Promise<Whose> {
  const knownLabs = [...catalogue.keys()];
  const asked = options.labs.length > 0 ? options.labs : knownLabs;
  const given = asked.flatMap((lab) => catalogue.get(lab)?.starter ?? []);
  const { said, ...found } = await findClass(options.submissions, {
    ...options,
    knownLabs,
    given,
    called: options.folders,
  });
  for (const each of said) say(oneLine(each));
  return found;
}

function findLive(options: RunOptions, knownLabs: string[]): Student[] {
  const found = liveWork(options, knownLabs);
  if (found.length > 1)
    throw new UsageError(
      `what runs on one machine is the work of one student: name that student (there are ${found.map(({ name }) => name).join(', ')})`,
    );
  return found;
}

/** On a live host, a student's folder may give roles and answers, but is not needed. */
function liveWork(options: RunOptions, knownLabs: string[]): Student[] {
  const { students, student, labs, submissionsGiven, host } = options;
  if (students.length > 0 || submissionsGiven) return findStudents(options.submissions, { ...options, knownLabs });
  if (labs.length === 0)
    throw new UsageError(`say which lab it is that runs there, with --lab (one of ${knownLabs.join(', ')})`);
  return [{ name: student ?? ownerOf(host), labs: new Map(), unknown: [] }];
}

/** The labs that are named. If none is named, those that any student has handed in, because a course may not use every lab. */
function wantedLabs({ labs }: RunOptions, catalogue: Map<string, GradableLab>, students: Student[]): GradableLab[] {
  const all = [...catalogue.values()];
  if (labs.length > 0) return all.filter(({ name }) => labs.includes(name));
  const handedIn = all.filter(({ name }) => students.some((student) => student.labs.has(name)));
  return handedIn.length > 0 ? handedIn : all;
}

/** Leaves out labs that this kind of host cannot grade. If the user named such a lab, that is an error. */
function gradableOn({ host, labs: named }: RunOptions, labs: GradableLab[]): GradableLab[] {
  const beyond = host.kind === 'disposable' ? [] : labs.filter(({ machines = 1 }) => machines > 1);
  if (beyond.length === 0) return labs;
  const why = `${beyond.map(({ name }) => name).join(', ')} needs two machines that the grader can arrange: use --host disposable`;
  if (named.length > 0) throw new UsageError(why);
  say(`left out: ${why}`);
  return labs.filter((lab) => !beyond.includes(lab));
}
