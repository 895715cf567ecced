#include "web/live.h"

#include <sodium.h>
#include <string.h>

#include "base/hex.h"
#include "base/map.h"
#include "base/mem.h"
#include "web/tier_event.h"
#include "web/web.h"

enum {
	ANSWERS_MAX = 64,     /* of one turn and those shortly before */
	CHANGES_MAX = 256,    /* live_changed() of one turn */
	HEARING_BATCH_S = 10, /* seconds counted before they are written */
	CLOSED_KEPT_S = 60,   /* event streams end by then */
	LEFT_WAIT_S = 30,     /* both away and one of them left: over */
	LAB_LIFETIME_S = 4 * 3600,
	LIFETIME_SPARE_S = 60,
	NAME_ROOM = 400,
};

enum news {
	NEWS_STATE = 1,
	NEWS_PEOPLE = 2,
	NEWS_CLOCK = 4,
	NEWS_MONITOR = 8,
	NEWS_ADMITTED = 16,
	NEWS_REFUSED = 32,
	NEWS_ENDED = 64,
	NEWS_RECONNECT = 128,
};

/* What a peer was answered: to name its slots by mid. */
struct slot_names {
	struct peer_id peer;
	uint8_t len;
	enum media_kind kind[MEDIA_SLOTS_MAX];
	char mid[MEDIA_SLOTS_MAX][MEDIA_MID_MAX + 1];
};

struct seat {
	bool used;
	enum media_role role;
	struct account_id account;
	uint8_t token[32]; /* SHA-256 of it, and of the ticket */
	uint8_t ticket[32];
	struct mono token_until;
	struct peer_id peer;    /* connected, or the newest */
	struct peer_id waiting; /* offered, takes over when connected */
	struct peer_id asked;   /* pvl-media has not answered for it yet */
	enum media_peer_state state;
	bool left; /* by DELETE */
	uint32_t generation;
	struct slot_names names[2];
	uint32_t slots_epoch;
	uint8_t slots_len;
	uint8_t source[MEDIA_SLOTS_MAX];
	struct slot_names *shown;
	bool slots_news;
	struct media_tier tier; /* send 0: nothing was told */
	bool tier_news;
	struct event_ring ring;
	struct live_visit *visit;
};

struct live_visit {
	bool used;
	bool lab;
	struct visit_id id;
	struct reference reference;
	enum media_visit_kind kind;
	enum visit_state state;
	enum visit_end end;
	struct prison_code prison;
	char prisoner[NAME_ROOM];
	char visitors[NAME_ROOM];
	char reason[NAME_ROOM];
	bool admitted;
	bool refused;
	struct wall must_end;
	int booked_s;
	int used_s;    /* told by pvl-media, all of it */
	int pending_s; /* of these not written yet */
	int written_s; /* in this turn's transaction */
	bool clock_running;
	struct mono clock_told;
	struct mono both_away; /* since when; 0: not */
	struct mono closed_at;
	size_t worker; /* SUPERVISOR_WORKERS_MAX: lies nowhere */
	uint32_t epoch;
	bool routes_due;
	unsigned news;
	bool tell_neighbours; /* how it stands; in the next turn's transaction */
	struct mono told_neighbours;
	struct seat seats[MEDIA_ENDS_MAX];
};

struct change {
	struct reference reference;
	struct actor actor;
};

struct staff_ring {
	struct prison_code prison;
	struct event_ring ring;
	struct live *live;
};

struct live {
	struct service *service;
	struct media_link *link;
	struct neighbours *neighbours;
	unsigned connection; /* of the database, in the last turn */
	struct log *log;
	struct map by_id;
	struct live_visit *visits;
	size_t visits_len; /* slots ever used */
	size_t changes_len;
	struct change changes[CHANGES_MAX];
	size_t answers_first, answers_len;
	struct media_message answers[ANSWERS_MAX];
	size_t answers_told;
	struct staff_ring staff[LIVE_STAFF_RINGS_MAX];
	size_t staff_len;
	struct mono ticked; /* now of this turn */
	struct mono swept;  /* the last second that was looked at */
	struct live_counts counts;
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
	map_init(&live->by_id, LIVE_VISITS_MAX, random_u64(service->random));
	return live;
}

static void visit_free(struct live *live, struct live_visit *visit)
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
			visit_free(live, &live->visits[i]);
	for (size_t i = 0; i < live->staff_len; i++)
		event_ring_clear(&live->staff[i].ring);
	map_clear(&live->by_id);
	free(live->visits);
	free(live);
}

/* ---- finding ---- */

static struct live_visit *visit_by_id(const struct live *live, struct visit_id id)
{
	uint32_t index;
	return map_get(&live->by_id, (uint64_t)id.n, &index) ? &live->visits[index] : NULL;
}

static struct live_visit *visit_by_reference(const struct live *live, struct reference reference)
{
	for (size_t i = 0; i < live->visits_len; i++)
		if (live->visits[i].used &&
		    strcmp(live->visits[i].reference.text, reference.text) == 0)
			return &live->visits[i];
	return NULL;
}

static struct live_visit *visit_new(struct live *live, struct visit_id id)
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

static bool is_over(const struct live_visit *visit)
{
	return visit_is_over(visit->state);
}

static bool seat_connected(const struct seat *seat)
{
	return seat->used && seat->state == MEDIA_PEER_CONNECTED;
}

static bool monitored(const struct live_visit *visit)
{
	for (size_t i = LIVE_END_MONITOR; i < MEDIA_ENDS_MAX; i++)
		if (seat_connected(&visit->seats[i]))
			return true;
	return false;
}

