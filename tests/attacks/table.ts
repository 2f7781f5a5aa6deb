/** The attacks as the tables of docs/security.md. */
import { CHAPTERS } from './all.ts';
import type { Attack } from './attack.ts';

/** Heading, then a row per attack: what it is called, what it shows, how its lab ends. */
export function tables(): { title: string; rows: string[][] }[] {
  return Object.entries(CHAPTERS).map(([title, attacks]) => ({
    title,
    rows: [['attack', 'what it does, and what comes of it', 'the lab is'], ...attacks.map(rowOf)],
  }));
}

function rowOf({ name, shows, outcomes }: Attack): string[] {
  const endings = [...new Set(outcomes.map(({ status }) => `\`${status}\``))];
  return [`\`${name}\``, shows.replaceAll('|', '\\|'), endings.join(' or ')];
}
