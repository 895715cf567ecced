#include "service/import_priv.h"

#include "base/assert.h"
#include "domain/session.h"
#include "service/change_priv.h"
#include "service/orders.h"
#include "service/prison.h"
#include "store/incentive.h"
#include "store/prison.h"
#include "store/reference_code.h"
#include "store/room.h"
#include "store/session_template.h"

/* A row that has no use-case of its own, with its leaf. */
static enum err leaf(struct import *im, const struct audit_what *what)
{
	return audit_write(im->service, &im->actor, what);
}

/* ---- prisons ---- */

enum {
	PRISON_CODE,
	PRISON_NAME,
	PRISON_NAME_CY,
	PRISON_NAME_IN_WELSH, /* the same, as the public register calls it */
	PRISON_ACTIVE,
};

/* Stands on the page of prisons until somebody there says that visits can be held. */
#define NOT_BEGUN    STR("Video visits have not begun here yet.")
#define NOT_BEGUN_CY STR("Nid yw ymweliadau fideo wedi dechrau yma eto.")
#define CLOSED       STR("This prison is closed.")
#define CLOSED_CY    STR("Mae’r carchar hwn wedi cau.")

static enum err add_prison(struct import *im, const struct prison *prison)
{
	if (im->looking)
		return OK;
	struct use_case use;
	enum err err = use_case_begin(im->service, &use);
	if (err == OK)
		err = store_prison_insert(im->service->store, prison);
	if (err == OK)
		err = leaf(im, &(struct audit_what){ .verb = AUDIT_PRISON_ADD,
						     .object = AUDIT_ON_PRISON,
						     .prison = prison->code });
	return use_case_end(&use, err);
}

static enum err rename_prison(struct import *im, const struct prison *prison)
{
	if (im->looking)
		return OK;
	struct use_case use;
	enum err err = use_case_begin(im->service, &use);
	if (err == OK)
		err = store_prison_set_names(im->service->store, prison->code, prison->name,
					     prison->name_cy);
	if (err == OK)
		err = leaf(im, &(struct audit_what){ .verb = AUDIT_PRISON_CHANGE,
						     .object = AUDIT_ON_PRISON,
						     .prison = prison->code,
						     .words = prison->name });
	return use_case_end(&use, err);
}

static enum err change_prison(struct import *im, const struct prison *is, struct prison *says,
			      bool active, enum import_outcome *out)
{
	enum err err = OK;
	if (str_empty(says->name_cy))
		says->name_cy = is->name_cy;
	bool renamed = !str_equal(is->name, says->name) || !str_equal(is->name_cy, says->name_cy);
	bool closes = !active && is->ready;
	*out = renamed || closes ? IMPORTED_CHANGED : IMPORTED_SAME;
	if (renamed)
		err = rename_prison(im, says);
	if (err != OK || !closes || im->looking)
		return err;
	return prison_set_ready(im->service, &im->actor, says->code, false, CLOSED, CLOSED_CY);
}

static enum err prison_line(struct import *im, enum import_outcome *out)
{
	struct prison is, says = { .name = import_words(im, PRISON_NAME, NAME_MAX_BYTES),
				   .not_ready_reason = NOT_BEGUN,
				   .not_ready_reason_cy = NOT_BEGUN_CY };
	struct str welsh[] = { import_words(im, PRISON_NAME_CY, NAME_MAX_BYTES),
			       import_words(im, PRISON_NAME_IN_WELSH, NAME_MAX_BYTES) };
	bool active = true;
	struct str code = import_text(im, PRISON_CODE);
	if (!prison_code_of(code, &says.code))
		import_fault(im, PRISON_CODE, "no code of a prison: three letters, like WWI");
	(void)import_yes(im, PRISON_ACTIVE, &active);
	says.name_cy = str_empty(welsh[0]) ? welsh[1] : welsh[0];
	import_once(im, PRISON_CODE, &code, 1);
	if (im->bad)
		return OK;
	im->actor.prison = says.code;
	enum err err = store_prison_find(im->service->store, im->arena, says.code, &is);
	if (err == OK)
		return change_prison(im, &is, &says, active, out);
	if (err != ERR_NOT_FOUND)
		return err;
	*out = active ? IMPORTED_NEW : IMPORTED_LEFT_OUT;
	return active ? add_prison(im, &says) : OK;
}

