#!/usr/bin/python3
"""Debian's GStreamer (webrtcbin) as a foreign client of WHIP and WHEP: it publishes, plays, and does both at once.

foreign_gstreamer.py [PVL]: starts `pvl serve --lab` (default build/src/programs/pvl; TCP 47182, UDP 47140)
and meets itself in its rooms.  TAP.  Its libnice, its DTLS and its libsrtp are not ours, nor aiortc's, nor a browser's.
"""
import threading
import time

import foreign
from foreign import FPS, HEIGHT, RATE, SAMPLES, WIDTH, Tap

import gi
import numpy

gi.require_version("Gst", "1.0")
gi.require_version("GstSdp", "1.0")
gi.require_version("GstWebRTC", "1.0")
from gi.repository import Gst, GstSdp, GstWebRTC  # noqa: E402

PORT, MEDIA_PORT = 47182, 47140
URL = f"http://127.0.0.1:{PORT}"
PATIENCE = 12.0

VIDEO = "application/x-rtp,media=video,encoding-name=VP8,payload=96,clock-rate=90000,rtcp-fb-nack=true,rtcp-fb-nack-pli=true"
AUDIO = "application/x-rtp,media=audio,encoding-name=OPUS,payload=97,clock-rate=48000"
PUBLISH = f"""
    appsrc name=video is-live=true format=time
        caps=video/x-raw,format=I420,width={WIDTH},height={HEIGHT},framerate={FPS}/1 !
    vp8enc deadline=1 cpu-used=8 keyframe-max-dist=600 target-bitrate=400000 !
    rtpvp8pay pt=96 picture-id-mode=15-bit ! {VIDEO} ! w.
    appsrc name=audio is-live=true format=time caps=audio/x-raw,format=S16LE,rate={RATE},channels=1,layout=interleaved !
    opusenc ! rtpopuspay pt=97 ! {AUDIO} ! w.
"""
PLAY = {
    "VP8": "rtpvp8depay ! vp8dec ! videoconvert ! video/x-raw,format=I420 ! appsink name=sink sync=false emit-signals=true",
    "OPUS": "rtpopusdepay ! opusdec ! audioconvert ! audioresample ! audio/x-raw,format=S16LE,channels=1,rate=48000 ! "
            "appsink name=sink sync=false emit-signals=true",
}


def until(ask):
    end = time.monotonic() + PATIENCE
    while not ask() and time.monotonic() < end:
        time.sleep(0.02)
    return bool(ask())


class Client:
    """A pipeline with one webrtcbin at one end of a room."""

    def __init__(self, end, direction, grey=0, hertz=0):
        self.end, self.seen, self.status, self.answer, self.location = end, foreign.Seen(), 0, "", None
        self.grey, self.hertz, self.running = grey, hertz, True
        sends = direction != "recvonly"
        self.pipe = Gst.Pipeline()
        self.pipe.add(Gst.parse_bin_from_description("webrtcbin name=w bundle-policy=max-bundle" + (PUBLISH if sends else ""), False))
        self.w = self.pipe.get_by_name("w")
        self.w.connect("pad-added", self.on_pad)
        way = getattr(GstWebRTC.WebRTCRTPTransceiverDirection, direction.upper())
        if sends:
            for i in range(2):
                self.w.emit("get-transceiver", i).set_property("direction", way)
        else:
            for caps in (VIDEO, AUDIO):
                self.w.emit("add-transceiver", way, Gst.Caps.from_string(caps))
        self.pipe.set_state(Gst.State.PLAYING)
        self.feeders = []
        if sends:
            self.feeders = [threading.Thread(target=self.feed, args=given, daemon=True) for given in
                            (("video", 1 / FPS, lambda n: foreign.paint(n, grey)),
                             ("audio", SAMPLES / RATE, lambda n: foreign.tone(hertz, n * SAMPLES)))]
            for feeder in self.feeders:
                feeder.start()

    def feed(self, name, seconds, make):
        source, number, begun = self.pipe.get_by_name(name), 0, time.monotonic()
        while self.running:
            buffer = Gst.Buffer.new_wrapped(make(number).tobytes())
            buffer.pts = int(number * seconds * Gst.SECOND)
            buffer.duration = int(seconds * Gst.SECOND)
            if source.emit("push-buffer", buffer) != Gst.FlowReturn.OK:
                return
            number += 1
            time.sleep(max(0, begun + number * seconds - time.monotonic()))

    def on_pad(self, _, pad):
        if pad.direction != Gst.PadDirection.SRC:
            return
        name = pad.get_current_caps().get_structure(0).get_string("encoding-name")
        part = Gst.parse_bin_from_description(PLAY[name], True)
        part.get_by_name("sink").connect("new-sample", self.on_picture if name == "VP8" else self.on_sound)
        self.w.get_parent().add(part)
        part.sync_state_with_parent()
        pad.link(part.get_static_pad("sink"))

    @staticmethod
    def bytes_of(sink):
        buffer = sink.emit("pull-sample").get_buffer()
        return buffer.extract_dup(0, buffer.get_size())

    def on_picture(self, sink):
        raw = numpy.frombuffer(self.bytes_of(sink), numpy.uint8)
        self.seen.picture(raw[: WIDTH * HEIGHT].reshape(HEIGHT, WIDTH))
        return Gst.FlowReturn.OK

    def on_sound(self, sink):
        self.seen.sound.append(numpy.frombuffer(self.bytes_of(sink), numpy.int16).astype(float))
        return Gst.FlowReturn.OK

    def offer(self):
        """Sets and returns one."""
        until(lambda: all(pad.get_current_caps() for pad in self.w.sinkpads))
        promise = Gst.Promise.new()
        self.w.emit("create-offer", None, promise)
        promise.wait()
        reply = promise.get_reply()  # the offer lives in it
        offer = reply.get_value("offer")
        done = Gst.Promise.new()
        self.w.emit("set-local-description", offer, done)
        done.wait()
        return offer.sdp.as_text()

    def join(self, change=lambda sdp: sdp):
        headers = {"Content-Type": "application/sdp", "Authorization": f"Bearer {self.end['token']}"}
        self.status, said, self.answer = foreign.request("POST", self.end["media"], change(self.offer()).encode(), headers)
        self.location = said.get("Location")
        if self.status == 201:
            _, sdp = GstSdp.SDPMessage.new_from_text(self.answer)
            done = Gst.Promise.new()
            answer = GstWebRTC.WebRTCSessionDescription.new(GstWebRTC.WebRTCSDPType.ANSWER, sdp)
            self.w.emit("set-remote-description", answer, done)
            done.wait()
        return self

    def connected(self):
        up = GstWebRTC.WebRTCPeerConnectionState.CONNECTED
        return until(lambda: self.w.get_property("connection-state") == up)

    def answers(self, line, times):
        return self.answer.split("\r\n").count(line) == times

    def enough(self, pictures, sounds):
        return until(lambda: self.seen.has(pictures, sounds))

    def delete(self):
        return foreign.request("DELETE", URL + self.location, headers={"Authorization": f"Bearer {self.end['token']}"})[0]

    def close(self):
        self.running = False
        for feeder in self.feeders:
            feeder.join(1)
        self.pipe.set_state(Gst.State.NULL)


