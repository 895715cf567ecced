#!/usr/bin/python3
"""Debian's aiortc as a foreign client of WHIP and WHEP: it publishes, plays, and does both at once.

foreign_aiortc.py [PVL]: starts `pvl serve --lab` (default build/src/programs/pvl; TCP 47082, UDP 47040)
and meets itself in its rooms.  TAP.

Pictures carry their number as 8 dark or bright fields and sound is a tone per person, so that what arrives
is known to be what was sent, not merely something.
"""
import asyncio
import fractions
import os
import signal
import subprocess
import sys
import tempfile
import time

DEBIAN = "/usr/bin/python3"  # has python3-aiortc; another python3 may come first on the path
if os.path.realpath(sys.executable) != os.path.realpath(DEBIAN):
    os.execv(DEBIAN, [DEBIAN, *sys.argv])

import aiohttp  # noqa: E402
import aioice.ice  # noqa: E402
import numpy  # noqa: E402
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription  # noqa: E402
from aiortc.mediastreams import MediaStreamError  # noqa: E402
from av import AudioFrame, VideoFrame  # noqa: E402

PORT, MEDIA_PORT = 47082, 47040
URL = f"http://127.0.0.1:{PORT}"
WIDTH, HEIGHT, FIELDS = 320, 240, 8
RATE, SAMPLES = 48000, 960
PATIENCE = 12.0  # seconds for a connection and its first pictures

# aioice leaves loopback out of its own accord; everything here is on loopback.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: ["127.0.0.1"]


class Paced(MediaStreamTrack):
    """Hands out frames by the clock."""

    def __init__(self):
        super().__init__()
        self.count = 0
        self.begun = None

    async def pace(self, seconds):
        self.begun = self.begun or time.monotonic()
        await asyncio.sleep(max(0, self.begun + self.count * seconds - time.monotonic()))
        self.count += 1
        return self.count - 1


