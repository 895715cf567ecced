#include "service/timetable.h"

#include "service/change_priv.h"
#include "service/service_priv.h"
#include "store/prison.h"
#include "store/room.h"
#include "store/session_template.h"

enum {
	MAY_SEE = PRISON_STAFF | MAY(ROLE_INSPECTOR) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_SYSTEM),
	MAY_SET = MAY(ROLE_PRISON_ADMIN) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_SYSTEM),
	DAYS_LISTED = 3 * 366,
};

static enum err may(const struct actor *actor, unsigned roles, struct prison_code prison)
{
	if (!actor_is_one_of(actor, roles))
		return ERR_DENIED;
	return actor_works_at(actor, prison) ? OK : ERR_NOT_FOUND;
}

static bool is_past(struct service *service, struct date day)
{
	return date_compare(day, local_date(service->now)) < 0;
}

/* ---- sessions ---- */

enum err sessions_find(struct service *service, const struct actor *actor, struct arena *arena,
		       struct prison_code prison, struct session_list *out)
{
	struct store_session_templates all = { 0 };
	enum err err = may(actor, MAY_SEE, prison);
	if (err == OK)
		err = store_session_template_list(service->store, arena, prison, &all);
	if (err != OK)
		return err;
	*out = (struct session_list){ .list = all.list };
	for (size_t i = 0; i < all.count; i++)
		if (!all.list[i].valid_to.year || !is_past(service, all.list[i].valid_to))
			out->list[out->count++] = all.list[i];
	return OK;
}

enum err session_find(struct service *service, const struct actor *actor, struct arena *arena,
		      struct session_template_id id, struct session_template *out)
{
	struct session_template found;
	enum err err = store_session_template_find(service->store, arena, id, &found);
	if (err == OK)
		err = may(actor, MAY_SEE, found.prison);
	if (err == OK)
		*out = found;
	return err;
}

static enum err room_is_here(struct service *service, struct arena *arena,
			     const struct session_template *session)
{
	struct store_rooms rooms = { 0 };
	struct prison prison;
	enum err err = store_prison_find(service->store, arena, session->prison, &prison);
	if (err != OK || !session->room.n)
		return err;
	err = store_room_list(service->store, arena, session->prison, &rooms);
	for (size_t i = 0; i < rooms.count; i++)
		if (rooms.list[i].id.n == session->room.n)
			return OK;
	return err == OK ? ERR_BAD : err;
}

/* The old one ends the day before; weeks are counted from where it counted them. */
static enum err take_place_of(struct service *service, const struct session_template *old,
			      struct session_template *session)
{
	session->anchor = old->anchor.year ? old->anchor : old->valid_from;
	return store_session_template_end(service->store, old,
					  date_add_days(session->valid_from, -1));
}

static enum err write_session(struct service *service, const struct actor *actor,
			      const struct session_template *old, const struct session_edit *edit,
			      struct session_template_id *id)
{
	struct session_template session = edit->session;
	enum err err = old->id.n ? take_place_of(service, old, &session) : OK;
	session.id.n = random_id(service->random);
	session.active = true;
	*id = session.id;
	if (err == OK)
		err = store_session_template_insert(service->store, &session, actor->account,
						    edit->reason, service->now);
	return err;
}

enum err session_save(struct service *service, const struct actor *actor, struct arena *arena,
		      const struct session_edit *edit, enum change_mode mode,
		      struct effect_list *effects)
{
	const struct session_template *session = &edit->session;
	struct session_template old = { 0 };
	struct session_template_id id = { 0 };
	enum err err = may(actor, MAY_SET, session->prison);
	if (err == OK &&
	    (session_fault(session) != SESSION_FINE || is_past(service, session->valid_from) ||
	     session->name.len > SESSION_NAME_MAX || !reason_acceptable(edit->reason)))
		err = ERR_BAD;
	if (err == OK)
		err = room_is_here(service, arena, session);
	if (err == OK && session->id.n)
		err = session_find(service, actor, arena, session->id, &old);
	if (err == OK && session->id.n && !prison_code_equal(old.prison, session->prison))
		err = ERR_NOT_FOUND;
	if (err != OK)
		return err;
	struct change change;
	err = change_begin(service, actor, arena, session->prison, &change);
	if (err == OK)
		err = write_session(service, actor, &old, edit, &id);
	return change_end(
	    &change, err,
	    &(struct change_what){
		.dry = mode == CHANGE_PREVIEW,
		.event = REVIEW_SESSION_CHANGED,
		.audit = { .verb = session->id.n ? AUDIT_SESSION_CHANGE : AUDIT_SESSION_ADD,
			   .object = AUDIT_ON_SESSION,
			   .object_id = id.n,
			   .prison = session->prison,
			   .words = edit->reason } },
	    effects);
}

enum err session_end(struct service *service, const struct actor *actor, struct arena *arena,
		     struct session_template_id id, struct date last, struct str reason,
		     enum change_mode mode, struct effect_list *effects)
{
	struct session_template session;
	struct change change;
	enum err err = session_find(service, actor, arena, id, &session);
	if (err == OK)
		err = may(actor, MAY_SET, session.prison);
	if (err == OK && (!date_valid(last) || is_past(service, date_add_days(last, 1)) ||
			  !reason_acceptable(reason)))
		err = ERR_BAD;
	if (err != OK)
		return err;
	err = change_begin(service, actor, arena, session.prison, &change);
	if (err == OK)
		err = store_session_template_end(service->store, &session, last);
	return change_end(&change, err,
			  &(struct change_what){ .dry = mode == CHANGE_PREVIEW,
						 .event = REVIEW_SESSION_CHANGED,
						 .audit = { .verb = AUDIT_SESSION_END,
							    .object = AUDIT_ON_SESSION,
							    .object_id = id.n,
							    .prison = session.prison,
							    .words = reason } },
			  effects);
}

