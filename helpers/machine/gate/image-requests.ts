/** Requests to the Docker Engine's API that make images or give names to them, except BuildKit's own; see solve.ts. */

import { StringDecoder } from 'node:string_decoder';

export interface ImageRequest {
  /** The same request, with labels for the image that it makes. */
  url: string;
  /** The names that it gives. */
  names: string[];
  /** The image that gets the name, if it is there already. */
  named?: string;
  /** What the engine's answer tells: the names of images that were in an archive, or the steps of a build. */
  tells?: 'loaded' | 'steps';
}

const PATH = /^(?:\/v\d+\.\d+)?\/(build|commit|images\/create|images\/load|images\/(?<named>.+)\/tag)$/;
const WITH_BUILDKIT = '2';

/** @returns undefined when it does nothing of the kind. Pulling is not among it: what is pulled stays. */
export function imageRequest(url: string, labels: Record<string, string>): ImageRequest | undefined {
  const { pathname, searchParams: query } = new URL(url, 'http://engine');
  const [, kind, named] = PATH.exec(pathname) ?? [];
  const same = (): string => `${pathname}?${query.toString()}`;
  if (named !== undefined) return { url, names: nameIn(query), named: decodeURIComponent(named) };
  switch (kind) {
    case 'build': {
      const own = JSON.parse(query.get('labels') ?? '{}') as Record<string, string> | null;
      query.set('labels', JSON.stringify({ ...own, ...labels }));
      const names = query.getAll('t');
      if (query.get('version') === WITH_BUILDKIT) return { url: same(), names };
      query.set('forcerm', '1'); // a step that fails leaves its container otherwise, which was not made through the gate
      return { url: same(), names, tells: 'steps' };
    }
    case 'commit':
    case 'images/create':
      if (query.has('fromImage')) return undefined;
      for (const [label, value] of Object.entries(labels)) query.append('changes', `LABEL "${label}"="${value}"`);
      return { url: same(), names: nameIn(query) };
    case 'images/load':
      return { url, names: [], tells: 'loaded' };
    default:
      return undefined;
  }
}

function nameIn(query: URLSearchParams): string[] {
  const repository = query.get('repo') ?? '';
  return repository === '' ? [] : [`${repository}:${query.get('tag') || 'latest'}`];
}

const LINE_LIMIT = 64 * 1024;

/** Reads what an engine answers, which comes as lines of JSON. */
export class Said {
  readonly #decoder = new StringDecoder('utf8');
  #line = '';

  /** @returns the texts that are whole by now. */
  hear(chunk: Buffer): string[] {
    const lines = `${this.#line}${this.#decoder.write(chunk)}`.split('\n');
    this.#line = lines.pop() ?? '';
    if (this.#line.length > LINE_LIMIT) this.#line = ''; // the engine does not say so much at once
    return lines.map(textIn).filter((text) => text !== '');
  }
}

function textIn(line: string): string {
  try {
    return (JSON.parse(line) as { stream?: string }).stream ?? '';
  } catch {
    return ''; // not a whole line
  }
}

/** The name of an image that was loaded, by what the engine said. */
export function loadedIn(text: string): string | undefined {
  return /^Loaded image: (\S+)$/m.exec(text)?.[1];
}

/** Follows the steps of a classic build, by what the engine says. */
export class Steps {
  /** The image that was built; undefined until then. */
  built: string | undefined;
  #wasThere = false;

  /** @returns the image that a step has just made; undefined when there is none, or it was there before. */
  hear(text: string): string | undefined {
    if (/^Step \d+\/\d+ : /.test(text)) this.#wasThere = /^Step \d+\/\d+ : FROM\b/i.test(text);
    if (text.startsWith(' ---> Using cache')) this.#wasThere = true;
    this.built = /^(?:Successfully built |sha256:)([0-9a-f]+)$/m.exec(text)?.[1] ?? this.built;
    return this.#wasThere ? undefined : /^ ---> ([0-9a-f]{12})$/m.exec(text)?.[1];
  }
}
