/** What is sent to be recognised: a random word, in every form in which somebody might pass it on. */
import { randomBytes } from 'node:crypto';
import { helloRequest } from '../../machine/probe/mongo-wire.ts';
import type { Spoken } from '../../lab/survey-plan.ts';

/** Letters only, and as many as cannot occur by chance. */
export const LETTERS = 20;
/** Whoever reads lines has the end of one, and whoever reads requests the end of one: nobody waits for more. */
const END = '\r\n\r\n';

export interface Nonce {
  form: 'raw' | 'http' | 'mongodb' | 'proxy';
  word: string;
  /** base64 */
  bytes: string;
}

/** An address that a proxy is asked to pass something on to. */
export interface Aim {
  address: string;
  port: number;
}

function word(): string {
  return [...randomBytes(LETTERS)].map((byte) => String.fromCharCode(97 + (byte % 26))).join('');
}

type Bytes = (word: string) => Buffer | string;

function nonce(form: Nonce['form'], bytes: Bytes): Nonce {
  const own = word();
  return { form, word: own, bytes: Buffer.from(bytes(own)).toString('base64') };
}

export function rawNonce(): Nonce {
  return nonce('raw', (own) => own + END);
}

/** In the path, in the query and in a header: a proxy may change some of them. @param paths Where it is asked for. */
export function httpNonces(paths: string[] = ['/']): Nonce[] {
  const places = paths.flatMap((path) => [(own: string) => `${path.replace(/\/?$/, '/')}${own}`, () => path]);
  return places.map((place) =>
    nonce('http', (own) => {
      const target = place(own);
      return request(target.includes(own) ? target : `${target}?${own}`, 'localhost', own);
    }),
  );
}

/** A request as browsers make it first. */
export function plainRequest(): Nonce {
  return nonce('http', (own) => request('/', 'localhost', own));
}

export function mongoNonce(): Nonce {
  // What follows the message is for those who read lines; a server that waits for a second message drops it.
  return nonce('mongodb', (own) => Buffer.concat([Buffer.from(helloRequest(own), 'base64'), Buffer.from(END)]));
}

/** The one that a server understands; it must arrive. */
export function ownNonce(speaks: Spoken | undefined): Nonce {
  if (speaks === 'http') return httpNonces()[1]!;
  return speaks === 'mongodb' ? mongoNonce() : rawNonce();
}

/** Requests to proxies: an absolute target (RFC 9112, 3.2.2), CONNECT (RFC 9110, 9.3.6), SOCKS 5 (RFC 1928) and 4. */
export function proxyNonces(aims: Aim[]): Nonce[] {
  return aims.flatMap(({ address, port }) => {
    const at = address.includes(':') ? `[${address}]:${port}` : `${address}:${port}`;
    const number = [port >> 8, port & 0xff];
    const v4 = address.split('.').map(Number);
    const after = (greeting: (number | undefined)[]) => (own: string) =>
      Buffer.concat([Buffer.from(greeting.map((each) => each ?? 0)), Buffer.from(own + END)]);
    return [
      nonce('proxy', (own) => request(`http://${at}/${own}`, at, own)),
      nonce('proxy', (own) => `CONNECT ${at} HTTP/1.1\r\nHost: ${at}${END}${own}${END}`),
      ...(v4.length === 4
        ? [
            nonce('proxy', after([5, 1, 0, 5, 1, 0, 1, ...v4, ...number])),
            nonce('proxy', after([4, 1, ...number, ...v4, 0])),
          ]
        : []),
    ];
  });
}

function request(target: string, host: string, own: string): string {
  return `GET ${target} HTTP/1.1\r\nHost: ${host}\r\nUser-Agent: ${own}\r\nConnection: close${END}`;
}
