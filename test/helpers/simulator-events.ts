// Reads the phone page's event stream: the next event, and the end when the server closes it.

export interface PhoneEvent {
  readonly event: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads whatever came.
  readonly data: any;
}

/** Opens the stream at `url`. */
export async function openEvents(url: string) {
  const aborter = new AbortController();
  const response = await fetch(url, { signal: aborter.signal });
  const events = parse(response);
  return {
    response,
    /** The next event; undefined at the end of the stream. */
    async next(): Promise<PhoneEvent | undefined> {
      const { value } = await events.next();
      return value ?? undefined;
    },
    /** Reads on until an event matches. */
    async until(match: (event: PhoneEvent) => boolean): Promise<PhoneEvent> {
      // `for await` would close the stream on the way out.
      for (;;) {
        const { value } = await events.next();
        if (value === undefined) throw new Error("the stream ended");
        if (match(value)) return value;
      }
    },
    close: () => aborter.abort(),
  };
}

async function* parse(response: Response): AsyncGenerator<PhoneEvent, undefined> {
  let buffer = "";
  const decoder = new TextDecoder();
  for await (const chunk of response.body ?? []) {
    buffer += decoder.decode(chunk, { stream: true });
    for (let end = buffer.indexOf("\n\n"); end >= 0; end = buffer.indexOf("\n\n")) {
      const [event = "", data = ""] = buffer.slice(0, end).split("\n");
      buffer = buffer.slice(end + 2);
      yield { event: event.replace("event: ", ""), data: JSON.parse(data.replace("data: ", "")) };
    }
  }
  return undefined;
}
