/** The engine's stream of events, as `docker events` shows it. */

/** One event (Docker's API documentation, "Monitor events"). */
export interface EventLine {
  /** What it happened to: `container`, `network`, … */
  Type: string;
  Action: string;
  /** A container's attributes are its labels, name and image; a network's, the container that joins or leaves it. */
  Actor: { ID: string; Attributes: Record<string, string> };
}

/** The events of a stream, with the JSON text of each: its times have more digits than a number can hold. */
export async function* eventsIn(stream: NodeJS.ReadableStream): AsyncGenerator<{ event: EventLine; text: string }> {
  let rest = '';
  for await (const chunk of stream.setEncoding('utf8')) {
    const lines = `${rest}${String(chunk)}`.split('\n');
    rest = lines.pop() ?? '';
    for (const text of lines) if (text.trim() !== '') yield { event: JSON.parse(text) as EventLine, text };
  }
}
