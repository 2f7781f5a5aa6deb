/** Makes a table's headings buttons that sort its rows. */
import { keep, kept, type Kept } from './kept.ts';

type Direction = NonNullable<Kept['direction']>;

export function sortable(table: HTMLTableElement): void {
  const [body] = table.tBodies;
  const headings = [...(table.tHead?.rows[0]?.cells ?? [])];
  if (body === undefined) return;
  // Read the keys once, so that sorting only moves rows and does not read the page again.
  const rows = [...body.rows].map((row) => ({ row, keys: [...row.cells].map(keyOf) }));
  const collator = new Intl.Collator(undefined, { numeric: true, sensitivity: 'base' });

  const sort = (column: number, direction: Direction): void => {
    const sign = direction === 'ascending' ? 1 : -1;
    const compare = (a: string | number, b: string | number): number =>
      typeof a === 'number' && typeof b === 'number' ? a - b : collator.compare(String(a), String(b));
    const sorted = [...rows].sort(
      (a, b) => sign * compare(a.keys[column] ?? '', b.keys[column] ?? '') || compare(a.keys[0] ?? '', b.keys[0] ?? ''),
    );
    body.append(...sorted.map(({ row }) => row));
    headings.forEach((heading, i) => {
      if (i === column) heading.setAttribute('aria-sort', direction);
      else heading.removeAttribute('aria-sort');
    });
    keep({ column, direction });
  };

  headings.forEach((heading, column) => {
    const button = document.createElement('button');
    button.type = 'button';
    button.append(...heading.childNodes);
    heading.append(button);
    // The first click sorts upwards: names from A, and the lowest scores first, which an instructor looks for.
    button.addEventListener('click', () => {
      sort(column, heading.getAttribute('aria-sort') === 'ascending' ? 'descending' : 'ascending');
    });
  });

  const { column, direction } = kept();
  if (column !== undefined && direction !== undefined && column < headings.length) sort(column, direction);
}

function keyOf(cell: HTMLTableCellElement): string | number {
  const { by } = cell.dataset;
  return by === undefined ? cell.textContent : Number(by);
}
