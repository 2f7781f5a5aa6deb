/** Points in time and spans of time as people write them. */

const TIME = /^(\d{4})-(\d{2})-(\d{2})[T ](\d{2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(Z|[+-]\d{2}:\d{2})?$/;
const EXAMPLE = '2026-12-01T23:59:00+01:00';
const SPAN = /^(\d{1,4})(m|h|d)$/;
/** `+2 days`, `+12 hours`, `+1 week`; or as short as a span. */
const LONGER = /^\+\s*(\d{1,4})\s*(m|minutes?|h|hours?|d|days?|w|weeks?)$/;
const MS = { m: 60_000, h: 3_600_000, d: 86_400_000, w: 7 * 86_400_000 };

export const DAY_MS = MS.d;

/** @returns the time, or what is wrong with the text. A time zone is required: else it would depend on the machine. */
export function timeOf(text: string): Date | string {
  const [, year, month, day, hour, minute, second = '0', zone] = TIME.exec(text.trim()) ?? [];
  if (year === undefined) return `"${text}" is not a date and time; write it like ${EXAMPLE}`;
  if (zone === undefined) return `"${text}" does not say in which time zone; write it like ${EXAMPLE}`;
  const parts = [year, month, day, hour, minute, second].map(Number) as [
    number,
    number,
    number,
    number,
    number,
    number,
  ];
  const [y, m, ...rest] = parts;
  // 31 February would become a day of March.
  const there = new Date(Date.UTC(y, m - 1, ...rest));
  const same = there.toISOString().startsWith(`${year}-${month ?? ''}-${day ?? ''}T${hour ?? ''}:${minute ?? ''}`);
  const time = new Date(text.trim().replace(' ', 'T'));
  if (!same || Number.isNaN(time.getTime())) return `"${text}" is a date or time that does not exist`;
  return time;
}

/** Reads minutes, hours or days, e.g. `15m`. @returns milliseconds, or what is wrong with the text. */
export function spanOf(text: string): number | string {
  const [, count, unit] = SPAN.exec(text) ?? [];
  if (count === undefined) return `"${text}" is not a length of time; write 15m, 2h or 1d (minutes, hours, days)`;
  return Number(count) * MS[unit as keyof typeof MS];
}

/** Reads how much longer somebody has, e.g. `+2 days`. @returns milliseconds; undefined when the text is nothing of the kind. */
export function longerBy(text: string): number | undefined {
  const [, count, unit] = LONGER.exec(text.trim()) ?? [];
  return count === undefined || unit === undefined ? undefined : Number(count) * MS[unit[0] as keyof typeof MS];
}