/* ---- events as JSON ---- */

static const char *state_word(const struct live_visit *visit)
{
	if (is_over(visit))
		return "ended";
	if (visit->state == VISIT_LIVE)
		return "live";
	return visit->state == VISIT_LOBBY ? "lobby" : "booked";
}

static const char *connection_word(const struct seat *seat)
{
	if (!seat->used || seat->peer.n == 0)
		return "away";
	switch (seat->state) {
	case MEDIA_PEER_NEW:
	case MEDIA_PEER_CONNECTING:
		return "connecting";
	case MEDIA_PEER_CONNECTED:
		return "connected";
	case MEDIA_PEER_LOST:
		return "lost";
	case MEDIA_PEER_CLOSED:
		return "away";
	}
	return "away";
}

static json_t *person_json(const struct live_visit *visit, size_t end)
{
	const struct seat *seat = &visit->seats[end];
	bool visitor = end == LIVE_END_VISITOR;
	return json_pack("{s:i, s:s, s:s, s:b, s:s, s:b}", "end", (int)end, "role",
			 visitor ? "visitor" : "prisoner", "name",
			 visitor ? visit->visitors : visit->prisoner, "present",
			 (int)(seat->used && seat->peer.n != 0), "connection",
			 connection_word(seat), "admitted", (int)(!visitor || visit->admitted));
}

static json_t *people_json(const struct live_visit *visit)
{
	json_t *people = json_array();
	json_array_append_new(people, person_json(visit, LIVE_END_PRISONER));
	json_array_append_new(people, person_json(visit, LIVE_END_VISITOR));
	return people;
}

static void wall_text(struct wall at, char out[32])
{
	struct date d = date_of_days(at.s / 86400);
	int s = (int)(at.s % 86400);
	snprintf(out, 32, "%04d-%02d-%02dT%02d:%02d:%02dZ", d.year, d.month, d.day, s / 3600,
		 s / 60 % 60, s % 60);
}

static json_t *clock_json(const struct live_visit *visit)
{
	char ends_at[32];
	wall_text(visit->must_end, ends_at);
	return json_pack("{s:b, s:i, s:i, s:s}", "running", (int)visit->clock_running, "used_s",
			 visit->used_s, "booked_s", visit->booked_s, "ends_at", ends_at);
}

static json_t *slots_json(const struct seat *seat)
{
	json_t *slots = json_array();
	for (size_t i = 0; seat->shown != NULL && i < seat->slots_len && i < seat->shown->len;
	     i++) {
		bool video = seat->shown->kind[i] == MEDIA_VIDEO;
		json_t *slot = json_pack("{s:s, s:s}", "mid", seat->shown->mid[i], "kind",
					 video ? "video" : "audio");
		bool nobody = seat->source[i] == MEDIA_NO_END;
		json_object_set_new(slot, "end",
				    nobody ? json_null() : json_integer(seat->source[i]));
		json_array_append_new(slots, slot);
	}
	return slots;
}

static const char *end_word(enum visit_end end)
{
	switch (end) {
	case END_STAFF:
	case END_REFUSED:
		return "staff";
	case END_TIME:
	case END_PRISONER_ABSENT:
	case END_VISITOR_ABSENT:
	case END_BOTH_ABSENT:
		return "time";
	case END_CANCELLED_BY_BOOKER:
	case END_CANCELLED_BY_PRISON:
	case END_MOVED:
	case END_REJECTED:
	case END_AUTO_REJECTED:
	case END_WITHDRAWN:
		return "cancelled";
	case END_NONE:
	case END_LEFT:
	case END_FAULT:
	case END_COUNT:
		break;
	}
	return "finished";
}

static json_t *ended_json(const struct live_visit *visit)
{
	return json_pack("{s:s, s:s, s:i}", "why", end_word(visit->end), "sentence", visit->reason,
			 "used_s", visit->used_s);
}

static json_t *snapshot_json(const struct seat *seat)
{
	const struct live_visit *visit = seat->visit;
	json_t *out =
	    json_pack("{s:s, s:o, s:o, s:o, s:i, s:b}", "state", state_word(visit), "people",
		      people_json(visit), "clock", clock_json(visit), "slots", slots_json(seat),
		      "epoch", (int)seat->slots_epoch, "monitor", (int)monitored(visit));
	if (seat->tier.send != 0)
		json_object_set_new(out, "tier", tier_json(&seat->tier));
	if (is_over(visit))
		json_object_set_new(out, "ended", ended_json(visit));
	return out;
}

static void publish(struct event_ring *ring, const char *name, json_t *data)
{
	char *text = json_dumps(data, JSON_COMPACT);
	json_decref(data);
	if (text != NULL)
		event_publish(ring, name, text);
	free(text);
}

static void publish_to_all(struct live_visit *visit, const char *name, json_t *data)
{
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++)
		if (visit->seats[i].used)
			publish(&visit->seats[i].ring, name, json_incref(data));
	json_decref(data);
}

static void seat_snapshot(struct event_ring *ring, const struct event_reader *reader,
			  struct buf *out)
{
	char *text;
	json_t *data = snapshot_json(ring->owner);
	(void)reader;
	text = json_dumps(data, JSON_COMPACT);
	json_decref(data);
	buf_printf(out, "event: snapshot\ndata: %s\n", text != NULL ? text : "{}");
	free(text);
}

/* ---- staff's stream of a prison ---- */

