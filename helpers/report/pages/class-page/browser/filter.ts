/** Filters a table's rows by what is typed into a form. */
import { keep, kept } from './kept.ts';

export function filterRows(table: HTMLTableElement, form: HTMLFormElement): void {
  const rows = [...(table.tBodies[0]?.rows ?? [])].map((row) => ({
    row,
    name: folded(row.cells[0]?.textContent ?? ''),
    is: (row.dataset['is'] ?? '').split(' '),
  }));
  const text = form.elements.namedItem('text') as HTMLInputElement;
  const is = form.elements.namedItem('is') as HTMLSelectElement;
  const count = form.elements.namedItem('count') as HTMLOutputElement;

  const filter = (): void => {
    const wanted = folded(text.value.trim());
    let shown = 0;
    for (const { row, name, is: kinds } of rows) {
      const fits = name.includes(wanted) && (is.value === '' || kinds.includes(is.value));
      if (fits) shown++;
      if (row.hidden === fits) row.hidden = !fits;
    }
    count.value = shown === rows.length ? `${shown} students` : `${shown} of ${rows.length} students`;
  };

  form.hidden = false;
  form.addEventListener('input', filter);
  form.addEventListener('submit', (event) => {
    event.preventDefault();
  });
  // Not for every letter: browsers limit how often a page may write its history.
  form.addEventListener('change', () => {
    keep({ text: text.value, is: is.value });
  });
  ({ text: text.value = '', is: is.value = '' } = kept());
  filter();
}

/** Without accents and capitals: "Zoë" is found by "zoe". */
function folded(text: string): string {
  return text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();
}