const struct import_table IMPORT_OF_PRISONS = {
	.kind = IMPORT_PRISONS,
	.columns = { [PRISON_CODE] = { "code", true },
		     [PRISON_NAME] = { "name", true },
		     [PRISON_NAME_CY] = { "name_cy", false },
		     [PRISON_NAME_IN_WELSH] = { "prison_name_in_welsh", false },
		     [PRISON_ACTIVE] = { "active", false } },
	.read_past = "male female contracted lthse types categories operators address_line1 "
		     "address_line2 town county country postcode",
	.line = prison_line,
};

/* ---- sessions ---- */

enum {
	SESSION_PRISON,
	SESSION_WEEKDAYS,
	SESSION_START,
	SESSION_ENDS,
	SESSION_MINUTES,
	SESSION_NAME,
	SESSION_EVERY_WEEKS,
	SESSION_FROM,
	SESSION_TO,
	SESSION_KINDS,
	SESSION_CLIENTS,
	SESSION_ROOM,
	SESSION_OPEN,
	SESSION_CLOSED,
	SESSION_LOCATIONS,
	SESSION_CATEGORIES,
	SESSION_INCENTIVES,
	SESSION_ORDER,
	SESSION_ACTIVE,
};

enum {
	CAPACITY_MAX = 200,
	WEEKS_MAX = 52,
	ALL_KINDS = (1 << VISIT_KIND_COUNT) - 1,
	ALL_GROUPS = (1 << GROUP_KIND_COUNT) - 1,
};

#define IMPORTED STR("Imported")

static const char *const FAULTS[] = {
	[SESSION_FINE] = "",
	[SESSION_BAD_DAYS] = "no day of the week",
	[SESSION_BAD_TIMES] = "times must lie on five minutes, and the end after the start",
	[SESSION_BAD_LENGTH] =
	    "the length of a visit must be 5 to 240 minutes, a multiple of five, "
	    "and fit between start and end",
	[SESSION_BAD_WEEKS] = "a session is held every 1 to 52 weeks",
	[SESSION_BAD_DATES] = "the last day lies before the first",
	[SESSION_BAD_KINDS] = "for no kind of visit, or for nobody who books",
	[SESSION_BAD_CAPACITY] = "a capacity must be 0 to 200",
	[SESSION_BAD_GROUPS] = "too many groups, or one that is none",
};

static const char *const WEEKDAYS[] = { "", "mon", "tue", "wed", "thu", "fri", "sat", "sun" };

static int weekday_of(struct str word)
{
	for (int day = 1; day <= 7; day++)
		if (str_equal_nocase(word, str_from(WEEKDAYS[day])))
			return day;
	return 0;
}

/* "mon", "mon-fri", "sat sun". */
static unsigned weekdays_of(struct str text)
{
	unsigned days = 0;
	while (text.len) {
		struct str last = str_cut(&text, ' ');
		struct str first = str_cut(&last, '-');
		int from = weekday_of(first);
		int to = str_empty(last) ? from : weekday_of(last);
		if (!from || to < from)
			return 0;
		for (int day = from; day <= to; day++)
			days |= 1U << day;
		text = str_trim(text);
	}
	return days;
}

static unsigned kinds_of(struct str text)
{
	unsigned kinds = 0;
	while (text.len) {
		struct str word = str_cut(&text, ' ');
		int kind = 0;
		while (kind < VISIT_KIND_COUNT &&
		       !str_equal_nocase(word, str_from(visit_kind_name((enum visit_kind)kind))))
			kind++;
		if (kind == VISIT_KIND_COUNT)
			return 0;
		kinds |= 1U << kind;
		text = str_trim(text);
	}
	return kinds;
}