def publisher_and_player(tap):
    ends = foreign.make_room(URL)["ends"]
    publisher = Client(ends[0], "sendonly", 90, 500).join()
    tap.ok(publisher.status == 201 and publisher.answers("a=recvonly", 2) and publisher.answers("a=setup:passive", 2),
           "a publisher's offer is answered, and lets it begin DTLS", f"{publisher.status} {publisher.answer}")
    tap.ok(publisher.connected(), "the publisher connects", publisher.answer)
    player = Client(ends[1], "recvonly").join()
    tap.ok(player.status == 201 and player.answers("a=sendonly", 2), "a player's offer is answered with two slots",
           f"{player.status} {player.answer}")
    player.enough(40, 60)
    tap.ok(player.seen.shows(90), "the player sees the publisher's pictures, one after the other", player.seen.say())
    tap.ok(abs(player.seen.pitch() - 500) < 15, "and hears its tone", player.seen.say())
    tap.ok(not publisher.seen.numbers and not publisher.seen.sound, "the publisher is sent nothing", publisher.seen.say())
    again = Client(ends[1], "recvonly").join()
    again.enough(25, 25)
    tap.ok(again.seen.shows(90), "a player that comes again is shown pictures, though no key frame was due", again.seen.say())
    status = again.delete()
    time.sleep(0.3)
    before = len(again.seen.numbers)
    time.sleep(0.7)
    tap.ok(status in (200, 204) and len(again.seen.numbers) == before, "DELETE ends what it is sent",
           f"{status}, {len(again.seen.numbers) - before} more")
    for client in (publisher, player, again):
        client.close()


def both_ways(tap):
    ends = foreign.make_room(URL)["ends"]
    left, right = Client(ends[0], "sendrecv", 60, 400).join(), Client(ends[1], "sendrecv", 180, 1000).join()
    tap.ok(left.answers("a=sendrecv", 2) and right.answers("a=sendrecv", 2), "a sendrecv line is uplink and slot at once",
           f"{left.status} {left.answer}\n{right.status} {right.answer}")
    left.enough(40, 60)
    right.enough(40, 60)
    said = f"left: {left.seen.say()}\nright: {right.seen.say()}"
    tap.ok(left.seen.shows(180) and right.seen.shows(60), "both see the other, not themselves", said)
    tap.ok(abs(left.seen.pitch() - 1000) < 15 and abs(right.seen.pitch() - 400) < 15, "both hear the other", said)
    left.close()
    right.close()


def main():
    Gst.init(None)
    tap = Tap()
    with foreign.service(PORT, MEDIA_PORT):
        try:
            tap.ok(foreign.answers(URL), "the service answers")
            publisher_and_player(tap)
            both_ways(tap)
        except Exception as error:  # the plan must be told whatever happens
            tap.ok(False, "the story is told to its end", repr(error))
    tap.end()


main()
