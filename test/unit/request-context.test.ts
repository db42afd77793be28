import { once } from "node:events";
import { createServer, type IncomingMessage, request, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { describe, expect, it, onTestFinished } from "vitest";
import { deferred } from "../../src/core/timing.ts";
import {
  currentRequestContext,
  type RequestContext,
  withRequestContext,
} from "../../src/doors/mcp/request-context.ts";
import { projectName, projectPath } from "../../src/doors/project.ts";

/** A path as Node hands over the header: every UTF-8 byte as one character. */
const asHeader = (path: string) => Buffer.from(path, "utf8").toString("latin1");

/** What arrives when the launching shell has no such variable: the text itself. */
const unset = (name: string) => `\${${name}}`;

describe("the project's name", () => {
  it.each([
    ["/home/me/web-shop", "web-shop"],
    ["/home/me/web-shop/", "web-shop"],
    ["/home/me/web-shop///", "web-shop"],
    ["  /home/me/web-shop  ", "web-shop"],
    ["/home/me/my shop", "my shop"],
    ["web-shop", "web-shop"],
    ["/home/me/.dotfiles", ".dotfiles"],
    ["C:\\Users\\me\\web-shop", "web-shop"],
    ["C:\\Users\\me\\web-shop\\", "web-shop"],
    ["C:/Users/me/web-shop", "web-shop"],
    ["\\\\server\\share\\web-shop", "web-shop"],
    [asHeader("/home/jürgen/Übung"), "Übung"],
    [asHeader("/home/me/日本語🔔"), "日本語🔔"],
    // As Claude Code writes it into a header: Latin-1.
    ["/home/me/café", "café"],
  ])("of %j is %j", (header, name) => {
    expect(projectName(projectPath(header))).toBe(name);
  });

  it.each([
    ["not sent", undefined],
    ["sent twice", ["/home/a", "/home/b"]],
    ["empty", ""],
    ["blank", "   "],
    ["the root", "/"],
    ["an unset variable", unset("PWD")],
    ["an unset variable inside", `${unset("HOME")}/shop`],
  ])("is absent when the header is %s", (_, header) => {
    expect(projectName(projectPath(header))).toBeUndefined();
  });
});

describe("an exchange", () => {
  /** Runs one real request through `handle`; resolves with what the work inside could see. */
  async function serve(
    handle: (context: RequestContext | undefined, req: IncomingMessage, res: ServerResponse) => void,
    headers: Record<string, string> = {},
  ) {
    const server = createServer((req, res) =>
      withRequestContext(req, res, () => handle(currentRequestContext(), req, res)),
    );
    server.listen(0, "127.0.0.1");
    await once(server, "listening");
    onTestFinished(() => void server.close().closeAllConnections());
    const sent = request({ port: (server.address() as AddressInfo).port, host: "127.0.0.1", headers });
    sent.on("error", () => {});
    return sent.end();
  }

  it("knows the project of its own request, and nobody outside has one", async () => {
    const seen = new Promise<string | undefined>((resolve) => {
      void serve(
        (context, _, res) => {
          res.end();
          resolve(context?.project);
        },
        { "x-approval-project": "/home/me/web-shop" },
      );
    });
    expect(await seen).toBe("web-shop");
    expect(currentRequestContext()).toBeUndefined();
  });

  it("says that its response was written", async () => {
    const written = new Promise<boolean | undefined>((resolve) => {
      void serve((context, _, res) => {
        res.end("done");
        resolve(context?.written);
      });
    });
    expect(await written).toBe(true);
  });

  it("says that the caller had gone before the response was written", async () => {
    const { promise: arrived, resolve: arrive } = deferred<RequestContext | undefined>();
    const sent = await serve((context, _, res) => {
      res.write("begun");
      arrive(context);
    });
    const context = await arrived;
    sent.destroy();
    expect(await context?.written).toBe(false);
  });
});
