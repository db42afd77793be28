// Which files become tools: what others could have put there, or could change, never does.
import { execFileSync } from "node:child_process";
import { createHash } from "node:crypto";
import {
  chmodSync,
  linkSync,
  lutimesSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import { describe, expect, it, test } from "vitest";
import { findScripts, folderStamp } from "../../src/script-tools/find-scripts.ts";
import { MAX_SCRIPT_BYTES } from "../../src/script-tools/script-file.ts";
import { trustedPlace } from "../../src/script-tools/trusted-place.ts";
import { watchScripts } from "../../src/script-tools/watched-scripts.ts";
import { createFakeClock } from "../helpers/fake-clock.ts";
import { createKeptLog } from "../helpers/silent-log.ts";
import { temporaryFolder } from "../helpers/temporary.ts";
import { HELLO, HELLO_SETTINGS, type ToolsFolder, toolsFolder } from "../helpers/tools-folder.ts";

const ME = process.getuid?.() ?? 0;
const NOBODY = 65_534;

const find = ({ path }: Pick<ToolsFolder, "path">, user = ME) => findScripts({ path, user });

function withHello(): ToolsFolder {
  const tools = toolsFolder();
  tools.script("hello.sh", HELLO, HELLO_SETTINGS);
  return tools;
}

describe("a script", () => {
  it("with its settings is found, with the hash of both", () => {
    const tools = withHello();
    const { state, scripts, problems } = find(tools);
    expect({ state, problems, names: [...scripts.keys()] }).toEqual({
      state: "good",
      problems: [],
      names: ["hello"],
    });
    const bytes = ["hello.sh", "hello.json"].map((name) => readFileSync(join(tools.path, name)));
    const sha256 = createHash("sha256").update(Buffer.concat(bytes)).digest("hex");
    expect(scripts.get("hello")).toMatchObject({ file: "hello.sh", text: HELLO, sha256, folder: tools.path });
  });

  it.each([
    ["x.py", "print(1)\n", "python3"],
    ["x.sh", "echo 1\n", "sh"],
    ["x.mjs", "1\n", "node"],
  ])("%s without #! is run by what its name says", (file, text, interpreter) => {
    const tools = toolsFolder();
    tools.script(file, text);
    expect(find(tools).scripts.get("x")).toMatchObject({ interpreter });
  });

  it.each(["x", "x.tool"])("%s with #! needs no ending that is known", (file) => {
    const tools = toolsFolder();
    tools.script(file, "#!/bin/sh\n");
    const found = find(tools);
    expect(found.problems).toEqual([]);
    expect(found.scripts.get("x")?.interpreter).toBeUndefined();
  });

  it("that is a link inside the folder is one", () => {
    const tools = withHello();
    mkdirSync(join(tools.path, "lib"));
    writeFileSync(join(tools.path, "lib", "real.sh"), HELLO, { mode: 0o755 });
    symlinkSync("lib/real.sh", join(tools.path, "linked.sh"));
    tools.file("linked.json", '{"description":"x"}');
    expect([...find(tools).scripts.keys()].sort()).toEqual(["hello", "linked"]);
  });

  it("whose end moves into its settings is another one", () => {
    const tools = toolsFolder();
    const json = '{"description":"x"}';
    tools.file("a.json", json);
    tools.file("a.sh", "#!/bin/sh\n ", 0o755);
    const before = find(tools).scripts.get("a");
    tools.file("a.json", ` ${json}`);
    tools.file("a.sh", "#!/bin/sh\n", 0o755);
    const after = find(tools).scripts.get("a");
    expect(after?.sha256).toBe(before?.sha256);
    expect(after?.identity).not.toBe(before?.identity);
  });
});

interface Refusal {
  readonly name: string;
  readonly plant: (tools: ToolsFolder) => unknown;
  readonly says: RegExp;
}

const SETTINGS = '{"description":"x"}';
const REFUSALS: readonly Refusal[] = [
  {
    name: "script that the group may write",
    plant: (t) => chmodSync(join(t.path, "hello.sh"), 0o775),
    says: /hello\.sh can be written by others: run chmod go-w/,
  },
  {
    name: "script that everybody may write",
    plant: (t) => chmodSync(join(t.path, "hello.sh"), 0o757),
    says: /hello\.sh can be written by others/,
  },
  {
    name: "settings that everybody may write",
    plant: (t) => chmodSync(join(t.path, "hello.json"), 0o646),
    says: /hello\.json can be written by others/,
  },
  {
    name: "script that may not be run",
    plant: (t) => chmodSync(join(t.path, "hello.sh"), 0o644),
    says: /hello\.sh is not executable: run chmod u\+x/,
  },
  {
    name: "link that leads out of the folder",
    plant: (t) => {
      const outside = join(dirname(t.path), "outside.sh");
      writeFileSync(outside, HELLO, { mode: 0o755 });
      rmSync(join(t.path, "hello.sh"));
      symlinkSync(outside, join(t.path, "hello.sh"));
    },
    says: /hello\.sh is a link that leads out of the folder/,
  },
  {
    name: "link of the settings that leads out of the folder",
    plant: (t) => {
      const outside = join(dirname(t.path), "outside.json");
      writeFileSync(outside, SETTINGS);
      rmSync(join(t.path, "hello.json"));
      symlinkSync(`../outside.json`, join(t.path, "hello.json"));
    },
    says: /hello\.json is a link that leads out of the folder/,
  },
  {
    name: "link to nothing",
    plant: (t) => {
      rmSync(join(t.path, "hello.sh"));
      symlinkSync("nothing.sh", join(t.path, "hello.sh"));
    },
    says: /hello\.sh cannot be found \(ENOENT\)/,
  },
  {
    name: "link in a circle",
    plant: (t) => {
      rmSync(join(t.path, "hello.sh"));
      symlinkSync("hello.sh", join(t.path, "hello.sh"));
    },
    says: /too many links/,
  },
  {
    name: "link into a folder that others may write",
    plant: (t) => {
      mkdirSync(join(t.path, "lib"));
      writeFileSync(join(t.path, "lib", "x.sh"), HELLO, { mode: 0o755 });
      chmodSync(join(t.path, "lib"), 0o777);
      rmSync(join(t.path, "hello.sh"));
      symlinkSync("lib/x.sh", join(t.path, "hello.sh"));
    },
    says: /lib can be written by others/,
  },
  {
    name: "pipe",
    plant: (t) => {
      rmSync(join(t.path, "hello.sh"));
      execFileSync("mkfifo", ["-m", "0755", join(t.path, "hello.sh")]);
    },
    says: /hello\.sh is not a file/,
  },
  {
    name: "program that is no text",
    plant: (t) => t.file("hello.sh", "#!/bin/sh\n\0\0", 0o755),
    says: /hello\.sh is not a text/,
  },
  {
    name: "text that is not UTF-8",
    plant: (t) => writeFileSync(join(t.path, "hello.sh"), Buffer.from([35, 33, 47, 98, 255, 254])),
    says: /hello\.sh is not a text in UTF-8/,
  },
  {
    name: "script that is too large",
    plant: (t) => t.file("hello.sh", `#!/bin/sh\n${"#".repeat(MAX_SCRIPT_BYTES)}`, 0o755),
    says: /hello\.sh is larger than 65536 bytes/,
  },
  {
    name: "script without settings",
    plant: (t) => rmSync(join(t.path, "hello.json")),
    says: /hello\.sh has no hello\.json/,
  },
  {
    name: "settings without a script",
    plant: (t) => rmSync(join(t.path, "hello.sh")),
    says: /hello\.json has no script/,
  },
  { name: "wrong settings", plant: (t) => t.file("hello.json", "{"), says: /hello\.json is not valid JSON/ },
  {
    name: "two scripts for one tool",
    plant: (t) => t.file("hello.py", "print(1)", 0o755),
    says: /hello\.py and hello\.sh would be the same tool, scripts__hello/,
  },
  {
    name: "file of which nobody says what runs it",
    plant: (t) => {
      rmSync(join(t.path, "hello.sh"));
      t.file("hello", "echo 1\n", 0o755);
    },
    says: /hello does not say what runs it: begin it with #!/,
  },
  ...["#!\necho 1", "#! \n", "#!sh\n", "#!./evil\n"].map((text) => ({
    name: `first line ${JSON.stringify(text)} with an unknown ending`,
    plant: (t: ToolsFolder) => {
      rmSync(join(t.path, "hello.sh"));
      t.file("hello.tool", text, 0o755);
    },
    says: /hello\.tool does not say what runs it/,
  })),
  ...["Hello.sh", "he llo.sh", "hello.prod.sh", "_hello.sh", "héllo.sh", `${"x".repeat(65)}.sh`].map(
    (file) => ({
      name: `name ${file.slice(0, 20)}`,
      plant: (t: ToolsFolder) => {
        for (const name of ["hello.sh", "hello.json"]) rmSync(join(t.path, name));
        t.script(file, HELLO);
      },
      says: /has a name that no tool can have/,
    }),
  ),
];

describe("is refused with a reason:", () => {
  it.each(REFUSALS)("a $name", ({ plant, says }) => {
    const tools = withHello();
    expect(find(tools).scripts.size).toBe(1);
    plant(tools);
    const { scripts, problems } = find(tools);
    expect([...scripts.keys()]).toEqual([]);
    expect(problems).toEqual([expect.stringMatching(says)]);
  });

  it("a script of another user, and a folder of another user", () => {
    // Whoever runs this test is somebody else to that user.
    const { state, scripts, problems } = find(withHello(), NOBODY);
    if (ME !== 0) {
      expect({ state, size: scripts.size }).toEqual({ state: "bad", size: 0 });
      expect(problems).toEqual([expect.stringMatching(/belongs to another user/)]);
      return;
    }
    // What is root's is trusted by everybody.
    expect(state).toBe("good");
    const tools = withHello();
    execFileSync("chown", [String(NOBODY), join(tools.path, "hello.sh")]);
    expect(find(tools).problems).toEqual([expect.stringMatching(/hello\.sh belongs to another user/)]);
    execFileSync("chown", [String(NOBODY), tools.path]);
    expect(find(tools)).toMatchObject({
      state: "bad",
      problems: [expect.stringMatching(/belongs to another user/)],
    });
  });
});

describe("the whole folder is refused where", () => {
  it.each([
    ["others may write it", 0o777],
    ["the group may write it", 0o775],
    ["everybody may add to it, and only owners take away", 0o1777],
  ])("%s", (_, mode) => {
    const tools = withHello();
    chmodSync(tools.path, mode);
    expect(find(tools)).toMatchObject({
      state: "bad",
      problems: [expect.stringMatching(/can be written by others/)],
    });
    expect(find(tools).scripts.size).toBe(0);
  });

  it("others may write the folder above it", () => {
    const tools = withHello();
    chmodSync(dirname(tools.path), 0o777);
    expect(find(tools)).toMatchObject({ state: "bad" });
    // As /tmp is.
    chmodSync(dirname(tools.path), 0o1777);
    expect(find(tools)).toMatchObject({ state: "good" });
  });

  it("it is reached by a link that lies where others may write", () => {
    const tools = withHello();
    const shared = temporaryFolder();
    const link = join(shared, "tools");
    symlinkSync(tools.path, link);
    expect(find({ path: link })).toMatchObject({ state: "good" });
    chmodSync(shared, 0o777);
    expect(find({ path: link })).toMatchObject({ state: "bad" });
  });

  it("it is a file, or the system tells no owners", () => {
    const path = join(temporaryFolder(), "tools");
    writeFileSync(path, "");
    expect(find({ path })).toMatchObject({
      state: "bad",
      problems: [expect.stringMatching(/is not a folder|cannot be read/)],
    });
    expect(findScripts({ path: withHello().path, user: undefined })).toMatchObject({ state: "bad" });
  });
});

test("no folder is no fault", () => {
  expect(find({ path: join(temporaryFolder(), "none") })).toEqual({
    state: "none",
    scripts: new Map(),
    problems: [],
  });
});

test("what is no script is passed over", () => {
  const tools = withHello();
  for (const name of ["README.md", ".hidden.sh", "hello.sh~", "notes.txt", "hello.md"]) tools.file(name, "x");
  mkdirSync(join(tools.path, "lib.sh"));
  expect(find(tools).problems).toEqual([]);
});

test("a name of a file cannot draw on a terminal", () => {
  const tools = toolsFolder();
  tools.file("\u001b[2Jx\n.sh", "", 0o755);
  const [problem, ...others] = find(tools).problems;
  expect(others).toEqual([]);
  expect(problem).toContain("⟨U+001B⟩[2Jx");
  expect(problem).not.toMatch(/\p{Cc}/u);
});

test("no more scripts are offered than a model can choose from", () => {
  const tools = toolsFolder();
  for (let at = 0; at < 102; at += 1) tools.script(`s${at}.sh`, HELLO);
  const { scripts, problems } = find(tools);
  expect(scripts.size).toBe(100);
  expect(problems).toEqual([expect.stringMatching(/102 scripts/)]);
});

test("a place is what it leads to, by every folder on the way", () => {
  const folder = temporaryFolder();
  mkdirSync(join(folder, "a", "b"), { recursive: true });
  symlinkSync("../a/b", join(folder, "a", "link"));
  expect(trustedPlace(join(folder, "a", "link"), ME)).toEqual({ ok: true, path: join(folder, "a", "b") });
  expect(trustedPlace(join(folder, "a", "..", "a", ".", "b"), ME)).toEqual({
    ok: true,
    path: join(folder, "a", "b"),
  });
});

describe("a change in the folder", () => {
  function watched(tools: ToolsFolder) {
    const [clock, log] = [createFakeClock(), createKeptLog()];
    const scripts = watchScripts({ path: tools.path, user: ME, clock, log });
    let changes = 0;
    scripts.onChange(() => {
      changes += 1;
    });
    return { clock, log, scripts, changes: () => changes };
  }

  it("is seen at the next use, and told to who listens", () => {
    const tools = withHello();
    const { scripts, changes } = watched(tools);
    tools.script("two.sh", HELLO);
    expect([...scripts.current().scripts.keys()]).toEqual(["hello", "two"]);
    expect(changes()).toBe(1);
    scripts.current();
    expect(changes()).toBe(1);
    scripts.close();
  });

  it("is seen without a use, within seconds; a fault is one line in the log", async () => {
    const tools = withHello();
    const { clock, log, scripts, changes } = watched(tools);
    chmodSync(join(tools.path, "hello.sh"), 0o777);
    await clock.advance(10_000);
    expect(changes()).toBe(1);
    expect(log.entries.filter(({ message }) => message === "a script is not offered as a tool")).toHaveLength(
      1,
    );
    scripts.close();
    expect(clock.pending()).toBe(0);
  });

  it("is seen in a file of the same size and time", () => {
    const tools = withHello();
    const before = folderStamp(tools);
    const path = join(tools.path, "hello.sh");
    const old = new Date(1_600_000_000_000);
    lutimesSync(path, old, old);
    const between = folderStamp(tools);
    writeFileSync(path, HELLO.replace("hello", "HELLO"));
    lutimesSync(path, old, old);
    expect(new Set([before, between, folderStamp(tools)]).size).toBe(3);
  });

  it("of one script does not wait for a list: what is loaded is read", () => {
    const tools = withHello();
    const { scripts } = watched(tools);
    tools.file("hello.sh", "#!/bin/sh\necho other\n", 0o755);
    const read = scripts.load("hello");
    expect(read?.ok && read.script.text).toContain("other");
    linkSync(join(tools.path, "hello.sh"), join(tools.path, "hello.py"));
    expect(scripts.load("hello")).toBeUndefined();
    expect(scripts.load("other")).toBeUndefined();
    scripts.close();
  });
});