static json_t *staff_json(const struct live_visit *visit)
{
	return json_pack("{s:s, s:s, s:o, s:o, s:b}", "reference", visit->reference.text, "state",
			 state_word(visit), "people", people_json(visit), "clock",
			 clock_json(visit), "monitor", (int)monitored(visit));
}

static bool same_prison(struct prison_code a, struct prison_code b)
{
	return strcmp(a.text, b.text) == 0;
}

static void staff_snapshot(struct event_ring *ring, const struct event_reader *reader,
			   struct buf *out)
{
	struct staff_ring *staff = ring->owner;
	json_t *visits = json_array();
	(void)reader;
	for (size_t i = 0; i < staff->live->visits_len; i++) {
		const struct live_visit *visit = &staff->live->visits[i];
		if (visit->used && same_prison(visit->prison, staff->prison))
			json_array_append_new(visits, staff_json(visit));
	}
	neighbours_add_rows(staff->live->neighbours, staff->prison, visits);
	json_t *data = json_pack("{s:o}", "visits", visits);
	char *text = json_dumps(data, JSON_COMPACT);
	json_decref(data);
	buf_printf(out, "event: snapshot\ndata: %s\n", text != NULL ? text : "{}");
	free(text);
}

static struct staff_ring *staff_ring_of(struct live *live, struct prison_code prison, bool make)
{
	for (size_t i = 0; i < live->staff_len; i++)
		if (same_prison(live->staff[i].prison, prison))
			return &live->staff[i];
	if (!make || live->staff_len == LIVE_STAFF_RINGS_MAX)
		return NULL;
	struct staff_ring *staff = &live->staff[live->staff_len++];
	staff->prison = prison;
	staff->live = live;
	event_ring_init(&staff->ring, random_u64(live->service->random), EVENTS_READERS_MAX);
	staff->ring.owner = staff;
	staff->ring.snapshot = staff_snapshot;
	return staff;
}

struct event_reader *live_staff_events(struct live *live, struct prison_code prison,
				       struct str last_id)
{
	struct staff_ring *staff = staff_ring_of(live, prison, true);
	return staff != NULL ? event_reader_new(&staff->ring, last_id) : NULL;
}

/* ---- routes ---- */

static uint8_t end_bit(size_t end)
{
	return (uint8_t)(1u << end);
}

static struct media_routes routes_of(const struct live_visit *visit)
{
	struct media_routes routes = { .visit = visit->id, .epoch = visit->epoch };
	uint8_t to_staff = end_bit(LIVE_END_VISITOR);
	if (is_over(visit))
		return routes;
	if (visit->admitted) {
		routes.hears[LIVE_END_PRISONER] = end_bit(LIVE_END_VISITOR);
		routes.hears[LIVE_END_VISITOR] = end_bit(LIVE_END_PRISONER);
		to_staff |= end_bit(LIVE_END_PRISONER);
	}
	if (visit->kind == MEDIA_SOCIAL && !visit->refused)
		for (size_t i = LIVE_END_MONITOR; i < MEDIA_ENDS_MAX; i++)
			routes.hears[i] = visit->seats[i].used ? to_staff : 0;
	memcpy(routes.sees, routes.hears, sizeof(routes.sees));
	return routes;
}

static void send_routes(struct live *live, struct live_visit *visit)
{
	struct media_message message = { .type = MEDIA_ROUTES };
	visit->routes_due = false;
	if (visit->worker >= SUPERVISOR_WORKERS_MAX)
		return;
	visit->epoch++;
	message.routes = routes_of(visit);
	media_link_send(live->link, visit->worker, &message);
}

static void send_close(struct live *live, struct live_visit *visit)
{
	struct media_message message = {
		.type = MEDIA_VISIT_CLOSE,
		.close = { .visit = visit->id, .reason = MEDIA_REASON_ENDED },
	};
	if (visit->worker >= SUPERVISOR_WORKERS_MAX)
		return;
	media_link_send(live->link, visit->worker, &message);
	visit->worker = SUPERVISOR_WORKERS_MAX;
}

/* ---- a visit as the database has it ---- */

static void copy_name(char *out, size_t room, struct str name)
{
	size_t len = strlen(out);
	snprintf(out + len, room - len, "%s%.*s", len > 0 ? ", " : "", STR_FMT(name));
}

static void take_visitors(struct live_visit *visit, const struct visit *v)
{
	bool admitted = false;
	size_t refused = 0;
	visit->visitors[0] = '\0';
	for (size_t i = 0; i < v->visitor_count; i++) {
		const struct visit_visitor *visitor = &v->visitors[i];
		bool no = !str_empty(visitor->refused_reason);
		refused += no;
		admitted |= visitor->admitted_at.s != 0 && !no;
		if (no)
			snprintf(visit->reason, sizeof(visit->reason), "%.*s",
				 STR_FMT(visitor->refused_reason));
		else
			copy_name(visit->visitors, sizeof(visit->visitors), visitor->name);
	}
	if (admitted && !visit->admitted)
		visit->news |= NEWS_ADMITTED | NEWS_PEOPLE;
	bool all = v->visitor_count > 0 && refused == v->visitor_count;
	if (all && !visit->refused)
		visit->news |= NEWS_REFUSED | NEWS_PEOPLE;
	visit->routes_due |= admitted != visit->admitted || all != visit->refused;
	visit->admitted = admitted;
	visit->refused = all;
}

