/** Connects to a machine that is reached over ssh, or finds out why that is refused. */
import { SshMachine } from '../../helpers/machine/ssh/machine.ts';
import type { SshHost } from './ssh-host.ts';

export interface ConnectOptions {
  user?: string;
  url?: string;
  home?: string;
  env?: NodeJS.ProcessEnv;
  acceptHostKey?: boolean;
  /** Gets what the user would read. */
  said?: string[];
}

export function connectTo(host: SshHost, options: ConnectOptions = {}): Promise<SshMachine> {
  const url = options.url ?? `ssh://${options.user ?? 'student'}@${host.address}`;
  return SshMachine.connect(host.target(url, options.home), {
    acceptHostKey: options.acceptHostKey ?? false,
    env: options.env ?? {},
    say: (said) => options.said?.push(said),
  });
}

/** The failure to connect; closes the connection if there is none. */
export async function failureToConnect(host: SshHost, options: ConnectOptions): Promise<Error> {
  try {
    await using connected = await connectTo(host, options);
    return new Error(`connected to ${connected.hostName}`);
  } catch (error) {
    return error as Error;
  }
}
