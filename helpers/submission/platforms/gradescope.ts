/**
 * Gradescope's "Export submissions" of one assignment: a folder for each submission, and `submission_metadata.yml`, which says
 * whose each is. Of a group, each member is a student with the same files.
 */
import { UsageError } from '../../base/failure.ts';
import { parse } from 'yaml';
import { toldApart, type Download, type Person } from './download.ts';
import type { Listing } from './listing.ts';

const METADATA = 'submission_metadata.yml';
/** It has every attempt of everybody, with the results of its tests. Bytes. */
const LARGEST = 100 * 1024 * 1024;

/** @throws {UsageError} when the file that says whose each submission is cannot be read. */
export async function gradescopeDownload(listing: Listing): Promise<Download | undefined> {
  if (!listing.files().includes(METADATA)) return undefined;
  const metadata = metadataIn(await listing.text(METADATA, LARGEST));
  const people = listing.folders().flatMap((folder): Person[] => {
    const files = listing.within(folder);
    const submitters = submittersOf(metadata[folder]);
    if (submitters.length === 0) return [{ name: folder, files }];
    return submitters.map(({ name, id }) => ({
      name,
      files,
      submitter: { platform: 'gradescope', name, ...(id !== undefined && { id }) },
    }));
  });
  return { what: 'a Gradescope export', people: toldApart(people) };
}

function metadataIn(text: string | undefined): Record<string, unknown> {
  try {
    const content: unknown = text === undefined ? undefined : parse(text, { logLevel: 'silent' });
    if (isMapping(content)) return content;
  } catch {
    // It is refused below.
  }
  throw new UsageError(
    `${METADATA}, which says whose each submission is, cannot be read: export from Gradescope again`,
  );
}

/** The keys are symbols of Ruby: `:submitters`. */
function submittersOf(submission: unknown): { name: string; id?: string }[] {
  const submitters = isMapping(submission) ? submission[':submitters'] : undefined;
  if (!Array.isArray(submitters)) return [];
  return submitters.flatMap((each: unknown) => {
    const said = (key: string): string | undefined => {
      const value = isMapping(each) ? each[key] : undefined;
      const text = typeof value === 'string' || typeof value === 'number' ? String(value).trim() : '';
      return text === '' ? undefined : text;
    };
    const [email, sid] = [said(':email'), said(':sid')];
    const id = email ?? sid;
    const name = said(':name') ?? id;
    return name === undefined ? [] : [{ name, ...(id !== undefined && { id }) }];
  });
}

function isMapping(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
