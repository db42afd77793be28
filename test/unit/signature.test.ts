import { createHmac } from "node:crypto";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { isSignedByTwilio, type SignatureCheck } from "../../src/channels/twilio/receive/signature.ts";

// Twilio's own example: https://www.twilio.com/docs/usage/security#validating-requests
const CHECK: SignatureCheck = { publicUrl: "https://mycompany.com", authTokens: ["12345"] };
const TARGET = "/myapp.php?foo=1&bar=2";
const SIGNATURE = "GvWf1cFY/Q7PnoempGyD5oXAezc=";
const PARAMS = {
  CallSid: "CA1234567890ABCDE",
  Caller: "+14158675310",
  Digits: "1234",
  From: "+14158675310",
  To: "+18005551212",
};

/** The documented algorithm, without Twilio's library. */
function sign(token: string, url: string, params: Record<string, string> = PARAMS): string {
  const pairs = Object.keys(params)
    .sort()
    .map((key) => key + params[key]);
  return createHmac("sha1", token)
    .update(url + pairs.join(""), "utf8")
    .digest("base64");
}

describe("a webhook's signature is accepted", () => {
  it("with Twilio's own example", () => {
    expect(isSignedByTwilio(CHECK, TARGET, SIGNATURE, PARAMS)).toBe(true);
  });

  it("whatever the order of the parameters", () => {
    const reversed = Object.fromEntries(Object.entries(PARAMS).reverse());
    expect(isSignedByTwilio(CHECK, TARGET, SIGNATURE, reversed)).toBe(true);
  });

  it.each([[["12345", "other"]], [["other", "12345"]], [["", "12345"]]])(
    "with the tokens %j",
    (authTokens) => {
      expect(isSignedByTwilio({ ...CHECK, authTokens }, TARGET, SIGNATURE, PARAMS)).toBe(true);
    },
  );

  it("with a configured address that ends in slashes", () => {
    const check = { ...CHECK, publicUrl: "https://mycompany.com//" };
    expect(isSignedByTwilio(check, TARGET, SIGNATURE, PARAMS)).toBe(true);
  });

  it("with the connection overrides of the address signed, and without", () => {
    const check = { publicUrl: "https://h.example/base", fragment: "#rc=5&rp=all", authTokens: ["12345"] };
    const url = "https://h.example/base/twilio-webhook";
    expect(isSignedByTwilio(check, "/twilio-webhook", sign("12345", url), PARAMS)).toBe(true);
    expect(isSignedByTwilio(check, "/twilio-webhook", sign("12345", `${url}#rc=5&rp=all`), PARAMS)).toBe(
      true,
    );
  });

  it("over values of any script, and over empty ones", () => {
    const params = { Body: "✅ Approve ü 日本", ProfileName: "", Media: "a b&c=d+e" };
    const signature = sign("12345", "https://mycompany.com/x", params);
    expect(isSignedByTwilio(CHECK, "/x", signature, params)).toBe(true);
  });
});

describe("a webhook's signature is refused", () => {
  it.each<[string, Partial<SignatureCheck>]>([
    ["of another token", { authTokens: ["12346"] }],
    ["when there is no token", { authTokens: [] }],
    ["when the token is empty", { authTokens: [""] }],
    ["for another host", { publicUrl: "https://mycompany.com.evil.example" }],
    ["for another scheme", { publicUrl: "http://mycompany.com" }],
    ["for another path", { publicUrl: "https://mycompany.com/base" }],
    ["for another case of the path", { publicUrl: "https://mycompany.com/MyApp" }],
    ["when the address is relative", { publicUrl: "/mycompany.com" }],
    ["when the address is empty", { publicUrl: "" }],
  ])("%s", (_, change) => {
    expect(isSignedByTwilio({ ...CHECK, ...change }, TARGET, SIGNATURE, PARAMS)).toBe(false);
  });

  it.each([
    ["a trailing slash", "/myapp.php/?foo=1&bar=2"],
    ["no query", "/myapp.php"],
    ["another order of the query", "/myapp.php?bar=2&foo=1"],
    ["a longer query", "/myapp.php?foo=1&bar=2&baz=3"],
    ["a fragment that is not configured", `${TARGET}#rc=5`],
  ])("for a request target with %s", (_, target) => {
    expect(isSignedByTwilio(CHECK, target, SIGNATURE, PARAMS)).toBe(false);
  });

  it.each([
    ["an extra parameter", { ...PARAMS, Extra: "", More: "1" }],
    ["a changed parameter", { ...PARAMS, Digits: "1235" }],
    ["a parameter of another case", { ...PARAMS, digits: "1234" }],
    ["no parameters", {}],
    ["a null", { ...PARAMS, Digits: null }],
    ["an object", { ...PARAMS, Digits: {} }],
  ])("over %s", (_, params) => {
    expect(isSignedByTwilio(CHECK, TARGET, SIGNATURE, params)).toBe(false);
  });

  it.each([
    undefined,
    "",
    " ",
    "x",
    "null",
    SIGNATURE.slice(0, -1),
    `${SIGNATURE}=`,
    ` ${SIGNATURE}`,
    `${SIGNATURE},${SIGNATURE}`,
    SIGNATURE.toLowerCase(),
    Buffer.from(SIGNATURE, "base64").toString("hex"),
    "ü".repeat(28),
  ])("when it is %j", (signature) => {
    expect(isSignedByTwilio(CHECK, TARGET, signature, PARAMS)).toBe(false);
  });

  it("when it was made with an empty token, which anybody can do", () => {
    const signature = sign("", "https://mycompany.com/x");
    expect(isSignedByTwilio({ ...CHECK, authTokens: [""] }, "/x", signature, PARAMS)).toBe(false);
    expect(isSignedByTwilio({ ...CHECK, authTokens: ["12345", ""] }, "/x", signature, PARAMS)).toBe(false);
  });

  it("whatever is thrown at it, without throwing", () => {
    const params = fc.dictionary(fc.string(), fc.anything());
    fc.assert(
      fc.property(
        fc.record({
          publicUrl: fc.oneof(fc.string(), fc.webUrl()),
          fragment: fc.string(),
          authTokens: fc.array(fc.string()),
        }),
        fc.oneof(fc.string(), fc.webPath()),
        fc.option(fc.string({ unit: "binary" }), { nil: undefined }),
        params,
        (check, target, signature, given) => {
          expect(isSignedByTwilio(check, target, signature, given)).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});
