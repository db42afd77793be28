// How long anything is waited for before it is taken to hang. No test is about these: they only end what would never end, so they are
// far above what a slow machine takes, and every wait that is not itself the behaviour under test has them.

/** For a test and its hooks, ms. */
export const TEST_MS = 120_000;

/** For one thing that must come, ms: less, so that what did not come is named. */
export const PATIENCE_MS = 60_000;
