/**
 * The files and folders that containers of a submission may mount. They are judged when a container or volume is created,
 * and the engine looks them up when a container starts. So all of them are judged again whenever the engine is asked to do
 * something for which it looks them up. For what happens between that and the look-up, see images/lab-host/scripts/boot.sh.
 */
import { denial, type Denial } from './denial.ts';
import { deniedPlace } from './mount-rules.ts';
import { routeOf } from './route.ts';
import type { PolicyContext } from './rules.ts';

/** How many a submission may mount in all: many times what any lab needs, and judged in a moment. */
const MOST = 500;
/** What makes the engine look up the sources of a container's mounts. (It fills volumes when it creates a container.) */
const LOOKS_UP = /^\/containers\/(create|[^/]+\/(start|restart|unpause|archive))$/;

export class Sources {
  readonly #seen = new Set<string>();
  readonly #context: PolicyContext;

  constructor(context: PolicyContext) {
    this.#context = context;
  }

  /** The context in which a request is judged, so that what it may mount is remembered here. */
  get context(): PolicyContext {
    return {
      ...this.#context,
      mayBeMounted: (source) => {
        if (this.#seen.size <= MOST) this.#seen.add(source);
      },
    };
  }

  /** Why a request is denied, because something that was mounted, or may be, is no longer what it was. */
  deniedNow({ method, uri }: { method: string; uri: string }): Denial | undefined {
    if (!LOOKS_UP.test(routeOf(method, uri)?.path ?? '')) return undefined;
    if (this.#seen.size > MOST)
      return denial('one more mount', `there may be ${MOST} on one lab host`, 'Mount the folder that they are in.');
    for (const source of this.#seen) {
      const denied = deniedPlace(source, this.#context);
      if (denied !== undefined) return denied;
    }
    return undefined;
  }
}
