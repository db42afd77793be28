// How long something computes, ms. Processor time of this process, not the clock on the wall: on a busy machine a limit on
// the latter fails although nothing has become slower.
export function cpuTimeOf(task: () => void): number {
  const before = process.cpuUsage();
  task();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1_000;
}
