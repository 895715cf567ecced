#include "web/live.h"

#include <string.h>

#include "base/mem.h"
#include "web/live_priv.h"

enum {
	CLOSED_KEPT_S = 60, /* event streams end by then */
};

static const struct actor system_actor = { .role = ROLE_SYSTEM };

struct live *live_new(struct service *service, struct media_link *link,
		      struct neighbours *neighbours, struct log *log)
{
	struct live *live = mem_new(1, sizeof(*live));
	live->service = service;
	live->link = link;
	live->neighbours = neighbours;
	live->log = log;
	live->visits = mem_new(LIVE_VISITS_MAX, sizeof(*live->visits));
	live->know_due = MONO_NEVER;
	live->lines = line_memory_new(service->random);
	map_init(&live->by_id, LIVE_VISITS_MAX, random_u64(service->random));
	return live;
}

void live_visit_free(struct live *live, struct live_visit *visit)
{
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++)
		event_ring_clear(&visit->seats[i].ring);
	map_remove(&live->by_id, (uint64_t)visit->id.n);
	*visit = (struct live_visit){ 0 };
}

void live_free(struct live *live)
{
	if (live == NULL)
		return;
	for (size_t i = 0; i < live->visits_len; i++)
		if (live->visits[i].used)
			live_visit_free(live, &live->visits[i]);
	for (size_t i = 0; i < live->staff_len; i++)
		event_ring_clear(&live->staff[i].ring);
	map_clear(&live->by_id);
	line_memory_free(live->lines);
	free(live->visits);
	free(live);
}

/* ---- finding ---- */

struct live_visit *live_visit_find(const struct live *live, struct visit_id id)
{
	uint32_t index;
	return map_get(&live->by_id, (uint64_t)id.n, &index) ? &live->visits[index] : NULL;
}

struct live_visit *live_visit_of(const struct live *live, struct reference reference)
{
	for (size_t i = 0; i < live->visits_len; i++)
		if (live->visits[i].used &&
		    strcmp(live->visits[i].reference.text, reference.text) == 0)
			return &live->visits[i];
	return NULL;
}

struct live_visit *live_visit_new(struct live *live, struct visit_id id)
{
	size_t i = 0;
	while (i < live->visits_len && live->visits[i].used)
		i++;
	if (i == LIVE_VISITS_MAX || map_set(&live->by_id, (uint64_t)id.n, (uint32_t)i) != OK)
		return NULL;
	if (i == live->visits_len)
		live->visits_len++;
	live->visits[i] =
	    (struct live_visit){ .used = true, .id = id, .worker = SUPERVISOR_WORKERS_MAX };
	return &live->visits[i];
}

bool live_is_over(const struct live_visit *visit)
{
	return visit_is_over(visit->state);
}

bool live_seat_connected(const struct seat *seat)
{
	return seat->used && seat->state == MEDIA_PEER_CONNECTED;
}

/* ---- a visit as the database has it ---- */

static void copy_name(char *out, size_t room, struct str name)
{
	size_t len = strlen(out);
	snprintf(out + len, room - len, "%s%.*s", len > 0 ? ", " : "", STR_FMT(name));
}

static struct place place_of(const struct visit *v, size_t holder)
{
	struct place place = { .state = device_state_of(v, holder) };
	const struct visit_visitor *own = &v->visitors[holder];
	copy_name(place.names, sizeof(place.names), own->name);
	for (size_t i = 0; i < v->visitor_count; i++) {
		bool expected = !own->sits_with.n && device_count(v) == 1;
		bool beside = i != holder && (device_seats(v, holder, i) || expected);
		if (beside && str_empty(v->visitors[i].refused_reason))
			copy_name(place.names, sizeof(place.names), v->visitors[i].name);
	}
	copy_name(place.reason, sizeof(place.reason), own->refused_reason);
	return place;
}

