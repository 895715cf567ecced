#include "web/live_priv.h"

#include <string.h>

#include "service/staff.h"

enum {
	KNOW_MS = 1000,  /* both ends have so long to say that they know of a monitor */
	GONE_MS = 10000, /* who watches and is neither connected nor reads is gone */
	ADMISSION_MS =
	    60000, /* a look before admission ends so long after the visit began, if nobody waits */
};

static const struct actor system_actor = { .role = ROLE_SYSTEM };

static enum side side_of_role(enum media_role role)
{
	if (role == MEDIA_PRISONER)
		return SIDE_PRISONER;
	return role == MEDIA_VISITOR ? SIDE_VISITOR : SIDE_NONE;
}

/* ---- as the database has it ---- */

static void take_warning(struct live_warning *out, const struct side_warning *warning)
{
	*out = (struct live_warning){ .id = warning->id, .acknowledged = warning->acknowledged };
	snprintf(out->words, sizeof(out->words), "%.*s", STR_FMT(warning->words));
	snprintf(out->words_cy, sizeof(out->words_cy), "%.*s", STR_FMT(warning->words_cy));
}

static struct live_oversight oversight_of(const struct oversight *sum)
{
	struct live_oversight o = { .paused = sum->paused_at.s != 0,
				    .paused_by_rule = sum->paused_by_rule,
				    .reported = sum->reported,
				    .not_private = sum->not_private,
				    .extra_s = sum->extra_minutes * 60,
				    .acts = sum->acts };
	for (unsigned side = SIDE_PRISONER; side <= SIDE_VISITOR; side++) {
		o.muted[side] = sum->muted[side];
		o.blanked[side] = sum->blanked[side];
		take_warning(&o.warning[side], &sum->warning[side]);
	}
	return o;
}

void live_take_oversight(struct live *live, struct live_visit *visit)
{
	struct oversight sum;
	struct arena arena;
	arena_init(&arena);
	if (!visit->lab &&
	    oversight_sum(live->service, &system_actor, &arena, visit->id, &sum) == OK &&
	    sum.acts != visit->oversight.acts) {
		visit->booked_s += sum.extra_minutes * 60 - visit->oversight.extra_s;
		visit->oversight = oversight_of(&sum);
		visit->routes_due = true;
		visit->news |= NEWS_OVERSIGHT | NEWS_CLOCK;
	}
	arena_clear(&arena);
}

/* ---- as a seat is told it ---- */

static json_t *sides_json(const bool sides[SIDE_COUNT])
{
	json_t *out = json_array();
	if (sides[SIDE_PRISONER])
		json_array_append_new(out, json_string("prisoner"));
	if (sides[SIDE_VISITOR])
		json_array_append_new(out, json_string("visitor"));
	return out;
}

/* In the language of whoever sits there, if the prison has worded it in that. */
static json_t *warning_json(const struct live_warning *warning, bool welsh)
{
	welsh = welsh && warning->words_cy[0] != '\0';
	if (warning->id.n == 0 || warning->acknowledged)
		return json_null();
	return json_pack("{s:o, s:s, s:s}", "id", page_id(warning->id.n), "text",
			 welsh ? warning->words_cy : warning->words, "lang", welsh ? "cy" : "en");
}

static const char *heed_word(const struct live_warning *warning)
{
	if (warning->id.n == 0)
		return "none";
	return warning->acknowledged ? "acknowledged" : "shown";
}

json_t *live_oversight_json(const struct live_visit *visit, enum media_role role, bool welsh)
{
	const struct live_oversight *o = &visit->oversight;
	json_t *out = json_pack("{s:b, s:o, s:o, s:o}", "paused", (int)o->paused, "muted",
				sides_json(o->muted), "blanked", sides_json(o->blanked), "warning",
				warning_json(&o->warning[side_of_role(role)], welsh));
	json_object_set_new(out, "not_private", json_boolean(o->not_private));
	if (role == MEDIA_MONITOR)
		json_object_set_new(out, "warned",
				    json_pack("{s:s, s:s}", "prisoner",
					      heed_word(&o->warning[SIDE_PRISONER]), "visitor",
					      heed_word(&o->warning[SIDE_VISITOR])));
	return out;
}

