/**
 * A sealed question, as it is in the page. The feedback is encrypted once with a random key. For every choice of
 * options there is a box with that key, and each box is encrypted with a key derived from the choice. So nobody can
 * read in the page which options are right, or why, without choosing first. It uses Web Crypto, in Node and in
 * browsers.
 */

/** What the page says about each option, by letter. */
export type Feedback = Record<string, { holds: boolean; why: string }>;

/** Base64 of a nonce, followed by the text encrypted with it (AES-GCM). */
export type Sealed = string;

export interface SealedQuestion {
  id: string;
  /** Base64; of this question in this page. */
  salt: string;
  iterations: number;
  feedback: Sealed;
  /** By choice: see choiceOf. */
  boxes: Record<string, Sealed>;
}

/** Node and browsers declare these under names of their own. */
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;
type Bytes = ArrayBuffer | Uint8Array<ArrayBuffer>;

const NONCE_BYTES = 12;

/** Letters in alphabetical order, e.g. `ac`. */
export function choiceOf(letters: string[]): string {
  return [...letters].sort().join('');
}

/** Opens a question's feedback with a choice. Deriving the key is slow on purpose. */
export async function open(question: SealedQuestion, choice: string): Promise<Feedback> {
  const box = question.boxes[choice];
  if (box === undefined) throw new Error(`there is no choice "${choice}" of ${question.id}`);
  const opener = await openerOf(question, choice);
  const key = await importKey(await decrypt(opener, box), ['decrypt']);
  return JSON.parse(new TextDecoder().decode(await decrypt(key, question.feedback))) as Feedback;
}

/** The key of the box of one choice. */
export async function openerOf(
  { id, salt, iterations }: Pick<SealedQuestion, 'id' | 'salt' | 'iterations'>,
  choice: string,
): Promise<Key> {
  const password = new TextEncoder().encode(`${id}:${choice}`);
  const base = await crypto.subtle.importKey('raw', password, 'PBKDF2', false, ['deriveKey']);
  const derivation = { name: 'PBKDF2', hash: 'SHA-256', salt: bytesOf(salt), iterations };
  return crypto.subtle.deriveKey(derivation, base, { name: 'AES-GCM', length: 256 }, false, ['encrypt', 'decrypt']);
}

export function importKey(bytes: Bytes, uses: ('encrypt' | 'decrypt')[]): Promise<Key> {
  return crypto.subtle.importKey('raw', bytes, 'AES-GCM', false, uses);
}

export async function encrypt(key: Key, text: Bytes): Promise<Sealed> {
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  const encrypted = await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce }, key, text);
  return base64Of(new Uint8Array([...nonce, ...new Uint8Array(encrypted)]));
}

async function decrypt(key: Key, sealed: Sealed): Promise<ArrayBuffer> {
  const bytes = bytesOf(sealed);
  const [nonce, encrypted] = [bytes.slice(0, NONCE_BYTES), bytes.slice(NONCE_BYTES)];
  return crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce }, key, encrypted);
}

export function base64Of(bytes: Uint8Array): string {
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(''));
}

function bytesOf(base64: string): Uint8Array<ArrayBuffer> {
  return Uint8Array.from(atob(base64), (character) => character.charCodeAt(0));
}
