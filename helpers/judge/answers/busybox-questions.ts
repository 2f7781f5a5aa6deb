/** The eleven questions of exercise 1, and what is read out of an answer to each. */
import { addressesIn, hostEndsIn, innerEndsIn, type Address, type InterfaceName } from './extract.ts';
import { textOf, type Given } from './judgement.ts';

export const QUESTIONS = ['q1', 'q2', 'q3', 'q4', 'q5', 'q6', 'q7', 'q8', 'q9', 'q10', 'q11'] as const;
export type BusyboxQuestion = (typeof QUESTIONS)[number];

/** The answers, and what can be read out of each. */
export class BusyboxAnswers {
  readonly #given: Given;

  constructor(given: Given) {
    this.#given = given;
  }

  text(question: BusyboxQuestion): string {
    return textOf(this.#given, question);
  }

  hostEnds(): InterfaceName[] {
    return hostEndsIn(this.text('q2'));
  }

  innerEnds(): InterfaceName[] {
    return innerEndsIn(this.text('q3'));
  }

  /** The container's address: the first address in q4. */
  own(): Address | undefined {
    return this.addresses('q4')[0];
  }

  /** The gateway in an answer: the address after `via`, or else the first one that is not the container's own. */
  gateway(question: 'q5' | 'q6'): Address | undefined {
    const text = this.text(question);
    const [via] = addressesIn(/\bvia\s+(\S+)/.exec(text)?.[1] ?? '');
    const all = addressesIn(text);
    return via ?? all.find(({ address }) => address !== this.own()?.address) ?? all[0];
  }

  addresses(question: BusyboxQuestion): Address[] {
    return addressesIn(this.text(question));
  }
}
