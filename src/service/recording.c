#include "service/recording.h"

#include <sodium.h>
#include <string.h>

#include "base/hex.h"
#include "service/service_priv.h"
#include "store/visit.h"

_Static_assert((int)RECORDING_KEY_LEN == (int)RECORD_SEALED_KEY_LEN, "of one kind");
_Static_assert((int)RECORDING_HASH_LEN == (int)RECORD_HASH_LEN, "of one kind");

enum {
	DAY_S = 86400,
	CUT_MS_MAX = 60000, /* what is thought of a segment whose end nobody saw */
};

enum err recording_is_wanted(struct service *service, enum visit_kind kind,
			     struct prison_code prison, bool *out)
{
	struct policy policy = { 0 };
	enum err err = policy_load(service, prison, &policy);
	*out = err == OK && recording_wanted(kind, &policy);
	return err;
}

/* ---- what pvl-record tells ---- */

struct taking {
	struct service *service;
	struct arena *arena;
	crypto_hash_sha256_state hash;
	size_t kept;
	size_t refused;
};

/* Every note's ids and hash; so the leaf stands for what was told. */
static void add_to_hash(struct taking *taking, const struct record_note *n)
{
	uint8_t head[8 + 8 + 8 + 1 + 1];
	put_u64(head, (uint64_t)n->visit.n);
	put_u64(head + 8, (uint64_t)n->segment);
	put_u64(head + 16, (uint64_t)n->at_ms);
	head[24] = (uint8_t)n->type;
	head[25] = (uint8_t)n->cause;
	(void)crypto_hash_sha256_update(&taking->hash, head, sizeof head);
	(void)crypto_hash_sha256_update(&taking->hash, n->hash, sizeof n->hash);
	taking->kept++;
}

static enum err recording_begin(struct taking *taking, const struct visit *visit,
				const struct record_note *n)
{
	struct recording recording;
	struct policy policy = { 0 };
	struct service *service = taking->service;
	enum err err = store_recording_find(service->store, taking->arena, visit->id, &recording);
	if (err != ERR_NOT_FOUND)
		return err;
	err = policy_load(service, visit->prison, &policy);
	recording = (struct recording){
		.visit = visit->id,
		.began_ms = n->at_ms,
		.keep_until =
		    wall_add_s(visit->start, policy.values[POLICY_RECORDING_DAYS] * DAY_S),
	};
	return err == OK ? store_recording_insert(service->store, &recording, visit->kind) : err;
}

static enum err take_began(struct taking *taking, const struct visit *visit,
			   const struct record_note *n)
{
	struct segment_row before, segment = {
		.id = { n->segment },
		.visit = n->visit,
		.seat = n->end,
		.codec = codec_name(n->codec),
		.at_ms = n->at_ms,
		.process = (int64_t)(n->instance & INT64_MAX),
	};
	struct store *store = taking->service->store;
	enum err err = store_segment_find(store, taking->arena, segment.id, &before);
	if (err != ERR_NOT_FOUND)
		return err; /* told before */
	memcpy(segment.key, n->key, sizeof segment.key);
	err = recording_begin(taking, visit, n);
	if (err == OK)
		err = store_segment_insert(store, &segment, visit->kind);
	if (err == OK)
		err = store_gap_close(store, visit->id, n->at_ms);
	if (err == OK)
		add_to_hash(taking, n);
	return err;
}

static enum err take_ended(struct taking *taking, const struct record_note *n)
{
	struct segment_row segment = {
		.id = { n->segment },
		.ms = n->ms,
		.bytes = (int64_t)n->bytes,
		.state = n->cause == RECORD_WHOLE ? SEGMENT_WHOLE : SEGMENT_CUT,
	};
	memcpy(segment.hash, n->hash, sizeof segment.hash);
	enum err err = store_segment_end(taking->service->store, &segment);
	if (err == OK)
		add_to_hash(taking, n);
	return err == ERR_NOT_FOUND ? OK : err;
}

static enum err take_lost(struct taking *taking, const struct record_note *n)
{
	int64_t open = 0;
	struct store *store = taking->service->store;
	enum err err = store_gap_open_count(store, n->visit, &open);
	if (err != OK || open > 0)
		return err;
	struct recording_gap gap = {
		.id = random_id(taking->service->random),
		.visit = n->visit,
		.cause = record_cause_name(n->cause),
		.at_ms = n->at_ms,
		.until_ms = n->cause == RECORD_DISK ? 0 : n->at_ms,
	};
	err = store_gap_insert(store, &gap);
	if (err == OK)
		add_to_hash(taking, n);
	return err;
}

