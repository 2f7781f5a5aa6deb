/**
 * usage: node judge-surveys.ts FILE…
 *
 * Judges surveys as `npm run grade` judges them, without an engine, and prints a line of JSON for each: its lab, and the
 * verdicts. A program of its own: the judge runs Jest, which cannot run in a test of Jest's.
 */
import { Judge } from '../../helpers/judge/judge.ts';
import { loadCatalogue } from '../../helpers/lab/catalogue.ts';
import type { Verdict } from '../../helpers/lab/verdict.ts';
import { readSurvey } from '../../helpers/survey/survey-file.ts';

/** What is printed for each file. */
export interface Judged {
  file: string;
  lab: string;
  /** Every criterion of the lab, in its order. */
  criteria: string[];
  verdicts: Verdict[];
}

using judge = new Judge();
const catalogue = await loadCatalogue();
for (const file of process.argv.slice(2)) {
  const { lab, survey } = await readSurvey(file);
  const definition = catalogue.get(lab);
  if (definition === undefined) throw new Error(`${file} is of the lab ${lab}, which there is not`);
  const verdicts = await judge.judge(definition, survey);
  console.log(JSON.stringify({ file, lab, criteria: Object.keys(definition.criteria), verdicts } satisfies Judged));
}
