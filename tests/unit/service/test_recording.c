#include "tests/store/estate.h"

#include "base/assert.h"
#include "service/recording.h"
#include "store/recording.h"
#include "store/visit.h"

/* A visit of the sample, and one of each confidential kind. */
struct made {
	struct estate e;
	struct visit social;
	struct visit legal;
};

static void make(struct made *m)
{
	*m = (struct made){ 0 };
	estate_open(&m->e);
	CHECK(visit_find(&m->e.service, &SYSTEM_ACTOR, &m->e.arena, m->e.sample.joinable,
			 &m->social) == OK);
	m->legal = m->social;
	m->legal.id.n ^= 2;
	m->legal.kind = VISIT_LEGAL;
	m->legal.watched = false;
	m->legal.reference = reference_new(&m->e.random);
	m->legal.state = VISIT_BOOKED;
	CHECK(store_visit_insert(m->e.service.store, &m->legal) == OK);
}

static struct record_note began(struct visit_id visit, int64_t segment)
{
	return (struct record_note){ .type = RECORD_BEGAN,
				     .instance = 7,
				     .visit = visit,
				     .segment = segment,
				     .end = 1,
				     .codec = CODEC_VP8,
				     .at_ms = 1795428420000 + segment * 60000,
				     .key = { 1, 2, 3 } };
}

static struct record_note ended(struct visit_id visit, int64_t segment)
{
	struct record_note note = began(visit, segment);
	note.type = RECORD_ENDED;
	note.ms = 59960;
	note.bytes = 1000000;
	note.hash[0] = 9;
	return note;
}

/* Each group one leaf, and none if nothing is new. */
static size_t take(struct made *m, const struct record_note *notes, size_t count, bool changes)
{
	size_t refused;
	int64_t leaves = estate_leaves(&m->e);
	struct recording_notes all = { .count = count, .list = notes };
	CHECK(recording_notes_take(&m->e.service, &SYSTEM_ACTOR, &all, &refused) == OK);
	CHECK(estate_leaves(&m->e) == leaves + changes);
	return refused;
}

static struct store_segments segments(struct made *m, struct visit_id visit)
{
	struct store_segments out;
	CHECK(store_segment_list(m->e.service.store, &m->e.arena, visit, &out) == OK);
	return out;
}

static struct store_gaps gaps(struct made *m, struct visit_id visit)
{
	struct store_gaps out;
	CHECK(store_gap_list(m->e.service.store, &m->e.arena, visit, &out) == OK);
	return out;
}

static void what_is_told_stands_once_however_often_it_is_told(void **state)
{
	(void)state;
	struct made m;
	make(&m);
	struct visit_id visit = m.social.id;
	struct record_note notes[] = { began(visit, 1), ended(visit, 1), began(visit, 2) };
	CHECK(take(&m, notes, ARRAY_LEN(notes), true) == 0);
	CHECK(take(&m, notes, ARRAY_LEN(notes), false) == 0);
	struct store_segments all = segments(&m, visit);
	CHECK(all.count == 2);
	CHECK(all.list[0].state == SEGMENT_WHOLE && all.list[0].ms == 59960);
	CHECK(all.list[0].has_key && all.list[0].key[2] == 3 && all.list[0].hash[0] == 9);
	CHECK(strcmp(all.list[0].codec, "VP8") == 0 && all.list[0].seat == 1);
	CHECK(all.list[1].state == SEGMENT_OPEN && all.list[1].process == 7);
	struct recording recording;
	CHECK(store_recording_find(m.e.service.store, &m.e.arena, visit, &recording) == OK);
	CHECK(recording.began_ms == notes[0].at_ms);
	/* The national rule: ninety days. */
	CHECK(recording.keep_until.s == m.social.start.s + 90 * 86400);
	estate_close(&m.e);
}

static void of_a_legal_visit_nothing_is_kept_by_code_or_by_database(void **state)
{
	(void)state;
	struct made m;
	make(&m);
	struct record_note notes[] = {
		began(m.legal.id, 1),
		ended(m.legal.id, 1),
		{ .type = RECORD_LOST, .visit = m.legal.id, .at_ms = 1, .cause = RECORD_DISK }
	};
	CHECK(take(&m, notes, ARRAY_LEN(notes), false) == ARRAY_LEN(notes));
	CHECK(segments(&m, m.legal.id).count == 0 && gaps(&m, m.legal.id).count == 0);
	/* And if that check were gone: no row can stand. */
	struct store *store = m.e.service.store;
	struct recording recording = { .visit = m.legal.id };
	struct segment_row segment = { .id = { 5 }, .visit = m.legal.id, .codec = "VP8" };
	static const enum visit_kind kinds[] = { VISIT_LEGAL, VISIT_SOCIAL };
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++) { /* nor by calling it social */
		CHECK(store_enter(store) == OK);
		CHECK(store_recording_insert(store, &recording, kinds[i]) != OK);
		CHECK(store_leave(store, false) == OK);
		CHECK(store_enter(store) == OK);
		CHECK(store_segment_insert(store, &segment, kinds[i]) != OK);
		CHECK(store_leave(store, false) == OK);
	}
	recording.visit = m.social.id; /* what the database lets through is a social one */
	CHECK(store_recording_insert(store, &recording, VISIT_SOCIAL) == OK);
	bool wanted = true;
	CHECK(recording_is_wanted(&m.e.service, VISIT_LEGAL, m.legal.prison, &wanted) == OK);
	CHECK(!wanted);
	CHECK(recording_is_wanted(&m.e.service, VISIT_OFFICIAL, m.legal.prison, &wanted) == OK);
	CHECK(!wanted);
	CHECK(recording_is_wanted(&m.e.service, VISIT_SOCIAL, m.legal.prison, &wanted) == OK);
	CHECK(wanted);
	estate_close(&m.e);
}

