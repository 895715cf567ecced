// namespace.mjs - runs a benchmark in a network namespace of its own: nothing of it reaches the machine's network, ports are
// free, and there is an address that is not loopback (Janus takes no other).
import { spawnSync } from 'node:child_process'
import { getuid } from 'node:process'

export const ADDRESS = '192.0.2.10'

const SETUP = `
ip link set lo up &&
ip link add outside type veth peer name inside &&
ip address add ${ADDRESS}/24 dev outside &&
ip link set outside up && ip link set inside up &&
exec "$@"`

/** Returns inside the namespace; outside it starts itself there and exits with that run's status. */
export function enterNamespace() {
  if (process.env.PVL_BENCH_NAMESPACE) return
  const rights = getuid() === 0 ? [] : ['--user', '--map-root-user']
  const run = spawnSync('unshare', [...rights, '--net', 'sh', '-c', SETUP, 'sh', process.execPath, ...process.argv.slice(1)],
    { stdio: 'inherit', env: { ...process.env, PVL_BENCH_NAMESPACE: '1' } })
  process.exit(run.status ?? 1)
}
