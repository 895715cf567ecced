#include "web/live_priv.h"

#include <string.h>

#include "service/staff.h"
#include "web/tier_event.h"

/* ---- as JSON ---- */

static const char *state_word(const struct live_visit *visit)
{
	if (live_is_over(visit))
		return "ended";
	if (visit->state == VISIT_LIVE)
		return "live";
	return visit->state == VISIT_LOBBY ? "lobby" : "booked";
}

static const char *kind_word(const struct live_visit *visit)
{
	return visit->kind == MEDIA_SOCIAL ? "social" : "confidential";
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

const struct place *live_place(const struct live_visit *visit, size_t end)
{
	bool visitor = end >= LIVE_END_VISITOR && end < LIVE_END_MONITOR;
	return visitor ? &visit->places[end - LIVE_END_VISITOR] : NULL;
}

static json_t *person_json(const struct live_visit *visit, size_t end)
{
	const struct seat *seat = &visit->seats[end];
	const struct place *place = live_place(visit, end);
	return json_pack(
	    "{s:i, s:s, s:s, s:b, s:s, s:b, s:s}", "end", (int)end, "role",
	    place != NULL ? "visitor" : "prisoner", "name",
	    place != NULL ? place->names : visit->prisoner, "present",
	    (int)(seat->used && seat->peer.n != 0), "connection", connection_word(seat), "admitted",
	    (int)(place == NULL || place->state == DEVICE_ADMITTED), "data", live_data_word(seat));
}

static bool takes_part(const struct live_visit *visit, size_t end)
{
	enum device_state state = live_place(visit, end)->state;
	return state != DEVICE_NONE && state != DEVICE_REFUSED;
}

/* The prisoner, and each device that may come or has come. */
static json_t *people_json(const struct live_visit *visit)
{
	json_t *people = json_array();
	json_array_append_new(people, person_json(visit, LIVE_END_PRISONER));
	for (size_t end = LIVE_END_VISITOR; end < LIVE_END_MONITOR; end++)
		if (takes_part(visit, end))
			json_array_append_new(people, person_json(visit, end));
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
	return json_pack("{s:b, s:i, s:i, s:s, s:o}", "running", (int)visit->clock_running,
			 "used_s", visit->used_s, "booked_s", visit->booked_s, "ends_at", ends_at,
			 "lost", live_lost_json(visit));
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

/* Of the map above; 0: there is none, and any that comes is newer. */
static int slots_epoch_of(const struct seat *seat)
{
	return seat->shown != NULL ? (int)seat->slots_epoch : 0;
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
	case END_PRISONER_MOVED:
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
		      "epoch", slots_epoch_of(seat), "monitor", (int)live_is_watched(visit));
	json_object_set_new(out, "kind", json_string(kind_word(visit)));
	json_object_set_new(out, "recording", json_boolean(live_is_recorded(visit)));
	json_object_set_new(out, "presence", json_integer(visit->presence));
	json_object_set_new(out, "data", json_string(live_data_word(seat)));
	json_object_set_new(out, "oversight", live_oversight_json(visit, seat->role, seat->welsh));
	if (seat->tier.send != 0)
		json_object_set_new(out, "tier", tier_json(&seat->tier));
	if (live_is_over(visit))
		json_object_set_new(out, "ended", ended_json(visit));
	return out;
}

/* ---- streams ---- */

void live_publish(struct event_ring *ring, const char *name, json_t *data)
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
			live_publish(&visit->seats[i].ring, name, json_incref(data));
	json_decref(data);
}

void live_seat_snapshot(struct event_ring *ring, const struct event_reader *reader, struct buf *out)
{
	char *text;
	json_t *data = snapshot_json(ring->owner);
	(void)reader;
	text = json_dumps(data, JSON_COMPACT);
	json_decref(data);
	buf_printf(out, "snapshot\ndata: %s\n", text != NULL ? text : "{}");
	free(text);
}

/* How bad a line of this letter is; 0: nothing is known. */
static size_t badness(uint8_t letter)
{
	static const char WORSE[] = "FABCDEG"; /* congestion/tiers.h */
	const char *at = letter != 0 ? strchr(WORSE, letter) : NULL;
	return at != NULL ? (size_t)(at - WORSE) + 1 : 0;
}

