// common.mjs - what every benchmark does alike: its options, what it needs on the machine, and its report.
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { cpus, loadavg } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const top = fileURLToPath(new URL('..', import.meta.url))
const args = process.argv.slice(2)

/** What the head of the script says of it, its options among it: an option that does not stand there is a slip. */
const usage = readFileSync(process.argv[1], 'utf8').split('\n').slice(1).join('\n').match(/^(\/\/.*\n)+/)[0].replace(/^\/\/ ?/gm, '')
if (args.includes('--help')) {
  process.stdout.write(usage)
  process.exit(0)
}
const slip = args.find(word => word.startsWith('--') && !usage.match(/--[a-z]+/g).includes(word))
if (slip) {
  process.stderr.write(`There is no option ${slip}.\n\n${usage}`)
  process.exit(2)
}

/** The word after an option, or undefined. */
export const option = name => (args.includes(name) ? args[args.indexOf(name) + 1] : undefined)
export const quick = args.includes('--quick')
export const build = option('--build') ?? join(top, 'build')

export const median = list => list.toSorted((a, b) => a - b)[list.length >> 1]
export const round = (n, digits) => (n === undefined || n === null || Number.isNaN(n) ? null : +n.toFixed(digits))
export const sleep = ms => new Promise(done => setTimeout(done, ms))
/** Progress: to standard error, so that a table in a file is a table. */
export const say = text => process.stderr.write(text)

/** Builds what is not built; a build folder that was named is the caller's own. */
export function built(...programs) {
  const missing = () => programs.find(name => !existsSync(join(build, name)))
  if (missing() && !option('--build')) {
    say('Building first: some minutes\n')
    spawnSync('sh', ['-c', 'tools/prepare build test && tools/build build'], { cwd: top, stdio: ['ignore', 2, 2] })
  }
  if (!missing()) return
  say(`${join(build, missing())} is not there: tools/prepare build test && tools/build ${option('--build') ?? 'build'}\n`)
  process.exit(2)
}

/** Whether Debian's Janus is here; installs it where that can be done. Without it a benchmark goes on, and says so. */
export function janusIsHere() {
  const found = () => spawnSync('sh', ['-c', 'command -v janus']).status === 0
  if (found()) return true
  if (!process.env.PVL_TEST_ADDRESS) spawnSync('tools/prepare', ['bench'], { cwd: top, stdio: ['ignore', 2, 2] })
  if (found()) return true
  say('Janus is not installed (apt-get install janus): its rows are left out\n')
  return false
}

export const goal = (name, value, bound, met = value !== null && value !== undefined && value <= bound) =>
  ({ goal: name, value: value ?? null, bound: bound ?? null, met })

/** Prints the goals, writes the report with --json FILE, and returns it. That a goal is missed is no failure of the run. */
export function report({ name, rows, goals, ...more }) {
  for (const g of goals)
    console.log(`${g.met ? 'met    ' : 'NOT MET'}  ${g.goal}: ${g.value ?? 'nothing'} (bound ${g.bound ?? 'nothing'})${g.lacking ? `\n         ${g.lacking}` : ''}`)
  const machine = { cpu: cpus()[0].model, cores: cpus().length, load: loadavg().map(n => round(n, 1)) }
  const told = { name, machine, ...more, rows, goals }
  if (option('--json')) writeFileSync(option('--json'), `${JSON.stringify(told, null, 1)}\n`)
  return told
}