static void enter_state(struct live *live, struct live_visit *visit, enum visit_state state,
			struct mono now)
{
	if (visit->state == state)
		return;
	visit->state = state;
	visit->news |= NEWS_STATE;
	if (!is_over(visit))
		return;
	visit->news |= NEWS_ENDED;
	visit->clock_running = false;
	visit->closed_at = now;
	send_close(live, visit);
}

static void take_visit(struct live *live, struct live_visit *visit, const struct visit *v,
		       struct mono now)
{
	visit->reference = v->reference;
	visit->kind = v->kind == VISIT_LEGAL ? MEDIA_LEGAL : MEDIA_SOCIAL;
	visit->prison = v->prison;
	visit->booked_s = v->minutes * 60;
	visit->end = v->end;
	visit->prisoner[0] = '\0';
	copy_name(visit->prisoner, sizeof(visit->prisoner), v->prisoner_name);
	take_visitors(visit, v);
	if (v->used_s > visit->used_s)
		visit->used_s = v->used_s;
	if (!str_empty(v->end_reason))
		snprintf(visit->reason, sizeof(visit->reason), "%.*s", STR_FMT(v->end_reason));
	enter_state(live, visit, v->state, now);
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
	struct live_visit *visit = visit_by_reference(live, change->reference);
	struct arena arena;
	struct visit v;
	if (visit == NULL || visit->lab)
		return;
	arena_init(&arena);
	if (visit_find(live->service, &change->actor, &arena, change->reference, &v) == OK)
		take_visit(live, visit, &v, now);
	arena_clear(&arena);
}

/* ---- seats ---- */

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
		seat->ring.snapshot = seat_snapshot;
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
		return LIVE_END_VISITOR;
	case END_ROLE_MONITOR:
		return monitor_end(visit, actor->account);
	}
	return MEDIA_NO_END;
}

static enum media_role role_of_end(uint8_t end)
{
	if (end == LIVE_END_PRISONER)
		return MEDIA_PRISONER;
	return end == LIVE_END_VISITOR ? MEDIA_VISITOR : MEDIA_MONITOR;
}

enum err live_sit(struct live *live, const struct join *join, const struct actor *actor,
		  struct live_seat *out)
{
	struct live_visit *visit = visit_by_id(live, join->visit.id);
	if (visit == NULL)
		visit = visit_new(live, join->visit.id);
	if (visit == NULL)
		return ERR_LIMIT;
	take_visit(live, visit, &join->visit, live->ticked);
	neighbours_forget(live->neighbours, visit->reference);
	visit->must_end = join->must_end;
	uint8_t end = end_of(visit, join, actor);
	if (end == MEDIA_NO_END)
		return ERR_LIMIT;
	seat_take(live, visit, end, role_of_end(end), live->ticked, out);
	visit->seats[end].account = actor->account;
	return OK;
}

enum err live_lab_open(struct live *live, enum media_visit_kind kind, size_t monitors,
		       struct reference *reference, struct live_seat *seats, size_t *seats_len)
{
	struct visit_id id = { random_id(live->service->random) };
	struct live_visit *visit = visit_new(live, id);
	if (visit == NULL)
		return ERR_LIMIT;
	visit->lab = true;
	visit->reference = *reference = reference_new(live->service->random);
	visit->kind = kind;
	visit->state = VISIT_LIVE;
	visit->admitted = true;
	visit->booked_s = LAB_LIFETIME_S;
	visit->must_end = wall_add_s(live->service->now, LAB_LIFETIME_S);
	snprintf(visit->prisoner, sizeof(visit->prisoner), "Prisoner");
	snprintf(visit->visitors, sizeof(visit->visitors), "Visitor");
	*seats_len = LIVE_END_MONITOR + (kind == MEDIA_SOCIAL ? monitors : 0);
	for (uint8_t i = 0; i < *seats_len; i++) {
		seat_take(live, visit, i, role_of_end(i), live->ticked, &seats[i]);
		visit->seats[i].token_until = MONO_NEVER;
	}
	return OK;
}

bool live_lab_close(struct live *live, struct reference reference)
{
	struct live_visit *visit = visit_by_reference(live, reference);
	if (visit == NULL || !visit->lab || is_over(visit))
		return false;
	visit->end = END_LEFT;
	enter_state(live, visit, VISIT_COMPLETED, live->ticked);
	return true;
}

enum err live_token_check(struct live *live, struct reference reference, struct str token,
			  struct live_visit **visit, uint8_t *end)
{
	struct live_visit *found = visit_by_reference(live, reference);
	if (found == NULL || token.len != LIVE_TOKEN_ROOM - 1)
		return ERR_DENIED;
	for (uint8_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		const struct seat *seat = &found->seats[i];
		if (!seat->used || !secret_is(seat->token, token) ||
		    !mono_before(live->ticked, seat->token_until))
			continue;
		*visit = found;
		*end = i;
		return is_over(found) ? ERR_CLOSED : OK;
	}
	return ERR_DENIED;
}

struct event_reader *live_events(struct live *live, struct reference reference, struct str ticket,
				 struct str last_id)
{
	struct live_visit *visit = visit_by_reference(live, reference);
	for (size_t i = 0; visit != NULL && i < MEDIA_ENDS_MAX; i++)
		if (visit->seats[i].used && secret_is(visit->seats[i].ticket, ticket))
			return event_reader_new(&visit->seats[i].ring, last_id);
	return NULL;
}

/* ---- offers ---- */

