// Whether each setting has a name that is read, and a value that can be meant.
import { type Check, ok, together } from "./check.ts";

export interface SettingNamesDeps {
  /** What is wrong, a sentence each, and no value in it. @throws the file system's error when .env cannot be read */
  readonly find: () => Promise<readonly string[]>;
  /** Where to correct it. */
  readonly path: string;
}

export function settingNamesCheck({ find, path }: SettingNamesDeps): Check {
  return {
    description: "setting names",
    async run() {
      const texts = await find();
      if (texts.length === 0) return ok("each of them is read");
      const advice = `Correct it in ${path} or in the environment: until then it sets nothing.`;
      return together(texts.map((text) => ({ text, advice })));
    },
  };
}
