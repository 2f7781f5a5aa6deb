/** Single keys of a terminal, without Enter. */
import type { ReadStream } from 'node:tty';

const CTRL_C = '\u0003';
const CTRL_Z = '\u001a';

export interface Keys {
  /** What is done at which key. */
  pressed: Record<string, () => void>;
  /** At Ctrl-C: while single keys are read, a terminal makes no signal of it. */
  leave: () => void;
  /** When the program goes on after Ctrl-Z. */
  goOn: () => void;
}

/** Listens until it is disposed of. */
export function listenToKeys(input: ReadStream, { pressed, leave, goOn }: Keys): Disposable {
  const resume = (): void => {
    input.setRawMode(true);
    goOn();
  };
  const hear = (data: Buffer): void => {
    for (const key of data.toString('utf8')) {
      if (key === CTRL_C) leave();
      else if (key === CTRL_Z) {
        input.setRawMode(false);
        process.kill(0, 'SIGTSTP'); // to the whole job, as the terminal would
      } else pressed[key]?.();
    }
  };
  input.setRawMode(true);
  input.on('data', hear);
  process.on('SIGCONT', resume);
  return {
    [Symbol.dispose]: () => {
      process.off('SIGCONT', resume);
      input.off('data', hear);
      input.pause();
      input.setRawMode(false);
    },
  };
}