static void take_place(struct live_visit *visit, const struct visit *v, size_t i)
{
	struct place *place = &visit->places[i];
	struct place now = i < v->visitor_count ? place_of(v, i) : (struct place){ 0 };
	uint8_t bit = (uint8_t)(1u << (LIVE_END_VISITOR + i));
	if (place->state != now.state || strcmp(place->names, now.names) != 0)
		visit->news |= NEWS_PEOPLE;
	if (place->state != now.state) {
		visit->routes_due = true;
		visit->admitted_news |= now.state == DEVICE_ADMITTED ? bit : 0;
		visit->refused_news |= now.state == DEVICE_REFUSED ? bit : 0;
	}
	*place = now;
	visit->admitted |= now.state == DEVICE_ADMITTED;
}

static void take_visitors(struct live_visit *visit, const struct visit *v)
{
	visit->admitted = false;
	for (size_t i = 0; i < PARTY_MAX; i++)
		take_place(visit, v, i);
}

void live_enter_state(struct live *live, struct live_visit *visit, enum visit_state state,
		      struct mono now)
{
	if (visit->state == state)
		return;
	visit->state = state;
	visit->news |= NEWS_STATE;
	if (!live_is_over(visit))
		return;
	visit->news |= NEWS_ENDED;
	visit->clock_running = false;
	visit->closed_at = now;
	live_send_close(live, visit);
}

void live_take_visit(struct live *live, struct live_visit *visit, const struct visit *v,
		     struct mono now)
{
	visit->reference = v->reference;
	visit->kind = v->kind == VISIT_SOCIAL ? MEDIA_SOCIAL : MEDIA_LEGAL;
	visit->prison = v->prison;
	visit->booked_s = v->minutes * 60 + visit->oversight.extra_s;
	snprintf(visit->place, sizeof(visit->place), "%.*s, %.*s", STR_FMT(v->room_name),
		 STR_FMT(v->terminal_name));
	visit->slot_end = visit_slot_end(v);
	for (int i = 0; i < LOST_CAUSE_COUNT; i++)
		if (v->lost.s[i] > visit->lost.s[i])
			visit->lost.s[i] = v->lost.s[i];
	visit->end = v->end;
	visit->prisoner[0] = '\0';
	copy_name(visit->prisoner, sizeof(visit->prisoner), v->prisoner_name);
	take_visitors(visit, v);
	if (v->used_s > visit->used_s)
		visit->used_s = v->used_s;
	if (!str_empty(v->end_reason))
		snprintf(visit->reason, sizeof(visit->reason), "%.*s", STR_FMT(v->end_reason));
	live_enter_state(live, visit, v->state, now);
}

void live_changed(struct page *page, struct reference reference)
{
	struct live *live = page->web->live;
	neighbours_tell_changed(live->neighbours, reference);
	if (live->changes_len < CHANGES_MAX)
		live->changes[live->changes_len++] =
		    (struct change){ .reference = reference, .actor = page->actor };
}

static void reload(struct live *live, const struct change *change, struct mono now)
{
	struct live_visit *visit = live_visit_of(live, change->reference);
	struct arena arena;
	struct visit v;
	if (visit == NULL || visit->lab)
		return;
	arena_init(&arena);
	if (visit_find(live->service, &change->actor, &arena, change->reference, &v) == OK) {
		live_take_visit(live, visit, &v, now);
		live_take_oversight(live, visit);
		live_heed_lock(live, visit);
	}
	arena_clear(&arena);
}

static void unseat(struct live *live, struct reference reference, uint8_t end)
{
	struct live_visit *visit = live_visit_of(live, reference);
	if (visit != NULL)
		visit->unseated |= (uint8_t)(1u << end);
}

void live_unseat(struct page *page, struct reference reference, uint8_t end)
{
	struct live *live = page->web->live;
	neighbours_tell_unseated(live->neighbours, reference, end);
	unseat(live, reference, end);
}

struct live_visit *live_adopt(struct live *live, struct visit_id id)
{
	struct live_visit *visit = NULL;
	struct arena arena;
	struct visit v;
	arena_init(&arena);
	if (visit_standing(live->service, &system_actor, &arena, id, &v) == OK &&
	    homes_take(live->homes, id) == OK && (visit = live_visit_new(live, id)) != NULL) {
		live_take_visit(live, visit, &v, live->ticked);
		live_take_oversight(live, visit);
		live_decide_recording(live, visit);
		live_decide_hints(live, visit);
	}
	arena_clear(&arena);
	return visit;
}

