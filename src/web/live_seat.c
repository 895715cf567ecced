#include "web/live_priv.h"

#include <sodium.h>
#include <string.h>

#include "base/hex.h"

enum {
	LAB_LIFETIME_S = 4 * 3600,
};

static void make_secret(struct live *live, char text[LIVE_TOKEN_ROOM], uint8_t hash[32])
{
	uint8_t raw[32];
	random_fill(live->service->random, raw, sizeof(raw));
	base64url_encode(bytes_of(raw, sizeof(raw)), text);
	crypto_hash_sha256(hash, (const uint8_t *)text, strlen(text));
}

static bool secret_is(const uint8_t hash[32], struct str text)
{
	uint8_t sent[32];
	crypto_hash_sha256(sent, (const uint8_t *)text.at, text.len);
	return sodium_memcmp(sent, hash, sizeof(sent)) == 0;
}

static void seat_take(struct live *live, struct live_visit *visit, uint8_t end,
		      enum media_role role, struct mono now, struct live_seat *out)
{
	struct seat *seat = &visit->seats[end];
	if (seat->used) {
		event_publish(&seat->ring, "replaced", "{}");
		seat->ring.ended = true;
	}
	if (!seat->used || seat->ring.ended) {
		event_ring_clear(&seat->ring);
		event_ring_init(&seat->ring, random_u64(live->service->random), EVENTS_READERS_MAX);
		seat->ring.owner = seat;
		seat->ring.snapshot = live_seat_snapshot;
	}
	visit->routes_due |= !seat->used;
	seat->used = true;
	seat->role = role;
	seat->visit = visit;
	seat->left = false;
	seat->token_until = mono_add_ms(now, LIVE_TOKEN_S * 1000);
	out->end = end;
	make_secret(live, out->token, seat->token);
	make_secret(live, out->ticket, seat->ticket);
	visit->news |= NEWS_PEOPLE;
}

void live_seat_adopt(struct live *live, struct live_visit *visit, uint8_t end, enum media_role role)
{
	struct seat *seat = &visit->seats[end];
	event_ring_init(&seat->ring, random_u64(live->service->random), EVENTS_READERS_MAX);
	seat->ring.owner = seat;
	seat->ring.snapshot = live_seat_snapshot;
	seat->used = true;
	seat->role = role;
	seat->visit = visit;
	seat->token_until = mono_add_ms(live->ticked, LIVE_TOKEN_S * 1000);
}

static uint8_t monitor_end(const struct live_visit *visit, struct account_id account)
{
	uint8_t end = MEDIA_NO_END;
	for (uint8_t i = MEDIA_ENDS_MAX; i-- > LIVE_END_MONITOR;) {
		const struct seat *seat = &visit->seats[i];
		if (seat->used && seat->account.n == account.n)
			return i;
		if (!seat->used || (seat->peer.n == 0 && seat->ring.readers_len == 0))
			end = i;
	}
	return end;
}

static uint8_t end_of(const struct live_visit *visit, const struct join *join,
		      const struct actor *actor)
{
	switch (join->role) {
	case END_ROLE_PRISONER:
		return LIVE_END_PRISONER;
	case END_ROLE_VISITOR:
		return (uint8_t)(LIVE_END_VISITOR + join->holder);
	case END_ROLE_MONITOR:
		return monitor_end(visit, actor->account);
	}
	return MEDIA_NO_END;
}

static enum media_role role_of_end(uint8_t end)
{
	if (end == LIVE_END_PRISONER)
		return MEDIA_PRISONER;
	return end < LIVE_END_MONITOR ? MEDIA_VISITOR : MEDIA_MONITOR;
}

enum err live_sit(struct live *live, const struct join *join, const struct live_sitter *sitter,
		  struct live_seat *out)
{
	enum err err = homes_take(live->homes, join->visit.id);
	if (err != OK)
		return err;
	struct live_visit *visit = live_visit_find(live, join->visit.id);
	if (visit == NULL)
		visit = live_visit_new(live, join->visit.id);
	if (visit == NULL)
		return ERR_LIMIT;
	live_take_visit(live, visit, &join->visit, live->ticked);
	neighbours_forget(live->neighbours, visit->reference);
	visit->must_end = join->must_end;
	visit->line = join->line;
	visit->line_weight = join->line_weight;
	if (visit->worker >= SUPERVISOR_WORKERS_MAX) /* it stands as it began */
		visit->signs = join->signs;
	live_take_oversight(live, visit);
	live_decide_recording(live, visit);
	live_decide_hints(live, visit);
	uint8_t end = end_of(visit, join, sitter->actor);
	if (end == MEDIA_NO_END)
		return ERR_LIMIT;
	struct seat *seat = &visit->seats[end];
	seat_take(live, visit, end, role_of_end(end), live->ticked, out);
	if (seat->account.n != sitter->actor->account.n)
		seat->data = DATA_ALL;
	seat->account = sitter->actor->account;
	seat->actor = *sitter->actor;
	seat->mark = sitter->mark;
	seat->by_key = sitter->by_key;
	seat->welsh = sitter->welsh;
	seat->presence_seen = 0;
	seat->tested_bps = sitter->line_bps;
	if (join->role == END_ROLE_MONITOR)
		live_watch_begin(visit, seat, sitter->monitoring, sitter->admission, live->ticked);
	return OK;
}

