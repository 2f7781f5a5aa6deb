/** Firewall rules as `iptables-save` and its relatives print them (iptables 1.8). */

export interface Rule {
  chain: string;
  /** As it is saved, without the chain: `-i br-1 ! -o br-1 -j ACCEPT`. */
  text: string;
  /** Its words; what stands in quotation marks is one. */
  words: string[];
}

/** One table of one backend. */
export interface Table {
  family: 4 | 6;
  /** filter, nat, mangle, raw or security. */
  name: string;
  /** The policy of each chain; `-` for those that somebody made, which have none. */
  policies: Map<string, string>;
  rules: Rule[];
}

const WORD = /"((?:\\.|[^"\\])*)"|\S+/g;

/** @param saved What the tool of one backend and one family printed. */
export function tablesIn(saved: string, family: 4 | 6): Table[] {
  const tables: Table[] = [];
  for (const line of saved.split('\n')) {
    const table = tables.at(-1);
    if (line.startsWith('*')) tables.push({ family, name: line.slice(1).trim(), policies: new Map(), rules: [] });
    else if (line.startsWith(':') && table !== undefined) {
      const [chain = '', policy = '-'] = line.slice(1).split(' ');
      table.policies.set(chain, policy);
    } else if (line.startsWith('-A ') && table !== undefined) table.rules.push(ruleIn(line));
  }
  return tables;
}

function ruleIn(line: string): Rule {
  const [, chain = '', text = ''] = /^-A (\S+) ?(.*)$/.exec(line) ?? [];
  return { chain, text, words: [...text.matchAll(WORD)].map(([whole, quoted]) => quoted ?? whole) };
}

/** Where a rule leads; `goes` if nothing comes back from there to the rule's own chain. */
export function targetOf({ words }: Rule): { target: string | undefined; goes: boolean } {
  const at = words.findIndex((word, i) => (word === '-j' || word === '-g') && words[i - 1] !== '--comment');
  return { target: at === -1 ? undefined : words[at + 1], goes: words[at] === '-g' };
}

/** The rule as the command that makes it. */
export function commandFor({ family, name }: Table, { chain, text }: Rule): string {
  return `${program(family)} ${name === 'filter' ? '' : `-t ${name} `}-A ${chain} ${text}`;
}

export function policyCommand({ family, name }: Table, chain: string, policy: string): string {
  return `${program(family)} ${name === 'filter' ? '' : `-t ${name} `}-P ${chain} ${policy}`;
}

function program(family: 4 | 6): string {
  return family === 4 ? 'iptables' : 'ip6tables';
}