static void a_gap_stands_until_something_is_written_again(void **state)
{
	(void)state;
	struct made m;
	make(&m);
	struct visit_id visit = m.social.id;
	struct record_note first = began(visit, 1);
	struct record_note lost = { .type = RECORD_LOST,
				    .visit = visit,
				    .at_ms = first.at_ms + 5000,
				    .cause = RECORD_DISK };
	struct record_note again = began(visit, 2);
	bool gap;
	CHECK(take(&m, &first, 1, true) == 0);
	CHECK(recording_has_gap(&m.e.service, &SYSTEM_ACTOR, visit, &gap) == OK && !gap);
	CHECK(take(&m, &lost, 1, true) == 0);
	CHECK(take(&m, &lost, 1, false) == 0); /* of another track: the same gap */
	CHECK(recording_has_gap(&m.e.service, &SYSTEM_ACTOR, visit, &gap) == OK && gap);
	CHECK(take(&m, &again, 1, true) == 0);
	CHECK(recording_has_gap(&m.e.service, &SYSTEM_ACTOR, visit, &gap) == OK && !gap);
	struct store_gaps all = gaps(&m, visit);
	CHECK(all.count == 1 && strcmp(all.list[0].cause, "DISK") == 0);
	CHECK(all.list[0].at_ms == lost.at_ms && all.list[0].until_ms == again.at_ms);
	estate_close(&m.e);
}

static void what_a_killed_recorder_left_open_is_cut_and_a_gap_begins(void **state)
{
	(void)state;
	struct made m;
	make(&m);
	struct visit_id visit = m.social.id;
	struct record_note notes[] = { began(visit, 1), began(visit, 2) };
	CHECK(take(&m, notes, 2, true) == 0);
	int64_t now_ms = notes[1].at_ms + 20000;
	/* The same process, told of again: nothing was lost. */
	CHECK(recording_process_began(&m.e.service, &SYSTEM_ACTOR, 7, now_ms) == OK);
	CHECK(segments(&m, visit).list[1].state == SEGMENT_OPEN);
	int64_t leaves = estate_leaves(&m.e);
	CHECK(recording_process_began(&m.e.service, &SYSTEM_ACTOR, 8, now_ms) == OK);
	CHECK(estate_leaves(&m.e) == leaves + 1);
	struct store_segments all = segments(&m, visit);
	CHECK(all.list[0].state == SEGMENT_CUT && all.list[0].ms == 60000);
	CHECK(all.list[1].state == SEGMENT_CUT && all.list[1].ms == 20000);
	struct store_gaps lost = gaps(&m, visit);
	CHECK(lost.count == 1 && strcmp(lost.list[0].cause, "STOPPED") == 0);
	CHECK(lost.list[0].until_ms == 0);
	/* It may still tell of the end of what it had begun: that comes too late. */
	struct record_note late = ended(visit, 2);
	CHECK(take(&m, &late, 1, false) == 0);
	estate_close(&m.e);
}

static void nobody_but_the_service_tells(void **state)
{
	(void)state;
	struct made m;
	make(&m);
	struct record_note note = began(m.social.id, 1);
	struct recording_notes notes = { .count = 1, .list = &note };
	size_t refused;
	bool gap;
	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		struct actor actor = { .role = (enum role)role };
		if (role == ROLE_SYSTEM)
			continue;
		CHECK(recording_notes_take(&m.e.service, &actor, &notes, &refused) == ERR_DENIED);
		CHECK(recording_process_began(&m.e.service, &actor, 8, 0) == ERR_DENIED);
		CHECK(recording_has_gap(&m.e.service, &actor, m.social.id, &gap) == ERR_DENIED);
	}
	estate_close(&m.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(what_is_told_stands_once_however_often_it_is_told),
		TEST(of_a_legal_visit_nothing_is_kept_by_code_or_by_database),
		TEST(a_gap_stands_until_something_is_written_again),
		TEST(what_a_killed_recorder_left_open_is_cut_and_a_gap_begins),
		TEST(nobody_but_the_service_tells),
	};
	return RUN("service/recording", tests);
}
