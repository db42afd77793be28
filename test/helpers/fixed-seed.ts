// In CI properties are tried with the same examples in each run: a change must not fail by chance, for what it did not
// touch. Everywhere else each run tries others, and a failing one prints its seed.
if (process.env["CI"] === "true") {
  const { default: fc } = await import("fast-check");
  fc.configureGlobal({ seed: 20_261_129 });
}