/* What staff look for in a list; in the order of weight. */
json_t *live_flags_json(const struct live_visit *visit)
{
	const struct live_oversight *o = &visit->oversight;
	json_t *flags = json_array();
	if (visit->missing)
		json_array_append_new(flags, json_string("monitor_missing"));
	if (o->not_private)
		json_array_append_new(flags, json_string("not_private"));
	if (o->reported)
		json_array_append_new(flags, json_string("reported"));
	bool wanted = visit->to_record && visit->state == VISIT_LIVE && !o->paused;
	if (wanted && (visit->recording_gap || !live_is_recorded(visit)))
		json_array_append_new(flags, json_string("not_recorded"));
	live_hint_flags(visit, flags);
	if (o->paused)
		json_array_append_new(flags, json_string("paused"));
	if (visit->duty.need != WATCH_FREE)
		json_array_append_new(flags, json_string("to_watch"));
	return flags;
}

/* ---- who watches ---- */

bool live_is_watched(const struct live_visit *visit)
{
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++)
		if (visit->seats[i].watcher.here)
			return true;
	return false;
}

void live_watch_begin(struct live_visit *visit, struct seat *seat, struct monitoring_id id,
		      bool admission, struct mono now)
{
	visit->presence++;
	seat->watcher = (struct watcher){ .here = true,
					  .id = id,
					  .admission = admission,
					  .presence = visit->presence,
					  .seen = now };
	visit->routes_due = true;
	visit->news |= NEWS_MONITOR;
}

void live_watch_end(struct live *live, struct live_visit *visit, struct seat *seat)
{
	struct monitoring_id id = seat->watcher.id;
	if (!seat->watcher.here)
		return;
	seat->watcher = (struct watcher){ 0 };
	visit->routes_due = true;
	visit->news |= NEWS_MONITOR;
	enum err err = id.n != 0 ? monitoring_end(live->service, &system_actor, id) : OK;
	if (err != OK && err != ERR_NOT_FOUND)
		log_event(live->log, LOG_WARN, "monitoring_end", LOG_WORD("err", err_name(err)));
}

bool live_stop_watching(struct live *live, struct live_visit *visit, uint8_t end)
{
	struct seat *seat = &visit->seats[end];
	if (seat->role != MEDIA_MONITOR)
		return false;
	live_vacate(live, visit, end);
	live_watch_end(live, visit, seat);
	return true;
}

void live_announced(struct live_visit *visit, struct mono now)
{
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		struct watcher *watcher = &visit->seats[i].watcher;
		if (watcher->here && watcher->announced.us == 0)
			watcher->announced = now;
	}
}

/* Everybody who can be told has said that they see it, and somebody could be told. */
static bool everybody_knows(const struct live_visit *visit, uint32_t presence)
{
	size_t told = 0;
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		const struct seat *seat = &visit->seats[i];
		if (!seat->used || seat->role == MEDIA_MONITOR || seat->ring.readers_len == 0)
			continue;
		if (seat->presence_seen < presence)
			return false;
		told++;
	}
	return told > 0;
}

static void tell(struct live *live, struct watcher *watcher, bool acknowledged)
{
	enum err err = OK;
	if (watcher->id.n != 0)
		err = monitoring_told(live->service, &system_actor, watcher->id, acknowledged);
	watcher->told_now = err == OK;
	if (err != OK)
		log_event(live->log, LOG_ERROR, "monitoring_told", LOG_WORD("err", err_name(err)));
}

struct mono live_watch_due(struct live *live, struct live_visit *visit, struct mono now)
{
	struct mono next = MONO_NEVER;
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		struct watcher *watcher = &visit->seats[i].watcher;
		if (!watcher->here || watcher->told || watcher->announced.us == 0)
			continue;
		struct mono due = mono_add_ms(watcher->announced, KNOW_MS);
		bool known = everybody_knows(visit, watcher->presence);
		if (known || !mono_before(now, due))
			tell(live, watcher, known);
		else
			next = mono_min(next, due);
	}
	return next;
}

void live_settle_watch(struct live_visit *visit, bool committed)
{
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		struct watcher *watcher = &visit->seats[i].watcher;
		if (watcher->told_now && committed) {
			watcher->told = true;
			visit->routes_due = true;
		}
		watcher->told_now = false;
	}
}

void live_seen(struct live_visit *visit, uint8_t end, uint32_t presence)
{
	struct seat *seat = &visit->seats[end];
	if (presence > seat->presence_seen && presence <= visit->presence)
		seat->presence_seen = presence;
}

const struct actor *live_actor(const struct live_visit *visit, uint8_t end)
{
	return &visit->seats[end].actor;
}

/* ---- each second ---- */

/* The look before admission is over, or the role was taken away: who goes on watching says why. */
static void end_watching(struct live *live, struct live_visit *visit, uint8_t end)
{
	struct seat *seat = &visit->seats[end];
	event_publish(&seat->ring, "purpose", "{}");
	seat->ring.ended = true;
	if (seat->peer.n != 0)
		live_leave(live, visit, end, seat->peer);
	live_watch_end(live, visit, seat);
}

