/** What a report format is. */
import type { Stream } from './github/commands.ts';
import type { StudentRecord } from './record.ts';

/** Where a format may write. */
export interface Place {
  /** The reports folder. */
  out: string;
  env: NodeJS.ProcessEnv;
  stdout: Stream;
  stderr: Stream;
}

export interface ReportFormat {
  /** For the usage text. */
  about: string;
  /** It is read by a GitHub runner, which takes some lines of the output for commands. */
  onRunner?: true;
  /** It has room for one student's record. */
  ofOneStudent?: true;
  write(records: StudentRecord[], place: Place): Promise<void>;
  /** For a run that ended without records. */
  failed?(reason: string, place: Place): void;
}
