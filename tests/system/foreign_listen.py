#!/usr/bin/python3
"""Listens to a call: speech arrives whole, sound and picture stay together, and after the end nothing comes.

foreign_listen.py [PVL]: starts `pvl serve --lab` (default build/src/programs/pvl; TCP 47282, UDP 47240).
Debian's aiortc sends and receives; espeak-ng speaks.  TAP.
"""
import asyncio
import subprocess
import time

import foreign
from foreign import FPS, RATE, SAMPLES, Tap

import aiohttp
import numpy
from aiortc import rtcdtlstransport, rtcrtpreceiver
from aiortc_client import Client, Picture, Start, Tone

PORT, MEDIA_PORT = 47282, 47240
URL = f"http://127.0.0.1:{PORT}"
SENTENCES = ("It is good to see you. How are you, and how is everybody at home? "
             "Tell me all about your week. The children send their love, and a drawing.")
SKEW_MAX_S, SILENT_WITHIN_S = 0.100, 0.100
EACH = RATE // 100  # samples of 10 ms: what loudness is compared by


def speech():
    """Samples at 48 kHz, about ten seconds."""
    said = subprocess.run(["espeak-ng", "--stdout", "-s", "150", SENTENCES], capture_output=True, check=True).stdout
    at = said.index(b"data") + 8  # a stream's header does not know its length
    samples = numpy.frombuffer(said[at : len(said) & ~1], numpy.int16).astype(float)
    rate = int.from_bytes(said[24:28], "little")
    times = numpy.arange(0, len(samples) / rate, 1 / RATE)
    return numpy.interp(times, numpy.arange(len(samples)) / rate, samples)


class Sound(Tone):
    """These samples once, then silence."""

    def __init__(self, samples):
        super().__init__(lambda start: samples[start : start + SAMPLES])


