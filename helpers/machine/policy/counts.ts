/** Counts what a submission creates, so that an endless loop is stopped before it fills the machine. */
import { denial, type Denial } from './denial.ts';
import { MOST, MOST_FLEETING, type Counted } from './rules.ts';

const CALLED: Record<Counted, [string, string]> = {
  container: ['container', 'Remove those that are not needed (docker rm), or start fewer.'],
  network: ['network', 'Remove those that are not needed (docker network rm), or make fewer.'],
  volume: ['volume', 'Remove those that are not needed (docker volume rm), or make fewer.'],
  image: ['image that is built or tagged', 'Build fewer images, or one for several containers.'],
};

export class Counts {
  readonly #made = new Map<Counted | 'fleeting', number>();

  /** Counts one more. @returns why it is denied if there are too many already. */
  take(kind: Counted | 'fleeting'): Denial | undefined {
    const made = this.#made.get(kind) ?? 0;
    const most = kind === 'fleeting' ? MOST_FLEETING : MOST[kind];
    if (made >= most) return tooMany(kind, most);
    this.#made.set(kind, made + 1);
    return undefined;
  }

  /** Counts one less: it was removed, or could not be created. */
  give(kind: Counted | 'fleeting'): void {
    this.#made.set(kind, Math.max(0, (this.#made.get(kind) ?? 0) - 1));
  }
}

function tooMany(kind: Counted | 'fleeting', most: number): Denial {
  if (kind === 'fleeting')
    return denial(
      `container number ${most + 1} with --rm`,
      'so many look like an endless loop',
      'Give a loop that waits for something a limit.',
    );
  const [thing, instead] = CALLED[kind];
  return denial(`one more ${thing}`, `there may be ${most} on one lab host`, instead);
}
