// The request that a call of curl, wget or httpie sends: its method, its addresses and its body.
import { type Invocation, operandTexts, optionsOf } from "../../invocation.ts";

interface SentRequest {
  readonly method: string;
  readonly urls: readonly string[];
  readonly body: string;
}

/** Every row asks for it. */
const READ = new WeakMap<Invocation, SentRequest>();

/** What a call of curl, wget or httpie sends, as far as its words say. */
export function requestOf(call: Invocation): SentRequest {
  const request = READ.get(call) ?? readRequest(call);
  READ.set(call, request);
  return request;
}

function readRequest(call: Invocation): SentRequest {
  const operands = operandTexts(call);
  const { values, has } = optionsOf(call);
  const isCurl = call.name.startsWith("curl");
  const isWget = call.name.startsWith("wget");
  const data = values(
    "-d",
    "--data",
    "--data-raw",
    "--data-binary",
    "--data-ascii",
    "--data-urlencode",
    "--json",
    "--form",
    "-F",
    "--raw",
    "--body-data",
    "--post-data",
  );
  const body = [
    ...data.map(({ text }) => text),
    ...(isCurl || isWget ? [] : operands.slice(1)),
    call.input?.text ?? "",
  ]
    .join(" ")
    .trim();
  if (isCurl || isWget) {
    const methods = values("-X", "--request", "--method").map(({ text }) => text);
    // Behind `--next` each request has its own method: the worst one counts for all.
    const given = methods.find((method) => method.toUpperCase() === "DELETE") ?? methods.at(-1);
    const sends = data.length > 0 || has("--post-file", "--body-file");
    return {
      method: (given ?? (sends && !has("-G", "--get") ? "POST" : "GET")).toUpperCase(),
      urls: [...operands, ...values("--url").map(({ text }) => text)],
      body,
    };
  }
  const [first = ""] = operands;
  const isMethod = /^[A-Za-z]+$/.test(first) && operands.length > 1;
  return {
    method: isMethod ? first.toUpperCase() : body === "" ? "GET" : "POST",
    urls: operands.slice(isMethod ? 1 : 0, isMethod ? 2 : 1),
    body,
  };
}
