// services.mjs - whole services on one PostgreSQL, as on two machines, and the browsers that ask them.
//
// For the tests that run under tools/with-postgres with the path of pvl: two ports of HTTP, two of media, and more beside them.
import { spawn } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export const pvl = process.argv[2]
export const data = mkdtempSync(join(tmpdir(), 'pvl-several-'))
export const FIRST = 20000 + (process.pid % 1500) * 8 // HTTP, HTTPS; then the second's; then two of media; two for others
export const SECOND = FIRST + 2
export const sleep = ms => new Promise(done => setTimeout(done, ms))

export const children = new Set()
const descendants = pid => readFileSync(`/proc/${pid}/task/${pid}/children`, 'utf8').trim().split(/\s+/).filter(Boolean).map(Number)

/** All of a service at once, as when its machine loses power. */
export function killAll(child) {
  children.delete(child)
  let pids = []
  try {
    pids = [child.pid, ...descendants(child.pid)]
  } catch { /* gone */ }
  for (const pid of pids) {
    try {
      process.kill(pid, 'SIGKILL')
    } catch { /* gone */ }
  }
}
process.on('exit', () => {
  children.forEach(killAll)
  rmSync(data, { recursive: true, force: true })
})
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => process.exit(1))

let number = 0
let failed = 0
export function ok(good, name, why = '') {
  number++
  failed += !good
  console.log(`${good ? 'ok' : 'not ok'} ${number} - ${name}`)
  if (!good && why) console.log(`# ${why}`)
}

export function end() {
  console.log(`1..${number}`)
  process.exit(failed ? 1 : 0)
}

export async function start(command, port, more) {
  const child = spawn(pvl, [command, '--data', join(data, command), '--store', process.env.STORE, '--port', `${port}`,
    '--service', port === FIRST ? 'a' : 'b',
    '--media-port', `${port === FIRST ? FIRST + 4 : FIRST + 5}`, '--media-workers', '1', ...more], { stdio: ['ignore', 'pipe', 'pipe'] })
  children.add(child)
  let text = ''
  let log = ''
  child.stdout.on('data', piece => (text += piece))
  child.stderr.on('data', piece => (log += piece))
  for (let i = 0; i < 200; i++) {
    try {
      if ((await fetch(`http://127.0.0.1:${port}/health`)).ok) return { child, text: () => text, log: () => log }
    } catch { /* not yet */ }
    await sleep(100)
  }
  throw new Error(`${command} does not answer`)
}

/** A browser's jar: the same cookies for all services, as behind one name. site: where a port is reached. */
export class Browser {
  jar = new Map()

  constructor(site = port => `http://127.0.0.1:${port}`) {
    this.site = site
  }

  async ask(port, path, body, headers = {}) {
    const options = { redirect: 'manual', headers: { ...headers, cookie: [...this.jar].map(([k, v]) => `${k}=${v}`).join('; ') } }
    if (body) {
      options.method = 'POST'
      options.body = typeof body === 'string' ? body : new URLSearchParams(body)
    }
    const answer = await fetch(this.site(port) + path, options)
    for (const cookie of answer.headers.getSetCookie()) {
      const [pair] = cookie.split(';')
      this.jar.set(pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1))
    }
    return answer
  }

  async csrf(port, path) {
    return /name="csrf" value="([^"]+)"/.exec(await (await this.ask(port, path)).text())?.[1] ?? ''
  }
}
