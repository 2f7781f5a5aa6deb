/** What the preparation does, on standard error: reports go to standard output. */
export function say(text: string): void {
  process.stderr.write(`netgrade: ${text}\n`);
}
