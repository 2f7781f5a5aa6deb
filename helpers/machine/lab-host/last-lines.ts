/** Reads what a container printed last. */
import type Docker from 'dockerode';

/** The last lines of both outputs, in the order in which they came. */
export async function lastLines(container: Docker.Container, lines: number): Promise<string> {
  return stripFrames(await container.logs({ stdout: true, stderr: true, tail: lines }));
}

/** Logs of a container without a terminal come in frames: 1 byte stream, 3 bytes zero, 4 bytes length, payload. */
function stripFrames(raw: Buffer): string {
  const parts: string[] = [];
  let at = 0;
  while (at + 8 <= raw.length && raw[at]! <= 2 && raw.readUIntBE(at + 1, 3) === 0) {
    const length = raw.readUInt32BE(at + 4);
    parts.push(raw.subarray(at + 8, at + 8 + length).toString('utf8'));
    at += 8 + length;
  }
  return parts.length > 0 ? parts.join('') : raw.toString('utf8');
}