static unsigned clients_of(struct str text)
{
	unsigned clients = 0;
	while (text.len) {
		struct str word = str_cut(&text, ' ');
		if (str_equal_nocase(word, STR("family")))
			clients |= SESSION_FAMILY;
		else if (str_equal_nocase(word, STR("staff")))
			clients |= SESSION_STAFF;
		else
			return 0;
		text = str_trim(text);
	}
	return clients;
}

/* "A B-2", or "not A B-2" for those that are kept out. */
static void read_groups(struct import *im, int column, enum session_group_kind kind,
			struct session_template *t)
{
	struct str rest = import_text(im, column);
	struct str words = rest;
	if (str_equal_nocase(str_cut(&words, ' '), STR("not"))) {
		t->includes &= ~(1U << kind);
		rest = str_trim(words);
		if (str_empty(rest))
			import_fault(im, column, "nothing stands after 'not'");
	}
	while (rest.len) {
		struct str value = str_cut(&rest, ' ');
		rest = str_trim(rest);
		if (t->group_count == SESSION_GROUPS_MAX) {
			import_fault(im, column, FAULTS[SESSION_BAD_GROUPS]);
			return;
		}
		t->groups[t->group_count++] =
		    (struct session_group){ .kind = kind, .value = value };
	}
}

static enum err read_room(struct import *im, struct session_template *t)
{
	struct store_rooms rooms = { 0 };
	struct str name = import_text(im, SESSION_ROOM);
	if (str_empty(name))
		return OK;
	enum err err = store_room_list(im->service->store, im->arena, t->prison, &rooms);
	if (err != OK)
		return err;
	for (size_t i = 0; i < rooms.count; i++)
		if (str_equal_nocase(rooms.list[i].name, name))
			t->room = rooms.list[i].id;
	if (!t->room.n)
		import_fault(im, SESSION_ROOM, "the prison has no room of that name");
	return OK;
}

static struct session_template blank(struct import *im)
{
	return (struct session_template){
		.id = { random_id(im->service->random) },
		.every_weeks = 1,
		.active = true,
		.kinds = ALL_KINDS,
		.clients = SESSION_FAMILY | SESSION_STAFF,
		.open_capacity = SESSION_CAPACITY_NONE,
		.closed_capacity = SESSION_CAPACITY_NONE,
		.includes = ALL_GROUPS,
		.groups = arena_new(im->arena, SESSION_GROUPS_MAX, sizeof(struct session_group)),
	};
}

static void read_pattern(struct import *im, struct session_template *t)
{
	struct str text = import_text(im, SESSION_WEEKDAYS);
	t->weekdays = weekdays_of(text);
	if (!t->weekdays)
		import_fault(im, SESSION_WEEKDAYS, "no days: write like mon-fri, or sat sun");
	(void)import_minute(im, SESSION_START, &t->start_minute);
	(void)import_minute(im, SESSION_ENDS, &t->end_minute);
	(void)import_number(im, SESSION_MINUTES, 240, &t->slot_minutes);
	(void)import_number(im, SESSION_EVERY_WEEKS, WEEKS_MAX, &t->every_weeks);
	(void)import_date(im, SESSION_FROM, &t->valid_from);
	(void)import_date(im, SESSION_TO, &t->valid_to);
	(void)import_number(im, SESSION_OPEN, CAPACITY_MAX, &t->open_capacity);
	(void)import_number(im, SESSION_CLOSED, CAPACITY_MAX, &t->closed_capacity);
	(void)import_yes(im, SESSION_ACTIVE, &t->active);
	t->name = import_words(im, SESSION_NAME, SESSION_NAME_MAX);
	if (t->every_weeks > 1 && !t->valid_from.year)
		import_fault(im, SESSION_FROM, "needed, to count the weeks from");
}

