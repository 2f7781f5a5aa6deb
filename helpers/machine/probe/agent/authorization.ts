/**
 * Serves the policy to the engine as an authorization plugin ("Access authorization plugin" in Docker's documentation),
 * on a unix socket that only root may open. The engine carries out no request for which it gets no answer.
 */
import { chmodSync, mkdirSync, rmSync } from 'node:fs';
import http from 'node:http';
import path, { posix } from 'node:path';
import { Policy } from '../../policy/policy.ts';
import { DEFAULT_RULES, type PolicyContext } from '../../policy/rules.ts';
import type { ApiRequest } from '../../policy/decide.ts';
import { LAB_HOST_ROOT } from './engine-root.ts';
import { inRoot } from './text-file.ts';

/** Where the engine looks for the plugin "netgrade". */
const SOCKET = '/run/docker/plugins/netgrade.sock';
/** See images/lab-host/scripts/boot.sh. */
const SCRATCH = '/tmp';
/** Bytes of one message of the engine. It contains at most 1 MiB of a request or an answer, in base64, and headers. */
const MOST_BYTES = 8_000_000;
const DENIED = { Allow: false, Msg: 'netgrade could not read the request, so it is not carried out' };

interface PluginRequest {
  RequestMethod?: string;
  RequestUri?: string;
  RequestHeaders?: Record<string, string>;
  /** base64 */
  RequestBody?: string;
  ResponseStatusCode?: number;
}

/** Follows links by hand: the kernel follows none in the submission's folder, see images/lab-host/scripts/boot.sh. */
function realPath(file: string): string | undefined {
  const found = inRoot(LAB_HOST_ROOT, file);
  return found === undefined ? undefined : posix.normalize(found.slice(LAB_HOST_ROOT.length));
}

/** @param workplace The folder of submissions. */
export function startPolicy(key: string, workplace: string): Promise<Policy> {
  const context: PolicyContext = { workplace, scratch: SCRATCH, realPath };
  const policy = new Policy(key, DEFAULT_RULES, context);
  const server = http.createServer((request, response) => {
    answer(policy, request)
      .catch(() => DENIED) // what cannot be read is not let through
      .then((said) => response.writeHead(200, { 'Content-Type': 'application/json' }).end(JSON.stringify(said)))
      .catch(() => response.destroy()); // the engine has hung up
  });
  server.keepAliveTimeout = 0; // the engine reuses its connections, and must not use one that we have just closed
  mkdirSync(path.dirname(SOCKET), { recursive: true, mode: 0o700 });
  rmSync(SOCKET, { force: true });
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    const before = process.umask(0o177);
    server.listen(SOCKET, () => {
      chmodSync(SOCKET, 0o600);
      resolve(policy);
    });
    process.umask(before);
  });
}

async function answer(policy: Policy, request: http.IncomingMessage): Promise<object> {
  if (request.url === '/Plugin.Activate') return { Implements: ['authz'] };
  const asked = JSON.parse(await textOf(request, MOST_BYTES)) as PluginRequest;
  if (request.url === '/AuthZPlugin.AuthZReq') {
    const denied = policy.judge(requestOf(asked));
    return denied === undefined ? { Allow: true } : { Allow: false, Msg: denied.sentence };
  }
  if (request.url !== '/AuthZPlugin.AuthZRes') return DENIED;
  policy.answered(requestOf(asked), asked.ResponseStatusCode ?? 0);
  return { Allow: true };
}

function requestOf({ RequestMethod = '', RequestUri = '', RequestHeaders, RequestBody }: PluginRequest): ApiRequest {
  return {
    method: RequestMethod,
    uri: RequestUri,
    headers: RequestHeaders ?? {},
    body: RequestBody ? Buffer.from(RequestBody, 'base64').toString('utf8') : undefined,
  };
}

/** @param most Bytes. @returns a message's body as text. @throws when it is longer. */
export async function textOf(message: http.IncomingMessage, most: number): Promise<string> {
  const chunks: Buffer[] = [];
  let length = 0;
  for await (const chunk of message as AsyncIterable<Buffer>) {
    length += chunk.length;
    if (length > most) throw new Error('netgrade: the body is too long');
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}
