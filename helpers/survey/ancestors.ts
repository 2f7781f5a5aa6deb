/** What an image exposes, and which known images it was built from: its layers begin with their layers. */
import { createHash } from 'node:crypto';
import type Docker from 'dockerode';
import { orGone } from '../base/docker/gone.ts';
import { repositoryOf } from '../base/docker/image-name.ts';

export interface Lineage {
  /** Repositories of the images on this engine that it is the same as, or was built from. */
  ancestors: string[];
  /** Ports that it exposes, e.g. `8080/tcp`. */
  exposes: string[];
  layers: string[];
  /** A hash of what it says besides its layers, without Compose's labels; empty if the image is gone. */
  config: string;
  /** What its containers run unless they are told otherwise: entry point and command. */
  runs: string;
}

/** @param imageIds Images in use. */
export async function lineageOf(docker: Docker, imageIds: Set<string>): Promise<Map<string, Lineage>> {
  const known = (await docker.listImages()).flatMap(({ Id, RepoTags }) =>
    [...new Set((RepoTags ?? []).map(repositoryOf))].map((repository) => ({ id: Id, repository })),
  );
  const ids = [...new Set([...imageIds, ...known.map(({ id }) => id)])];
  const images = new Map(await Promise.all(ids.map(async (id) => [id, await imageFacts(docker, id)] as const)));
  return new Map(
    [...imageIds].map((id) => {
      const { layers, exposes, config, runs } = images.get(id) ?? UNKNOWN;
      const ancestors = known.filter((image) => beginsWith(layers, images.get(image.id)?.layers ?? []));
      return [
        id,
        { ancestors: [...new Set(ancestors.map(({ repository }) => repository))], exposes, layers, config, runs },
      ];
    }),
  );
}

type ImageFacts = Omit<Lineage, 'ancestors'>;

const UNKNOWN: ImageFacts = { layers: [], exposes: [], config: '', runs: '' };

/**
 * Facts by engine and image id (a digest of the image). What one engine says is not used for another: an engine may be
 * a student's.
 */
const seenOn = new WeakMap<Docker, Map<string, ImageFacts>>();

async function imageFacts(docker: Docker, id: string): Promise<ImageFacts> {
  const seen = seenOn.get(docker) ?? new Map<string, ImageFacts>();
  seenOn.set(docker, seen);
  const known = seen.get(id);
  if (known !== undefined) return known;
  const image = await orGone(() => docker.getImage(id).inspect());
  if (image === undefined) return UNKNOWN; // it may be removed while its container runs
  const exposed = image.Config.ExposedPorts as Record<string, unknown> | null | undefined;
  const config = hashOf({ ...image.Config, Labels: withoutComposes(image.Config.Labels) });
  const runs = commandIn(image.Config);
  const facts = { layers: image.RootFS.Layers ?? [], exposes: Object.keys(exposed ?? {}), config, runs };
  seen.set(id, facts);
  return facts;
}

/** Entry point and command, of an image or a container, as a text that can be compared. */
export function commandIn({ Entrypoint, Cmd }: Pick<Docker.ImageInspectInfo['Config'], 'Entrypoint' | 'Cmd'>): string {
  return JSON.stringify([[Entrypoint ?? []].flat(), (Cmd as string[] | null) ?? []]);
}

type Labels = Record<string, string> | null | undefined;

/** Compose labels the image of each service, so that one Dockerfile gives images of different ids. */
function withoutComposes(labels: Labels): Labels {
  const kept = Object.entries(labels ?? {}).filter(([key]) => !key.startsWith('com.docker.compose.'));
  return Object.fromEntries(kept);
}

/** What a Dockerfile can say of an image. An engine's classic builder writes more, such as the image before the last step. */
const SAID = [
  ...['Cmd', 'Entrypoint', 'Env', 'ExposedPorts', 'Healthcheck', 'Labels', 'OnBuild', 'Shell', 'StopSignal', 'User'],
  ...['Volumes', 'WorkingDir'],
];

/** The same for configurations that say the same, in whatever order their parts come. Empty ones count as absent. */
function hashOf(config: object): string {
  const said = new Map(Object.entries(config).filter(([, value]) => !isEmpty(value)));
  return createHash('sha256')
    .update(JSON.stringify(SAID.map((key) => [key, ordered(said.get(key))])))
    .digest('hex');
}

function isEmpty(value: unknown): boolean {
  if (value === null || value === undefined || value === '' || value === false) return true;
  return typeof value === 'object' && Object.keys(value).length === 0;
}

/** Maps as sorted lists; lists stay as they are, because their order says something. */
function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
}

function beginsWith(layers: string[], start: string[]): boolean {
  return start.length > 0 && start.length <= layers.length && start.every((layer, i) => layers[i] === layer);
}
