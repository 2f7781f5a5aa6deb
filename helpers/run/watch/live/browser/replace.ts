/** Replaces parts of the page, and keeps what its reader did: what was opened, scrolled and focused. */

const FOCUSABLE = 'summary, a, [tabindex]';

/** The markup of each part as it was sent, because a browser writes it in another way. */
const shown = new Map<string, string>();
/** What the reader has opened or closed, by ids. */
const toggled = new Map<string, boolean>();

document.addEventListener('click', ({ target }) => {
  const details = target instanceof Element ? target.closest('summary')?.parentElement : undefined;
  if (details instanceof HTMLDetailsElement) toggled.set(details.id, !details.open);
});

/** @returns false if the page has other parts than these. */
export function replaceParts(parts: Record<string, string>): boolean {
  const places = new Map(
    [...document.querySelectorAll<HTMLElement>('[data-part]')].map((place) => [place.dataset['part'] ?? '', place]),
  );
  const ids = Object.keys(parts).filter((id) => id !== 'news');
  if (ids.length !== places.size || ids.some((id) => !places.has(id))) return false;
  for (const [id, place] of places) {
    const markup = parts[id] ?? '';
    if (shown.get(id) !== markup) replace(place, markup);
    shown.set(id, markup);
  }
  return true;
}

function replace(place: HTMLElement, markup: string): void {
  const focused = focusIn(place);
  const scrolled = [...place.querySelectorAll('.scroll')].map(({ scrollLeft, scrollTop }) => [scrollLeft, scrollTop]);
  place.innerHTML = markup;
  for (const details of place.querySelectorAll('details')) details.open = toggled.get(details.id) ?? details.open;
  for (const [i, box] of [...place.querySelectorAll('.scroll')].entries())
    box.scrollTo(scrolled[i]?.[0] ?? 0, scrolled[i]?.[1] ?? 0);
  focused?.();
}

/** @returns a way to focus the same thing again; undefined if nothing in the place is focused. */
function focusIn(place: HTMLElement): (() => void) | undefined {
  const active = document.activeElement;
  if (active === null || !place.contains(active)) return undefined;
  const id = active.closest('details[id]')?.id;
  const all = (): HTMLElement[] => {
    const scope = (id === undefined ? null : document.getElementById(id)) ?? place;
    return [...scope.querySelectorAll<HTMLElement>(FOCUSABLE)];
  };
  const index = all().indexOf(active as HTMLElement);
  return () => {
    all()[index]?.focus({ preventScroll: true });
  };
}
