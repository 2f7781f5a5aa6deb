/** Pulls an image on an engine, outside of every submission's time limit, and says whose fault it is if that fails. */
import type Docker from 'dockerode';
import { isNoSuchImage } from '../../base/docker/download-failure.ts';
import { InfrastructureError, reasonOf } from '../../base/failure.ts';

/** How long an image may take in all. */
const PULL_MS = 600_000;
/** How long there may be no news. The engine reports every piece that comes and every new try, so then the registry is gone. */
const SILENCE_MS = 120_000;

/** `no-such`: a registry was asked and has no such image. `failed`: it could not be downloaded, which is not the student's fault. */
export type Pulled = { got: 'pulled' } | { got: 'no-such' } | { got: 'failed'; why: string };

/** How long a registry is waited for. */
export interface Patience {
  /** For the whole image. */
  ms?: number;
  /** For the next news from the engine. */
  silenceMs?: number;
}

/**
 * @param image With its tag or digest: without one, an engine pulls every tag that there is.
 * @throws {InfrastructureError} when the engine itself is gone.
 */
export async function pullImage(
  docker: Docker,
  image: string,
  { ms = PULL_MS, silenceMs = SILENCE_MS }: Patience = {},
): Promise<Pulled> {
  const late = AbortSignal.timeout(ms);
  const silence = new AbortController();
  const timer = setTimeout(() => {
    silence.abort();
  }, silenceMs);
  try {
    const stream = await docker.pull(image, { abortSignal: AbortSignal.any([late, silence.signal]) });
    const trouble = await troubleIn(stream, () => timer.refresh());
    return trouble === undefined ? { got: 'pulled' } : judged(image, trouble);
  } catch (error) {
    if (late.aborted) return { got: 'failed', why: `${image} did not come in ${Math.round(ms / 1000)} s` };
    if (silence.signal.aborted)
      return { got: 'failed', why: `${image}: nothing came from its registry for ${Math.round(silenceMs / 1000)} s` };
    if ((error as { statusCode?: number }).statusCode !== undefined) return judged(image, reasonOf(error));
    throw new InfrastructureError(`the lab host was lost while it pulled ${image}: ${reasonOf(error)}`);
  } finally {
    clearTimeout(timer);
  }
}

function judged(image: string, trouble: string): Pulled {
  return isNoSuchImage(trouble) ? { got: 'no-such' } : { got: 'failed', why: `${image}: ${trouble.slice(0, 400)}` };
}

/** Reads the engine's progress, which comes as lines of JSON. @returns the error, if a line reports one. */
async function troubleIn(stream: NodeJS.ReadableStream, sign: () => void): Promise<string | undefined> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    sign();
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines.filter((each) => each.trim() !== '')) {
      const { error } = JSON.parse(line) as { error?: string };
      if (error !== undefined) return error;
    }
  }
  return undefined;
}
