// The one painter of the commands: colours on a terminal, none anywhere else. FORCE_COLOR has them anywhere,
// NO_COLOR nowhere, whatever else is set.
import { styleText } from "node:util";

export type Paint = (style: "red" | "green" | "dim", text: string) => string;

export function createPaint(isColoured: boolean): Paint {
  return (style, text) => (isColoured ? styleText(style, text, { validateStream: false }) : text);
}

/** What has to be known about a stream: files and pipes are not terminals. */
interface PaintedStream {
  readonly isTTY?: boolean;
  hasColors?(): boolean;
}

/** Whether a stream may be coloured. See https://no-color.org and https://force-color.org. */
export function mayBeColoured(
  stream: PaintedStream,
  env: Readonly<Record<string, string | undefined>>,
): boolean {
  if (env["NO_COLOR"]) return false;
  const forced = env["FORCE_COLOR"];
  if (forced) return !/^(0|false)$/i.test(forced);
  return stream.isTTY === true && stream.hasColors?.() === true;
}
