/**
 * Reads the machine's firewall. The kernel may have two sets of rules at once, iptables' older one and nf_tables, and a
 * packet has to pass both.
 */
import { readFileSync } from 'node:fs';
import type { FirewallAnswer } from '../protocol.ts';
import { execute } from './execute.ts';

/** Bytes of one tool's output. An engine with fifty containers makes a tenth of it. */
const ENOUGH = 1024 * 1024;

/** What iptables' tools print in place of a table that nft has changed into something else. */
const INCOMPATIBLE = /^# Table `.*' is incompatible/m;

const FAMILIES = [
  { family: 4, tool: 'iptables', names: '/proc/net/ip_tables_names' },
  { family: 6, tool: 'ip6tables', names: '/proc/net/ip6_tables_names' },
] as const;

export async function readFirewall(): Promise<FirewallAnswer> {
  const { text: ruleset } = await printed('nft', ['list', 'ruleset']);
  const saved = await Promise.all(
    FAMILIES.flatMap(({ family, tool, names }) => [
      ...(hasTables(names) ? [save(family, `${tool}-legacy-save`)] : []),
      ...(ruleset === '' ? [] : [save(family, `${tool}-nft-save`)]),
    ]),
  );
  const cut = [ruleset, ...saved.map(({ text }) => text)].some((text) => text.length >= ENOUGH);
  return { saved, ruleset, cut };
}

async function save(family: 4 | 6, tool: string): Promise<FirewallAnswer['saved'][number]> {
  return { family, ...(await printed(tool, [])) };
}

async function printed(tool: string, args: string[]): Promise<{ text: string; whole: boolean }> {
  const { exitCode, output } = await execute(tool, args, { enough: ENOUGH });
  return { text: output, whole: exitCode === 0 && !INCOMPATIBLE.test(output) };
}

/** Whether the older iptables has made any table; a kernel that does not have it has no such file. */
function hasTables(names: string): boolean {
  try {
    return readFileSync(names, 'utf8').trim() !== '';
  } catch {
    return false;
  }
}