static void read_for_whom(struct import *im, struct session_template *t)
{
	struct str kinds = import_text(im, SESSION_KINDS);
	struct str clients = import_text(im, SESSION_CLIENTS);
	struct str order = import_text(im, SESSION_ORDER);
	if (!str_empty(kinds) && !(t->kinds = kinds_of(kinds)))
		import_fault(im, SESSION_KINDS, "write social, legal, official, or some of them");
	if (!str_empty(clients) && !(t->clients = clients_of(clients)))
		import_fault(im, SESSION_CLIENTS, "write family, staff, or both");
	if (!str_empty(order) && !order_need_of(order, &t->order_need))
		import_fault(im, SESSION_ORDER, "write VO_PVO, VO, PVO or NONE");
	read_groups(im, SESSION_LOCATIONS, GROUP_LOCATION, t);
	read_groups(im, SESSION_CATEGORIES, GROUP_CATEGORY, t);
	read_groups(im, SESSION_INCENTIVES, GROUP_INCENTIVE, t);
}

static bool has_group(const struct session_template *t, const struct session_group *group)
{
	for (size_t i = 0; i < t->group_count; i++)
		if (t->groups[i].kind == group->kind && str_equal(t->groups[i].value, group->value))
			return true;
	return false;
}

static bool same_groups(const struct session_template *a, const struct session_template *b)
{
	bool same = a->includes == b->includes && a->group_count == b->group_count;
	for (size_t i = 0; i < a->group_count && same; i++)
		same = has_group(b, &a->groups[i]);
	return same;
}

/* Versions of one session begin on different days and are the same all the same. */
static bool same_session(const struct session_template *is, const struct session_template *says,
			 struct date today)
{
	bool begins = date_compare(is->valid_from, says->valid_from) == 0 ||
		      (date_compare(is->valid_from, today) <= 0 &&
		       date_compare(says->valid_from, today) <= 0);
	return begins && is->end_minute == says->end_minute &&
	       is->slot_minutes == says->slot_minutes && is->every_weeks == says->every_weeks &&
	       date_compare(is->valid_to, says->valid_to) == 0 && is->active == says->active &&
	       is->kinds == says->kinds && is->clients == says->clients &&
	       is->order_need == says->order_need && is->room.n == says->room.n &&
	       is->open_capacity == says->open_capacity &&
	       is->closed_capacity == says->closed_capacity && same_groups(is, says);
}

static enum err add_session(struct import *im, const struct session_template *says)
{
	if (im->looking)
		return OK;
	struct use_case use;
	enum err err = use_case_begin(im->service, &use);
	if (err == OK)
		err = store_session_template_insert(im->service->store, says, im->actor.account,
						    IMPORTED, im->service->now);
	if (err == OK)
		err = leaf(im, &(struct audit_what){ .verb = AUDIT_SESSION_ADD,
						     .object = AUDIT_ON_SESSION,
						     .object_id = says->id.n,
						     .prison = says->prison });
	return use_case_end(&use, err);
}

/* From today on, or from the first day of the new one if that is later. */
static enum err change_session(struct import *im, const struct session_template *is,
			       struct session_template *says)
{
	if (im->looking)
		return OK;
	struct change change;
	struct effect_list effects;
	struct date today = local_date(im->service->now);
	if (says->every_weeks > 1)
		says->anchor = says->valid_from;
	if (date_compare(says->valid_from, today) < 0)
		says->valid_from = today;
	enum err err = change_begin(im->service, &im->actor, im->arena, says->prison, &change);
	if (err == OK)
		err = store_session_template_end(im->service->store, is,
						 date_add_days(says->valid_from, -1));
	if (err == OK)
		err = store_session_template_insert(im->service->store, says, im->actor.account,
						    IMPORTED, im->service->now);
	return change_end(&change, err,
			  &(struct change_what){ .event = REVIEW_SESSION_CHANGED,
						 .audit = { .verb = AUDIT_SESSION_CHANGE,
							    .object = AUDIT_ON_SESSION,
							    .object_id = says->id.n,
							    .prison = says->prison,
							    .words = IMPORTED } },
			  &effects);
}

