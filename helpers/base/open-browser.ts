/** Opens an address in the user's browser, where there is one. */
import { spawn } from 'node:child_process';

/** @returns the command that opens an address; undefined where there is no screen. */
export function openerOf(
  url: string,
  { platform, env }: Pick<NodeJS.Process, 'platform' | 'env'>,
): string[] | undefined {
  if (platform === 'darwin') return ['open', url];
  if (platform === 'win32') return ['cmd', '/c', 'start', '', url];
  if (env['WSL_DISTRO_NAME'] !== undefined) return ['explorer.exe', url];
  return env['DISPLAY'] === undefined && env['WAYLAND_DISPLAY'] === undefined ? undefined : ['xdg-open', url];
}

/** Never fails: whoever has no browser here opens the address elsewhere. */
export function openBrowser(url: string): void {
  const [command, ...args] = openerOf(url, process) ?? [];
  if (command === undefined) return;
  const opener = spawn(command, args, { stdio: 'ignore', detached: true });
  opener.on('error', () => undefined);
  opener.unref();
}
