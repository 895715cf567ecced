/*
 * source.h - where facts come from, and whether they can still be trusted.
 *
 * Where alerts, restrictions or non-associations cannot be read, nothing is
 * booked without staff looking at it: the service fails closed.
 */
#ifndef PVL_DOMAIN_SOURCE_H
#define PVL_DOMAIN_SOURCE_H

#include "base/clock.h"
#include "base/str.h"

enum source {
	SOURCE_ALERTS,
	SOURCE_RESTRICTIONS,
	SOURCE_NON_ASSOCIATIONS,
	SOURCE_COUNT,
};

const char *source_name(enum source source); /* "ALERTS" */
bool source_of(struct str name, enum source *out);

enum source_status {
	SOURCE_KEPT_HERE, /* staff enter it in this service: always current */
	SOURCE_UP,        /* imported; current while the last good import is */
	SOURCE_DOWN,      /* the last import failed, or somebody says so */
	SOURCE_STATUS_COUNT,
};

const char *source_status_name(enum source_status status); /* "KEPT_HERE" */
bool source_status_of(struct str name, enum source_status *out);

struct source_state {
	enum source source;
	enum source_status status;
	struct wall good_at; /* the last good import; 0: never */
	struct str note;     /* why it is down */
};

bool source_trusted(const struct source_state *state, int64_t stale_hours, struct wall now);

#endif
