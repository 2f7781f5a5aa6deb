/** What a report format is. */
import type { Stream } from './github/commands.ts';
import type { StudentRecord } from '../record.ts';
import type { Roster } from './roster.ts';

/** Where and when a format is written. */
export interface Place {
  /** The reports folder. */
  out: string;
  env: NodeJS.ProcessEnv;
  /** Decides which rules are past their due date. */
  now: Date;
  /** A learning platform's own lists of students, from `--roster`. */
  rosters?: Roster[];
  stdout: Stream;
  stderr: Stream;
}

export interface ReportFormat {
  /** For the usage text. */
  about: string;
  /**
   * Who reads it. What students read is written from their view of each record (student-view.ts) without the format's
   * doing; `both` has parts for either, and takes the view where a student reads.
   */
  readBy: 'students' | 'instructors' | 'both';
  /** Where it is used students read what the run prints, too: the log of a workflow, of CI, of Gradescope. */
  openLog?: true;
  /** It is read by a GitHub runner, which takes some lines of the output for commands. */
  onRunner?: true;
  /** It has room for one student's record. */
  ofOneStudent?: true;
  /** It fills in a list that the learning platform exported, if this is one of its own. */
  reads?(roster: Roster): boolean;
  /** @throws {UsageError} when it cannot be written there: asked before anything is graded. */
  check?(place: Place, labs: string[]): void;
  /** Loads what it is made with: while something else is waited for, so that nobody waits for that at the end. */
  getReady?(): Promise<void>;
  write(records: StudentRecord[], place: Place): Promise<void>;
  /** For a run that ended without records. */
  failed?(reason: string, place: Place): void;
}
