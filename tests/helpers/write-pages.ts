/**
 * Writes the pages of records into a folder. Run as a program, for tests: `write-pages.ts FOLDER RECORDS.json` (Jest
 * cannot load what bundles the pages' script).
 */
import { readFileSync } from 'node:fs';
import { reportAssets } from '../../helpers/report/pages/page-assets.ts';
import { Layouts } from '../../helpers/report/pages/picture/layout.ts';
import { writePages } from '../../helpers/report/pages/write-pages.ts';
import type { StudentRecord } from '../../helpers/report/record.ts';

const [, , folder, records] = process.argv;
if (folder === undefined || records === undefined) throw new Error('usage: write-pages.ts FOLDER RECORDS.json');
const tools = { assets: await reportAssets(), layouts: new Layouts(), now: new Date() };
await writePages(JSON.parse(readFileSync(records, 'utf8')) as StudentRecord[], folder, tools);