static size_t place(const struct live *live)
{
	size_t best = SUPERVISOR_WORKERS_MAX;
	uint32_t fewest = UINT32_MAX;
	for (size_t i = 0; i < SUPERVISOR_WORKERS_MAX; i++) {
		const struct media_worker *worker = media_link_worker_find(live->link, i);
		uint32_t visits = 0;
		for (size_t v = 0; v < live->visits_len; v++)
			visits += live->visits[v].used && live->visits[v].worker == i;
		if (!worker->up || visits >= fewest)
			continue;
		best = i;
		fewest = visits;
	}
	return best;
}

static enum err open_visit(struct live *live, struct live_visit *visit)
{
	struct media_message message = { .type = MEDIA_VISIT_OPEN };
	int64_t left = visit->must_end.s - live->service->now.s + LIFETIME_SPARE_S;
	if (visit->worker < SUPERVISOR_WORKERS_MAX)
		return OK;
	visit->worker = place(live);
	if (visit->worker == SUPERVISOR_WORKERS_MAX)
		return ERR_AGAIN;
	message.visit = (struct media_visit){ .visit = visit->id,
					      .kind = visit->kind,
					      .lifetime_s = (uint32_t)(left > 60 ? left : 60) };
	media_link_send(live->link, visit->worker, &message);
	return OK;
}

static void remember_names(struct seat *seat, const struct media_offer *offer)
{
	struct slot_names *names = &seat->names[seat->shown == &seat->names[0]];
	*names = (struct slot_names){ .peer = offer->peer, .len = offer->slots_len };
	for (size_t i = 0; i < offer->slots_len; i++) {
		names->kind[i] = offer->slots[i].kind;
		memcpy(names->mid[i], offer->slots[i].mid.at, offer->slots[i].mid.len);
	}
}

enum err live_offer(struct live *live, struct live_visit *visit, uint8_t end,
		    struct media_offer *offer)
{
	struct media_message message = { .type = MEDIA_PEER_ADD };
	struct seat *seat = &visit->seats[end];
	enum err err = open_visit(live, visit);
	if (err != OK)
		return err;
	offer->visit = visit->id;
	offer->peer = (struct peer_id){ random_id(live->service->random) };
	offer->end = end;
	offer->role = seat->role;
	message.offer = *offer;
	send_routes(live, visit);
	media_link_send(live->link, visit->worker, &message);
	remember_names(seat, offer);
	seat->waiting = seat->asked = offer->peer;
	seat->left = false;
	if (seat->peer.n == 0 || seat->state == MEDIA_PEER_CLOSED) {
		seat->peer = offer->peer;
		seat->state = MEDIA_PEER_NEW;
	}
	seat->generation++;
	live->counts.offers++;
	visit->news |= NEWS_PEOPLE;
	return OK;
}

enum err live_restart(struct live *live, struct live_visit *visit, uint8_t end,
		      struct media_restart *restart)
{
	struct media_message message = { .type = MEDIA_PEER_RESTART };
	if (visit->worker >= SUPERVISOR_WORKERS_MAX)
		return ERR_AGAIN;
	restart->visit = visit->id;
	message.restart = *restart;
	media_link_send(live->link, visit->worker, &message);
	visit->seats[end].asked = restart->peer;
	visit->seats[end].generation++;
	return OK;
}

bool live_has_peer(const struct live_visit *visit, uint8_t end, struct peer_id peer)
{
	const struct seat *seat = &visit->seats[end];
	return peer.n != 0 && (seat->peer.n == peer.n || seat->waiting.n == peer.n);
}

bool live_leave(struct live *live, struct live_visit *visit, uint8_t end, struct peer_id peer)
{
	struct media_message message = {
		.type = MEDIA_PEER_CLOSE,
		.close = { .visit = visit->id, .peer = peer, .reason = MEDIA_REASON_LEFT },
	};
	struct seat *seat = &visit->seats[end];
	if (!live_has_peer(visit, end, peer))
		return false;
	if (visit->worker < SUPERVISOR_WORKERS_MAX)
		media_link_send(live->link, visit->worker, &message);
	if (seat->peer.n == peer.n) {
		seat->state = MEDIA_PEER_CLOSED;
		seat->peer = (struct peer_id){ 0 };
		seat->left = true;
	}
	visit->news |= NEWS_PEOPLE | (end >= LIVE_END_MONITOR ? NEWS_MONITOR : 0u);
	return true;
}

bool live_is_seated(const struct live *live, struct reference reference, uint8_t end)
{
	const struct live_visit *visit = visit_by_reference(live, reference);
	return visit != NULL && !is_over(visit) && visit->seats[end].used;
}

const struct media_worker *live_worker(const struct live *live, const struct live_visit *visit)
{
	return media_link_worker_find(live->link, visit->worker);
}

struct reference live_reference(const struct live_visit *visit)
{
	return visit->reference;
}

uint32_t live_generation(const struct live_visit *visit, uint8_t end)
{
	return visit->seats[end].generation;
}

/* ---- what pvl-media says ---- */

static void keep_answer(struct live *live, const struct media_message *message)
{
	size_t at = (live->answers_first + live->answers_len) % ANSWERS_MAX;
	if (live->answers_len == ANSWERS_MAX)
		live->answers_first = (live->answers_first + 1) % ANSWERS_MAX;
	else
		live->answers_len++;
	live->answers[at] = *message;
	if (live->answers_told < ANSWERS_MAX)
		live->answers_told++;
}

static struct peer_id answered_peer(const struct media_message *message)
{
	return message->type == MEDIA_PEER_ANSWER ? message->answer.peer : message->refusal.peer;
}

