/** What a Compose file will create, according to `docker compose config --format json` (Compose 2.26 to 2.40). */
import { noNeeds, type Needs } from './needs.ts';

interface Config {
  name?: string;
  services?: Record<string, Service>;
  networks?: Record<string, Named & { ipam?: { config?: { subnet?: string }[] } }>;
  volumes?: Record<string, Named>;
}
interface Service {
  container_name?: string;
  network_mode?: string;
  ports?: { published?: string; host_ip?: string; protocol?: string }[];
  deploy?: { replicas?: number };
  scale?: number;
}
interface Named {
  name?: string;
  external?: boolean;
}

export function needsOfCompose(config: string): Needs {
  const { name: project, services = {}, networks = {}, volumes = {} } = JSON.parse(config) as Config;
  const made = <T extends Named>(things: Record<string, T>): [string, T][] =>
    Object.entries(things).filter(([, { external }]) => external !== true);
  const fullName = ([key, { name }]: [string, Named]): string => name ?? `${project ?? ''}_${key}`;
  return {
    ...noNeeds(),
    ...(project === undefined ? {} : { project }),
    containers: Object.entries(services).flatMap(([service, each]) => containersOf(project ?? '', service, each)),
    networks: made(networks).map(fullName),
    volumes: made(volumes).map(fullName),
    subnets: made(networks).flatMap(([, { ipam }]) => (ipam?.config ?? []).flatMap(({ subnet }) => subnet ?? [])),
    ports: Object.values(services).flatMap(({ ports = [] }) =>
      ports
        .filter(({ published }) => published !== undefined && /^\d+$/.test(published))
        .map(({ published, host_ip, protocol }) => ({
          port: Number(published),
          address: host_ip ?? '0.0.0.0',
          protocol: protocol ?? 'tcp',
        })),
    ),
  };
}

function containersOf(project: string, service: string, { container_name, deploy, scale }: Service): string[] {
  if (container_name !== undefined) return [container_name];
  const count = scale ?? deploy?.replicas ?? 1;
  return Array.from({ length: count }, (_, i) => `${project}-${service}-${i + 1}`);
}
