/** What is asked of an engine, for the log. */
import type Docker from 'dockerode';
import { isLogging, log } from '../log.ts';

interface DialOptions {
  method: string;
  path: string;
}

/** Of a container, an image …: its beginning is enough, as in Docker's own tables. */
const ID = /\b([0-9a-f]{12})[0-9a-f]{52}\b/g;

type Answered = (error: (Error & { statusCode?: number }) | null, result?: unknown) => void;

/** The part of docker-modem that dockerode's types leave out. */
interface Modem {
  dial: (options: DialOptions, answered: Answered) => void;
}

/**
 * Logs each request of a client: its method and path, never its headers (which may hold a password for a registry) or its
 * body.
 *
 * @param engine Whose engine it is, in a word or two.
 * @returns the same client; as it was when nothing is logged.
 */
export function watchRequests(docker: Docker, engine: string): Docker {
  if (!isLogging()) return docker;
  const modem = docker.modem as Modem;
  const dial = modem.dial.bind(modem);
  modem.dial = (options, answered) => {
    const started = performance.now();
    dial(options, (error, result) => {
      const path = options.path.replace(/\?.*/, '').replace(ID, '$1');
      const outcome = error === null ? '' : `: ${String(error.statusCode ?? error.message)}`;
      log('engine', `${engine}: ${options.method} ${path}${outcome}`, performance.now() - started);
      answered(error, result);
    });
  };
  return docker;
}
