/** As much of Protocol Buffers' encoding as it takes to read what a message says, and to add to it. */

/** A field whose value has a length: a text, a message, an entry of a map. */
export interface Field {
  number: number;
  value: Buffer;
}

/** Bytes of a field's value, by its wire type; type 0 ends with the first byte below 128, and type 2 says its length. */
const FIXED = new Map([
  [1, 8],
  [5, 4],
]);
const VARINT = 0;
const WITH_LENGTH = 2;

/** More than a request to build has; a message of empty fields would take a hundred times its size. */
const FIELDS_LIMIT = 1_000;

/** The fields that have a length; others are skipped. @throws {Error} when it is no such message. */
export function fieldsOf(message: Buffer): Field[] {
  const fields: Field[] = [];
  let at = 0;
  const varint = (): number => {
    for (let value = 0, factor = 1; ; factor *= 128) {
      const byte = message[at++];
      if (byte === undefined) throw new Error('the message ends in the middle of a number');
      value += (byte % 128) * factor;
      if (byte < 128) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const type = tag % 8;
    if (type === VARINT) {
      varint();
      continue;
    }
    const length = type === WITH_LENGTH ? varint() : FIXED.get(type);
    if (length === undefined || at + length > message.length) throw new Error(`no field is of type ${type} here`);
    if (fields.length === FIELDS_LIMIT) throw new Error(`more than ${FIELDS_LIMIT} fields`);
    if (type === WITH_LENGTH) fields.push({ number: Math.floor(tag / 8), value: message.subarray(at, at + length) });
    at += length;
  }
  return fields;
}

/** The texts in a map that is a field of a message, by their keys. */
export function textsIn(fields: Field[], number: number): Map<string, string> {
  const entries = fields.filter((each) => each.number === number).map(({ value }) => fieldsOf(value));
  return new Map(entries.map((entry) => [textOf(entry, 1), textOf(entry, 2)]));
}

export function textOf(fields: Field[], number: number): string {
  return fields.findLast((each) => each.number === number)?.value.toString('utf8') ?? '';
}

/** An entry of a map. Put behind a message, it is part of that message, and replaces an entry with the same key. */
export function mapEntry(number: number, key: string, value: string): Buffer {
  return field(number, Buffer.concat([field(1, Buffer.from(key)), field(2, Buffer.from(value))]));
}

function field(number: number, value: Buffer): Buffer {
  return Buffer.concat([varint(number * 8 + WITH_LENGTH), varint(value.length), value]);
}

function varint(number: number): Buffer {
  const bytes: number[] = [];
  let rest = number;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
