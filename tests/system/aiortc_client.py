"""A peer connection of Debian's aiortc at one end of a lab room, and what it sends and sees."""
import asyncio
import fractions
import time

import foreign
from foreign import FPS, RATE, SAMPLES

import aioice.ice
import numpy
from aiortc import MediaStreamTrack, RTCPeerConnection, RTCSessionDescription
from aiortc.mediastreams import MediaStreamError
from av import AudioFrame, VideoFrame

PATIENCE = 12.0  # seconds for a connection and its first pictures

# aioice leaves loopback out of its own accord; outside a namespace all is on loopback.
aioice.ice.get_host_addresses = lambda use_ipv4, use_ipv6: [foreign.ADDRESS]


class Start:
    """When tracks that belong together began: with the first of them."""

    def __init__(self):
        self.at = None


class Paced(MediaStreamTrack):
    """Hands out frames by the clock."""

    def __init__(self, start):
        super().__init__()
        self.count = 0
        self.start = start or Start()

    async def pace(self, seconds):
        self.start.at = self.start.at or time.monotonic()
        await asyncio.sleep(max(0, self.start.at + self.count * seconds - time.monotonic()))
        self.count += 1
        return self.count - 1


class Picture(Paced):
    """Its number in binary, one field a bit, on a grey that tells whose picture it is, or that depends on the number."""

    kind = "video"

    def __init__(self, grey, start=None):
        super().__init__(start)
        self.grey = grey if callable(grey) else lambda number: grey

    async def recv(self):
        number = await self.pace(1 / FPS)
        frame = VideoFrame.from_ndarray(foreign.paint(number, self.grey(number)), format="yuv420p")
        frame.pts, frame.time_base = number * 90000 // FPS, fractions.Fraction(1, 90000)
        return frame


class Tone(Paced):
    """Of so many hertz, or any samples from a place on."""

    kind = "audio"

    def __init__(self, hertz, start=None):
        super().__init__(start)
        self.samples = hertz if callable(hertz) else lambda place: foreign.tone(hertz, place)

    async def recv(self):
        place = await self.pace(SAMPLES / RATE) * SAMPLES
        samples = numpy.zeros(SAMPLES, numpy.int16)
        given = self.samples(place)
        samples[: len(given)] = given
        frame = AudioFrame.from_ndarray(samples.reshape(1, -1), layout="mono")
        frame.sample_rate, frame.pts, frame.time_base = RATE, place, fractions.Fraction(1, RATE)
        return frame


class Seen(foreign.Seen):
    """Of the tracks of one peer connection; stamps are those of the pieces of sound."""

    def __init__(self):
        super().__init__()
        self.stamps, self.picture_stamps = [], []

    async def watch(self, track):
        try:
            while True:
                frame = await track.recv()
                if track.kind == "video":
                    self.picture_stamps.append(frame.pts)
                    self.picture(frame.to_ndarray(format="yuv420p")[: foreign.HEIGHT])
                else:
                    self.stamps.append(frame.pts)
                    self.sound.append(frame.to_ndarray()[0, :: len(frame.layout.channels)].astype(float))
        except MediaStreamError:
            pass

    async def enough(self, pictures, sounds):
        end = time.monotonic() + PATIENCE
        while time.monotonic() < end and not self.has(pictures, sounds):
            await asyncio.sleep(0.05)


class Client:
    """A peer connection at one end of a room."""

    def __init__(self, http, end):
        self.http, self.end, self.url = http, end, end["media"].split("/api/")[0]
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
        async with self.http.delete(self.url + self.location, headers={"Authorization": f"Bearer {self.end['token']}"}) as r:
            return r.status

    def answers(self, line, times):
        return self.answer.split("\r\n").count(line) == times

    async def close(self):
        await self.pc.close()
        for task in self.tasks:
            task.cancel()