class Marks:
    """Each second a flash and a beep, begun at the same moment of the same clock."""

    @staticmethod
    def grey(number):
        return 235 if number % FPS == 0 else 60

    @staticmethod
    def samples(start):
        t = numpy.arange(start, start + SAMPLES)
        return numpy.where(t % RATE < RATE // 10, 12000 * numpy.sin(2 * numpy.pi * 1000 * t / RATE), 0)


class Ear:
    """Notes RTP timestamps, sender reports and arrivals, which aiortc keeps to itself."""

    def __init__(self):
        self.reports, self.arrivals = {}, []
        handle_rtcp, handle_rtp = (rtcrtpreceiver.RTCRtpReceiver._handle_rtcp_packet,
                                   rtcdtlstransport.RTCDtlsTransport._handle_rtp_data)

        async def on_rtcp(receiver, packet):
            if isinstance(packet, rtcrtpreceiver.RtcpSrPacket):
                self.reports[receiver.track.kind] = (packet.sender_info.ntp_timestamp, packet.sender_info.rtp_timestamp)
            await handle_rtcp(receiver, packet)

        async def on_rtp(transport, data, arrival_time_ms):
            self.arrivals.append(time.monotonic())
            await handle_rtp(transport, data, arrival_time_ms)

        rtcrtpreceiver.RTCRtpReceiver._handle_rtcp_packet = on_rtcp
        rtcdtlstransport.RTCDtlsTransport._handle_rtp_data = on_rtp
        rtcrtpreceiver.TimestampMapper.map = lambda mapper, timestamp: timestamp  # pts: as in the packet

    def time_of(self, kind, timestamp):
        """Seconds of the sender's clock, by its newest report."""
        ntp, at = self.reports[kind]
        ticks = (int(timestamp) - at + (1 << 31)) % (1 << 32) - (1 << 31)
        return ntp / 2**32 + ticks / {"audio": 48000, "video": 90000}[kind]


def loudness(samples):
    """Of each 10 ms, as a root mean square."""
    whole = samples[: len(samples) // EACH * EACH].reshape(-1, EACH)
    return numpy.sqrt((whole**2).mean(axis=1))


def likeness(sent, heard):
    """Correlation of the two loudnesses where they fit best: 1 is the same."""
    a, b = loudness(sent), loudness(heard)
    return max((numpy.corrcoef(a, b[s : s + len(a)])[0, 1] for s in range(len(b) - len(a))), default=0)


def timeline(seen):
    """What was heard, each piece at its RTP timestamp; and the share of it that never came."""
    first = seen.stamps[0]
    places = [(stamp - first) % (1 << 32) for stamp in seen.stamps]
    line = numpy.full(max(places) + SAMPLES, numpy.nan)
    for place, samples in zip(places, seen.sound):
        line[place : place + len(samples)] = samples
    return numpy.nan_to_num(line), numpy.isnan(line).mean()


async def hear_speech(tap, http, ear):
    ends = foreign.make_room(URL)["ends"]
    sent = speech()
    player = Client(http, ends[1])
    await player.join("recvonly")
    await player.connected()
    publisher = Client(http, ends[0])
    silence = numpy.zeros(RATE)
    await publisher.join("sendonly", [Picture(90), Sound(numpy.concatenate([silence, sent, silence]))])
    await publisher.connected()
    await asyncio.sleep(len(sent) / RATE + 3)
    heard, missing = timeline(player.seen)
    like = likeness(sent, heard)
    said = f"likeness {like:.3f}, {missing:.2%} missing of {len(heard) / RATE:.1f} s, sent {len(sent) / RATE:.1f} s"
    tap.ok(like > 0.95, "the speech that arrives is the speech that was sent", said)
    tap.ok(missing < 0.005, "without gaps", said)
    loud = loudness(heard).max() / loudness(sent).max()
    tap.ok(0.7 < loud < 1.4, "and as loud", loud)
    print(f"# {said}, loudness {loud:.2f}", flush=True)
    await end_at_once(tap, ends, ear)
    for client in (publisher, player):
        await client.close()


async def end_at_once(tap, ends, ear):
    """Measured on the packets that reach the receiver."""
    await asyncio.sleep(1.0)
    visit = ends[0]["media"].split("/")[-2]
    before = len([at for at in ear.arrivals if at > time.monotonic() - 0.5])
    deleted = await asyncio.to_thread(foreign.request, "DELETE", f"{URL}/lab/rooms/{visit}")
    over = time.monotonic()
    await asyncio.sleep(1.0)
    late = [at - over for at in ear.arrivals if at > over + SILENT_WITHIN_S]
    tap.ok(deleted[0] in (200, 204) and before > 20 and not late, "no packet comes later than 100 ms after the end of a visit",
           f"{deleted[0]}, {before} in the half second before, late: {late[:5]}")


def flashes(seen, ear):
    greys = numpy.array(seen.greys)
    starts = [i for i in range(1, len(greys)) if greys[i] > 180 > greys[i - 1]]
    return [ear.time_of("video", seen.picture_stamps[i]) for i in starts]


def beeps(seen, ear):
    out, quiet = [], 0
    for stamp, samples in zip(seen.stamps, seen.sound):
        loud = numpy.flatnonzero(numpy.abs(samples) > 3000)
        if len(loud) and quiet > RATE // 3:
            out.append(ear.time_of("audio", stamp + loud[0]))
        quiet = 0 if len(loud) else quiet + len(samples)
    return out


async def sound_and_picture(tap, http, ear):
    ends = foreign.make_room(URL)["ends"]
    player, publisher = Client(http, ends[1]), Client(http, ends[0])
    start = Start()
    picture, sound = Picture(Marks.grey, start), Tone(Marks.samples, start)
    await player.join("recvonly")
    await player.connected()
    ear.reports.clear()
    await publisher.join("sendonly", [picture, sound])
    await publisher.connected()
    await asyncio.sleep(8)
    if set(ear.reports) != {"audio", "video"}:
        tap.ok(False, "reports of both streams come", ear.reports)
        return
    seen, heard = flashes(player.seen, ear), beeps(player.seen, ear)
    skews = [min((b - f for b in heard), key=abs, default=9) for f in seen]
    said = f"skews of {[round(s, 3) for s in skews]} s of {len(heard)} beeps"
    print(f"# {said}", flush=True)
    tap.ok(len(skews) >= 4 and max(map(abs, skews)) <= SKEW_MAX_S, "sound and picture are together within 100 ms", said)
    for client in (publisher, player):
        await client.close()


async def story(tap):
    ear = Ear()
    async with aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=10)) as http:
        tap.ok(foreign.answers(URL), "the service answers")
        await hear_speech(tap, http, ear)
        await sound_and_picture(tap, http, ear)


def main():
    tap = Tap()
    with foreign.service(PORT, MEDIA_PORT):
        try:
            asyncio.run(asyncio.wait_for(story(tap), 80))
        except Exception as error:  # the plan must be told whatever happens
            tap.ok(False, "the story is told to its end", repr(error))
    tap.end()


main()
