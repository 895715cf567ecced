// namespace.mjs - runs a benchmark in a network namespace of its own (tools/in-namespace).
import { spawnSync } from 'node:child_process'

export const ADDRESS = process.env.PVL_TEST_ADDRESS

/** Returns inside the namespace; outside it starts itself there and exits with that run's status. */
export function enterNamespace() {
  if (ADDRESS) return
  const tool = new URL('../tools/in-namespace', import.meta.url).pathname
  const run = spawnSync(tool, [process.execPath, ...process.argv.slice(1)], { stdio: 'inherit' })
  process.exit(run.status ?? 1)
}
