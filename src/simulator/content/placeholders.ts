// {{1}} and {{name}}: where a template's variables go.

const PLACEHOLDER = /\{\{\s*([A-Za-z0-9_]+)\s*\}\}/g;

/** The names of the variables in `text`, in order, repeated as they are. */
export function placeholdersIn(text: string): readonly string[] {
  return [...text.matchAll(PLACEHOLDER)].map((match) => match[1] ?? "");
}

/** The text with its variables taken out. */
export function withoutPlaceholders(text: string): string {
  return text.replace(PLACEHOLDER, "");
}

/** Fills the variables in, once: a value that looks like a variable stays as it is. Unknown ones stay as they are. */
export function fillPlaceholders(text: string, values: ReadonlyMap<string, string>): string {
  return text.replace(PLACEHOLDER, (whole, name: string) => values.get(name) ?? whole);
}
