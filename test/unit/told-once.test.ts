// A schema whose JSON form is made once says and checks what it did.
import { expect, it } from "vitest";
import { z } from "zod";
import { toldOnce } from "../../src/doors/mcp/told-once.ts";

const schema = z.object({ name: z.string().transform((text) => text.length) });
const OPTIONS = { target: "draft-2020-12" } as const;
const told = (side: "input" | "output", of: Pick<z.ZodType, "~standard"> = toldOnce(schema)) => {
  try {
    return of["~standard"].jsonSchema[side](OPTIONS);
  } catch (error) {
    return String(error);
  }
};

it("says each time what the schema says, for what comes in and for what comes out", () => {
  for (const side of ["input", "input", "output", "output"] as const)
    expect(told(side)).toEqual(told(side, schema));
});

it("is not changed by what somebody does with an answer", () => {
  Object.assign(told("input") as object, { type: "string" });
  expect(told("input")).toEqual(told("input", schema));
});

it("checks as the schema does", async () => {
  const { validate } = toldOnce(schema)["~standard"];
  expect(await validate({ name: "abc" })).toEqual({ value: { name: 3 } });
  expect((await validate({ name: 3 })).issues).toHaveLength(1);
});
