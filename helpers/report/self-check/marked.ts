/** Text in which `…` is code, in pieces. */
export interface Piece {
  text: string;
  code: boolean;
}

export function piecesOf(text: string): Piece[] {
  return text
    .split('`')
    .map((piece, i) => ({ text: piece, code: i % 2 === 1 }))
    .filter((piece) => piece.text !== '');
}
