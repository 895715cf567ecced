#!/usr/bin/python3
"""packets.py PORT COUNT: of each RTP packet that leaves these UDP ports, the time in ms and the port that it goes to.

All interfaces of the network namespace, for which it needs root there.  It ends with its pipe.
"""
import socket
import struct
import sys
import time

ETH_P_ALL, UDP, OUTGOING, SO_TIMESTAMPNS = 3, 17, 4, 35
SAID_S = 0.1  # what was seen is written so often: a busy machine has no time for a line at once


def rtp_goes_to(packet, ports):
    """The port to which an IPv4 packet with RTP (RFC 7983: first byte 128..191; RFC 5761: not RTCP) goes from one of ports."""
    header = (packet[0] & 15) * 4
    if packet[0] >> 4 != 4 or packet[9] != UDP or len(packet) < header + 8 + 12:
        return None
    source, to = struct.unpack_from("!HH", packet, header)
    first, second = packet[header + 8], packet[header + 9]
    return to if source in ports and 128 <= first <= 191 and not 192 <= second <= 223 else None


def main():
    first, count = int(sys.argv[1]), int(sys.argv[2])
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
    tap.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
    tap.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 24)
    tap.settimeout(SAID_S)
    said = time.monotonic()
    while True:
        try:
            packet, control, _, (_, _, kind, _, _) = tap.recvmsg(96, 64)
            to = rtp_goes_to(packet, range(first, first + count)) if kind == OUTGOING else None
            if to is not None:
                seconds, ns = struct.unpack("qq", control[0][2])  # the kernel's: no wait of ours counts
                print(round(seconds * 1000 + ns / 1e6, 1), to)
        except TimeoutError:
            pass
        if time.monotonic() - said > SAID_S:
            sys.stdout.flush()
            said = time.monotonic()


main()
