#!/usr/bin/python3
"""packets.py PORT COUNT: the time of each RTP packet that leaves these UDP ports, in ms, one a line.

All interfaces of the network namespace, for which it needs root there.  It ends with its pipe.
"""
import socket
import struct
import sys
import time

ETH_P_ALL, UDP, OUTGOING = 3, 17, 4


def is_rtp(packet, ports):
    """An IPv4 packet with RTP (RFC 7983: first byte 128..191; RFC 5761: not RTCP) from one of these ports."""
    header = (packet[0] & 15) * 4
    if packet[0] >> 4 != 4 or packet[9] != UDP or len(packet) < header + 8 + 12:
        return False
    (source,) = struct.unpack_from("!H", packet, header)
    first, second = packet[header + 8], packet[header + 9]
    return source in ports and 128 <= first <= 191 and not 192 <= second <= 223


def main():
    first, count = int(sys.argv[1]), int(sys.argv[2])
    tap = socket.socket(socket.AF_PACKET, socket.SOCK_DGRAM, socket.htons(ETH_P_ALL))
    while True:
        packet, (_, _, kind, _, _) = tap.recvfrom(96)
        if kind == OUTGOING and is_rtp(packet, range(first, first + count)):
            print(round(time.time() * 1000, 1), flush=True)


main()