static struct visit_id answered_visit(const struct media_message *message)
{
	return message->type == MEDIA_PEER_ANSWER ? message->answer.visit : message->refusal.visit;
}

static void on_answer(struct live *live, const struct media_message *message)
{
	struct live_visit *visit = visit_by_id(live, answered_visit(message));
	for (size_t i = 0; visit != NULL && i < MEDIA_ENDS_MAX; i++)
		if (visit->seats[i].asked.n == answered_peer(message).n)
			visit->seats[i].asked = (struct peer_id){ 0 };
	keep_answer(live, message);
}

/* The process that was asked is gone: who waits for its answer is told at once. */
static void answer_for_lost(struct live *live, const struct live_visit *visit, struct seat *seat)
{
	struct media_message message = {
		.type = MEDIA_PEER_REFUSED,
		.refusal = { .visit = visit->id, .peer = seat->asked, .reason = MEDIA_REASON_NONE },
	};
	if (seat->asked.n != 0)
		keep_answer(live, &message);
	seat->asked = (struct peer_id){ 0 };
}

bool live_next_answer(struct live *live, uint64_t *peer)
{
	if (live->answers_told == 0)
		return false;
	size_t at = (live->answers_first + live->answers_len - live->answers_told) % ANSWERS_MAX;
	live->answers_told--;
	*peer = (uint64_t)answered_peer(&live->answers[at]).n;
	return true;
}

bool live_answer_find(const struct live *live, struct peer_id peer, struct media_message *out)
{
	for (size_t i = live->answers_len; i-- > 0;) {
		size_t at = (live->answers_first + i) % ANSWERS_MAX;
		if (answered_peer(&live->answers[at]).n != peer.n)
			continue;
		*out = live->answers[at];
		return true;
	}
	return false;
}

static void show_names_of(struct seat *seat, struct peer_id peer)
{
	for (size_t i = 0; i < 2; i++)
		if (seat->names[i].peer.n == peer.n)
			seat->shown = &seat->names[i];
}

static void on_state(struct live_visit *visit, const struct media_state *state)
{
	struct seat *seat = &visit->seats[state->end];
	bool is_waiting = seat->waiting.n == state->peer.n && seat->peer.n != state->peer.n;
	if (!seat->used || (!is_waiting && seat->peer.n != state->peer.n))
		return;
	if (is_waiting && state->state != MEDIA_PEER_CONNECTED)
		return;
	seat->peer = state->peer;
	if (state->state == MEDIA_PEER_CLOSED)
		seat->peer = (struct peer_id){ 0 };
	seat->state = state->state;
	visit->news |= NEWS_PEOPLE;
	if (state->end >= LIVE_END_MONITOR)
		visit->news |= NEWS_MONITOR;
}

static void on_slots(struct live_visit *visit, const struct media_slots *slots)
{
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		struct seat *seat = &visit->seats[i];
		if (!seat->used ||
		    (seat->peer.n != slots->peer.n && seat->waiting.n != slots->peer.n))
			continue;
		show_names_of(seat, slots->peer);
		seat->slots_epoch = slots->epoch;
		seat->slots_len = slots->slots_len;
		memcpy(seat->source, slots->source, sizeof(seat->source));
		seat->slots_news = true;
		visit->news |= NEWS_PEOPLE;
	}
}

static void on_tier(struct live_visit *visit, const struct media_tier *tier)
{
	struct seat *seat = &visit->seats[tier->end];
	if (!seat->used || (seat->peer.n != tier->peer.n && seat->waiting.n != tier->peer.n))
		return;
	seat->tier = *tier;
	seat->tier_news = true;
	visit->news |= NEWS_PEOPLE;
}

static void write_hearing(struct live *live, struct live_visit *visit)
{
	if (visit->pending_s == 0 || visit->lab)
		return;
	if (visit_hearing(live->service, &system_actor, visit->id, visit->pending_s) != OK)
		return;
	visit->written_s += visit->pending_s;
	visit->pending_s = 0;
	if (visit->state == VISIT_LOBBY || visit->state == VISIT_BOOKED) {
		visit->state = VISIT_LIVE;
		visit->news |= NEWS_STATE;
	}
}

void live_write_heard(struct live *live, struct reference reference)
{
	struct live_visit *visit = visit_by_reference(live, reference);
	if (visit != NULL && !is_over(visit))
		write_hearing(live, visit);
}

static void on_second(struct live *live, struct live_visit *visit,
		      const struct media_second *second, struct mono now)
{
	bool running = second->both_hear && visit->admitted && !is_over(visit);
	bool due = mono_diff_us(now, visit->clock_told) > HEARING_BATCH_S * 1000000LL;
	if (running) {
		visit->used_s++;
		visit->pending_s++;
	}
	if (running != visit->clock_running || (running && due)) {
		visit->clock_running = running;
		visit->clock_told = now;
		visit->news |= NEWS_CLOCK;
	}
	bool first = visit->state != VISIT_LIVE && visit->pending_s > 0;
	if (first || visit->pending_s >= HEARING_BATCH_S || (!running && visit->pending_s > 0))
		write_hearing(live, visit);
}

/* Its peers are gone; who comes back places it anew. */
static void visit_lost(struct live *live, struct live_visit *visit)
{
	visit->worker = SUPERVISOR_WORKERS_MAX;
	visit->news |= NEWS_RECONNECT | NEWS_PEOPLE | NEWS_CLOCK;
	visit->clock_running = false;
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		answer_for_lost(live, visit, &visit->seats[i]);
		visit->seats[i].waiting = (struct peer_id){ 0 };
		if (visit->seats[i].peer.n != 0)
			visit->seats[i].state = MEDIA_PEER_LOST;
	}
	live->counts.reconnects++;
}

