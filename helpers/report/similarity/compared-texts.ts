/** Which of a submission's texts are compared. There is a limit on everything; what is beyond it is left out. */
import type { TextFile } from '../../submission/submission.ts';

/** Bytes: a Compose file or a script is a few kilobytes; what is larger was not written by hand. */
const LARGEST_FILE = 32 * 1024;
const MOST_BYTES = 128 * 1024;
const MOST_FILES = 60;
/** Folders on the way to a file. */
const DEEPEST = 6;
const LEFT_OUT = ['node_modules', '__pycache__', 'venv'];
/** Hidden files are an editor's or git's, but this one belongs to Compose. */
const HIDDEN_BUT_READ = '.env';

/** Some editors write one at the beginning of a file. */
const BYTE_ORDER_MARK = /^\ufeff/;

/** A text and where it stands; see TextFile. */
export type ComparedText = Pick<TextFile, 'file' | 'text'>;

/**
 * @param wanted By a file's name.
 * @returns them in the order of their paths.
 */
export function comparedTexts(texts: TextFile[], wanted: (file: string) => boolean): ComparedText[] {
  const candidates = texts.filter(({ file, isUtf8 }) => isUtf8 && isInPlace(file) && wanted(file));
  const compared: ComparedText[] = [];
  let bytes = 0;
  for (const { file, text } of candidates.sort((a, b) => (a.file < b.file ? -1 : 1)).slice(0, MOST_FILES)) {
    const size = Buffer.byteLength(text);
    if (size > Math.min(LARGEST_FILE, MOST_BYTES - bytes)) continue;
    bytes += size;
    compared.push({ file, text: text.replace(BYTE_ORDER_MARK, '') });
  }
  return compared;
}

function isInPlace(file: string): boolean {
  const folders = file.split('/');
  const name = folders.pop() ?? '';
  const isHidden = (part: string): boolean => part.startsWith('.') || LEFT_OUT.includes(part);
  return folders.length <= DEEPEST && !folders.some(isHidden) && (!isHidden(name) || name === HIDDEN_BUT_READ);
}
