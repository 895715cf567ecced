/*
 * rtc.h - the media core: every visit of one pvl-media process.
 *
 * Sans-I/O.  Control messages and datagrams go in with the time; datagrams and
 * reports come out; rtc_next() says when to tick.  After each input or tick the
 * driver drains rtc_report() to the end (the one invariant); datagrams may wait
 * for those of further inputs, so that they leave together, as long as
 * rtc_waiting() is small.
 * Fixed tables: visits and peers are bounded by struct rtc_config.
 */
#ifndef PVL_RTC_RTC_H
#define PVL_RTC_RTC_H

#include "base/address.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/random.h"
#include "ipc/media.h"

struct rtc; /* opaque */

struct rtc_config {
	uint32_t visits_max;
	uint32_t peers_max;
	uint16_t port; /* told in MEDIA_HELLO, like the next */
	uint16_t tcp_ports[MEDIA_TCP_PORTS];
	struct wall wall;      /* now, for the dates of the DTLS certificate */
	struct random *random; /* outlives the rtc */
	struct log *log;       /* may be NULL */
};

/* A datagram to send.  Its bytes stand until the next input or tick. */
struct rtc_datagram {
	struct address to;
	struct bytes bytes;
};

/* Ends the program when memory or keys cannot be made. */
struct rtc *rtc_new(const struct rtc_config *config, struct mono now);
void rtc_free(struct rtc *rtc);

/* A checked message from pvl-web. */
void rtc_control(struct rtc *rtc, const struct media_message *message, struct mono now);
/* A datagram as it came; its memory is changed in place (decryption). */
void rtc_receive(struct rtc *rtc, const struct address *from, uint8_t *at, size_t len,
		 struct mono now);
/* What the next inputs cause leaves at this time: they may have waited, and how long they did says
 * nothing of the receivers' lines. */
void rtc_set_clock(struct rtc *rtc, struct mono now);
/* The driver is behind or has caught up.  While it is behind, video is dropped before anything is
 * spent on it, so that sound stays in time; afterwards senders are asked for a key frame. */
void rtc_set_behind(struct rtc *rtc, bool behind);
/* The way to this address (a TCP connection) takes nothing more just now, or does again.  While it
 * is full, pictures wait; after LEG_FULL_US they are left out up to a key frame.  Sound goes on. */
void rtc_set_full(struct rtc *rtc, const struct address *to, bool full, struct mono now);
/* This address (a TCP connection) is no more: nothing can be sent there. */
void rtc_address_gone(struct rtc *rtc, const struct address *address, struct mono now);
void rtc_tick(struct rtc *rtc, struct mono now);
bool rtc_next(struct rtc *rtc, struct mono *at);

/* Drains what is to be sent, at most max at a time; 0 = nothing left. */
size_t rtc_send(struct rtc *rtc, struct rtc_datagram *out, size_t max);
/* Datagrams that wait for rtc_send().  There is room for some hundreds. */
size_t rtc_waiting(const struct rtc *rtc);
/* A message of packets for pvl-record (ipc/record.h) that is worth sending now, or empty.  It stands
 * until rtc_recorded_taken(): sent false means that it was not, and its packets count as lost. */
struct bytes rtc_recorded(struct rtc *rtc, struct mono now);
void rtc_recorded_taken(struct rtc *rtc, bool sent);
/* The same for pvl-hints. */
struct bytes rtc_hinted(struct rtc *rtc, struct mono now);
void rtc_hinted_taken(struct rtc *rtc, bool sent);
/* The driver tells that the kernel refused count datagrams (statistics, drops). */
void rtc_send_refused(struct rtc *rtc, size_t count);
/* Drains what pvl-web is to be told; false = nothing left. */
bool rtc_report(struct rtc *rtc, struct media_message *out);

#endif
