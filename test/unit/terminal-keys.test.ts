// The keys of a terminal: what waits, the stop, and that nothing typed can approve.
import { EventEmitter } from "node:events";
import { describe, expect, it } from "vitest";
import type { ApprovalRequest } from "../../src/domain/approval.ts";
import { type KeyInput, readKeys, waitingText } from "../../src/server/terminal-keys.ts";
import { waitingRequest } from "../helpers/waiting-request.ts";

function stage(waiting: readonly ApprovalRequest[] = []) {
  const modes: string[] = [];
  const input = Object.assign(new EventEmitter(), {
    resume: () => {},
    pause: () => {},
  });
  const said: string[] = [];
  const done: string[] = [];
  const mode = { byKey: () => void modes.push("by key"), restore: () => void modes.push("restored") };
  const giveBack = readKeys(input as KeyInput, mode, {
    say: (text) => void said.push(text),
    waiting: () => waiting,
    now: () => 60_000,
    columns: () => 60,
    stop: () => void done.push("stop"),
  });
  return {
    press: (text: string) => void input.emit("data", Buffer.from(text)),
    said,
    done,
    modes,
    giveBack,
    input,
  };
}

const request = (call: ApprovalRequest["call"]): ApprovalRequest => ({
  ...waitingRequest({ call, door: "mcp" }),
  project: "web-shop",
});
const LS = request({ toolName: "Bash", input: { command: "ls -la /etc" } });

describe("a key", () => {
  it.each(["q", "Q", "\u0003", "\u0004"])("%j stops", (key) => {
    const { press, done } = stage();
    press(key);
    expect(done).toEqual(["stop"]);
  });

  it.each(["?", "h"])("%j says the keys", (key) => {
    const { press, said } = stage();
    press(key);
    expect(said.join("")).toMatch(/p what waits, q stop/);
  });

  it("p lists what waits, and says when nothing does", () => {
    const some = stage([LS]);
    some.press("p");
    expect(some.said.join("")).toBe("1 request waits:\n  kqmwa  240 s left  web-shop, Bash: ls -la /etc\n");
    const none = stage();
    none.press("p");
    expect(none.said.join("")).toBe("Nothing waits.\n");
  });

  it.each(["a", "y", "A", "1", " ", "\u001b[A", "approve kqmwa", "APPROVE kqmwa\r", "qq", "q\n"])(
    "%j does nothing",
    (text) => {
      const { press, said, done } = stage([LS]);
      press(text);
      expect([...said, ...done]).toEqual([]);
    },
  );
});

describe("the terminal", () => {
  it("gives key by key until it is given back, and then no key counts", () => {
    const { press, modes, giveBack, done } = stage();
    expect(modes).toEqual(["by key"]);
    giveBack();
    giveBack();
    press("q");
    expect(modes).toEqual(["by key", "restored"]);
    expect(done).toEqual([]);
  });

  it("that breaks does not end the server", () => {
    const { input } = stage();
    expect(() => input.emit("error", new Error("EIO"))).not.toThrow();
  });
});

describe("the list of what waits", () => {
  it("is cut to the width, and shows nothing hidden", () => {
    const text = waitingText(
      [request({ toolName: "Bash", input: { command: `a\n\u001b[2J${"x".repeat(99)}` } })],
      0,
      60,
    );
    const [, line = "", rest] = text.split("\n");
    expect(line).toHaveLength(59);
    expect(line).toMatch(/Bash: a⟨U\+000A⟩⟨U\+001B⟩\[2Jx+…$/);
    expect(rest).toBe("");
  });

  it("shows the masked call, and none that could not be looked through", () => {
    const shown = { toolName: "Bash", input: { command: "echo [secret]" } };
    const masked = { ...LS, inspection: { shown, secrets: 1, warnings: [] } };
    const unseen = { ...LS, inspection: { shown: LS.call, secrets: undefined, warnings: [] } };
    const text = waitingText([masked, unseen], 0, 80);
    expect(text).toContain("echo [secret]");
    expect(text).toContain("(could not be looked through)");
    expect(text).not.toContain("ls -la");
  });
});
