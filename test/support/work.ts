/** Milliseconds that this process has worked: unlike a clock's they do not depend on what else the machine does. */
export function work(): number {
  const { user, system } = process.cpuUsage()
  return (user + system) / 1000
}