static void lab_people(struct live_visit *visit, size_t visitors)
{
	visit->admitted = true;
	snprintf(visit->prisoner, sizeof(visit->prisoner), "Prisoner");
	for (size_t i = 0; i < visitors; i++) {
		struct place *place = &visit->places[i];
		place->state = DEVICE_ADMITTED;
		snprintf(place->names, sizeof(place->names), "Visitor %zu", i + 1);
	}
}

static bool lab_has(const struct live_lab *lab, uint8_t end)
{
	if (end < LIVE_END_MONITOR)
		return end < LIVE_END_VISITOR + lab->visitors;
	return lab->kind == MEDIA_SOCIAL && end < LIVE_END_MONITOR + lab->monitors;
}

enum err live_lab_open(struct live *live, const struct live_lab *lab, struct reference *reference,
		       struct live_seat *seats, size_t *seats_len)
{
	struct visit_id id = { random_id(live->service->random) };
	struct live_visit *visit = live_visit_new(live, id);
	if (visit == NULL)
		return ERR_LIMIT;
	visit->lab = true;
	visit->reference = *reference = reference_new(live->service->random);
	visit->kind = lab->kind;
	visit->signs = lab->signs;
	visit->state = VISIT_LIVE;
	visit->booked_s = LAB_LIFETIME_S;
	visit->must_end = wall_add_s(live->service->now, LAB_LIFETIME_S);
	visit->slot_end = visit->must_end;
	lab_people(visit, lab->visitors);
	*seats_len = 0;
	for (uint8_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		if (!lab_has(lab, end))
			continue;
		seat_take(live, visit, end, role_of_end(end), live->ticked, &seats[*seats_len]);
		visit->seats[end].token_until = MONO_NEVER;
		++*seats_len;
		if (end >= LIVE_END_MONITOR)
			live_watch_begin(visit, &visit->seats[end], (struct monitoring_id){ 0 },
					 false, live->ticked);
	}
	return OK;
}

bool live_lab_close(struct live *live, struct reference reference)
{
	struct live_visit *visit = live_visit_of(live, reference);
	if (visit == NULL || !visit->lab || live_is_over(visit))
		return false;
	visit->end = END_LEFT;
	live_enter_state(live, visit, VISIT_COMPLETED, live->ticked);
	return true;
}

enum err live_token_check(struct live *live, struct reference reference, struct str token,
			  struct live_visit **visit, uint8_t *end)
{
	struct live_visit *found = live_visit_of(live, reference);
	if (found == NULL || token.len != LIVE_TOKEN_ROOM - 1)
		return ERR_DENIED;
	for (uint8_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		const struct seat *seat = &found->seats[i];
		if (!seat->used || !secret_is(seat->token, token) ||
		    !mono_before(live->ticked, seat->token_until))
			continue;
		*visit = found;
		*end = i;
		return live_is_over(found) ? ERR_CLOSED : OK;
	}
	return ERR_DENIED;
}

struct event_reader *live_events(struct live *live, struct reference reference, struct str ticket,
				 struct str last_id)
{
	struct live_visit *visit = live_visit_of(live, reference);
	for (size_t i = 0; visit != NULL && i < MEDIA_ENDS_MAX; i++)
		if (visit->seats[i].used && secret_is(visit->seats[i].ticket, ticket))
			return event_reader_new(&visit->seats[i].ring, last_id);
	return NULL;
}

bool live_has_peer(const struct live_visit *visit, uint8_t end, struct peer_id peer)
{
	const struct seat *seat = &visit->seats[end];
	return peer.n != 0 && (seat->peer.n == peer.n || seat->waiting.n == peer.n);
}

bool live_is_seated(const struct live *live, struct reference reference, uint8_t end)
{
	const struct live_visit *visit = live_visit_of(live, reference);
	if (visit == NULL)
		return neighbours_has_seated(live->neighbours, reference, end);
	return !live_is_over(visit) && visit->seats[end].used;
}

struct reference live_reference(const struct live_visit *visit)
{
	return visit->reference;
}

uint32_t live_generation(const struct live_visit *visit, uint8_t end)
{
	return visit->seats[end].generation;
}
