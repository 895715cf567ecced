#include "domain/custody.h"

#define BIT(x) (1U << (x))

static const char *const CUSTODIES[CUSTODY_COUNT] = {
	[CUSTODY_IN] = "IN",         [CUSTODY_COURT] = "COURT",   [CUSTODY_HOSPITAL] = "HOSPITAL",
	[CUSTODY_ABSENT] = "ABSENT", [CUSTODY_MOVING] = "MOVING", [CUSTODY_RELEASED] = "RELEASED",
	[CUSTODY_MERGED] = "MERGED",
};

enum {
	AWAY = BIT(CUSTODY_COURT) | BIT(CUSTODY_HOSPITAL) | BIT(CUSTODY_ABSENT),
	HELD = BIT(CUSTODY_IN) | AWAY | BIT(CUSTODY_MOVING),
};

static const struct {
	const char *name;
	unsigned from;
	struct movement_effect effect;
} MOVEMENTS[MOVEMENT_COUNT] = {
	[MOVEMENT_ADMITTED] = { "ADMITTED",
				BIT(CUSTODY_RELEASED) | HELD,
				{ .becomes = CUSTODY_IN,
				  .resets_orders = true,
				  .rejects_requests = true,
				  .flags_visits = true } },
	[MOVEMENT_TRANSFERRED] = { "TRANSFERRED",
				   HELD,
				   { .becomes = CUSTODY_IN,
				     .rejects_requests = true,
				     .flags_visits = true,
				     .reoffers_visits = true } },
	[MOVEMENT_TO_COURT] = { "TO_COURT", BIT(CUSTODY_IN), { .becomes = CUSTODY_COURT } },
	[MOVEMENT_TO_HOSPITAL] = { "TO_HOSPITAL",
				   BIT(CUSTODY_IN),
				   { .becomes = CUSTODY_HOSPITAL, .flags_visits = true } },
	[MOVEMENT_ABSENCE] = { "TEMPORARY_ABSENCE",
			       BIT(CUSTODY_IN),
			       { .becomes = CUSTODY_ABSENT, .flags_visits = true } },
	[MOVEMENT_RETURNED] = { "RETURNED",
				AWAY,
				{ .becomes = CUSTODY_IN, .settles_flags = true } },
	[MOVEMENT_RELEASED] = { "RELEASED",
				HELD,
				{ .becomes = CUSTODY_RELEASED,
				  .rejects_requests = true,
				  .ends_visits = true } },
};

const char *custody_name(enum custody custody)
{
	return CUSTODIES[custody < CUSTODY_COUNT ? custody : CUSTODY_RELEASED];
}

bool custody_of(struct str name, enum custody *out)
{
	for (unsigned i = 0; i < CUSTODY_COUNT; i++) {
		if (str_is(name, CUSTODIES[i])) {
			*out = (enum custody)i;
			return true;
		}
	}
	return false;
}

const char *movement_name(enum movement movement)
{
	return MOVEMENTS[movement < MOVEMENT_COUNT ? movement : MOVEMENT_RELEASED].name;
}

bool movement_of(struct str name, enum movement *out)
{
	for (unsigned i = 0; i < MOVEMENT_COUNT; i++) {
		if (str_is(name, MOVEMENTS[i].name)) {
			*out = (enum movement)i;
			return true;
		}
	}
	return false;
}

bool movement_possible(enum custody from, enum movement movement)
{
	return movement < MOVEMENT_COUNT && from < CUSTODY_COUNT &&
	       (MOVEMENTS[movement].from & BIT(from)) != 0;
}

struct movement_effect movement_effect_of(enum movement movement)
{
	return MOVEMENTS[movement < MOVEMENT_COUNT ? movement : MOVEMENT_RELEASED].effect;
}

struct date week_of(struct date day, int64_t start)
{
	return date_add_days(day, -((date_weekday(day) - start + 7) % 7));
}
