/** A student's page: which rules passed and which failed, what was seen, and pictures of the networks. */
import { html } from 'hono/html';
import { page, type Html, type PageAssets } from '../../page/page.ts';
import { hostWords, labAnchor, moment, points, shortName } from '../markup.ts';
import type { Layouts } from '../picture/layout.ts';
import { pictureOfTask, picturesOf } from '../picture/pictures.ts';
import type { LabRecord, StudentRecord } from '../../record.ts';
import { absentLabs, labSection, type LabPictures } from './lab.ts';
import { summary } from './summary.ts';

/**
 * @param record As the student may see it: see student-view.ts.
 * @returns The whole file.
 */
export async function studentPage(record: StudentRecord, assets: PageAssets, layouts: Layouts): Promise<string> {
  const name = shortName(record.student);
  const absent = record.labs.filter(({ status }) => status === 'missing');
  const there = record.labs.filter((lab) => !absent.includes(lab));
  const sections = await Promise.all(there.map((lab) => sectionOf(lab, layouts)));
  const body = html`<header class="head">
  <h1><bdi>${name}</bdi></h1>
  <p class="score"><strong>${points(record.score)}</strong> of ${points(record.maxScore)} points</p>
  <p class="quiet">Graded ${moment(record.startedAt)} ${record.engine.version === '' ? '' : hostWords(record.engine)}</p>
</header>
<main>
${summary(record)}
${there.some(({ criteria }) => criteria.length > 0) ? onlyFailed() : ''}
${sections}
${absent.length === 0 ? '' : absentLabs(absent)}
</main>`;
  return page(`${name}: ${points(record.score)} of ${points(record.maxScore)}`, assets, body);
}

/** A switch that works without JavaScript: style.css hides the others while it is on. */
function onlyFailed(): Html {
  return html`<p class="switch screen-only"><label><input type="checkbox" id="only-failed"> show only the rules that failed</label></p>`;
}

async function sectionOf(lab: LabRecord, layouts: Layouts): Promise<Html> {
  return labSection(lab, await drawn(lab, layouts));
}

async function drawn({ lab, topology, criteria }: LabRecord, layouts: Layouts): Promise<LabPictures | undefined> {
  const { containers, expected } = topology;
  const id = labAnchor(lab);
  if (containers.length > 0 || (expected !== undefined && criteria.length > 0))
    return picturesOf(topology, id, layouts);
  return expected === undefined ? undefined : { expected: await pictureOfTask(expected, id, layouts) };
}
