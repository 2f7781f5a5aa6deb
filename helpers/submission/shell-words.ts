/** Splits a shell script into commands and words (POSIX shell, Bash), without running any of it. */

/** In a word: what cannot be known without running the script. */
const UNKNOWN = '$()';

/** Splits a script into commands, and these into words. Takes time in proportion to its length. */
export function split(script: string): string[][] {
  const reader = new Reader(script);
  reader.read();
  return reader.commands;
}

class Reader {
  readonly commands: string[][] = [];
  readonly #script: string;
  #at = 0;
  #words: string[] = [];
  #word: string | undefined;
  /** For each `$(` that is open: whether it stands in double quotes. */
  readonly #open: boolean[] = [];
  #inDouble = false;
  #inBackticks = false;
  /** The last lines of the texts ("here-documents") that begin with the next line. */
  #heredocs: string[] = [];

  constructor(script: string) {
    this.#script = script.replace(/\r\n/g, '\n');
  }

  read(): void {
    while (this.#at < this.#script.length) this.#step(this.#script[this.#at]!);
    this.#endCommand();
  }

  #step(char: string): void {
    const next = this.#script[this.#at + 1];
    if (char === '\\') {
      if (next !== '\n' && next !== undefined) this.#add(next);
      this.#at += 2;
    } else if (char === '$' && next === '(') {
      this.#open.push(this.#inDouble);
      this.#inDouble = false;
      this.#substitution();
      this.#at += 2;
    } else if (char === '"') {
      this.#inDouble = !this.#inDouble;
      this.#add('');
      this.#at++;
    } else if (this.#inDouble && char !== '`') this.#take(char);
    else this.#outside(char);
  }

  #take(char: string): void {
    this.#add(char);
    this.#at++;
  }

  /** A sign outside of double quotes. */
  #outside(char: string): void {
    if (char === "'") this.#single();
    else if (char === '#' && this.#word === undefined) this.#skipTo('\n');
    else if (char === '<' || char === '>') this.#redirection();
    else if (char === '\n') this.#line();
    else if (char === ' ' || char === '\t') {
      this.#endWord();
      this.#at++;
    } else if (char === '`' && (this.#inBackticks = !this.#inBackticks)) {
      this.#substitution();
      this.#at++;
    } else if (';&|()`'.includes(char)) {
      this.#endCommand();
      if (char === ')') this.#inDouble = this.#open.pop() ?? false;
      this.#at++;
    } else this.#take(char);
  }

  /** The output of a command as a part of a word: the command is read as one of its own. */
  #substitution(): void {
    this.#add(UNKNOWN);
    this.#endCommand();
  }

  #single(): void {
    const end = this.#script.indexOf("'", this.#at + 1);
    const to = end < 0 ? this.#script.length : end;
    this.#add(this.#script.slice(this.#at + 1, to));
    this.#at = to + 1;
  }

  /** `>file`, `2>&1`, `<<EOF`: no part of the command's words. */
  #redirection(): void {
    if (/^\d+$/.test(this.#word ?? '')) this.#word = undefined;
    this.#endWord();
    const operator = /[<>&|-]*/y;
    operator.lastIndex = this.#at;
    const sign = operator.exec(this.#script)?.[0] ?? '';
    this.#at += Math.max(sign.length, 1);
    const target = /[ \t]*(?:"([^"\n]*)"|'([^'\n]*)'|\\?([^\s;&|()<>"']*))/y;
    target.lastIndex = this.#at;
    const match = target.exec(this.#script);
    if (sign === '<<' || sign === '<<-') this.#heredocs.push(match?.[1] ?? match?.[2] ?? match?.[3] ?? '');
    if (sign.endsWith('&') && !/^[ \t]*[\d-]/.test(match?.[0] ?? '')) return; // `>&file` is rare, `cmd >& x` as well
    this.#at += match?.[0].length ?? 0;
  }

  #line(): void {
    this.#endCommand();
    this.#at++;
    for (const end of this.#heredocs.splice(0)) {
      for (;;) {
        const from = this.#at;
        this.#skipTo('\n');
        const isEnd = this.#script.slice(from, this.#at).replace(/^\t+/, '') === end;
        const isOver = this.#at >= this.#script.length;
        this.#at++;
        if (isEnd || isOver) break;
      }
    }
  }

  #skipTo(char: string): void {
    const found = this.#script.indexOf(char, this.#at);
    this.#at = found < 0 ? this.#script.length : found;
  }

  #add(text: string): void {
    this.#word = (this.#word ?? '') + text;
  }

  #endWord(): void {
    if (this.#word !== undefined) this.#words.push(this.#word);
    this.#word = undefined;
  }

  #endCommand(): void {
    this.#endWord();
    if (this.#words.length > 0) this.commands.push(this.#words);
    this.#words = [];
  }
}
