/*
 * sender.h - what pvl-notify is asked to send, on its way through libcurl.
 *
 * A job is one message, question or post; at most NOTIFY_IN_FLIGHT_MAX at once,
 * each bounded in time (60 s) and in what it reads (64 KiB).  The caller pours
 * datagrams in and takes results out; connections to the mail server are kept
 * for the next message.
 */
#ifndef PVL_PROGRAMS_NOTIFY_SENDER_H
#define PVL_PROGRAMS_NOTIFY_SENDER_H

#include "base/log.h"
#include "ipc/notify.h"
#include "notify/govuk.h"

enum {
	SENDER_TEXT_MAX = 512,
	SENDER_SECRET_MAX = 256,
	SENDER_CA_MAX = 256 << 10,
};

struct sender_config {
	char smtp[SENDER_TEXT_MAX]; /* URL; empty: no SMTP */
	char from[SENDER_TEXT_MAX]; /* address */
	char user[SENDER_TEXT_MAX]; /* empty: no password either */
	char password[SENDER_SECRET_MAX];
	struct buf ca;               /* PEM; empty: the system's */
	char govuk[SENDER_TEXT_MAX]; /* URL without the path; empty: no GOV.UK Notify */
	struct govuk_key key;
	char templates[NOTIFY_CHANNEL_COUNT][GOVUK_ID_LEN + 1]; /* empty: not that channel */
};

struct sender;

/* The config stays the caller's and must stand.  ERR_LIMIT: libcurl would not start. */
MUST_USE enum err sender_open(const struct sender_config *config, struct log *log,
			      struct sender **out);
void sender_close(struct sender *sender); /* what is under way is broken off */

struct notify_hello sender_hello(const struct sender_config *config);

bool sender_has_room(const struct sender *sender);
size_t sender_jobs(const struct sender *sender);
/* A SEND, ASK or POST as it came; copied. */
void sender_take(struct sender *sender, struct bytes datagram);
/* Works, and waits at most max_ms for one of the sockets or fd to be ready. */
void sender_turn(struct sender *sender, int fd, int max_ms);
/* The next result as a datagram; false: none. */
bool sender_result(struct sender *sender, uint8_t *out, size_t cap, size_t *len);

#endif
