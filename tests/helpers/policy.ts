/** Requests to a lab host's engine, for tests of its policy. */
import { normalize } from 'node:path/posix';
import { decide, type ApiRequest, type Decision } from '../../helpers/machine/policy/decide.ts';
import { DEFAULT_RULES, type PolicyContext, type PolicyRules } from '../../helpers/machine/policy/rules.ts';

/** /home/student/lab/out leads to /etc, /home/student/lab/in to another folder of the submission. */
export const CONTEXT: PolicyContext = {
  workplace: '/home/student',
  scratch: '/tmp',
  realPath: (path) =>
    normalize(
      path
        .replace(/^\/home\/student\/lab\/out(?=\/|$)/, '/etc')
        .replace(/^\/home\/student\/lab\/in(?=\/|$)/, '/home/student/lab/site')
        .replace(/^\/var\/run(?=\/|$)/, '/run'),
    ),
};

export function request(method: string, path: string, body?: object | string, headers = {}): ApiRequest {
  const text = typeof body === 'object' ? JSON.stringify(body) : body;
  const usual = { 'Content-Type': 'application/json', 'Content-Length': String(Buffer.byteLength(text ?? '')) };
  return { method, uri: `/v1.51${path}`, headers: { ...usual, ...headers }, body: text };
}

export function decideOn(asked: ApiRequest, rules: Partial<PolicyRules> = {}): Decision {
  return decide(asked, { ...DEFAULT_RULES, ...rules }, CONTEXT);
}

/** The sentence with which a request is denied; undefined when it is let through. */
export function sentenceFor(asked: ApiRequest, rules: Partial<PolicyRules> = {}): string | undefined {
  return decideOn(asked, rules).denied?.sentence;
}

export function create(settings: object, besides: object = {}): ApiRequest {
  return request('POST', '/containers/create', { Image: 'busybox', ...besides, HostConfig: settings });
}