/* ---- what other processes and pvl-media say ---- */

/* Somebody changed it on a page of another process, or the service itself did. */
static void read_again(struct live *live, struct reference reference)
{
	if (live_visit_of(live, reference) != NULL && live->changes_len < CHANGES_MAX)
		live->changes[live->changes_len++] =
		    (struct change){ .reference = reference, .actor = system_actor };
}

void live_reread(struct live *live, struct reference reference)
{
	neighbours_tell_changed(live->neighbours, reference);
	read_again(live, reference);
}

/* It stands elsewhere.  If people of it are here too, one of us has not noticed yet that it is not its home. */
static void show_elsewhere(struct live *live, const struct neighbour_said *said)
{
	struct live_visit *own = live_visit_of(live, said->reference);
	struct staff_ring *staff = live_staff_ring(live, said->prison, false);
	if (own != NULL && !live_is_over(own)) {
		neighbours_forget(live->neighbours, said->reference);
		log_event(live->log, LOG_WARN, "visit_in_two_processes",
			  LOG_INT("visit", own->id.n));
		if (!own->lab && !homes_is_ours(live->homes, own->id))
			live_forsake(live, own);
		return;
	}
	if (staff != NULL)
		live_publish(&staff->ring, "visit", json_deep_copy(said->row));
}

static void hear_neighbours(struct live *live, struct mono now)
{
	struct neighbour_said said;
	enum neighbour_news news;
	unsigned connection = store_connection(live->service->store);
	if (connection != live->connection) /* what was said meanwhile has been missed */
		for (size_t i = 0; i < live->visits_len; i++)
			if (live->visits[i].used)
				read_again(live, live->visits[i].reference);
	live->connection = connection;
	while ((news = neighbours_next(live->neighbours, now, &said)) != NEIGHBOUR_NOTHING) {
		if (news == NEIGHBOUR_CHANGED)
			read_again(live, said.reference);
		else if (news == NEIGHBOUR_UNSEATED)
			unseat(live, said.reference, said.end);
		else
			show_elsewhere(live, &said);
	}
}

void live_collect(struct live *live, struct mono now)
{
	struct media_message message;
	enum media_happening what;
	size_t worker;
	live->ticked = now;
	live_mind_homes(live, now);
	hear_neighbours(live, now);
	live_hear_recorder(live);
	live_hear_hints(live);
	while ((what = media_link_next(live->link, &worker, &message)) != MEDIA_NOTHING) {
		if (what == MEDIA_MESSAGE)
			live_on_message(live, worker, &message, now);
		else
			live_worker_lost(live, worker);
	}
}

/* ---- time ---- */

static void refresh_tokens(struct live_visit *visit, struct mono now)
{
	struct mono until = mono_add_ms(now, LIVE_TOKEN_S * 1000);
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		struct seat *seat = &visit->seats[i];
		bool there = live_seat_connected(seat) || seat->ring.readers_len > 0;
		if (seat->used && there && mono_before(seat->token_until, until))
			seat->token_until = until;
	}
}

static bool nobody_cares(const struct live_visit *visit, struct mono now)
{
	if (live_is_over(visit))
		return mono_diff_us(now, visit->closed_at) > CLOSED_KEPT_S * 1000000LL;
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		const struct seat *seat = &visit->seats[i];
		if (seat->used && (seat->peer.n != 0 || seat->ring.readers_len > 0 ||
				   mono_before(now, seat->token_until)))
			return false;
	}
	return visit->news == 0 && visit->pending_s == 0 && visit->unseated == 0;
}

static void tick_visit(struct live *live, struct live_visit *visit, struct mono now)
{
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++)
		event_ring_tick(&visit->seats[i].ring, now);
	refresh_tokens(visit, now);
	live_end_left(live, visit, now);
	live_lost_tick(live, visit, now);
	live_oversight_second(live, visit, now);
	if (!nobody_cares(visit, now))
		return;
	live_send_close(live, visit);
	if (!visit->lab)
		homes_leave(live->homes, visit->id);
	live_visit_free(live, visit);
}