/* column: where to tell what is wrong with the session as a whole. */
static enum err save_session(struct import *im, int column, struct session_template *says,
			     enum import_outcome *out)
{
	struct session_template is = { 0 };
	struct date today = local_date(im->service->now);
	if (!says->valid_from.year)
		says->valid_from = today;
	enum session_fault fault = session_fault(says);
	ASSERT((size_t)fault < ARRAY_LEN(FAULTS));
	if (fault != SESSION_FINE)
		import_fault(im, column, FAULTS[fault]);
	struct str parts[] = { str_from(says->prison.text), says->name,
			       str_from(arena_printf(im->arena, "%u %d", says->weekdays,
						     says->start_minute)) };
	import_once(im, column, parts, ARRAY_LEN(parts));
	if (im->bad)
		return OK;
	enum err err = store_session_template_find_named(im->service->store, im->arena, says, &is);
	if (err == ERR_NOT_FOUND) {
		*out = IMPORTED_NEW;
		return add_session(im, says);
	}
	if (err != OK || same_session(&is, says, today))
		return err;
	*out = IMPORTED_CHANGED;
	return change_session(im, &is, says);
}

static enum err session_line(struct import *im, enum import_outcome *out)
{
	struct session_template says = blank(im);
	enum err err = import_prison(im, SESSION_PRISON, &says.prison);
	read_pattern(im, &says);
	read_for_whom(im, &says);
	if (err == OK && !im->bad)
		err = read_room(im, &says);
	if (err != OK || im->bad)
		return err;
	return save_session(im, SESSION_START, &says, out);
}

const struct import_table IMPORT_OF_SESSIONS = {
	.kind = IMPORT_SESSIONS,
	.columns = { [SESSION_PRISON] = { "prison", true },
		     [SESSION_WEEKDAYS] = { "weekdays", true },
		     [SESSION_START] = { "start", true },
		     [SESSION_ENDS] = { "end", true },
		     [SESSION_MINUTES] = { "minutes", true },
		     [SESSION_NAME] = { "name", false },
		     [SESSION_EVERY_WEEKS] = { "every_weeks", false },
		     [SESSION_FROM] = { "valid_from", false },
		     [SESSION_TO] = { "valid_to", false },
		     [SESSION_KINDS] = { "kinds", false },
		     [SESSION_CLIENTS] = { "clients", false },
		     [SESSION_ROOM] = { "room", false },
		     [SESSION_OPEN] = { "open_capacity", false },
		     [SESSION_CLOSED] = { "closed_capacity", false },
		     [SESSION_LOCATIONS] = { "locations", false },
		     [SESSION_CATEGORIES] = { "categories", false },
		     [SESSION_INCENTIVES] = { "incentives", false },
		     [SESSION_ORDER] = { "order_need", false },
		     [SESSION_ACTIVE] = { "active", false } },
	.read_past = "",
	.line = session_line,
};

/* ---- the hours of visits in person, as an older booking service had them ---- */

enum {
	HOURS_PRISON,
	HOURS_NAME,
	HOURS_ENABLED,
	HOURS_CLOSED,
	HOURS_DAY,
	HOURS_SLOTS,
};

enum {
	VIDEO_GRID = 30, /* minutes: half an hour is what a video visit lasts at least */
};

static enum err hours_slot(struct import *im, const struct session_template *day, struct str slot,
			   enum import_outcome *out)
{
	struct session_template says = *day;
	enum import_outcome outcome = IMPORTED_SAME;
	struct str start = str_cut(&slot, '-');
	says.id.n = random_id(im->service->random);
	if (!import_minute_of(start, &says.start_minute) ||
	    !import_minute_of(slot, &says.end_minute)) {
		import_fault(im, HOURS_SLOTS, "no hours: write like 1345-1545");
		return OK;
	}
	enum err err = save_session(im, HOURS_SLOTS, &says, &outcome);
	if (outcome != IMPORTED_SAME)
		*out = outcome;
	return err;
}

