// Who has answered, within a sentence: a name is foreign words, how an address is called is ours.
import { whoText } from "./names.ts";
import { foreign, type Text } from "./text.ts";
import type { Phone } from "./tool-call.ts";

export function whoOf(by: Phone, name: string | undefined): Text {
  return name === undefined ? [whoText(by, name)] : [foreign("project", name)];
}