/* Once a second at most, and every so often: who was not there then hears it later. */
static void tell_neighbours(struct live *live, struct mono now)
{
	for (size_t i = 0; i < live->visits_len; i++) {
		struct live_visit *visit = &live->visits[i];
		bool late =
		    mono_diff_us(now, visit->told_neighbours) > NEIGHBOUR_EVERY_S * 1000000LL;
		if (!visit->used || visit->lab || (!visit->tell_neighbours && !late))
			continue;
		visit->tell_neighbours = false;
		visit->told_neighbours = now;
		neighbours_tell_visit(live->neighbours, visit->prison, visit->reference,
				      live_staff_row(visit));
	}
}

/* In this turn: whoever was signed out is out of everything when the answer leaves. */
static bool sessions_have_ended(const struct live *live)
{
	return live->sessions_ended != live->service->sessions_ended;
}

void live_tick(struct live *live, struct mono now)
{
	live->know_due = MONO_NEVER;
	for (size_t i = 0; i < live->visits_len; i++)
		if (live->visits[i].used)
			live->know_due =
			    mono_min(live->know_due, live_watch_due(live, &live->visits[i], now));
	if (mono_diff_us(now, live->swept) < 1000000 && !sessions_have_ended(live))
		return;
	live->swept = now;
	for (size_t i = 0; i < live->visits_len; i++) {
		if (!live->visits[i].used)
			continue;
		live_heed_sessions(live, &live->visits[i], now);
		tick_visit(live, &live->visits[i], now);
	}
	for (size_t i = 0; i < live->staff_len; i++) {
		live_end_streams(live, &live->staff[i]);
		event_ring_tick(&live->staff[i].ring, now);
	}
	live->sessions_ended = live->service->sessions_ended;
	neighbours_tick(live->neighbours, now);
	live_end_due(live);
	live_line_tick(live, now);
	tell_neighbours(live, now);
}

struct mono live_next(const struct live *live)
{
	return mono_min(mono_min(mono_add_ms(live->swept, 1000), live->know_due),
			homes_next(live->homes));
}

/* ---- after the commit ---- */

static void put_out(struct live *live, struct live_visit *visit)
{
	uint8_t ends = visit->unseated;
	visit->unseated = 0;
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		if ((ends >> end & 1) == 0 || !visit->seats[end].used)
			continue;
		event_publish(&visit->seats[end].ring, "replaced", "{}");
		live_vacate(live, visit, end);
	}
}

static void reload_changed(struct live *live, struct mono now)
{
	for (size_t i = 0; i < live->changes_len; i++)
		reload(live, &live->changes[i], now);
	live->changes_len = 0;
}

void live_release(struct live *live, bool committed, struct mono now)
{
	if (committed)
		reload_changed(live, now);
	for (size_t i = 0; i < live->visits_len; i++) {
		struct live_visit *visit = &live->visits[i];
		if (!visit->used)
			continue;
		live_settle_hearing(visit, committed);
		live_settle_watch(visit, committed);
		if (!committed) {
			visit->unseated = 0;
			continue;
		}
		put_out(live, visit);
		if (visit->routes_due)
			live_send_routes(live, visit);
		if (visit->news != 0)
			live_tell(live, visit);
	}
	live->changes_len = 0;
	live_line_settle(live, committed);
	homes_settle(live->homes, committed);
	media_link_release(live->link, committed);
}

struct live_counts live_counts(const struct live *live)
{
	struct live_counts counts = live->counts;
	for (size_t i = 0; i < live->visits_len; i++) {
		const struct live_visit *visit = &live->visits[i];
		counts.visits += visit->used && !live_is_over(visit);
		for (size_t e = 0; visit->used && e < MEDIA_ENDS_MAX; e++)
			counts.connected += live_seat_connected(&visit->seats[e]);
	}
	return counts;
}

struct media_link *live_link(const struct live *live)
{
	return live->link;
}
