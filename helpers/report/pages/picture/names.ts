/** What things are called in pictures and in the sentences under them: as the task calls them, without a project's name. */
import type { SeenTopology } from '../../record.ts';

export type Network = SeenTopology['networks'][number];
export type Container = SeenTopology['containers'][number];

/** A container is called by its role. */
export function calledOf({ role, name }: Container): string {
  return role ?? name;
}

/** The task's name for an existing network, also for one that plays its part under another name. */
export function networkCalled(name: string, { networks }: SeenTopology): string {
  const network = networks.find((each) => each.name === name);
  return network === undefined ? name : (partOf(network, networks) ?? name);
}

/**
 * Which of the task's networks it is. A network with Compose's prefix counts as the wanted one, unless another network has
 * exactly the wanted name.
 */
export function partOf({ name, plays, looksLike }: Network, all: Network[]): string | undefined {
  const isIt = plays !== undefined && (name === plays || all.every((other) => other.name !== plays));
  return isIt ? plays : looksLike;
}

/**
 * The topology without the name that Compose puts before everything of one project: `shop_private-net-1`, `shop-nginx-1` and
 * the image `shop-nginx` are `private-net-1`, `nginx-1` and `nginx`. What would then be called as something else keeps its name.
 */
export function withoutProject(topology: SeenTopology): SeenTopology {
  const { networks, containers, expected } = topology;
  const project = projectOf(topology);
  if (project === undefined) return topology;
  const strip = (name: string): string =>
    name.startsWith(project) && /^[-_]./.test(name.slice(project.length)) ? name.slice(project.length + 1) : name;
  const network = renaming(
    networks.map(({ name, plays }) => ({ name, part: plays })),
    expected?.networks.map(({ name }) => name),
    strip,
  );
  const container = renaming(
    containers.map(({ name, role }) => ({ name, part: role })),
    expected?.containers.map(({ role }) => role),
    strip,
  );
  return {
    ...topology,
    networks: networks.map((each) => ({ ...each, name: network(each.name) })),
    containers: containers.map((each) => ({
      ...each,
      name: container(each.name),
      image: strip(each.image),
      ...(each.sandboxOf === undefined ? {} : { sandboxOf: container(each.sandboxOf) }),
      networks: each.networks.map((on) => ({ ...on, name: network(on.name) })),
    })),
  };
}

/** @param parts The task's names. Nothing gets one of them that does not play that part. */
function renaming(
  things: { name: string; part: string | undefined }[],
  parts: string[] | undefined,
  strip: (name: string) => string,
): (name: string) => string {
  const names = new Set(things.map(({ name }) => name));
  const counted = Map.groupBy(names, strip);
  const free = things.filter(({ name, part }) => {
    const short = strip(name);
    return counted.get(short)?.length === 1 && !names.has(short) && (parts?.includes(short) !== true || part === short);
  });
  const renamed = new Map(free.map(({ name }) => [name, strip(name)]));
  return (name) => renamed.get(name) ?? name;
}

/** The prefix that most of the task's parts have: before `_private-net-1`, or before `-nginx-1`. */
function projectOf({ networks, containers }: SeenTopology): string | undefined {
  const prefixes = [
    ...networks.map(({ name, plays }) =>
      plays !== undefined && name.endsWith(plays) ? name.slice(0, -plays.length) : '',
    ),
    ...containers.map(({ name, role }) => {
      const short = name.replace(/[-_]\d+$/, '');
      return role !== undefined && short !== name && short.endsWith(role) ? short.slice(0, -role.length) : '';
    }),
  ].filter((prefix) => /.[-_]$/.test(prefix));
  const counted = [...Map.groupBy(prefixes, (prefix) => prefix.slice(0, -1))];
  return counted.toSorted(([, a], [, b]) => b.length - a.length)[0]?.[0];
}