static bool admission_waits(const struct live_visit *visit)
{
	for (size_t i = 0; i < PARTY_MAX; i++)
		if (visit->places[i].state == DEVICE_WAITING)
			return true;
	return false;
}

static bool may_watch(const struct live *live, const struct seat *seat)
{
	bool stands = true;
	struct staff_role role = { seat->actor.role, seat->actor.prison };
	return staff_role_stands(live->service, seat->actor.account, role, &stands) != OK || stands;
}

/* Where the database cannot say, it does: who watched may go on for as long as the visit. */
static bool is_grounded(const struct live *live, const struct watcher *watcher)
{
	bool stands = true;
	if (watcher->id.n == 0) /* a seat that was found again (live_media.c): no row is known */
		return true;
	enum err err = monitoring_stands(live->service, &system_actor, watcher->id, &stands);
	return err != OK || stands;
}

static void look_at_watcher(struct live *live, struct live_visit *visit, uint8_t end,
			    struct mono now)
{
	struct seat *seat = &visit->seats[end];
	struct watcher *watcher = &seat->watcher;
	bool begun = visit->live_since.us != 0 &&
		     mono_diff_us(now, visit->live_since) > ADMISSION_MS * 1000LL &&
		     !admission_waits(visit);
	if (!watcher->here || visit->lab)
		return;
	if (seat->peer.n != 0 || seat->ring.readers_len > 0)
		watcher->seen = now;
	if ((watcher->admission && begun) || !may_watch(live, seat) || !is_grounded(live, watcher))
		end_watching(live, visit, end);
	else if (mono_diff_us(now, watcher->seen) > GONE_MS * 1000LL)
		live_watch_end(live, visit, seat);
}

static void find_duty(struct live *live, struct live_visit *visit)
{
	struct arena arena;
	struct visit v;
	arena_init(&arena);
	visit->duty_known =
	    visit_find(live->service, &system_actor, &arena, visit->reference, &v) == OK &&
	    watch_duty_find(live->service, &system_actor, &v, &visit->duty) == OK;
	if (visit->duty.need != WATCH_FREE)
		visit->news |= NEWS_OVERSIGHT;
	arena_clear(&arena);
}

static bool is_watched_for_duty(const struct live_visit *visit)
{
	for (size_t i = 0; i < MEDIA_ENDS_MAX; i++) {
		const struct watcher *watcher = &visit->seats[i].watcher;
		if (watcher->here && watcher->told && !watcher->admission)
			return true;
	}
	return false;
}

static void by_rule(struct live *live, const struct live_visit *visit, enum act act)
{
	struct visit_act wish = { .act = act,
				  .words = STR("Nobody watches a visit that is to be watched.") };
	enum act_answer answer;
	enum err err = visit_do(live->service, &system_actor, visit->reference, &wish, &answer);
	if (err == OK && answer == ACT_OK)
		live_reread(live, visit->reference);
}

/* Whether somebody watches what is to be watched; staff are told, and the rule may pause it. */
static void look_for_monitor(struct live *live, struct live_visit *visit, struct mono now)
{
	bool was = visit->missing;
	bool watched = is_watched_for_duty(visit);
	if (watched || visit->unwatched.us == 0)
		visit->unwatched = now;
	visit->missing =
	    !watched && mono_diff_us(now, visit->unwatched) >= visit->duty.missing_s * 1000000;
	if (visit->missing != was)
		visit->news |= NEWS_OVERSIGHT;
	if (visit->missing && visit->duty.missing_pauses && !visit->oversight.paused)
		by_rule(live, visit, ACT_PAUSE);
	if (watched && visit->oversight.paused_by_rule)
		by_rule(live, visit, ACT_RESUME);
}

void live_oversight_second(struct live *live, struct live_visit *visit, struct mono now)
{
	if (live_is_over(visit))
		return;
	if (visit->state == VISIT_LIVE && visit->live_since.us == 0)
		visit->live_since = now;
	for (uint8_t end = 0; end < MEDIA_ENDS_MAX; end++)
		look_at_watcher(live, visit, end, now);
	if (visit->lab || visit->kind != MEDIA_SOCIAL || visit->state != VISIT_LIVE)
		return;
	if (!visit->duty_known)
		find_duty(live, visit);
	if (visit->duty_known && visit->duty.need != WATCH_FREE)
		look_for_monitor(live, visit, now);
}
