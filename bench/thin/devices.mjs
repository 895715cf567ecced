// devices.mjs - camera and microphone files of the people of bench/thin-lines, made once.
import { execFileSync } from 'node:child_process'
import { closeSync, existsSync, mkdirSync, openSync, readFileSync, renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { MADE } from '../../tests/browser/browsers.js'

const MARKER_HZ = 1900 // below the cut-off of narrow-band Opus; bench/thin/meter.js listens for it
const MARKER_S = 0.08
const QUIET_S = 0.15
const EVERY_S = 3

/** PCM of a 16 bit mono WAV as espeak-ng writes it. */
function samplesOf(path) {
  const file = readFileSync(path)
  const data = file.indexOf('data') + 8
  return { rate: file.readUInt32LE(24), samples: new Int16Array(file.buffer.slice(file.byteOffset + data, file.byteOffset + file.length & ~1)) }
}

function wav(samples, rate) {
  const head = Buffer.alloc(44)
  head.write('RIFF', 0)
  head.writeUInt32LE(36 + samples.byteLength, 4)
  head.write('WAVEfmt ', 8)
  head.writeUInt32LE(16, 16)
  head.writeUInt16LE(1, 20)
  head.writeUInt16LE(1, 22)
  head.writeUInt32LE(rate, 24)
  head.writeUInt32LE(rate * 2, 28)
  head.writeUInt16LE(2, 32)
  head.writeUInt16LE(16, 34)
  head.write('data', 36)
  head.writeUInt32LE(samples.byteLength, 40)
  return Buffer.concat([head, Buffer.from(samples.buffer, samples.byteOffset, samples.byteLength)])
}

/** Speech with a marker before every few seconds of it. */
function marked({ rate, samples }) {
  const quiet = new Array(Math.round(QUIET_S * rate)).fill(0)
  const tone = Array.from({ length: Math.round(MARKER_S * rate) }, (_, i) => Math.round(9000 * Math.sin(2 * Math.PI * MARKER_HZ * i / rate)))
  const piece = Math.round(EVERY_S * rate) - 2 * quiet.length - tone.length
  const out = []
  for (let at = 0; at + piece <= samples.length; at += piece) out.push(...quiet, ...tone, ...quiet, ...samples.slice(at, at + piece))
  return Int16Array.from(out)
}

/** For openChromium(): {film, voice} of person 1, 2 … */
export function devicesBy(picture) {
  return async who => {
    mkdirSync(MADE, { recursive: true })
    const film = join(MADE, `thin-film-${who}.y4m`)
    const voice = join(MADE, `thin-voice-${who}.wav`)
    if (!existsSync(film)) {
      const file = openSync(`${film}.part`, 'w')
      execFileSync(picture, ['film', String(who)], { stdio: ['ignore', file, 'inherit'] })
      closeSync(file)
      renameSync(`${film}.part`, film)
    }
    if (!existsSync(voice)) {
      const plain = join(MADE, `thin-plain-${who}.wav`)
      execFileSync('espeak-ng', ['-w', plain, '-s', '150', '-p', String(30 + 15 * who),
        'It is good to see you. How are you, and how is everybody at home? Tell me all about your week. The dog is well, ' +
        'and the garden is full of apples. We picked some on Sunday, and your mother baked a cake. She sends her love.'])
      const speech = samplesOf(plain)
      writeFileSync(voice, wav(marked(speech), speech.rate))
    }
    return { film, voice }
  }
}
