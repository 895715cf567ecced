// slow-line.mjs - a line with a round-trip time, in user space: TCP and UDP relays on loopback that hold
// each packet for half of it. (The kernels this runs on need not have netem.)
import net from 'node:net'
import dgram from 'node:dgram'

/** Holds things for `ms` and lets them out in order. */
function delayed(ms, out) {
  return value => (ms > 0 ? setTimeout(out, ms, value) : out(value))
}

/** Relays TCP from listen {host, port} to {host, port}; the handshake costs one round trip too. */
export function tcpRelay(listen, to, rttMs) {
  const half = rttMs / 2
  const sockets = new Set()
  const server = net.createServer(client => {
    sockets.add(client)
    client.setNoDelay(true)
    client.pause()
    client.on('error', () => client.destroy())
    client.on('close', () => sockets.delete(client))
    // SYN, SYN-ACK: the client's kernel was answered at once by this relay; the line would have taken a round trip.
    setTimeout(() => {
      const upstream = net.connect(to, () => {
        upstream.setNoDelay(true)
        client.on('data', delayed(half, data => upstream.destroyed || upstream.write(data)))
        upstream.on('data', delayed(half, data => client.destroyed || client.write(data)))
        client.on('end', delayed(half, () => upstream.end()))
        upstream.on('end', delayed(half, () => client.end()))
        client.resume()
      })
      sockets.add(upstream)
      upstream.on('error', () => client.destroy())
      upstream.on('close', () => sockets.delete(upstream))
    }, rttMs)
  })
  return new Promise(done => server.listen(listen, () => done(() => {
    server.close()
    for (const socket of sockets) socket.destroy()
  })))
}

/** Relays UDP; each client gets a socket of its own towards the server, so that tuples stay apart. */
export async function udpRelay(listen, to, rttMs) {
  const half = rttMs / 2
  const front = dgram.createSocket('udp4')
  const backs = new Map()
  const back = (client) => {
    const key = `${client.address}:${client.port}`
    if (!backs.has(key)) {
      const socket = dgram.createSocket('udp4')
      socket.bind(0)
      socket.on('message', delayed(half, data => front.send(data, client.port, client.address, () => {})))
      backs.set(key, socket)
    }
    return backs.get(key)
  }
  front.on('message', (data, client) => {
    const socket = back(client)
    delayed(half, () => socket.send(data, to.port, to.host, () => {}))()
  })
  await new Promise(done => front.bind(listen.port, listen.host, done))
  return () => {
    front.close()
    for (const socket of backs.values()) socket.close()
  }
}
