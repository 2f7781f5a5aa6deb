/**
 * What a client asks BuildKit to build, as gRPC messages: which names the image gets, and a label for it. See `SolveRequest`
 * in moby/buildkit, api/services/control/control.proto and frontend/gateway/pb/gateway.proto.
 */
import { fieldsOf, mapEntry, textOf, textsIn, type Field } from './protobuf.ts';

interface SolveMessage {
  /** The field that names the frontend, e.g. `dockerfile.v0`. Without one, the message itself says what to do. */
  frontend: number;
  /** The field with the frontend's options. */
  options: number;
  /** Where the names of images are: fields with a map, and a field with messages that have one. */
  names: { maps: number[]; exporters?: number };
}

const CONTROL: SolveMessage = { frontend: 6, options: 7, names: { maps: [4], exporters: 12 } };
const EXPORTER_ATTRIBUTES = 2;
const GATEWAY: SolveMessage = { frontend: 2, options: 3, names: { maps: [] } };
const MESSAGES = new Map([
  ['/moby.buildkit.v1.Control/Solve', CONTROL],
  ['/moby.buildkit.v1.frontend.LLBBridge/Solve', GATEWAY],
]);

/** gRPC puts five bytes before a message: whether it is compressed, and its length. */
const PREFIX = 5;

export interface Solve {
  /** The images' names, as the client gives them. */
  names: string[];
  /** The same request, with labels for the image that is built. */
  labelled: (labels: Record<string, string>) => Buffer;
}

/** Whether a request of this path asks for something to be built. */
export function isSolve(path: string): boolean {
  return MESSAGES.has(path);
}

/**
 * @param body A request's whole body.
 * @throws {Error} when it is no such message.
 */
export function readSolve(path: string, body: Buffer): Solve {
  const { frontend, options, names } = MESSAGES.get(path)!;
  if (body[0] !== 0) throw new Error('the message is compressed');
  const message = body.subarray(PREFIX);
  const fields = fieldsOf(message);
  const labelled = (labels: Record<string, string>): Buffer => {
    if (textOf(fields, frontend) === '') return body;
    const entries = Object.entries(labels).map(([label, value]) => mapEntry(options, `label:${label}`, value));
    return withPrefix(Buffer.concat([message, ...entries]));
  };
  return { names: namesIn(fields, names), labelled };
}

function namesIn(fields: Field[], { maps, exporters }: SolveMessage['names']): string[] {
  const attributes = [
    ...maps.map((number) => textsIn(fields, number)),
    ...fields
      .filter(({ number }) => number === exporters)
      .map(({ value }) => textsIn(fieldsOf(value), EXPORTER_ATTRIBUTES)),
  ];
  const names = attributes.flatMap((each) => (each.get('name') ?? '').split(','));
  return [...new Set(names.filter((name) => name !== ''))];
}

function withPrefix(message: Buffer): Buffer {
  const prefix = Buffer.alloc(PREFIX);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}
