// Reads a response's body, up to a size: whoever answers must not fill the memory.

/** @throws Error where it is larger; the rest is not read then */
export async function readBody(response: Response, maxBytes: number): Promise<string> {
  const reader = response.body?.getReader();
  if (reader === undefined) return "";
  const chunks: Uint8Array[] = [];
  let size = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return Buffer.concat(chunks).toString("utf8");
    size += value.byteLength;
    if (size > maxBytes) {
      await reader.cancel();
      throw new Error("the answer is too large");
    }
    chunks.push(value);
  }
}
