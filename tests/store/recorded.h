/*
 * recorded.h - a social visit of the sample estate with a recording of two segments, and staff of each line.
 */
#ifndef PVL_TESTS_RECORDED_H
#define PVL_TESTS_RECORDED_H

#include "tests/store/estate.h"

#include "service/recording.h"

struct kept {
	struct estate e;
	struct visit visit;
	struct actor monitor, governor, authoriser, clerk;
};

/* Each role is somebody else. */
static inline struct actor staff(struct kept *k, enum role role, const char *email)
{
	struct actor actor = estate_staff(&k->e, role, "WWI");
	actor.account = estate_family(&k->e, email).account;
	return actor;
}

/* Its rows, as pvl-record tells of them. */
static inline void record_visit(struct estate *e, struct visit *visit)
{
	size_t refused;
	struct record_note notes[2];
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, e->sample.joinable, visit) == OK);
	for (int64_t i = 0; i < 2; i++)
		notes[i] = (struct record_note){ .type = RECORD_BEGAN,
						 .instance = 7,
						 .visit = visit->id,
						 .segment = 5 + i,
						 .codec = CODEC_OPUS,
						 .at_ms = (ESTATE_NOW.s + 60 * i) * 1000,
						 .key = { 1, 2, 3 } };
	struct recording_notes all = { .count = 2, .list = notes };
	CHECK(recording_notes_take(&e->service, &SYSTEM_ACTOR, &all, &refused) == OK);
}

static inline void keep(struct kept *k)
{
	*k = (struct kept){ 0 };
	estate_open(&k->e);
	record_visit(&k->e, &k->visit);
	k->monitor = staff(k, ROLE_MONITOR, "monitor@wandsworth.example");
	k->governor = staff(k, ROLE_DUTY_GOVERNOR, "governor@wandsworth.example");
	k->authoriser = staff(k, ROLE_CONTACTS_AUTHORISER, "contacts@wandsworth.example");
	k->clerk = staff(k, ROLE_VISITS_CLERK, "clerk@wandsworth.example");
}

#endif
