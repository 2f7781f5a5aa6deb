/** What a report format is. */
import type { Stream } from './github/commands.ts';
import type { StudentRecord } from '../record.ts';
import type { Roster } from './roster.ts';

/** Where and when a format is written. */
export interface Place {
  /** The reports folder. */
  out: string;
  env: NodeJS.ProcessEnv;
  /** The labs that were named on the command line, if any were. */
  labs?: string[];
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
   * Who reads it. A format for `students` is given their view of each record (student-view.ts). A format for `both` is
   * given whole records, and has to take the view itself for the parts that students read.
   */
  readBy: 'students' | 'instructors' | 'both';
  /** Set if students can also read what the run prints: the log of a workflow, of CI or of Gradescope. */
  openLog?: true;
  /** Set if it is for a GitHub runner, which takes some lines of the output for commands. */
  onRunner?: true;
  /** Set if it is about what this run graded. All others are about everything that the reports folder has. */
  ofThisRun?: true;
  /** Set if a gradebook imports it: a student of whom something is still to be graded is left out. */
  isImported?: true;
  /** Set if it can be written about one student only. */
  ofOneStudent?: true;
  /** Whether it can fill in this list, which the learning platform exported. */
  reads?(roster: Roster): boolean;
  /** Called before anything is graded. @throws {UsageError} when the format cannot be written there. */
  check?(place: Place, labs: string[]): void;
  /** Loads what it needs. Called while labs are graded, so that writing the reports does not wait for it. */
  getReady?(): Promise<void>;
  write(records: StudentRecord[], place: Place): Promise<void>;
  /** Called when a run ended without records. */
  failed?(reason: string, place: Place): void;
}
