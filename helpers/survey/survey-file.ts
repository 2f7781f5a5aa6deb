/**
 * A survey as a file: what one grading saw, kept beside its record, so that it can be judged again without an engine.
 * JSON, compressed with gzip.
 */
import { readFile } from 'node:fs/promises';
import { gunzipSync, gzipSync } from 'node:zlib';
import { UsageError } from '../base/failure.ts';
import type { Topology } from '../lab/topology/topology.ts';
import type { Survey } from './facts.ts';

/** The version of this file's format; the record's version is another number. */
const SCHEMA_VERSION = 1;
/** Bytes of JSON. A survey is far smaller; a file that unpacks to more is damaged or not ours. */
const LARGEST = 64 * 1024 * 1024;

export interface SurveyFile {
  schemaVersion: typeof SCHEMA_VERSION;
  /** The lab's name: by whose rules the survey is judged. */
  lab: string;
  survey: Survey;
  /**
   * What the lab's rules follow from, where whoever judges has it already. Kept surveys have none: they are judged by
   * the topology of today.
   */
  topology?: Topology;
  /** ISO 8601: when the run began that made it. The record of the same grading says the same. */
  startedAt?: string;
}

/** @returns the bytes of a survey's file. */
export function packSurvey(
  lab: string,
  survey: Survey,
  besides: Pick<SurveyFile, 'topology' | 'startedAt'> = {},
): Buffer {
  const content: SurveyFile = { schemaVersion: SCHEMA_VERSION, lab, survey, ...besides };
  return gzipSync(JSON.stringify(content));
}

/** @throws {UsageError} when there is no such file, or it is no survey of this version. */
export async function readSurvey(file: string): Promise<SurveyFile> {
  let packed: Buffer;
  try {
    packed = await readFile(file);
  } catch (error) {
    throw new UsageError(`${file} cannot be read: ${(error as Error).message}`);
  }
  return unpackSurvey(packed, file);
}

/**
 * @param source Where the bytes are from, for the message.
 * @throws {UsageError} when they are no survey of this version.
 */
export function unpackSurvey(packed: Buffer, source: string): SurveyFile {
  let content: Partial<SurveyFile>;
  try {
    content = JSON.parse(gunzipSync(packed, { maxOutputLength: LARGEST }).toString('utf8')) as Partial<SurveyFile>;
  } catch (error) {
    throw new UsageError(`${source} cannot be read as a survey: ${(error as Error).message}`);
  }
  const { schemaVersion, lab, survey, topology, startedAt } = content;
  if (schemaVersion !== SCHEMA_VERSION || lab === undefined || survey === undefined)
    throw new UsageError(
      `${source} is no survey that this version reads: it says schemaVersion ${String(schemaVersion)}, this version reads ${SCHEMA_VERSION}; grade the submission again`,
    );
  return { schemaVersion, lab, survey, ...(topology && { topology }), ...(startedAt !== undefined && { startedAt }) };
}
