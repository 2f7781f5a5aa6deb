/** Ports that rules mention: each is tried, because not every rule can be followed to where it leads. */

/** So many are tried. */
const MOST = 64;
/** Of a longer range, only the ends are tried. */
const LONGEST_RANGE = 32;
/** Words of iptables and of nft(8) behind which there are ports. */
const PORTS = /(?:--dports?|--ctorigdstport|--to-ports|\bdport|\bth dport|\bproto-dst)\s+(?:!=\s*|!\s*)?(.*)$/;
/** Not what is part of an address, a hexadecimal number or a name. */
const NUMBER_OR_RANGE = /(?<![\w.:/@-])(\d{1,5})(?:[-:](\d{1,5}))?(?![\w.:/-])/g;

/** @param texts Rules, without their chains, and elements of nft's sets and maps. */
export function portsMentioned(texts: string[]): number[] {
  const ports = texts.flatMap((text) => {
    const tail = PORTS.exec(text)?.[1] ?? (text.startsWith('elements') ? text : '');
    return [...tail.matchAll(NUMBER_OR_RANGE)].flatMap(([, first, last]) =>
      inRange(Number(first), Number(last ?? first)),
    );
  });
  return [...new Set(ports)].filter((port) => port > 0 && port < 65_536).slice(0, MOST);
}

function inRange(first: number, last: number): number[] {
  if (last - first > LONGEST_RANGE) return [first, last];
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => first + i);
}

/** The elements of nft's sets and maps, a text for each; a list may go over several lines. */
export function elementsIn(ruleset: string): string[] {
  return [...ruleset.matchAll(/elements = \{([^}]*)\}/g)].map(
    ([, list = '']) => `elements ${list.replace(/\s+/g, ' ')}`,
  );
}
