/** Which ports could lead to a container that nobody outside should reach. */
import { expect, test } from '@jest/globals';
import type { OutsideFacts, OutsidePort } from '../../helpers/survey/facts.ts';
import { suspectedRelays } from '../../helpers/survey/relays.ts';
import { container } from '../helpers/facts.ts';

const guarded = container({ name: 'exposed' });

function port(of: string, number: number, change: Partial<OutsidePort> = {}): OutsidePort {
  const http = { outcome: 'answered' as const, status: 200, body: 'hello', ms: 1 };
  return { container: of, address: '192.0.2.1', port: number, reach: 'open', http, mongo: false, ...change };
}

function suspected(...ports: OutsidePort[]): string[] {
  const outside = { ports } as unknown as OutsideFacts;
  return suspectedRelays([guarded], outside).map(({ entrance }) => `${entrance.front}:${entrance.port.port}`);
}

test('those of all others that answer HTTP, each once, whatever the address', () => {
  const v6 = port('published', 8080, { address: '2001:db8::1' });
  expect(suspected(port('published', 8080), v6, port('relay', 9000))).toEqual(['published:8080', 'relay:9000']);
});

test('not its own, nor one at which no web server answers', () => {
  const silent = port('relay', 9000, { http: { outcome: 'no-answer', ms: 1 } });
  expect(suspected(port('exposed', 8080), silent)).toEqual([]);
});

test('not more than a few: the container is paused for each', () => {
  expect(suspected(...Array.from({ length: 30 }, (_, i) => port('relay', 9000 + i)))).toHaveLength(8);
});

test('what pauses the container expects no answer to depend on it', () => {
  const [first] = suspectedRelays([guarded], { ports: [port('relay', 9000)] } as unknown as OutsideFacts);
  expect(first).toMatchObject({ backend: [{ name: 'exposed' }], isSuspicion: true, entrance: { path: '/' } });
});
