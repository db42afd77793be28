// What a person reads about an error that ended a command: what is wrong, and what to do about it. Never a secret's value, and
// a stack only where the error is a bug of ours.
import { ConfigError, DeliveryError } from "../domain/errors.ts";
import { ServerError } from "./local-client.ts";
import type { Paint } from "./paint.ts";

/** Lines that each end with a newline. */
export function failureText(error: unknown, paint: Paint): string {
  return linesOf(error)
    .flatMap(([first = "", ...more]) => [`${paint("red", "✗")} ${first}`, ...more.map((line) => `  ${line}`)])
    .map((line) => `${line}\n`)
    .join("");
}

/** For each problem its line, and the advice below it. */
function linesOf(error: unknown): string[][] {
  if (error instanceof ConfigError) return error.problems.map((problem) => [problem]);
  if (error instanceof DeliveryError) return [[error.message, error.advice]];
  if (error instanceof ServerError)
    return [error.advice === undefined ? [error.message] : [error.message, error.advice]];
  if (!(error instanceof Error)) return [[String(error)]];
  // Errors of the file system and the network have a code that says what happened; anything else is a bug.
  return [["code" in error ? error.message : (error.stack ?? error.message)]];
}
