/** How the table is sorted and filtered, kept in the browser's history for whoever comes back from a student's page. */

export interface Kept {
  column?: number;
  direction?: 'ascending' | 'descending';
  text?: string;
  is?: string;
}

export function kept(): Kept {
  return (history.state ?? {}) as Kept;
}

export function keep(change: Kept): void {
  history.replaceState({ ...kept(), ...change }, '');
}
