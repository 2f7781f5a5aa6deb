/** What a GitHub runner does with a step's output: which of its lines it obeys. After actions/runner, ActionCommand.cs. */

export interface Obeyed {
  command: string;
  properties: Record<string, string>;
  data: string;
}

const COMMANDS = ['stop-commands', 'notice', 'warning', 'error', 'add-mask', 'add-path', 'remove-matcher', 'debug'];

/** @param output Standard output and standard error, in the order in which they were written. */
export function obeyed(output: string): Obeyed[] {
  const all: Obeyed[] = [];
  let token: string | undefined;
  for (const line of output.split(/\r\n|\r|\n/)) {
    const command = parse(line, token);
    if (command === undefined) continue;
    if (token !== undefined) {
      if (command.command === token) token = undefined;
      continue;
    }
    all.push(command);
    if (command.command === 'stop-commands') token = command.data;
  }
  return all;
}

/** `::name key=value,…::data` at the start of a line, or the older `##[name key=value;…]data` anywhere in it. */
function parse(line: string, token: string | undefined): Obeyed | undefined {
  const known = [...COMMANDS, ...(token === undefined ? [] : [token])];
  const now = /^\s*::([^\s:]+)(?: (.*?))?::(.*)$/s.exec(line);
  const older = /##\[([^\s\]]+)(?: ([^\]]*))?\](.*)$/s.exec(line);
  const found = [now, older].find((each) => each !== null && known.includes(each[1]!.toLowerCase()));
  if (found == null) return undefined;
  const [, command = '', properties = '', data = ''] = found;
  return {
    command: command.toLowerCase(),
    properties: Object.fromEntries(
      properties
        .split(found === now ? ',' : ';')
        .map((each) => each.split('='))
        .map(([key = '', ...value]) => [key, unescape(value.join('='), { '%3A': ':', '%2C': ',' })]),
    ),
    data: unescape(data, {}),
  };
}

function unescape(text: string, others: Record<string, string>): string {
  const escapes = { '%0D': '\r', '%0A': '\n', ...others, '%25': '%' };
  return Object.entries(escapes).reduce((done, [from, to]) => done.replaceAll(from, to), text);
}
