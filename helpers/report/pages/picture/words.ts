/** What is wrong with a network, in words: a sentence per difference. */
import { shortName } from '../markup.ts';
import type { Difference } from './differences.ts';

/** @returns One sentence, without its full stop. */
export function inWords(difference: Difference): string {
  switch (difference.kind) {
    case 'no-network':
      return `there is no network ${name(difference.network)}`;
    case 'misnamed':
      return `there is no network ${name(difference.network)}; ${name(difference.name)} looks like it`;
    case 'wrong-driver':
      return `${name(difference.network)} has the driver ${name(difference.seen)}, and should have ${name(difference.expected)}`;
    case 'no-container':
      return `there is no container for ${name(difference.role)}`;
    case 'not-running':
      return `${name(difference.container)} is not running: it ${stateText(difference.state)}`;
    case 'other-machine':
      return `${name(difference.container)} is on machine ${difference.seen}, and should be on machine ${difference.expected}`;
    case 'not-attached':
      return `${name(difference.container)} is not on ${name(difference.network)}, and should be`;
    case 'attached':
      return `${name(difference.container)} is on ${name(difference.network)}, and should not be`;
    case 'not-published':
      return difference.onLoopback
        ? `${name(difference.container)} is published to this machine only, and should be reached from outside`
        : `nothing publishes ${name(difference.container)}, and it should be reached from outside`;
    case 'published':
      return `${name(difference.container)} is published (${shortName(difference.ports.join(', '))}), and should not be`;
    case 'own-sandbox':
      return `${name(difference.container)} has a sandbox of its own, and should use that of ${name(difference.of)}`;
    case 'shared-sandbox':
      return `${name(difference.container)} uses the sandbox of ${name(difference.of)}, and should have its own`;
    case 'not-asked-for':
      return `${name(difference.container)} is not part of the task`;
  }
}

/** Docker's words for a container that has ended say little to somebody who sees them for the first time. */
function stateText(state: string): string {
  return state === 'exited' || state === 'dead' ? 'has stopped' : `is ${name(state)}`;
}

function name(text: string): string {
  return shortName(text, 40);
}