/* ---- days without visits ---- */

enum err exclude_dates_find(struct service *service, const struct actor *actor, struct arena *arena,
			    struct prison_code prison, struct exclude_date_list *out)
{
	struct store_exclude_dates dates = { 0 };
	struct date today = local_date(service->now);
	enum err err = may(actor, MAY_SEE, prison);
	if (err == OK)
		err = store_exclude_date_list(service->store, arena, prison, today,
					      date_add_days(today, DAYS_LISTED), &dates);
	if (err == OK)
		*out = (struct exclude_date_list){ .count = dates.count, .list = dates.list };
	return err;
}

/* ---- what anybody may know ---- */

static bool for_families(const struct session_template *t)
{
	return session_is_for(t, VISIT_SOCIAL) && (t->clients & SESSION_FAMILY);
}

static bool is_public(const struct session_template *t)
{
	return for_families(t) || session_is_for(t, VISIT_LEGAL);
}

static struct public_session as_public(const struct session_template *t)
{
	return (struct public_session){ .id = t->id,
					.weekdays = t->weekdays,
					.start_minute = t->start_minute,
					.end_minute = t->end_minute,
					.every_weeks = t->every_weeks,
					.valid_from = t->valid_from,
					.valid_to = t->valid_to,
					.for_families = for_families(t),
					.for_lawyers = session_is_for(t, VISIT_LEGAL),
					.for_some = t->group_count > 0 };
}

static bool has_session(const struct public_times *times, struct session_template_id id)
{
	for (size_t i = 0; i < times->session_count; i++)
		if (times->sessions[i].id.n == id.n)
			return true;
	return false;
}

static void add_closed(struct public_times *times, const struct exclude_date *date)
{
	if (date->session.n && !has_session(times, date->session))
		return;
	times->closed[times->closed_count++] =
	    (struct closed_day){ .day = date->day, .session = date->session };
}

enum err public_times_find(struct service *service, struct arena *arena, struct prison_code prison,
			   struct public_times *out)
{
	const struct actor reader = { .role = ROLE_SYSTEM };
	struct session_list sessions = { 0 };
	struct exclude_date_list dates = { 0 };
	enum err err = sessions_find(service, &reader, arena, prison, &sessions);
	if (err == OK)
		err = exclude_dates_find(service, &reader, arena, prison, &dates);
	if (err != OK)
		return err;
	*out = (struct public_times){
		.sessions = arena_new(arena, sessions.count, sizeof(struct public_session)),
		.closed = arena_new(arena, dates.count, sizeof(struct closed_day)),
	};
	for (size_t i = 0; i < sessions.count; i++)
		if (is_public(&sessions.list[i]))
			out->sessions[out->session_count++] = as_public(&sessions.list[i]);
	for (size_t i = 0; i < dates.count; i++)
		add_closed(out, &dates.list[i]);
	return OK;
}

enum err exclude_date_add(struct service *service, const struct actor *actor, struct arena *arena,
			  const struct exclude_date *asked, enum change_mode mode,
			  struct effect_list *effects)
{
	struct exclude_date date = *asked;
	struct session_template session;
	struct change change;
	enum err err = may(actor, MAY_SET, date.prison);
	if (err == OK && (!date_valid(date.day) || is_past(service, date.day) ||
			  !reason_acceptable(date.reason)))
		err = ERR_BAD;
	if (err == OK && date.session.n)
		err = session_find(service, actor, arena, date.session, &session);
	if (err == OK && date.session.n && !prison_code_equal(session.prison, date.prison))
		err = ERR_NOT_FOUND;
	if (err != OK)
		return err;
	date.id.n = random_id(service->random);
	err = change_begin(service, actor, arena, date.prison, &change);
	if (err == OK)
		err =
		    store_exclude_date_insert(service->store, &date, actor->account, service->now);
	return change_end(&change, err,
			  &(struct change_what){ .dry = mode == CHANGE_PREVIEW,
						 .event = date.session.n
							      ? REVIEW_SESSION_DATE_BLOCKED
							      : REVIEW_PRISON_DATE_BLOCKED,
						 .audit = { .verb = AUDIT_EXCLUDE_ADD,
							    .object = AUDIT_ON_EXCLUDE_DATE,
							    .object_id = date.id.n,
							    .amount = date_to_days(date.day),
							    .prison = date.prison,
							    .words = date.reason } },
			  effects);
}

enum err exclude_date_remove(struct service *service, const struct actor *actor,
			     struct arena *arena, struct prison_code prison,
			     struct exclude_date_id id)
{
	struct exclude_date date;
	struct effect_list effects;
	struct change change;
	enum err err = may(actor, MAY_SET, prison);
	if (err == OK)
		err = store_exclude_date_find(service->store, arena, prison, id, &date);
	if (err != OK)
		return err;
	err = change_begin(service, actor, arena, prison, &change);
	if (err == OK)
		err = store_exclude_date_remove(service->store, id, service->now);
	return change_end(&change, err,
			  &(struct change_what){ .event = REVIEW_PRISON_DATE_BLOCKED,
						 .audit = { .verb = AUDIT_EXCLUDE_REMOVE,
							    .object = AUDIT_ON_EXCLUDE_DATE,
							    .object_id = id.n,
							    .amount = date_to_days(date.day),
							    .prison = prison } },
			  &effects);
}
