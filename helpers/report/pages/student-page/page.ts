/** A student's page: which rules passed and which failed, what was seen, and pictures of the networks. */
import { html } from 'hono/html';
import { page, type Html, type PageAssets } from '../../page/page.ts';
import { hostWords, labAnchor, moment, points, shortName } from '../markup.ts';
import type { Layouts } from '../picture/layout.ts';
import { picturesOf } from '../picture/pictures.ts';
import type { LabRecord, StudentRecord } from '../../record.ts';
import { absentLabs, labSection } from './lab.ts';
import { summary } from './summary.ts';

/**
 * @param record As the student may see it: see student-view.ts.
 * @returns The whole file.
 */
export async function studentPage(record: StudentRecord, assets: PageAssets, layouts: Layouts): Promise<string> {
  const name = shortName(record.student);
  const absent = record.labs.filter(({ status }) => status === 'missing');
  const there = record.labs.filter((lab) => !absent.includes(lab));
  const sections = await Promise.all(there.map((lab) => sectionOf(lab, layouts, there.length === 1)));
  const body = html`<header class="head">
  <h1><bdi>${name}</bdi></h1>
  <p class="score"><strong>${points(record.score)}</strong> of ${points(record.maxScore)} points</p>
  <p class="quiet">Graded ${moment(record.startedAt)} ${hostWords(record.engine)}</p>
</header>
<main>
${summary(record)}
${sections}
${absent.length === 0 ? '' : absentLabs(absent)}
</main>`;
  return page(`${name}: ${points(record.score)} of ${points(record.maxScore)}`, assets, body);
}

async function sectionOf(lab: LabRecord, layouts: Layouts, alone: boolean): Promise<Html> {
  const { containers, expected } = lab.topology;
  const drawn = containers.length > 0 || (expected !== undefined && lab.criteria.length > 0);
  return labSection(lab, drawn ? await picturesOf(lab.topology, labAnchor(lab.lab), layouts) : undefined, alone);
}