/* All of a day; no two begin at once. */
static enum err hours_slots(struct import *im, const struct session_template *day, struct str slots,
			    enum import_outcome *out)
{
	bool begins[24 * 60 + 1] = { false };
	enum err err = OK;
	while (err == OK && !im->bad && slots.len) {
		struct str slot = str_cut(&slots, ' ');
		struct str end = slot;
		int start = 0;
		if (import_minute_of(str_cut(&end, '-'), &start) && begins[start])
			import_fault(im, HOURS_SLOTS, "two begin at one time");
		begins[start] = true;
		if (!im->bad)
			err = hours_slot(im, day, slot, out);
		slots = str_trim(slots);
	}
	return err;
}

static enum err hours_line(struct import *im, enum import_outcome *out)
{
	struct session_template day = blank(im);
	struct str slots = import_text(im, HOURS_SLOTS);
	struct str weekday = import_text(im, HOURS_DAY);
	struct str name = import_words(im, HOURS_NAME, SESSION_NAME_MAX - 11);
	bool enabled = false, closed = false;
	enum err err = import_prison(im, HOURS_PRISON, &day.prison);
	(void)import_yes(im, HOURS_ENABLED, &enabled);
	(void)import_yes(im, HOURS_CLOSED, &closed);
	day.weekdays = weekdays_of(weekday);
	day.name = str_from(arena_printf(im->arena, "In person: %.*s", STR_FMT(name)));
	day.slot_minutes = VIDEO_GRID;
	day.active = im->options->activate;
	if (!str_empty(weekday) && !day.weekdays)
		import_fault(im, HOURS_DAY, "no day: write mon, tue … sun");
	if (str_empty(weekday) != str_empty(slots))
		import_fault(im, HOURS_DAY, "a day without hours, or hours without a day");
	*out = IMPORTED_SAME;
	if (!enabled || closed || str_empty(slots))
		*out = IMPORTED_LEFT_OUT;
	if (*out == IMPORTED_LEFT_OUT)
		return err;
	return err == OK && !im->bad ? hours_slots(im, &day, slots, out) : err;
}

const struct import_table IMPORT_OF_HOURS = {
	.kind = IMPORT_SESSIONS,
	.columns = { [HOURS_PRISON] = { "nomis_id", true },
		     [HOURS_NAME] = { "name", true },
		     [HOURS_ENABLED] = { "enabled", true },
		     [HOURS_CLOSED] = { "closed", true },
		     [HOURS_DAY] = { "day", false },
		     [HOURS_SLOTS] = { "slots", false } },
	.read_past = "private adult_age lead_days booking_window postcode",
	.line = hours_line,
};

/* ---- incentive levels ---- */

enum {
	LEVEL_PRISON,
	LEVEL_CODE,
	LEVEL_ACTIVE,
	LEVEL_VO,
	LEVEL_PVO,
};

enum {
	ORDERS_MAX = 26,
};

/* What the prison itself gives now; false: it says nothing about that level. */
static bool own_amount(const struct incentive_amounts *amounts, struct str level, int64_t *vo,
		       int64_t *pvo)
{
	for (size_t i = 0; i < amounts->count; i++) {
		const struct incentive_amount *a = &amounts->list[i];
		if (a->national || !str_equal(a->level, level))
			continue;
		*vo = a->vo;
		*pvo = a->pvo;
		return true;
	}
	return false;
}

