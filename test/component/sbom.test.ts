// The bill of materials names what an installation brings, all of it and nothing else, in two forms that programs read.
import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { z } from "zod";
import { packageRoot } from "../../src/server/system.ts";
import { temporaryFolder } from "../helpers/temporary.ts";

/** The parts of CycloneDX 1.5 that every component here has. */
const CYCLONE_DX = z.object({
  bomFormat: z.literal("CycloneDX"),
  specVersion: z.literal("1.5"),
  serialNumber: z.string().regex(/^urn:uuid:[0-9a-f-]{36}$/),
  metadata: z.object({
    component: z.object({ "bom-ref": z.string(), name: z.string(), version: z.string() }),
  }),
  components: z.array(
    z.object({
      "bom-ref": z.string(),
      type: z.literal("library"),
      name: z.string(),
      version: z.string(),
      purl: z.string().startsWith("pkg:npm/"),
      hashes: z.array(z.object({ alg: z.literal("SHA-512"), content: z.string().length(128) })).nonempty(),
      licenses: z.array(z.object({}).loose()).nonempty(),
    }),
  ),
  dependencies: z.array(z.object({ ref: z.string(), dependsOn: z.array(z.string()) })),
});
/** Likewise of SPDX 2.3. */
const SPDX = z.object({
  spdxVersion: z.literal("SPDX-2.3"),
  dataLicense: z.literal("CC0-1.0"),
  SPDXID: z.literal("SPDXRef-DOCUMENT"),
  name: z.string(),
  documentNamespace: z.url(),
  packages: z.array(
    z.object({
      SPDXID: z.string().startsWith("SPDXRef-"),
      name: z.string(),
      versionInfo: z.string(),
      licenseDeclared: z.string(),
    }),
  ),
  relationships: z.array(z.object({ spdxElementId: z.string(), relatedSpdxElement: z.string() })),
});

const read = (path: string) => JSON.parse(readFileSync(path, "utf8"));
const { name: NAME, version: VERSION } = read(join(packageRoot(), "package.json"));

/** What package-lock.json gives to users, as far as this system takes it. */
function lockedForUsers(): string[] {
  const { packages } = read(join(packageRoot(), "package-lock.json")) as {
    packages: Record<string, { version: string; dev?: boolean; devOptional?: boolean }>;
  };
  const brought = Object.entries(packages).filter(
    ([path, { dev, devOptional }]) => path && !dev && !devOptional,
  );
  const names = brought.map(([path, { version }]) => `${path.split("node_modules/").at(-1)}@${version}`);
  return [...new Set(names)].toSorted();
}

it("npm run sbom lists what users get, each with its licence and digest, as CycloneDX and as SPDX", async () => {
  const folder = temporaryFolder();
  const options = { cwd: packageRoot() };
  await promisify(execFile)("npm", ["run", "--silent", "sbom", "--", folder], options);

  const bill = CYCLONE_DX.parse(read(join(folder, `${NAME}-${VERSION}.cdx.json`)));
  expect(bill.metadata.component).toMatchObject({ name: NAME, version: VERSION });
  const listed = bill.components.map(({ name, version }) => `${name}@${version}`);
  expect(listed.toSorted()).toEqual(lockedForUsers());
  const known = [bill.metadata.component["bom-ref"], ...bill.components.map((each) => each["bom-ref"])];
  const named = bill.dependencies.flatMap(({ ref, dependsOn }) => [ref, ...dependsOn]);
  expect(named.filter((ref) => !known.includes(ref))).toEqual([]);

  const spdx = SPDX.parse(read(join(folder, `${NAME}-${VERSION}.spdx.json`)));
  expect(spdx.name).toContain(NAME);
  const packages = spdx.packages.map(({ name, versionInfo }) => `${name}@${versionInfo}`);
  expect(packages.toSorted()).toEqual([...lockedForUsers(), `${NAME}@${VERSION}`].toSorted());
  const ids = ["SPDXRef-DOCUMENT", ...spdx.packages.map(({ SPDXID }) => SPDXID)];
  const related = spdx.relationships.flatMap((each) => [each.spdxElementId, each.relatedSpdxElement]);
  expect(related.filter((id) => !ids.includes(id))).toEqual([]);
});
