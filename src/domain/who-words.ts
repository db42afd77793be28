// Who has answered, within a sentence: a name is foreign words, how an address is called is ours.
import { whoText } from "./names.ts";
import { foreign, type Text } from "./text.ts";
import type { Phone } from "./tool-call.ts";

interface Who {
  readonly by: Phone;
  readonly name?: string | undefined;
}

export function whoOf(by: Phone, name: string | undefined): Text {
  return name === undefined ? [whoText(by, name)] : [foreign("project", name)];
}

/** "Ada and …0007". */
export function whoAll(people: readonly Who[]): Text {
  return people.flatMap(({ by, name }, at) => [...(at === 0 ? [] : [" and "]), ...whoOf(by, name)]);
}