class Picture(Paced):
    """Its number in binary, one field a bit, on a grey that tells whose picture it is."""

    kind = "video"

    def __init__(self, grey):
        super().__init__()
        self.grey = grey

    async def recv(self):
        number = await self.pace(1 / 20)
        y = numpy.full((HEIGHT, WIDTH), self.grey, numpy.uint8)
        for bit in range(FIELDS):
            left = bit * WIDTH // FIELDS
            y[: HEIGHT // 2, left : left + WIDTH // FIELDS] = 220 if number >> bit & 1 else 40
        planes = numpy.concatenate([y, numpy.full((HEIGHT // 2, WIDTH), 128, numpy.uint8)])
        frame = VideoFrame.from_ndarray(planes, format="yuv420p")
        frame.pts, frame.time_base = number * 4500, fractions.Fraction(1, 90000)
        return frame


class Tone(Paced):
    kind = "audio"

    def __init__(self, hertz):
        super().__init__()
        self.hertz = hertz

    async def recv(self):
        start = await self.pace(SAMPLES / RATE) * SAMPLES
        wave = numpy.sin(2 * numpy.pi * self.hertz * numpy.arange(start, start + SAMPLES) / RATE)
        frame = AudioFrame.from_ndarray((wave * 12000).astype(numpy.int16).reshape(1, -1), layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, start, fractions.Fraction(1, RATE)
        return frame


def number_of(luma):
    """The number that a picture shows."""
    wide = WIDTH // FIELDS
    fields = [luma[HEIGHT // 8 : HEIGHT // 4, b * wide + 8 : (b + 1) * wide - 8].mean() for b in range(FIELDS)]
    return sum(1 << bit for bit, light in enumerate(fields) if light > 130)


def pitch_of(samples):
    """Hertz of the strongest tone."""
    strength = numpy.abs(numpy.fft.rfft(samples * numpy.hanning(len(samples))))
    return numpy.argmax(strength) * RATE / len(samples)


class Seen:
    """What one client has received and decoded."""

    def __init__(self):
        self.numbers, self.greys, self.sound = [], [], []

    async def watch(self, track):
        try:
            while True:
                frame = await track.recv()
                if track.kind == "video":
                    luma = frame.to_ndarray(format="yuv420p")[:HEIGHT]
                    self.numbers.append(number_of(luma))
                    self.greys.append(luma[HEIGHT * 3 // 4 :].mean())
                else:
                    self.sound.append(frame.to_ndarray()[0, :: len(frame.layout.channels)].astype(float))
        except MediaStreamError:
            pass

    async def enough(self, pictures, sounds):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and (len(self.numbers) < pictures or len(self.sound) < sounds):
            await asyncio.sleep(0.05)

    def pitch(self):
        return pitch_of(numpy.concatenate(self.sound[-25:])) if self.sound else 0

    def shows(self, grey):
        """At least 20 pictures, of this person, and nearly all in a row of growing numbers."""
        steps = numpy.diff(self.numbers[-20:]) % 256
        return (len(self.numbers) >= 20 and abs(numpy.median(self.greys) - grey) < 12
                and (steps >= 1).mean() > 0.9 and (steps <= 4).mean() > 0.9)

    def say(self):
        grey = numpy.median(self.greys) if self.greys else 0
        return (f"{len(self.numbers)} pictures {self.numbers[-8:]} of grey {grey:.0f}, "
                f"{len(self.sound)} sounds of {self.pitch():.0f} Hz")


class Client:
    """A peer connection at one end of a room."""

    def __init__(self, http, end):
        self.http, self.end = http, end
        self.pc = RTCPeerConnection()
        self.seen = Seen()
        self.status, self.answer, self.location, self.tasks = 0, "", None, []
        self.pc.on("track", lambda track: self.tasks.append(asyncio.ensure_future(self.seen.watch(track))))

    async def join(self, direction, tracks=(), change=lambda sdp: sdp):
        for kind in ("audio", "video"):
            mine = [t for t in tracks if t.kind == kind]
            self.pc.addTransceiver(mine[0] if mine else kind, direction=direction)
        await self.pc.setLocalDescription(await self.pc.createOffer())
        headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {self.end['token']}"}
        async with self.http.post(self.end["media"], data=change(self.pc.localDescription.sdp), headers=headers) as r:
            self.status, self.answer, self.location = r.status, await r.text(), r.headers.get("Location")
        if self.status == 201:
            await self.pc.setRemoteDescription(RTCSessionDescription(self.answer, "answer"))
        return self

    async def connected(self):
        end = time.monotonic() + PATIENCE
        while self.pc.connectionState != "connected" and time.monotonic() < end:
            await asyncio.sleep(0.02)
        return self.pc.connectionState == "connected"

    async def delete(self):
        async with self.http.delete(URL + self.location, headers={"Authorization": f"Bearer {self.end['token']}"}) as r:
            return r.status

    def answers(self, line, times):
        return self.answer.split("\r\n").count(line) == times

    async def close(self):
        await self.pc.close()
        for task in self.tasks:
            task.cancel()


class Tap:
    def __init__(self):
        self.count, self.failed = 0, 0

    def ok(self, fine, name, why=""):
        self.count += 1
        self.failed += not fine
        print(f"{'' if fine else 'not '}ok {self.count} - {name}", flush=True)
        if not fine:
            print("# " + str(why).replace("\n", "\n# "), flush=True)


async def room(http):
    body = {"kind": "social", "ends": ["prisoner", "visitor"], "monitors": 0}
    async with http.post(URL + "/lab/rooms", json=body) as r:
        return await r.json()


async def publisher_and_player(tap, http):
    ends = (await room(http))["ends"]
    publisher, player = Client(http, ends[0]), Client(http, ends[1])
    await publisher.join("sendonly", [Picture(90), Tone(500)])
    tap.ok(publisher.status == 201, "a publisher's offer is answered", f"{publisher.status} {publisher.answer}")
    tap.ok(publisher.answers("a=recvonly", 2) and publisher.answers("a=setup:passive", 2),
           "the answer takes both its lines and lets it begin DTLS", publisher.answer)
    tap.ok(await publisher.connected(), "the publisher connects, though it knows AES-CM alone", publisher.answer)
    await player.join("recvonly")
    tap.ok(player.status == 201 and player.answers("a=sendonly", 2), "a player's offer is answered with two slots",
           f"{player.status} {player.answer}")
    await player.seen.enough(40, 60)
    tap.ok(player.seen.shows(90), "the player sees the publisher's pictures, one after the other", player.seen.say())
    tap.ok(abs(player.seen.pitch() - 500) < 15, "and hears its tone", player.seen.say())
    tap.ok(not publisher.seen.numbers and not publisher.seen.sound, "the publisher is sent nothing", publisher.seen.say())

    late = len(player.seen.numbers)
    again = await Client(http, ends[1]).join("recvonly")
    await again.seen.enough(25, 25)
    tap.ok(again.seen.shows(90), "a player that comes again is shown pictures again", f"{late}; {again.seen.say()}")
    status = await again.delete()
    tap.ok(status in (200, 204), "DELETE leaves", status)
    before = len(again.seen.numbers)
    await asyncio.sleep(1.0)
    tap.ok(len(again.seen.numbers) - before < 10, "and ends what it is sent", len(again.seen.numbers) - before)
    for client in (publisher, player, again):
        await client.close()


async def both_ways(tap, http):
    ends = (await room(http))["ends"]
    left, right = Client(http, ends[0]), Client(http, ends[1])
    await left.join("sendrecv", [Picture(60), Tone(400)])
    await right.join("sendrecv", [Picture(180), Tone(1000)], change=lambda sdp: sdp.replace("actpass", "active"))
    tap.ok(left.answers("a=sendrecv", 2) and right.answers("a=sendrecv", 2), "a sendrecv line is uplink and slot at once",
           f"{left.answer}\n{right.answer}")
    tap.ok(right.status == 201 and right.answers("a=setup:passive", 2), "an offer that is active already is answered too",
           f"{right.status} {right.answer}")
    await asyncio.gather(left.seen.enough(40, 60), right.seen.enough(40, 60))
    tap.ok(left.seen.shows(180) and right.seen.shows(60), "both see the other, not themselves",
           f"left: {left.seen.say()}\nright: {right.seen.say()}")
    tap.ok(abs(left.seen.pitch() - 1000) < 15 and abs(right.seen.pitch() - 400) < 15, "both hear the other",
           f"left: {left.seen.say()}\nright: {right.seen.say()}")
    for client in (left, right):
        await client.close()


async def refusals(tap, http):
    end = (await room(http))["ends"][0]
    passive = await Client(http, end).join("sendonly", [Tone(500)], change=lambda s: s.replace("actpass", "holdconn"))
    tap.ok(passive.status in (400, 422) and "setup" in passive.answer, "an offer we cannot serve is told why",
           f"{passive.status} {passive.answer}")
    await passive.close()
    stranger = await Client(http, {**end, "token": "x" * 43}).join("sendonly", [Tone(500)])
    tap.ok(stranger.status == 401, "a wrong token publishes nothing", f"{stranger.status} {stranger.answer}")
    await stranger.close()


async def served(http):
    for _ in range(150):
        try:
            async with http.get(URL + "/ping") as r:
                if r.status == 200:
                    return True
        except aiohttp.ClientError:
            pass
        await asyncio.sleep(0.1)
    return False


async def story(tap):
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
        tap.ok(await served(http), "the service answers")
        await publisher_and_player(tap, http)
        await both_ways(tap, http)
        await refusals(tap, http)


def main():
    here = os.path.dirname(os.path.abspath(__file__))
    pvl = sys.argv[1] if len(sys.argv) > 1 else os.path.join(here, "../../build/src/programs/pvl")
    tap = Tap()
    with tempfile.TemporaryDirectory(prefix="pvl-foreign-") as data:
        server = subprocess.Popen([pvl, "serve", "--lab", "--data", os.path.join(data, "data"), "--listen", "127.0.0.1",
                                   "--port", str(PORT), "--media-port", str(MEDIA_PORT), "--media-workers", "1",
                                   "--media-address", "127.0.0.1"], stderr=subprocess.DEVNULL)
        try:
            asyncio.run(asyncio.wait_for(story(tap), 55))
        except Exception as error:  # the plan must be told whatever happens
            tap.ok(False, "the story is told to its end", repr(error))
        finally:
            server.send_signal(signal.SIGTERM)
            server.wait(10)
    print(f"1..{tap.count}")
    sys.exit(1 if tap.failed else 0)


main()