static enum err level_line(struct import *im, enum import_outcome *out)
{
	struct prison_code prison = { 0 };
	struct incentive_amounts amounts = { 0 };
	int vo = 0, pvo = 0;
	int64_t own_vo = 0, own_pvo = 0;
	bool active = true;
	struct str level = import_words(im, LEVEL_CODE, INCENTIVE_LEVEL_MAX);
	struct str parts[] = { import_text(im, LEVEL_PRISON), level };
	enum err err = import_prison(im, LEVEL_PRISON, &prison);
	(void)import_number(im, LEVEL_VO, ORDERS_MAX, &vo);
	(void)import_number(im, LEVEL_PVO, ORDERS_MAX, &pvo);
	(void)import_yes(im, LEVEL_ACTIVE, &active);
	import_once(im, LEVEL_CODE, parts, ARRAY_LEN(parts));
	if (err != OK || im->bad)
		return err;
	*out = IMPORTED_LEFT_OUT;
	if (!active)
		return OK;
	err = store_incentive_list(im->service->store, im->arena, prison, &amounts);
	if (err != OK)
		return err;
	bool known = own_amount(&amounts, level, &own_vo, &own_pvo);
	*out = known ? IMPORTED_SAME : IMPORTED_NEW;
	if (known && own_vo == vo && own_pvo == pvo)
		return OK;
	*out = known ? IMPORTED_CHANGED : IMPORTED_NEW;
	if (im->looking)
		return OK;
	return import_answer(
	    im,
	    incentive_set(
		im->service, &im->actor,
		&(struct incentive_change){
		    .prison = prison, .level = level, .vo = vo, .pvo = pvo, .reason = IMPORTED }),
	    LEVEL_CODE, "no level");
}

const struct import_table IMPORT_OF_INCENTIVES = {
	.kind = IMPORT_INCENTIVES,
	.columns = { [LEVEL_PRISON] = { "prison_code", true },
		     [LEVEL_CODE] = { "level_code", true },
		     [LEVEL_ACTIVE] = { "active", false },
		     [LEVEL_VO] = { "visit_orders_per_14d", true },
		     [LEVEL_PVO] = { "privileged_visit_orders_per_28d", true } },
	.read_past = "default_on_admission when_updated",
	.line = level_line,
};

/* ---- code lists ---- */

enum {
	REFERENCE_GROUP,
	REFERENCE_CODE,
	REFERENCE_DESCRIPTION,
};

enum {
	CODE_MAX = 20,
	DESCRIPTION_MAX = 120,
};

static enum err set_code(struct import *im, const struct reference_code *says, bool known)
{
	if (im->looking)
		return OK;
	struct use_case use;
	struct store *store = im->service->store;
	enum err err = use_case_begin(im->service, &use);
	if (err == OK)
		err = known ? store_reference_code_update(store, says)
			    : store_reference_code_insert(store, says);
	if (err == OK)
		err = leaf(im, &(struct audit_what){ .verb = AUDIT_REFERENCE_SET,
						     .object = AUDIT_NOTHING,
						     .words = says->description });
	return use_case_end(&use, err);
}

static enum err reference_line(struct import *im, enum import_outcome *out)
{
	struct str is = { 0 };
	struct reference_code says = {
		.group = import_words(im, REFERENCE_GROUP, CODE_MAX),
		.code = import_words(im, REFERENCE_CODE, CODE_MAX),
		.description = import_words(im, REFERENCE_DESCRIPTION, DESCRIPTION_MAX),
	};
	struct str parts[] = { says.group, says.code };
	import_once(im, REFERENCE_CODE, parts, ARRAY_LEN(parts));
	if (im->bad)
		return OK;
	enum err err =
	    store_reference_code_find(im->service->store, im->arena, says.group, says.code, &is);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	bool known = err == OK;
	if (known && str_equal(is, says.description))
		return OK;
	*out = known ? IMPORTED_CHANGED : IMPORTED_NEW;
	return set_code(im, &says, known);
}

const struct import_table IMPORT_OF_REFERENCE_CODES = {
	.kind = IMPORT_REFERENCE_CODES,
	.columns = { [REFERENCE_GROUP] = { "group", true },
		     [REFERENCE_CODE] = { "code", true },
		     [REFERENCE_DESCRIPTION] = { "description", true } },
	.read_past = "",
	.line = reference_line,
};
