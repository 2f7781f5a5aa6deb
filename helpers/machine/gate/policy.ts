/** What may be done through a gate. */
import type { Act, Thing } from './act.ts';
import type { Engine } from './engine.ts';
import type { Made } from './made.ts';

/** What may be changed: `own-things`: what was created through the gate; `look`: nothing; `anything`: everything. */
export type GatePolicy = 'own-things' | 'look' | 'anything';

interface Situation {
  policy: GatePolicy;
  made: Made;
  engine: Engine;
  /** The body, for requests whose body says what they are about. */
  body?: Buffer | undefined;
}

/** @returns why a request is refused, in words; undefined when it is allowed. */
export async function refusalOf(act: Act, { policy, made, engine, body }: Situation): Promise<string | undefined> {
  if (policy === 'anything' || act.act === 'look') return undefined;
  if (policy === 'look') return 'netgrade only looks at this machine: nothing on it is changed';
  switch (act.act) {
    case 'make':
    case 'supply':
      return undefined;
    case 'sweep':
      return `netgrade does not let a submission ${act.what} on a machine that is in use`;
    case 'attach': {
      const { Container: ref = '' } = JSON.parse(body?.toString('utf8') || '{}') as { Container?: string };
      return refusalOfChange('container', ref, { made, engine });
    }
    case 'change':
      return refusalOfChange(act.what, act.ref, { made, engine });
  }
}

async function refusalOfChange(
  what: Thing,
  ref: string,
  { made, engine }: Pick<Situation, 'made' | 'engine'>,
): Promise<string | undefined> {
  const id = await engine.idOf(what, ref);
  if (id === undefined || isMade(what, id, made)) return undefined; // the engine will report that there is none
  return `the ${what} "${ref}" was there before, or somebody else made it: netgrade does not let a submission touch it`;
}

function isMade(what: Thing, id: string, { containers, networks, volumes }: Made): boolean {
  if (what === 'container') return containers.has(id);
  if (what === 'network') return networks.has(id);
  return what === 'volume' && volumes.has(id);
}
