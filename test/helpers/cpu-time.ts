// How long something computes, ms. Processor time of this process, not the clock on the wall: on a busy machine a limit on
// the latter fails although nothing has become slower.
export function cpuTimeOf(task: () => void): number {
  const before = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}

/** What takes its length takes far less, on a slow machine too; what goes back and forth takes minutes, ms. */
export const SOON_MS = 8_000;