/* The letter of the worse of the two lines; "": not known. */
static json_t *line_json(const struct live_visit *visit)
{
	uint8_t worst = 0;
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		const struct seat *seat = &visit->seats[i];
		if (seat->used && seat->role != MEDIA_MONITOR &&
		    badness(seat->tier.line) > badness(worst))
			worst = seat->tier.line;
	}
	return json_stringn((const char *)&worst, worst != 0);
}

static int sent_kbit(const struct seat *seat)
{
	bool sends = live_seat_connected(seat) && seat->tier.send != 0;
	return sends ? (int)(seat->tier.wire_bps / 1000) : 0;
}

/*
 * What the prison's line carries for this visit, and may carry for all of them (0: not known); and the least
 * that this visit takes of it now, which is its sound.
 */
static json_t *share_json(const struct live_visit *visit)
{
	bool there = live_seat_connected(&visit->seats[LIVE_END_PRISONER]);
	int in_kbit = 0;
	int visitors = 0;
	for (size_t end = LIVE_END_VISITOR; end < LIVE_END_MONITOR; end++) {
		in_kbit += sent_kbit(&visit->seats[end]);
		visitors += live_seat_connected(&visit->seats[end]);
	}
	int sound_kbit = there ? LINE_SOUND_BPS / 1000 : 0;
	return json_pack("{s:i, s:i, s:i, s:i, s:i, s:i}", "out",
			 sent_kbit(&visit->seats[LIVE_END_PRISONER]), "in", in_kbit, "out_most",
			 (int)(visit->line.up_bps / 1000), "in_most",
			 (int)(visit->line.down_bps / 1000), "out_least", sound_kbit, "in_least",
			 sound_kbit * (visitors > 1 ? visitors : 1));
}

json_t *live_staff_row(const struct live_visit *visit)
{
	json_t *row = json_pack("{s:s, s:s, s:o, s:o, s:b}", "reference", visit->reference.text,
				"state", state_word(visit), "people", people_json(visit), "clock",
				clock_json(visit), "monitor", (int)live_is_watched(visit));
	json_object_set_new(row, "kind", json_string(kind_word(visit)));
	json_object_set_new(row, "place", json_string(visit->place));
	json_object_set_new(row, "line", line_json(visit));
	json_object_set_new(row, "signs", json_boolean(visit->signs));
	json_object_set_new(row, "share", share_json(visit));
	json_object_set_new(row, "flags", live_flags_json(visit));
	json_object_set_new(row, "recording", json_boolean(live_is_recorded(visit)));
	json_object_set_new(row, "oversight", live_oversight_json(visit, MEDIA_MONITOR, false));
	return row;
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
			json_array_append_new(visits, live_staff_row(visit));
	}
	neighbours_add_rows(staff->live->neighbours, staff->prison, visits);
	json_t *data = json_pack("{s:o}", "visits", visits);
	char *text = json_dumps(data, JSON_COMPACT);
	json_decref(data);
	buf_printf(out, "snapshot\ndata: %s\n", text != NULL ? text : "{}");
	free(text);
}

struct staff_ring *live_staff_ring(struct live *live, struct prison_code prison, bool make)
{
	for (size_t i = 0; i < live->staff_len; i++)
		if (same_prison(live->staff[i].prison, prison))
			return &live->staff[i];
	if (!make || live->staff_len == LIVE_STAFF_RINGS_MAX)
		return NULL;
	struct staff_ring *staff = &live->staff[live->staff_len++];
	staff->prison = prison;
	staff->live = live;
	event_ring_init(&staff->ring, random_u64(live->service->random), LIVE_STAFF_READERS_MAX);
	staff->ring.owner = staff;
	staff->ring.snapshot = staff_snapshot;
	return staff;
}

/* A page that was closed keeps its place until something is written to it, so whoever loads theirs
 * again and again would fill the ring: the oldest stream of the same officer goes. */
static void make_room(struct staff_ring *staff, struct account_id account)
{
	struct event_reader *oldest = NULL;
	size_t count = 0;
	for (struct event_reader *r = staff->ring.readers; r != NULL; r = r->next)
		if (r->account.n == account.n) {
			oldest = r;
			count++;
		}
	if (count >= LIVE_STAFF_READERS_EACH_MAX)
		event_reader_end(oldest, "replaced");
}

