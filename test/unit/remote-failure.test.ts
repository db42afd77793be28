// What is said when a server on another machine cannot be asked: by the codes of sockets and TLS, wherever in the chain of
// causes they stand.
import { describe, expect, it } from "vitest";
import { remoteFailure } from "../../src/cli/remote-failure.ts";

const URL = "https://approvals.example.com";
const coded = (code: string) => Object.assign(new Error(code), { code });

describe("a failure of a remote call", () => {
  it.each([
    ["ECONNREFUSED", "takes no connection"],
    ["ENOTFOUND", "its name is not known"],
    ["ETIMEDOUT", "does not answer"],
    ["CERT_HAS_EXPIRED", "has expired"],
    ["CERT_NOT_YET_VALID", "is not valid yet"],
    ["ERR_TLS_CERT_ALTNAME_INVALID", "for another name"],
    ["SELF_SIGNED_CERT_IN_CHAIN", "unknown authority"],
    ["ERR_SSL_WRONG_VERSION_NUMBER", "does not speak https"],
  ])("%s is told as: %s", (code, words) => {
    const cause = coded(code);
    for (const error of [
      cause,
      new TypeError("fetch failed", { cause }),
      new Error("outer", { cause: new TypeError("fetch failed", { cause: new AggregateError([cause]) }) }),
    ]) {
      const { message, advice } = remoteFailure(error, URL);
      expect(message).toContain(`The approval server at ${URL} `);
      expect(message).toContain(words);
      expect(advice).not.toBe("");
    }
  });

  it.each([
    [new TypeError("fetch failed", { cause: new Error("unexpected redirect") }), "sends callers elsewhere"],
    [new Error("HTTP 401: unauthorized"), "does not know this token"],
    [new Error("HTTP 403: Invalid Host: x"), "is not called by this name"],
    [new Error("HTTP 502"), "is not reached by the proxy"],
  ])("%s is told as: %s", (error, words) => {
    expect(remoteFailure(error, URL).message).toContain(words);
  });

  it("shows foreign text on one line, and not at any length", () => {
    const { message } = remoteFailure(new Error(`odd\u001b[31m\n${"x".repeat(5_000)}`), URL);
    expect(message).not.toMatch(/\p{Cc}/u);
    expect(message.length).toBeLessThan(500);
  });

  it("ends with a chain of causes that goes round", () => {
    const error = new Error("round");
    error.cause = error;
    expect(remoteFailure(error, URL).message).toContain("round");
  });
});
