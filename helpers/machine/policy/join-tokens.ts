/**
 * Substitutes for the join tokens of a swarm. Whoever has a manager's token and reaches a manager's port can start services
 * there, past the policy. So a submission gets no token: it gets a substitute, which means something only to the doors of its own
 * lab hosts (helpers/machine/probe/agent/swarm-door.ts). These share a secret, and the substitute is the token encrypted with it.
 */
import { createCipheriv, createDecipheriv, randomBytes } from 'node:crypto';

const CIPHER = 'aes-256-gcm';
const IV_BYTES = 12;
const TAG_BYTES = 16;
/** It looks like a token, "SWMTKN-1-" and two words (Docker Engine 20.10 to 28): some scripts look for one in a command's output. */
const SUBSTITUTE = /^SWMTKN-1-([0-9a-f]{56})-([0-9a-f]{2,400})$/;

/** @param secret 32 bytes in hexadecimal. @returns a substitute for the token. */
export function substituteFor(token: string, secret: string): string {
  const iv = randomBytes(IV_BYTES);
  const cipher = createCipheriv(CIPHER, Buffer.from(secret, 'hex'), iv);
  const hidden = Buffer.concat([cipher.update(token, 'utf8'), cipher.final()]);
  return `SWMTKN-1-${Buffer.concat([iv, cipher.getAuthTag()]).toString('hex')}-${hidden.toString('hex')}`;
}

/** @returns the token; undefined when this is no substitute that was made with this secret. */
export function tokenBehind(substitute: string, secret: string): string | undefined {
  const [, head = '', hidden = ''] = SUBSTITUTE.exec(substitute) ?? [];
  if (head === '') return undefined;
  const [iv, tag] = [Buffer.from(head, 'hex').subarray(0, IV_BYTES), Buffer.from(head, 'hex').subarray(IV_BYTES)];
  const decipher = createDecipheriv(CIPHER, Buffer.from(secret, 'hex'), iv, { authTagLength: TAG_BYTES });
  decipher.setAuthTag(tag);
  try {
    return Buffer.concat([decipher.update(Buffer.from(hidden, 'hex')), decipher.final()]).toString('utf8');
  } catch {
    return undefined; // made with another secret, or changed
  }
}
