// Addresses that Twilio can never call are refused at the start, with the reason.
import { describe, expect, it } from "vitest";
import { parseConfig } from "../../src/config/config.ts";
import { publicUrlProblem } from "../../src/config/public-url.ts";
import { ConfigError } from "../../src/domain/errors.ts";

describe("an address that Twilio cannot call", () => {
  it.each<[string, string]>([
    ["http://approvals.example", "must be https"],
    ["https://localhost", "only a local network knows"],
    ["https://localhost:8443/x", "only a local network knows"],
    ["https://app.localhost", "only a local network knows"],
    ["https://LOCALHOST", "only a local network knows"],
    ["https://mac.local", "only a local network knows"],
    ["https://nas.lan", "only a local network knows"],
    ["https://api.internal", "only a local network knows"],
    ["https://router.home.arpa", "only a local network knows"],
    ["https://myhost", "without a domain"],
    ["https://approvals.example.", "ends with a dot"],
    ["https://my_host.example", "underscore (Twilio error 21609)"],
    ["https://a.b_c.example", "underscore (Twilio error 21609)"],
    ["https://user@approvals.example", "must not hold a user or a password"],
    ["https://user:secret-word@approvals.example", "must not hold a user or a password"],
    ["https://:secret-word@approvals.example", "must not hold a user or a password"],
    ["https://approvals.example:0", "port 0"],
    ["https://127.0.0.1", "private, local or reserved"],
    ["https://127.1", "private, local or reserved"],
    ["https://2130706433", "private, local or reserved"],
    ["https://0x7f.0.0.1", "private, local or reserved"],
    ["https://0.0.0.0", "private, local or reserved"],
    ["https://10.1.2.3", "private, local or reserved"],
    ["https://100.100.1.2", "private, local or reserved"],
    ["https://169.254.169.254", "private, local or reserved"],
    ["https://172.31.0.1", "private, local or reserved"],
    ["https://192.168.178.20:8443", "private, local or reserved"],
    ["https://192.0.2.1", "private, local or reserved"],
    ["https://255.255.255.255", "private, local or reserved"],
    ["https://[::1]", "private, local or reserved"],
    ["https://[::]", "private, local or reserved"],
    ["https://[fd12:3456::1]", "private, local or reserved"],
    ["https://[fe80::1]", "private, local or reserved"],
    ["https://[::ffff:192.168.0.1]", "private, local or reserved"],
    ["https://[2001:db8::1]", "private, local or reserved"],
  ])("%s is refused: %s", (url, reason) => {
    const problem = publicUrlProblem(url, undefined);
    expect(problem).toContain(reason);
    expect(problem).not.toContain("secret-word");
  });

  it.each([
    "https://approvals.example",
    "https://approvals.example:8443",
    "https://example.ngrok.app/approvals/",
    "https://machine.tail1234.ts.net/x_y",
    "https://approvals.example/#rc=5",
    "https://localhost.example",
    "https://mylocal.example",
    "https://xn--bcher-kva.example",
    "https://172.32.0.1",
    "https://100.128.0.1",
    "https://8.8.8.8",
    "https://[2606:4700::1111]",
  ])("%s is none", (url) => {
    expect(publicUrlProblem(url, undefined)).toBeUndefined();
  });
});

describe("with TWILIO_BASE_URL", () => {
  it("on this machine, what calls back is there as well: its addresses are fine, a password is not", () => {
    for (const base of ["http://127.0.0.1:9", "http://localhost:9", "http://twilio:9", "http://10.0.0.5"]) {
      expect(publicUrlProblem("http://127.0.0.1:8001", base)).toBeUndefined();
      expect(publicUrlProblem("http://u:p@127.0.0.1:8001", base)).toContain("must not hold");
    }
  });

  it("elsewhere, it is Twilio or a proxy to it", () => {
    expect(publicUrlProblem("http://127.0.0.1:8001", "https://proxy.example")).toContain("must be https");
  });
});

describe("the configuration", () => {
  it("names the variable and the reason, not the value", () => {
    const start = () => parseConfig({ PUBLIC_URL: "https://user:secret-word@my_host.example" });
    expect(start).toThrow(ConfigError);
    expect(start).toThrow(/^PUBLIC_URL: must not hold a user or a password/);
    expect(start).not.toThrow(/secret-word/);
  });
});