/* A legal visit has no recording: not here, and no row could stand (schema/0031). */
static enum err take_note(struct taking *taking, const struct record_note *n)
{
	struct visit visit = { 0 };
	enum err err =
	    store_visit_find_by_id(taking->service->store, taking->arena, n->visit, &visit);
	if (err == ERR_NOT_FOUND || (err == OK && visit.kind != VISIT_SOCIAL)) {
		taking->refused++;
		return OK;
	}
	if (err == OK && n->type == RECORD_BEGAN)
		err = take_began(taking, &visit, n);
	else if (err == OK && n->type == RECORD_ENDED)
		err = take_ended(taking, n);
	else if (err == OK && n->type == RECORD_LOST && n->cause != RECORD_WHOLE)
		err = take_lost(taking, n);
	return err;
}

static enum err write_leaf(struct taking *taking, const struct actor *actor)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	char text[2 * sizeof hash + 1];
	(void)crypto_hash_sha256_final(&taking->hash, hash);
	hex_encode(bytes_of(hash, sizeof hash), text);
	if (taking->kept == 0)
		return OK;
	return audit_write(taking->service, actor,
			   &(struct audit_what){ .verb = AUDIT_RECORDING_NOTES,
						 .amount = (int64_t)taking->kept,
						 .words = str_from(text) });
}

static void begin_taking(struct taking *taking, struct service *service, struct arena *arena)
{
	*taking = (struct taking){ .service = service, .arena = arena };
	(void)crypto_hash_sha256_init(&taking->hash);
}

enum err recording_notes_take(struct service *service, const struct actor *actor,
			      const struct recording_notes *notes, size_t *refused)
{
	struct taking taking;
	struct use_case use;
	struct arena arena;
	*refused = 0;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	arena_init(&arena);
	begin_taking(&taking, service, &arena);
	enum err err = use_case_begin(service, &use);
	for (size_t i = 0; err == OK && i < notes->count; i++)
		err = take_note(&taking, &notes->list[i]);
	if (err == OK)
		err = write_leaf(&taking, actor);
	arena_clear(&arena);
	*refused = taking.refused;
	return use_case_end(&use, err);
}

/* ---- a new pvl-record ---- */

static enum err cut(struct taking *taking, const struct segment_row *open, int64_t now_ms)
{
	struct store *store = taking->service->store;
	struct segment_row ended = *open;
	int64_t ms = now_ms - open->at_ms;
	ended.state = SEGMENT_CUT;
	ended.ms = ms < 0 ? 0 : ms > CUT_MS_MAX ? CUT_MS_MAX : ms;
	enum err err = store_segment_end(store, &ended);
	struct record_note lost = { .type = RECORD_LOST,
				    .visit = open->visit,
				    .segment = open->id.n,
				    .at_ms = open->at_ms + ended.ms,
				    .cause = RECORD_STOPPED };
	int64_t gaps = 0;
	if (err == OK)
		err = store_gap_open_count(store, open->visit, &gaps);
	if (err == OK && gaps == 0)
		err = store_gap_insert(
		    store, &(struct recording_gap){ .id = random_id(taking->service->random),
						    .visit = open->visit,
						    .cause = record_cause_name(lost.cause),
						    .at_ms = lost.at_ms });
	if (err == OK)
		add_to_hash(taking, &lost);
	return err;
}

static enum err cut_all(struct taking *taking, const struct actor *actor, uint64_t process,
			int64_t now_ms)
{
	struct store_segments open = { 0 };
	enum err err = store_segment_left_open(taking->service->store, taking->arena,
					       (int64_t)(process & INT64_MAX), &open);
	for (size_t i = 0; err == OK && i < open.count; i++)
		err = cut(taking, &open.list[i], now_ms);
	return err == OK ? write_leaf(taking, actor) : err;
}

enum err recording_process_began(struct service *service, const struct actor *actor,
				 uint64_t process, int64_t now_ms)
{
	struct taking taking;
	struct use_case use;
	struct arena arena;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	arena_init(&arena);
	begin_taking(&taking, service, &arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = cut_all(&taking, actor, process, now_ms);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err recording_is_locked(struct service *service, const struct actor *actor,
			     struct visit_id visit, bool *out)
{
	struct recording recording = { 0 };
	struct arena arena;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	arena_init(&arena);
	enum err err = store_recording_find(service->store, &arena, visit, &recording);
	arena_clear(&arena);
	*out = err == OK && recording.locked_at.s != 0;
	return err == ERR_NOT_FOUND ? OK : err;
}

enum err recording_has_gap(struct service *service, const struct actor *actor,
			   struct visit_id visit, bool *out)
{
	int64_t open = 0;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = store_gap_open_count(service->store, visit, &open);
	*out = open > 0;
	return err;
}