struct event_reader *live_staff_events(struct live *live, const struct actor *actor,
				       const struct session_mark *session, struct str last_id)
{
	struct staff_ring *staff = live_staff_ring(live, actor->prison, true);
	if (staff == NULL)
		return NULL;
	make_room(staff, actor->account);
	struct event_reader *reader = event_reader_new(&staff->ring, last_id);
	if (reader != NULL) {
		reader->account = actor->account;
		reader->role = (struct staff_role){ actor->role, actor->prison };
		reader->session = *session;
	}
	return reader;
}

/* A list that is only looked at does not keep a session from growing idle. */
static bool may_read(struct live *live, const struct event_reader *reader)
{
	struct service *service = live->service;
	bool holds = true, signed_in = true;
	enum err err = staff_role_stands(service, reader->account, reader->role, &holds);
	if (err == OK && !session_mark_empty(&reader->session))
		err = account_session_stands(service, &reader->session, false, &signed_in);
	return err != OK || (holds && signed_in);
}

void live_end_streams(struct live *live, struct staff_ring *staff)
{
	struct event_reader *next;
	for (struct event_reader *reader = staff->ring.readers; reader != NULL; reader = next) {
		next = reader->next;
		if (!may_read(live, reader))
			event_reader_end(reader, "signed_out");
	}
}

/* ---- what is told after the commit ---- */

static void tell_seats(struct live_visit *visit)
{
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		struct seat *seat = &visit->seats[i];
		if (seat->tier_news)
			live_publish(&seat->ring, "tier", tier_json(&seat->tier));
		seat->tier_news = false;
		if (!seat->slots_news)
			continue;
		seat->slots_news = false;
		live_publish(&seat->ring, "slots",
			     json_pack("{s:i, s:o}", "epoch", slots_epoch_of(seat), "slots",
				       slots_json(seat)));
	}
}

static void tell_admitted(struct live_visit *visit)
{
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++)
		if (visit->admitted_news >> end & 1)
			publish_to_all(visit, "admitted", json_pack("{s:i}", "end", (int)end));
	visit->admitted_news = 0;
}

/* Who is refused is told why, the others see that they are gone. */
static void tell_refused(struct live *live, struct live_visit *visit)
{
	uint8_t ends = visit->refused_news;
	visit->refused_news = 0;
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		struct seat *seat = &visit->seats[end];
		if ((ends >> end & 1) == 0 || !seat->used)
			continue;
		live_publish(&seat->ring, "refused",
			     json_pack("{s:i, s:s}", "end", (int)end, "reason",
				       live_place(visit, end)->reason));
		live_vacate(live, visit, end);
	}
}

/* Each in the language of who sits there. */
static void tell_oversight(struct live_visit *visit)
{
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		struct seat *seat = &visit->seats[i];
		if (seat->used)
			live_publish(&seat->ring, "oversight",
				     live_oversight_json(visit, seat->role, seat->welsh));
	}
}

static void end_streams(struct live_visit *visit)
{
	publish_to_all(visit, "ended", ended_json(visit));
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++)
		visit->seats[i].ring.ended = true;
}

void live_tell(struct live *live, struct live_visit *visit)
{
	unsigned news = visit->news;
	visit->tell_neighbours |= news != 0;
	struct staff_ring *staff = live_staff_ring(live, visit->prison, false);
	visit->news = 0;
	if (news & NEWS_STATE && !live_is_over(visit))
		publish_to_all(visit, "state", json_pack("{s:s}", "state", state_word(visit)));
	if (news & NEWS_PEOPLE)
		publish_to_all(visit, "people", json_pack("{s:o}", "people", people_json(visit)));
	tell_admitted(visit);
	tell_refused(live, visit);
	if (news & NEWS_OVERSIGHT)
		tell_oversight(visit);
	if (news & NEWS_MONITOR)
		live_announced(visit, live->ticked);
	if (news & NEWS_MONITOR)
		publish_to_all(visit, "monitor",
			       json_pack("{s:b, s:I}", "present", (int)live_is_watched(visit),
					 "presence", (json_int_t)visit->presence));
	if (news & NEWS_RECORDING)
		publish_to_all(visit, "recording", live_recording_json(visit));
	if (news & NEWS_CLOCK)
		publish_to_all(visit, "clock", clock_json(visit));
	tell_seats(visit);
	if (news & NEWS_RECONNECT)
		publish_to_all(visit, "reconnect", json_pack("{s:s}", "why", "media_restarted"));
	if (news & NEWS_ENDED)
		end_streams(visit);
	if (staff != NULL && news != 0)
		live_publish(&staff->ring, "visit", live_staff_row(visit));
}