static void worker_lost(struct live *live, size_t worker)
{
	for (size_t i = 0; i < live->visits_len; i++)
		if (live->visits[i].used && live->visits[i].worker == worker)
			visit_lost(live, &live->visits[i]);
}

/* After a restart of pvl-web its visits are found again when somebody joins. */
static void on_stands(struct live *live, size_t worker, const struct media_visit *stands)
{
	struct live_visit *visit = visit_by_id(live, stands->visit);
	if (visit == NULL)
		return;
	if (visit->worker == SUPERVISOR_WORKERS_MAX && !is_over(visit))
		visit->worker = worker;
}

static void on_message(struct live *live, size_t worker, const struct media_message *m,
		       struct mono now)
{
	struct live_visit *visit = NULL;
	switch (m->type) {
	case MEDIA_PEER_ANSWER:
	case MEDIA_PEER_REFUSED:
		return on_answer(live, m);
	case MEDIA_VISIT_STANDS:
		return on_stands(live, worker, &m->visit);
	case MEDIA_PEER_STATE:
		visit = visit_by_id(live, m->state.visit);
		break;
	case MEDIA_SLOTS:
		visit = visit_by_id(live, m->slots.visit);
		break;
	case MEDIA_TIER:
		visit = visit_by_id(live, m->tier.visit);
		break;
	case MEDIA_SECOND:
		visit = visit_by_id(live, m->second.visit);
		break;
	case MEDIA_VISIT_CLOSED:
		visit = visit_by_id(live, m->close.visit);
		break;
	case MEDIA_RESYNC:
	case MEDIA_VISIT_OPEN:
	case MEDIA_VISIT_CLOSE:
	case MEDIA_ROUTES:
	case MEDIA_PEER_ADD:
	case MEDIA_PEER_RESTART:
	case MEDIA_PEER_CLOSE:
	case MEDIA_HELLO:
	case MEDIA_RESYNC_DONE:
	case MEDIA_HEARTBEAT:
		return;
	}
	if (visit == NULL || visit->worker != worker)
		return;
	if (m->type == MEDIA_PEER_STATE)
		on_state(visit, &m->state);
	else if (m->type == MEDIA_SLOTS)
		on_slots(visit, &m->slots);
	else if (m->type == MEDIA_TIER)
		on_tier(visit, &m->tier);
	else if (m->type == MEDIA_SECOND)
		on_second(live, visit, &m->second, now);
	else
		visit_lost(live, visit);
}

/* Somebody changed it on a page of another process. */
static void read_again(struct live *live, struct reference reference)
{
	if (visit_by_reference(live, reference) != NULL && live->changes_len < CHANGES_MAX)
		live->changes[live->changes_len++] =
		    (struct change){ .reference = reference, .actor = system_actor };
}

/* It stands elsewhere.  If people of it are here too, requests that belong together went apart. */
static void show_elsewhere(struct live *live, const struct neighbour_said *said)
{
	const struct live_visit *own = visit_by_reference(live, said->reference);
	struct staff_ring *staff = staff_ring_of(live, said->prison, false);
	if (own != NULL && !is_over(own)) {
		neighbours_forget(live->neighbours, said->reference);
		log_event(live->log, LOG_WARN, "visit_in_two_processes",
			  LOG_INT("visit", own->id.n));
		return;
	}
	if (staff != NULL)
		publish(&staff->ring, "visit", json_deep_copy(said->row));
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
	hear_neighbours(live, now);
	while ((what = media_link_next(live->link, &worker, &message)) != MEDIA_NOTHING) {
		if (what == MEDIA_MESSAGE)
			on_message(live, worker, &message, now);
		else
			worker_lost(live, worker);
	}
}

/* ---- time ---- */

static void end_visit(struct live *live, struct reference reference, enum visit_end end)
{
	live_write_heard(live, reference);
	enum err err = visit_end(live->service, &system_actor, reference, end, STR(""));
	if (err != OK && err != ERR_CONFLICT)
		log_event(live->log, LOG_ERROR, "visit_end", LOG_WORD("err", err_name(err)));
	struct live_visit *visit = visit_by_reference(live, reference);
	if (err == OK)
		neighbours_tell_changed(live->neighbours, reference);
	if (err != OK || visit == NULL)
		return;
	visit->end = end;
	enter_state(live, visit, VISIT_COMPLETED, live->ticked);
}

static void end_due(struct live *live)
{
	struct visit_due_list due;
	struct arena arena;
	arena_init(&arena);
	if (visits_due_to_end(live->service, &system_actor, &arena, &due) == OK)
		for (size_t i = 0; i < due.count; i++)
			end_visit(live, due.list[i].reference, due.list[i].end);
	arena_clear(&arena);
}

/* Both are away and one of them pressed Leave: nobody waits for anybody any more. */
static void end_left(struct live *live, struct live_visit *visit, struct mono now)
{
	const struct seat *prisoner = &visit->seats[LIVE_END_PRISONER];
	const struct seat *visitor = &visit->seats[LIVE_END_VISITOR];
	bool away = prisoner->peer.n == 0 && visitor->peer.n == 0;
	bool left = prisoner->left || visitor->left;
	if (visit->lab || visit->state != VISIT_LIVE || !away || !left) {
		visit->both_away = (struct mono){ 0 };
		return;
	}
	if (visit->both_away.us == 0)
		visit->both_away = now;
	bool long_enough = mono_diff_us(now, visit->both_away) > LEFT_WAIT_S * 1000000LL;
	if ((prisoner->left && visitor->left) || long_enough)
		end_visit(live, visit->reference, END_LEFT);
}

