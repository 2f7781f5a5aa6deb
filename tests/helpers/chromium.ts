/**
 * The browser that pages are tested in: the distribution's own Chromium, installed when it is missing and we may. Its
 * headless shell is the same engine without a window.
 */
import { existsSync } from 'node:fs';
import { UsageError } from '../../helpers/base/failure.ts';
import { say } from '../../helpers/machine/setup/say.ts';
import { sh } from '../../helpers/machine/setup/shell.ts';
import { mayInstall } from './may-install.ts';

const INSTALL_MS = 600_000;

const PACKAGE = 'chromium-headless-shell';
/** Where Debian, other distributions and Google's packages put one. */
const PLACES = [`/usr/bin/${PACKAGE}`, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

export function chromium(): string | undefined {
  return PLACES.find((place) => existsSync(place));
}

/** @throws {UsageError} when there is none and none may be installed. */
export async function ensureChromium(): Promise<void> {
  if (chromium() !== undefined) return;
  // Ubuntu's package of that name is a snap, which a machine without systemd cannot install.
  if (!mayInstall()) {
    throw new UsageError(
      'the end-to-end tests of pages need Chromium and found none: install the package chromium, then run the same command again',
    );
  }
  say('no Chromium here: installing chromium-headless-shell from the distribution, for the tests of pages …');
  await sh(['apt-get', 'update', '-qq'], { timeoutMs: INSTALL_MS });
  await sh(['apt-get', 'install', '-y', '-qq', '--no-install-recommends', PACKAGE], { timeoutMs: INSTALL_MS });
}
