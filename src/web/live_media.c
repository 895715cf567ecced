#include "web/live_priv.h"

#include <string.h>

#include "web/matrix.h"

enum {
	LIFETIME_SPARE_S = 60,
};

/* ---- routes ---- */

/* Only who watches may come and go unseen by the matrix: those who meet are always in it. */
static struct matrix matrix_of(const struct live_visit *visit)
{
	const struct live_oversight *o = &visit->oversight;
	struct matrix m = { .social = visit->kind == MEDIA_SOCIAL,
			    .over = live_is_over(visit),
			    .paused = o->paused,
			    .recorded = live_is_recorded(visit),
			    .hinted = visit->to_hint };
	m.seats[LIVE_END_PRISONER] = (struct matrix_seat){ .used = true,
							   .role = MEDIA_PRISONER,
							   .muted = o->muted[SIDE_PRISONER],
							   .blanked = o->blanked[SIDE_PRISONER] };
	for (size_t i = 0; i < PARTY_MAX; i++) {
		enum device_state state = visit->places[i].state;
		m.seats[LIVE_END_VISITOR + i] =
		    (struct matrix_seat){ .used = state != DEVICE_NONE,
					  .role = MEDIA_VISITOR,
					  .admitted = state == DEVICE_ADMITTED,
					  .refused = state == DEVICE_REFUSED,
					  .muted = o->muted[SIDE_VISITOR],
					  .blanked = o->blanked[SIDE_VISITOR] };
	}
	for (size_t i = LIVE_END_MONITOR; i < MEDIA_ENDS_MAX; i++)
		m.seats[i] = (struct matrix_seat){ .used = visit->seats[i].used,
						   .role = MEDIA_MONITOR,
						   .told = visit->seats[i].watcher.told };
	return m;
}

void live_send_routes(struct live *live, struct live_visit *visit)
{
	struct media_message message = { .type = MEDIA_ROUTES };
	visit->routes_due = false;
	if (visit->worker >= SUPERVISOR_WORKERS_MAX)
		return;
	visit->epoch++;
	message.routes = (struct media_routes){ .visit = visit->id, .epoch = visit->epoch };
	struct matrix matrix = matrix_of(visit);
	matrix_routes(&matrix, &message.routes);
	visit->held = !matrix_together(&matrix, &message.routes);
	media_link_send(live->link, visit->worker, &message);
}

void live_send_close(struct live *live, struct live_visit *visit)
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

/* The letters are those of congestion/tiers.h; 0: no bound. */
static const struct {
	const char *word;
	uint8_t most;
} WISHES[DATA_WISH_COUNT] = {
	[DATA_ALL] = { "all", 0 },
	[DATA_LESS] = { "less", 'D' },
	[DATA_SOUND] = { "sound", 'G' },
};

const char *live_data_word(const struct seat *seat)
{
	return WISHES[seat->data].word;
}

static void bound(struct live *live, const struct live_visit *visit, const struct seat *seat,
		  struct peer_id peer)
{
	struct media_message message = {
		.type = MEDIA_PEER_MOST,
		.most = { .visit = visit->id, .peer = peer, .tier = WISHES[seat->data].most },
	};
	if (visit->worker < SUPERVISOR_WORKERS_MAX && peer.n != 0)
		media_link_send(live->link, visit->worker, &message);
}

bool live_wants(struct live *live, struct live_visit *visit, uint8_t end, struct str data)
{
	struct seat *seat = &visit->seats[end];
	size_t wish = 0;
	while (wish < DATA_WISH_COUNT && !str_is(data, WISHES[wish].word))
		wish++;
	if (wish == DATA_WISH_COUNT)
		return false;
	seat->data = (enum data_wish)wish;
	bound(live, visit, seat, seat->peer);
	if (seat->waiting.n != seat->peer.n)
		bound(live, visit, seat, seat->waiting);
	visit->news |= NEWS_PEOPLE;
	return true;
}

/* ---- offers ---- */

/* A number for the line of a prison (FNV-1a of its code): the same in every process, and no name. */
static uint32_t site_of(struct prison_code prison)
{
	uint32_t hash = 2166136261u;
	for (const char *at = prison.text; *at != '\0'; at++)
		hash = (hash ^ (uint8_t)*at) * 16777619u;
	return hash != 0 ? hash : 1;
}

/* Where another visit of the prison is, so that one worker sees all that shares its line. */
static size_t place_of_site(const struct live *live, const struct live_visit *visit)
{
	for (size_t i = 0; i < live->visits_len; i++) {
		const struct live_visit *other = &live->visits[i];
		if (other->used && other != visit && other->worker < SUPERVISOR_WORKERS_MAX &&
		    strcmp(other->prison.text, visit->prison.text) == 0 &&
		    media_link_worker_find(live->link, other->worker)->up)
			return other->worker;
	}
	return SUPERVISOR_WORKERS_MAX;
}

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

