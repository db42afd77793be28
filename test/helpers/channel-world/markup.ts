// WhatsApp's markup taken away, so that the same words are expected of every channel.

const FENCE = /```\n([\s\S]*?)\n```/g;

/** What stands in the blocks of a message. */
export function blocksIn(body: string): string[] {
  return [...body.matchAll(FENCE)].map(([, block = ""]) => block);
}

export function withoutMarkup(body: string): string {
  return body
    .split(/(```\n[\s\S]*?\n```)/)
    .map((part) =>
      part.startsWith("```\n")
        ? part.slice(4, -4)
        : part.replaceAll(/(?<!\w)\*([^*\n]+)\*/g, "$1").replaceAll(/`([^`\n]+)`/g, "$1"),
    )
    .join("");
}
