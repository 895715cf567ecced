/*
 * core.h - what all visits of the process share: tables, queues, counts.  Private to src/rtc.
 *
 * Objects name each other by their place in a table; the ids of the outside
 * (struct visit_id, struct peer_id) are random and never drawn twice, so a
 * stale one finds nothing.
 */
#ifndef PVL_RTC_CORE_H
#define PVL_RTC_CORE_H

#include "base/map.h"
#include "base/writer.h"
#include "ipc/record.h"
#include "rtc/dtls.h"
#include "rtc/outbox.h"
#include "rtc/rtc.h"

enum {
	CORE_NOBODY = UINT32_MAX,
	CORE_GRID_US = 2000,   /* deadlines are met on this grid, many at one time */
	CORE_SOURCES = 1024,   /* counters of hosts that have proved nothing yet */
	CORE_SOURCE_MAX = 100, /* datagrams that each counter lets through in a second */
};

struct member;
struct visit;

/* A batch that is being filled, and packets that found no room (tap.h). */
struct tap {
	struct writer batch;
	uint32_t lost;
	struct mono since; /* its first packet came */
};

struct core {
	struct random *random;
	struct log *log;
	struct dtls_identity *identity;
	uint64_t instance;
	uint16_t port;
	uint16_t tcp_ports[MEDIA_TCP_PORTS];
	bool behind;        /* the driver is: video waits for better times */
	uint64_t secret[2]; /* of the map of tuples */
	struct outbox outbox;
	/* Reports wait here; a tick makes at most three for each visit and member. */
	struct media_message *reports;
	size_t reports_max;
	size_t reports_len;
	size_t reports_taken;
	struct tap recorded; /* for pvl-record */
	struct tap hinted;   /* for pvl-hints */
	struct media_heartbeat totals;
	struct mono second_at; /* next heartbeat; the counters of sources start again */
	uint16_t sources[CORE_SOURCES];

	uint32_t visits_max;
	uint32_t members_max;
	struct visit *visits;
	struct member *members;
	struct mono *visit_due; /* beside the tables, so that looking for the next one is quick */
	struct mono *member_due;
	uint32_t visits_end; /* beyond the highest place that was ever taken */
	uint32_t members_end;
	struct mono earliest; /* of all due; never later than the truth */
	bool put_off;         /* what was due then is due later now */
	struct map visit_ids;
	struct map peer_ids;
	struct map ufrags; /* ours, eight bytes */
	struct map tuples;
};

void core_drop(struct core *core, enum media_drop drop);
void core_report(struct core *core, const struct media_message *message);
/* A counter of the host has room; for what comes from addresses without a valid check. */
bool core_source_may(struct core *core, const struct address *from);
/* Something of this member or visit is due at `at`, met on the grid. */
void core_member_due(struct core *core, uint32_t member, struct mono at);
void core_visit_due(struct core *core, uint32_t visit, struct mono at);
/* Places in the tables; CORE_NOBODY if there is none. */
uint32_t core_find_visit(const struct core *core, struct visit_id id);
uint32_t core_find_member(const struct core *core, struct peer_id id);

#endif