void live_send_life(struct live *live, const struct live_visit *visit)
{
	struct media_message message = { .type = MEDIA_VISIT_OPEN };
	int64_t left = visit->must_end.s - live->service->now.s + LIFETIME_SPARE_S;
	if (visit->worker >= SUPERVISOR_WORKERS_MAX)
		return;
	message.visit = (struct media_visit){ .visit = visit->id,
					      .kind = visit->kind,
					      .lifetime_s = (uint32_t)(left > 60 ? left : 60),
					      .site = visit->lab ? 0 : site_of(visit->prison),
					      .site_up_bps = (uint32_t)visit->line.up_bps,
					      .site_down_bps = (uint32_t)visit->line.down_bps,
					      .weight = (uint8_t)visit->line_weight,
					      .signs = visit->signs };
	media_link_send(live->link, visit->worker, &message);
}

static enum err open_visit(struct live *live, struct live_visit *visit)
{
	if (visit->worker < SUPERVISOR_WORKERS_MAX)
		return OK;
	visit->worker = visit->lab ? SUPERVISOR_WORKERS_MAX : place_of_site(live, visit);
	if (visit->worker == SUPERVISOR_WORKERS_MAX)
		visit->worker = place(live);
	if (visit->worker == SUPERVISOR_WORKERS_MAX)
		return ERR_AGAIN;
	live_send_life(live, visit);
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
	offer->start_bps = live_line_start_bps(live, visit, end);
	message.offer = *offer;
	live_send_routes(live, visit);
	media_link_send(live->link, visit->worker, &message);
	if (seat->data != DATA_ALL)
		bound(live, visit, seat, offer->peer);
	remember_names(seat, offer);
	if (visit->lab && seat->role == MEDIA_MONITOR && !seat->watcher.here)
		live_watch_begin(visit, seat, (struct monitoring_id){ 0 }, false, live->ticked);
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

static void close_peer(struct live *live, const struct live_visit *visit, struct peer_id peer)
{
	struct media_message message = {
		.type = MEDIA_PEER_CLOSE,
		.close = { .visit = visit->id, .peer = peer, .reason = MEDIA_REASON_LEFT },
	};
	if (peer.n != 0 && visit->worker < SUPERVISOR_WORKERS_MAX)
		media_link_send(live->link, visit->worker, &message);
}

void live_vacate(struct live *live, struct live_visit *visit, size_t end)
{
	struct seat *seat = &visit->seats[end];
	close_peer(live, visit, seat->peer);
	if (seat->waiting.n != seat->peer.n)
		close_peer(live, visit, seat->waiting);
	seat->peer = seat->waiting = seat->asked = (struct peer_id){ 0 };
	seat->state = MEDIA_PEER_CLOSED;
	seat->token_until = (struct mono){ 0 };
	seat->ring.ended = true;
	random_fill(live->service->random, seat->token, sizeof(seat->token));
	random_fill(live->service->random, seat->ticket, sizeof(seat->ticket));
	visit->news |= NEWS_PEOPLE;
}

bool live_leave(struct live *live, struct live_visit *visit, uint8_t end, struct peer_id peer)
{
	struct seat *seat = &visit->seats[end];
	if (!live_has_peer(visit, end, peer))
		return false;
	close_peer(live, visit, peer);
	if (seat->peer.n == peer.n) {
		seat->state = MEDIA_PEER_CLOSED;
		seat->peer = (struct peer_id){ 0 };
		seat->left = true;
	}
	visit->news |= NEWS_PEOPLE;
	live_watch_end(live, visit, seat);
	return true;
}

const struct media_worker *live_worker(const struct live *live, const struct live_visit *visit)
{
	return media_link_worker_find(live->link, visit->worker);
}

/* ---- answers, until whoever asked takes them ---- */

static struct peer_id answered_peer(const struct media_message *message)
{
	return message->type == MEDIA_PEER_ANSWER ? message->answer.peer : message->refusal.peer;
}

static struct visit_id answered_visit(const struct media_message *message)
{
	return message->type == MEDIA_PEER_ANSWER ? message->answer.visit : message->refusal.visit;
}

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

static void on_answer(struct live *live, const struct media_message *message)
{
	struct live_visit *visit = live_visit_find(live, answered_visit(message));
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

/* ---- what pvl-media says ---- */

static void show_names_of(struct seat *seat, struct peer_id peer)
{
	for (size_t i = 0; i < 2; i++)
		if (seat->names[i].peer.n == peer.n)
			seat->shown = &seat->names[i];
}

/* A connection that stood before this process did: nobody has a token for the seat yet. */
static void find_seated(struct live *live, struct live_visit *visit,
			const struct media_state *state)
{
	struct seat *seat = &visit->seats[state->end];
	if (seat->used || state->state == MEDIA_PEER_CLOSED)
		return;
	live_seat_adopt(live, visit, state->end, state->role);
	seat->peer = state->peer;
}

static void on_state(struct live *live, struct live_visit *visit, const struct media_state *state)
{
	struct seat *seat = &visit->seats[state->end];
	find_seated(live, visit, state);
	bool is_waiting = seat->waiting.n == state->peer.n && seat->peer.n != state->peer.n;
	if (!seat->used || (!is_waiting && seat->peer.n != state->peer.n))
		return;
	if (is_waiting && state->state != MEDIA_PEER_CONNECTED)
		return;
	seat->peer = state->peer;
	if (state->state == MEDIA_PEER_CLOSED)
		seat->peer = (struct peer_id){ 0 };
	seat->state = state->state;
	seat->vanished = state->state == MEDIA_PEER_CLOSED && state->reason == MEDIA_REASON_CONSENT;
	visit->news |= NEWS_PEOPLE;
}

/* pvl-media may have it from a service that is gone: what we send from now on is newer. */
static void go_on_from(struct live_visit *visit, uint32_t epoch)
{
	if (epoch > visit->epoch)
		visit->epoch = epoch;
}

static void on_slots(struct live_visit *visit, const struct media_slots *slots)
{
	go_on_from(visit, slots->epoch);
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

void live_worker_lost(struct live *live, size_t worker)
{
	for (size_t i = 0; i < live->visits_len; i++)
		if (live->visits[i].used && live->visits[i].worker == worker)
			visit_lost(live, &live->visits[i]);
}

/* Another service took it over while we were away. */
static void close_standing(struct live *live, size_t worker, struct visit_id visit)
{
	struct media_message message = {
		.type = MEDIA_VISIT_CLOSE,
		.close = { .visit = visit, .reason = MEDIA_REASON_ENDED },
	};
	media_link_send(live->link, worker, &message);
}

/* After a restart of pvl-web: it is as the database has it, and the matrix is set anew, so that a
 * pause holds and who watches is announced again before they see more. */
static void on_stands(struct live *live, size_t worker, const struct media_visit *stands)
{
	struct live_visit *visit = live_visit_find(live, stands->visit);
	if (!homes_is_ours(live->homes, stands->visit))
		return close_standing(live, worker, stands->visit);
	if (visit == NULL)
		visit = live_adopt(live, stands->visit);
	if (visit == NULL || visit->worker != SUPERVISOR_WORKERS_MAX || live_is_over(visit))
		return;
	visit->worker = worker;
	visit->routes_due = true;
}

void live_on_message(struct live *live, size_t worker, const struct media_message *m,
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
		visit = live_visit_find(live, m->state.visit);
		break;
	case MEDIA_SLOTS:
		visit = live_visit_find(live, m->slots.visit);
		break;
	case MEDIA_TIER:
		visit = live_visit_find(live, m->tier.visit);
		break;
	case MEDIA_SECOND:
		visit = live_visit_find(live, m->second.visit);
		break;
	case MEDIA_VISIT_CLOSED:
		visit = live_visit_find(live, m->close.visit);
		break;
	case MEDIA_LINE:
		visit = live_visit_find(live, m->line.visit);
		break;
	case MEDIA_RESYNC:
	case MEDIA_VISIT_OPEN:
	case MEDIA_VISIT_CLOSE:
	case MEDIA_ROUTES:
	case MEDIA_PEER_ADD:
	case MEDIA_PEER_RESTART:
	case MEDIA_PEER_CLOSE:
	case MEDIA_PEER_MOST:
	case MEDIA_HELLO:
	case MEDIA_RESYNC_DONE:
	case MEDIA_HEARTBEAT:
		return;
	}
	if (visit == NULL || visit->worker != worker)
		return;
	if (m->type == MEDIA_PEER_STATE)
		on_state(live, visit, &m->state);
	else if (m->type == MEDIA_SLOTS)
		on_slots(visit, &m->slots);
	else if (m->type == MEDIA_TIER)
		on_tier(visit, &m->tier);
	else if (m->type == MEDIA_SECOND)
		live_on_second(live, visit, &m->second, now);
	else if (m->type == MEDIA_LINE)
		live_line_told(live, visit, &m->line);
	else
		visit_lost(live, visit);
}