static void refresh_tokens(struct live_visit *visit, struct mono now)
{
	struct mono until = mono_add_ms(now, LIVE_TOKEN_S * 1000);
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		struct seat *seat = &visit->seats[i];
		bool there = seat_connected(seat) || seat->ring.readers_len > 0;
		if (seat->used && there && mono_before(seat->token_until, until))
			seat->token_until = until;
	}
}

static bool nobody_cares(const struct live_visit *visit, struct mono now)
{
	if (is_over(visit))
		return mono_diff_us(now, visit->closed_at) > CLOSED_KEPT_S * 1000000LL;
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		const struct seat *seat = &visit->seats[i];
		if (seat->used && (seat->peer.n != 0 || seat->ring.readers_len > 0 ||
				   mono_before(now, seat->token_until)))
			return false;
	}
	return visit->news == 0 && visit->pending_s == 0;
}

static void tick_visit(struct live *live, struct live_visit *visit, struct mono now)
{
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++)
		event_ring_tick(&visit->seats[i].ring, now);
	refresh_tokens(visit, now);
	end_left(live, visit, now);
	if (!nobody_cares(visit, now))
		return;
	send_close(live, visit);
	visit_free(live, visit);
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
				      staff_json(visit));
	}
}

void live_tick(struct live *live, struct mono now)
{
	if (mono_diff_us(now, live->swept) < 1000000)
		return;
	live->swept = now;
	for (size_t i = 0; i < live->visits_len; i++)
		if (live->visits[i].used)
			tick_visit(live, &live->visits[i], now);
	for (size_t i = 0; i < live->staff_len; i++)
		event_ring_tick(&live->staff[i].ring, now);
	neighbours_tick(live->neighbours, now);
	end_due(live);
	tell_neighbours(live, now);
}

/* ---- after the commit ---- */

static void tell_seats(struct live_visit *visit)
{
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		struct seat *seat = &visit->seats[i];
		if (seat->tier_news)
			publish(&seat->ring, "tier", tier_json(&seat->tier));
		seat->tier_news = false;
		if (!seat->slots_news)
			continue;
		seat->slots_news = false;
		publish(&seat->ring, "slots",
			json_pack("{s:i, s:o}", "epoch", (int)seat->slots_epoch, "slots",
				  slots_json(seat)));
	}
}

static json_t *end_json(void)
{
	return json_pack("{s:i}", "end", LIVE_END_VISITOR);
}

static json_t *refused_json(const struct live_visit *visit)
{
	return json_pack("{s:i, s:s}", "end", LIVE_END_VISITOR, "reason", visit->reason);
}

static void end_streams(struct live_visit *visit)
{
	publish_to_all(visit, "ended", ended_json(visit));
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++)
		visit->seats[i].ring.ended = true;
}

static void tell(struct live *live, struct live_visit *visit)
{
	unsigned news = visit->news;
	visit->tell_neighbours |= news != 0;
	struct staff_ring *staff = staff_ring_of(live, visit->prison, false);
	visit->news = 0;
	if (news & NEWS_STATE && !is_over(visit))
		publish_to_all(visit, "state", json_pack("{s:s}", "state", state_word(visit)));
	if (news & NEWS_PEOPLE)
		publish_to_all(visit, "people", json_pack("{s:o}", "people", people_json(visit)));
	if (news & NEWS_ADMITTED)
		publish_to_all(visit, "admitted", end_json());
	if (news & NEWS_REFUSED)
		publish_to_all(visit, "refused", refused_json(visit));
	if (news & NEWS_MONITOR)
		publish_to_all(visit, "monitor",
			       json_pack("{s:b}", "present", (int)monitored(visit)));
	if (news & NEWS_CLOCK)
		publish_to_all(visit, "clock", clock_json(visit));
	tell_seats(visit);
	if (news & NEWS_RECONNECT)
		publish_to_all(visit, "reconnect", json_pack("{s:s}", "why", "media_restarted"));
	if (news & NEWS_ENDED)
		end_streams(visit);
	if (staff != NULL && news != 0)
		publish(&staff->ring, "visit", staff_json(visit));
}

static void settle_hearing(struct live_visit *visit, bool committed)
{
	if (!committed)
		visit->pending_s += visit->written_s;
	visit->written_s = 0;
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
		settle_hearing(visit, committed);
		if (!committed)
			continue;
		if (visit->routes_due)
			send_routes(live, visit);
		if (visit->news != 0)
			tell(live, visit);
	}
	live->changes_len = 0;
	media_link_release(live->link, committed);
}

struct mono live_next(const struct live *live)
{
	return mono_add_ms(live->swept, 1000);
}

struct live_counts live_counts(const struct live *live)
{
	struct live_counts counts = live->counts;
	for (size_t i = 0; i < live->visits_len; i++) {
		const struct live_visit *visit = &live->visits[i];
		counts.visits += visit->used && !is_over(visit);
		for (size_t e = 0; visit->used && e < MEDIA_ENDS_MAX; e++)
			counts.connected += seat_connected(&visit->seats[e]);
	}
	return counts;
}

struct media_link *live_link(const struct live *live)
{
	return live->link;
}
