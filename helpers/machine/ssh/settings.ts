/**
 * What the user's ssh config says about one host. The library `ssh-config` finds the sections that match. Reading a config
 * must not start a program, so two of the library's features are turned off here: `Match exec` never matches, and host names
 * are not made canonical (the library would start nslookup).
 */
import SSHConfig, { parse } from 'ssh-config';
import { reasonOf, UsageError } from '../../base/failure.ts';
import { readConfig } from './config-text.ts';

/** Each setting's values by its name in lower case, in the order in which the settings were decided. */
export type Settings = ReadonlyMap<string, string[]>;

const STARTS_A_PROGRAM = /^canonical/i;
/** For `Match host` and `Match user`, the library needs these two settings in exactly this spelling. */
const SPELLINGS: Record<string, string> = { hostname: 'HostName', user: 'User' };
const MARK = 'NetgradeMark';

/**
 * @param host As it was typed.
 * @throws {UsageError} when the config cannot be read.
 */
export function settingsOf(host: string, user: string | undefined, home: string): Settings {
  try {
    const text = readConfig(home, (header) =>
      compute(`${header}\n  ${MARK} yes\n`, host, user).has(MARK.toLowerCase()),
    );
    return compute(text, host, user);
  } catch (error) {
    if (error instanceof UsageError) throw error;
    throw new UsageError(`the ssh config (~/.ssh/config) cannot be read: ${reasonOf(error)}`);
  }
}

function compute(text: string, host: string, user: string | undefined): Settings {
  const config = tame(parse(text));
  const asked = { Host: host, ...(user === undefined ? {} : { User: user }) };
  const computed = config.compute(asked, { ignoreCase: true, matchExec: false });
  return new Map(Object.entries(computed).map(([name, value]) => [name, [value].flat()]));
}

function tame(config: SSHConfig): SSHConfig {
  const tamed = new SSHConfig();
  for (const line of config) {
    if ('param' in line) {
      if (STARTS_A_PROGRAM.test(line.param)) continue;
      line.param = SPELLINGS[line.param.toLowerCase()] ?? line.param;
    }
    if ('config' in line) line.config = tame(line.config);
    tamed.push(line);
  }
  return tamed;
}
