// An address as a URL. Not by URL.canParse: on Node 20, once it is compiled, it takes "https://münchen.de/" for none.

/** @returns undefined where it is none */
export function parsedUrl(text: string): URL | undefined {
  try {
    return new URL(text);
  } catch {
    return undefined;
  }
}
