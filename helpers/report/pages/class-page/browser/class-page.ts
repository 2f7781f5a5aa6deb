/** The class page's script: sorts the scores by any column, and filters them. */
import { hideNeedlessCues } from '../../browser/cues.ts';
import { filterRows } from './filter.ts';
import { sortable } from './sort.ts';

hideNeedlessCues();

const table = document.querySelector<HTMLTableElement>('table.scores');
const form = document.querySelector<HTMLFormElement>('form.filter');
if (table !== null && form !== null) {
  sortable(table);
  filterRows(table, form);
}
