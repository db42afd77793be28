// The ladder for templates that Twilio refuses: the same message in other bytes, and at last as plain text.
// Apostrophes in variables have caused 21656 (https://github.com/twilio/twilio-node/issues/1082, never resolved).
import type { Log } from "../core/ports.ts";
import { twilioCodeOf } from "./failure-kind.ts";
import type { MessageText } from "./message-api.ts";
import type { Outgoing } from "./outbound.ts";

// A value was refused. Anything else that is wrong with a message is wrong with its plain form too.
const VARIABLE_REFUSED: ReadonlySet<number> = new Set([21656, 21658, 92007]);
const TEMPLATE_GONE: ReadonlySet<number> = new Set([21655, 92006]);

/** One form of the message; no two of a ladder have the same bytes. */
interface Step {
  readonly name: "as it is" | "apostrophes escaped" | "apostrophes curled" | "plain text";
  readonly text: MessageText;
}

/** The forms of a message, best first. */
function ladderFor(content: Outgoing["content"]): readonly Step[] {
  if ("body" in content) return [{ name: "plain text", text: { body: content.body } }];
  const { contentSid, plain } = content;
  const last: Step = { name: "plain text", text: { body: plain } };
  if (Object.keys(content.variables).length === 0) return [{ name: "as it is", text: { contentSid } }, last];
  const json = JSON.stringify(content.variables);
  const template = (name: Step["name"], contentVariables: string): Step => ({
    name,
    text: { contentSid, contentVariables },
  });
  const apostrophes = json.includes("'")
    ? [
        // Never `\'`: that is no JSON.
        template("apostrophes escaped", json.replaceAll("'", "\\u0027")),
        template("apostrophes curled", json.replaceAll("'", "’")),
      ]
    : [];
  return [template("as it is", json), ...apostrophes, last];
}

/**
 * Sends the first form that is not refused for its template or its variables.
 * @param send sends one form; rejects with the SDK's own error.
 * @throws what `send` throws for any other reason, or for the last form.
 */
export async function sendWithLadder(
  content: Outgoing["content"],
  send: (text: MessageText) => Promise<string>,
  log: Log,
): Promise<string> {
  let steps = ladderFor(content);
  for (;;) {
    const [step, ...below] = steps;
    if (step === undefined) throw new Error("a ladder has no step");
    try {
      return await send(step.text);
    } catch (error) {
      const code = twilioCodeOf(error);
      steps = stepsAfter(code, below);
      const next = steps[0]?.name;
      if (next === undefined) throw error;
      const gone = TEMPLATE_GONE.has(code ?? 0);
      log.warn(
        { code, refused: step.name, next },
        gone
          ? "the template is gone: sent as plain text without buttons; run npm run setup-template"
          : "Twilio refused a template's variables: sent again in another form",
      );
    }
  }
}

function stepsAfter(code: number | undefined, below: readonly Step[]): readonly Step[] {
  if (code === undefined) return [];
  if (VARIABLE_REFUSED.has(code)) return below;
  return TEMPLATE_GONE.has(code) ? below.filter(({ name }) => name === "plain text") : [];
}
