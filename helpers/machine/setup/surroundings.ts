/** What kind of machine this is, as far as it decides how Docker is installed and started there. */
import { existsSync, readFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { homeFolder } from '../lab-host/own-files.ts';

/** The machine's files and environment, so that a test can show another machine. */
export interface View {
  platform: NodeJS.Platform;
  /** Of the kernel, as `uname -r` prints it. */
  release: string;
  env: NodeJS.ProcessEnv;
  home: string;
  exists: (file: string) => boolean;
  /** The file's text, or '' when there is none. */
  read: (file: string) => string;
}

export interface Surroundings {
  system: 'debian' | 'ubuntu' | 'fedora' | 'arch' | 'linux' | 'macos' | 'windows';
  /** The version of the distribution, e.g. 12. */
  version: string;
  /** Linux inside Windows. */
  isWsl: boolean;
  hasCommand: boolean;
  /** The command that starts Docker where it is installed; undefined where it is not. */
  start: string | undefined;
}

const FAMILIES = ['ubuntu', 'debian', 'fedora', 'arch'] as const;
/** Applications of macOS that bring an engine, with the commands that start them. */
const MAC_APPLICATIONS = [
  ['/Applications/Docker.app', 'open -a Docker'],
  ['/Applications/OrbStack.app', 'open -a OrbStack'],
  ['/Applications/Rancher Desktop.app', 'open -a "Rancher Desktop"'],
] as const;
const DAEMONS = ['/usr/bin/dockerd', '/usr/sbin/dockerd', '/usr/local/bin/dockerd'];

export function thisMachine(): View {
  return {
    platform: process.platform,
    release: os.release(),
    env: process.env,
    home: homeFolder(),
    exists: existsSync,
    read: (file) => {
      try {
        return readFileSync(file, 'utf8');
      } catch {
        return ''; // there is none, or this user may not read it
      }
    },
  };
}

export function surroundings(view: View = thisMachine()): Surroundings {
  const release = view.read('/etc/os-release');
  const field = (name: string): string =>
    new RegExp(`^${name}=(.*)$`, 'm').exec(release)?.[1]?.replaceAll('"', '') ?? '';
  const names = `${field('ID')} ${field('ID_LIKE')}`.split(' ');
  const isWsl = view.platform === 'linux' && /microsoft/i.test(view.release);
  const family = FAMILIES.find((each) => names.includes(each)) ?? 'linux';
  return {
    system: view.platform === 'darwin' ? 'macos' : view.platform === 'win32' ? 'windows' : family,
    version: field('ID') === family ? field('VERSION_ID') : '',
    isWsl,
    hasCommand: has(view, 'docker'),
    start: view.platform === 'darwin' ? startOnMac(view) : view.platform === 'linux' ? startOnLinux(view) : undefined,
  };
}

function startOnMac(view: View): string | undefined {
  const application = MAC_APPLICATIONS.find(([folder]) => view.exists(folder))?.[1];
  return application ?? (has(view, 'colima') ? 'colima start' : undefined);
}

function startOnLinux(view: View): string | undefined {
  if (view.exists(path.join(view.home, '.config/systemd/user/docker.service'))) return 'systemctl --user start docker';
  if (DAEMONS.some((file) => view.exists(file))) {
    if (view.exists('/run/systemd/system')) return 'sudo systemctl start docker';
    return view.exists('/etc/init.d/docker') ? 'sudo service docker start' : 'sudo dockerd';
  }
  if (view.exists('/snap/bin/docker')) return 'sudo snap start docker';
  return view.exists('/opt/docker-desktop') ? 'systemctl --user start docker-desktop' : undefined;
}

function has({ env, exists }: View, command: string): boolean {
  return (env['PATH'] ?? '')
    .split(path.delimiter)
    .some((folder) => folder !== '' && exists(path.join(folder, command)));
}
