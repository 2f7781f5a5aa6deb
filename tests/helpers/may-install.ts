/** Whether tests may install what they need besides. */
import { existsSync, readFileSync } from 'node:fs';

/** As root on Debian; elsewhere packages have other names, or are of another kind. */
export function mayInstall(): boolean {
  return (
    process.getuid?.() === 0 &&
    existsSync('/etc/os-release') &&
    /^ID=debian$/m.test(readFileSync('/etc/os-release', 'utf8'))
  );
}
