#include "web/api.h"

#include <string.h>

#include "base/assert.h"
#include "service/custody.h"
#include "service/safeguard.h"
#include "web/api_priv.h"

/*
 * What keeps people safe and where they are, as other systems tell it: each POST
 * may be sent again, for what stands already is not entered twice.
 */

#define WHO_SEES   (WHO_PRISON | WHO_INSPECTOR)
#define WHO_ENTERS (WHO_CONTACTS | WHO_GOVERNOR)
#define WHO_MOVES  (WHO_CLERK | WHO_ADMIN | WHO_GOVERNOR)
#define WHO_SETS   (WHO_ADMIN | WHO_GOVERNOR)

enum {
	BODY_MAX = 4096
};

/* ---- what stands ---- */

static json_t *day_or_null(struct date day)
{
	return day.year ? api_day(day) : json_null();
}

static json_t *restriction(const struct restriction *r)
{
	return json_pack(
	    "{s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "restrictionId", page_id(r->id.n),
	    "on", restriction_on_name(r->on), "restrictionType", restriction_code_name(r->code),
	    "visitorId", r->person.n ? page_id(r->person.n) : json_null(), "visitorName",
	    page_str(r->visitor_name), "visitorDateOfBirth", day_or_null(r->visitor_born),
	    "startDate", day_or_null(r->from), "expiryDate", day_or_null(r->to), "comment",
	    page_str(r->comment), "authorisedBy", page_str(r->authorised_by));
}

static json_t *alert(const struct alert *a)
{
	return json_pack("{s:o, s:s, s:o, s:o, s:o, s:o, s:b}", "alertId", page_id(a->id.n),
			 "alertCode", a->code.text, "description", page_str(a->description),
			 "startDate", day_or_null(a->from), "expiryDate", day_or_null(a->to),
			 "comment", page_str(a->comment), "forcesReview",
			 a->forces_review || !a->known);
}

static json_t *pair(const struct safeguards *s, const struct store_non_association *p)
{
	const struct prisoner *other = p->pair.a.n == s->prisoner.id.n ? &p->b : &p->a;
	return json_pack("{s:o, s:s, s:s, s:s, s:o}", "nonAssociationId", page_id(p->pair.id.n),
			 "otherPrisonerId", other->number.text, "reason",
			 non_association_reason_name(p->pair.reason), "scope",
			 non_association_scope_name(p->pair.scope), "comment",
			 page_str(p->pair.comment));
}

static json_t *all_of(const struct safeguards *s)
{
	json_t *restrictions = json_array(), *alerts = json_array(), *pairs = json_array();
	for (size_t i = 0; i < s->restriction_count; i++)
		json_array_append_new(restrictions, restriction(&s->restrictions[i].restriction));
	for (size_t i = 0; i < s->alerts.count; i++)
		json_array_append_new(alerts, alert(&s->alerts.list[i]));
	for (size_t i = 0; i < s->pair_count; i++)
		json_array_append_new(pairs, pair(s, &s->pairs[i]));
	return json_pack("{s:s, s:s, s:s, s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "prisonerId",
			 s->prisoner.number.text, "prisonId", s->prisoner.prison.text, "status",
			 custody_name(s->custody.status), "since", api_when(s->custody.since),
			 "incentiveLevel", page_str(s->prisoner.incentive), "category",
			 page_str(s->prisoner.category), "location", page_str(s->prisoner.wing),
			 "convicted", s->prisoner.convicted, "restrictions", restrictions, "alerts",
			 alerts, "nonAssociations", pairs);
}

/* The prisoner that the path names, and what stands for them; false: answered. */
static bool find(struct page *page, struct safeguards *out)
{
	struct prisoner_number number;
	if (!prisoner_number_of(page_param(page, 0), &number)) {
		page_not_found(page);
		return false;
	}
	enum err err = safeguards_find(page->service, &page->actor, page->arena, number, out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void safeguards(struct page *page)
{
	struct safeguards s;
	if (!find(page, &s))
		return;
	size_t rows = 1 + s.restriction_count + s.alerts.count + s.pair_count;
	enum err err = api_looked_at_prisoner(page, s.prisoner.id, (int64_t)rows);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 200, all_of(&s));
}

/* ---- entering ---- */

/* A day that may be left out: year 0 then. */
static struct date optional_day(struct api_faults *faults, const json_t *body, const char *field)
{
	const json_t *value = json_object_get(body, field);
	if (value == NULL || json_is_null(value))
		return (struct date){ 0 };
	return api_date(faults, body, field);
}

static int64_t optional_id(struct api_faults *faults, const json_t *body, const char *field)
{
	uint64_t id = 0;
	struct str text = api_text(faults, body, field, false);
	if (!str_empty(text) && !str_u64(text, INT64_MAX, &id))
		api_fault(faults, field, "The number of a visitor, as a text.");
	return (int64_t)id;
}

static bool same_day(struct date a, struct date b)
{
	return date_compare(a, b) == 0;
}

static void entered(struct page *page, enum err err, bool new, const char *field, int64_t id,
		    const char *why)
{
	if (err == ERR_BAD)
		return page_problem(page, 400, "bad-request", why);
	if (err != OK)
		return page_failed(page, err);
	page_json(page, new ? 201 : 200, json_pack("{s:o}", field, page_id(id)));
}

static bool read_restriction(struct page *page, struct restriction_new *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	struct str code = api_text(&faults, body, "restrictionType", true);
	out->person.n = optional_id(&faults, body, "visitorId");
	out->visitor_name = api_text(&faults, body, "visitorName", false);
	out->visitor_born = optional_day(&faults, body, "visitorDateOfBirth");
	out->from = optional_day(&faults, body, "startDate");
	out->to = optional_day(&faults, body, "expiryDate");
	out->comment = api_text(&faults, body, "comment", true);
	out->authorised_by = api_text(&faults, body, "authorisedBy", true);
	if (!str_empty(code) && !restriction_code_of(code, &out->code))
		api_fault(&faults, "restrictionType", "A code of the service is needed, like BAN.");
	bool visitor = out->person.n || !str_empty(out->visitor_name);
	out->on = visitor ? RESTRICTION_ON_PAIR : RESTRICTION_ON_PRISONER;
	return api_good(page, &faults);
}

static bool is_that(const struct restriction *r, const struct restriction_new *new,
		    struct date today)
{
	struct date from = new->from.year ? new->from : today;
	bool visitor = new->person.n ? r->person.n == new->person.n
				     : prisoner_name_matches(r->visitor_name, new->visitor_name) &&
					   same_day(r->visitor_born, new->visitor_born);
	return r->on == new->on && r->code == new->code &&same_day(r->from, from) &&
	       same_day(r->to, new->to) && (new->on == RESTRICTION_ON_PRISONER || visitor);
}

static void enter_restriction(struct page *page)
{
	struct safeguards s;
	struct restriction_new new = { 0 };
	struct restriction_id id = { 0 };
	struct date today = local_date(page->service->now);
	if (!find(page, &s) || !read_restriction(page, &new))
		return;
	new.prisoner = s.prisoner.id;
	for (size_t i = 0; i < s.restriction_count; i++)
		if (is_that(&s.restrictions[i].restriction, &new, today))
			return entered(page, OK, false, "restrictionId",
				       s.restrictions[i].restriction.id.n, NULL);
	enum err err = restriction_add(page->service, &page->actor, &new, &id);
	entered(page, err, true, "restrictionId", id.n,
		"The code does not fit (only two people can have no contact), the days do not "
		"follow each other, or a visitor's date of birth is missing.");
}

static bool read_alert(struct page *page, struct alert_new *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	struct str code = api_text(&faults, body, "alertCode", true);
	out->from = optional_day(&faults, body, "startDate");
	out->to = optional_day(&faults, body, "expiryDate");
	out->comment = api_text(&faults, body, "comment", true);
	if (!str_empty(code) && !alert_code_of(code, &out->code))
		api_fault(&faults, "alertCode", "Letters and digits are needed, like RDV.");
	return api_good(page, &faults);
}

static void enter_alert(struct page *page)
{
	struct safeguards s;
	struct alert_new new = { 0 };
	struct alert_id id = { 0 };
	if (!find(page, &s) || !read_alert(page, &new))
		return;
	struct date from = new.from.year ? new.from : local_date(page->service->now);
	new.prisoner = s.prisoner.id;
	for (size_t i = 0; i < s.alerts.count; i++) {
		const struct alert *a = &s.alerts.list[i];
		if (strcmp(a->code.text, new.code.text) == 0 && same_day(a->from, from) &&
		    same_day(a->to, new.to))
			return entered(page, OK, false, "alertId", a->id.n, NULL);
	}
	enum err err = alert_add(page->service, &page->actor, &new, &id);
	entered(page, err, true, "alertId", id.n,
		"The days do not follow each other, or the comment is no text.");
}

static bool read_pair(struct page *page, struct non_association_new *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	struct str other = api_text(&faults, body, "otherPrisonerId", true);
	struct str reason = api_text(&faults, body, "reason", true);
	struct str scope = api_text(&faults, body, "scope", true);
	out->comment = api_text(&faults, body, "comment", true);
	if (!str_empty(other))
		(void)api_number(&faults, "otherPrisonerId", other, &out->other);
	if (!str_empty(reason) && !non_association_reason_of(reason, &out->reason))
		api_fault(&faults, "reason", "A reason of the service is needed, like THREAT.");
	if (!str_empty(scope) && !non_association_scope_of(scope, &out->scope))
		api_fault(&faults, "scope", "CELL, LANDING or WING.");
	return api_good(page, &faults);
}

static void enter_pair(struct page *page)
{
	struct safeguards s;
	struct non_association_new new = { 0 };
	struct non_association_id id = { 0 };
	if (!find(page, &s) || !read_pair(page, &new))
		return;
	new.one = s.prisoner.id;
	for (size_t i = 0; i < s.pair_count; i++) {
		const struct store_non_association *p = &s.pairs[i];
		const struct prisoner *other = p->pair.a.n == new.one.n ? &p->b : &p->a;
		if (strcmp(other->number.text, new.other.text) == 0)
			return entered(page, OK, false, "nonAssociationId", p->pair.id.n, NULL);
	}
	enum err err = non_association_add(page->service, &page->actor, &new, &id);
	entered(page, err, true, "nonAssociationId", id.n, "Nobody is kept apart from themselves.");
}

/* ---- ending ---- */

static void ended(struct page *page, enum err err)
{
	if (err == ERR_CONFLICT)
		return page_problem(page, 409, "ended-already", "This was ended before.");
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 200, json_pack("{s:b}", "ended", 1));
}

static void end_restriction(struct page *page)
{
	struct str reason;
	if (api_reason(page, &reason))
		ended(page,
		      restriction_end(page->service, &page->actor,
				      (struct restriction_id){ page_param_id(page, 0) }, reason));
}

static void end_alert(struct page *page)
{
	struct str reason;
	if (api_reason(page, &reason))
		ended(page, alert_end(page->service, &page->actor,
				      (struct alert_id){ page_param_id(page, 0) }, reason));
}

static void end_pair(struct page *page)
{
	struct str reason;
	if (api_reason(page, &reason))
		ended(page, non_association_end(
				page->service, &page->actor,
				(struct non_association_id){ page_param_id(page, 0) }, reason));
}

/* ---- where they are ---- */

static bool read_movement(struct page *page, struct prisoner_movement *out)
{
	const json_t *body = page_body_json(page);
	struct api_faults faults = { 0 };
	if (body == NULL)
		return false;
	struct str movement = api_text(&faults, body, "movement", true);
	struct str to = api_text(&faults, body, "toPrisonId", false);
	out->reason = api_text(&faults, body, "reason", true);
	if (!str_empty(movement) && !movement_of(movement, &out->movement))
		api_fault(&faults, "movement",
			  "A movement of the service is needed, like "
			  "TRANSFERRED.");
	if (!str_empty(to) && !prison_code_of(to, &out->to))
		api_fault(&faults, "toPrisonId", "The code of a prison is needed, like WWI.");
	return api_good(page, &faults);
}

static void move(struct page *page)
{
	struct prisoner_movement m = { 0 };
	if (!prisoner_number_of(page_param(page, 0), &m.number))
		return page_not_found(page);
	if (!read_movement(page, &m))
		return;
	enum err err = prisoner_move(page->service, &page->actor, &m);
	if (err == ERR_CONFLICT)
		return page_problem(page, 409, "no-such-movement",
				    "From where they are they cannot move so, or it has been told "
				    "before.");
	if (err == ERR_BAD)
		return page_problem(page, 400, "bad-request",
				    "ADMITTED and TRANSFERRED need toPrisonId, the others have "
				    "none.");
	if (err != OK)
		return page_failed(page, err);
	page_json(page, 200,
		  json_pack("{s:s, s:s}", "prisonerId", m.number.text, "movement",
			    movement_name(m.movement)));
}

static void set_status(struct page *page)
{
	struct safeguards s;
	struct api_faults faults = { 0 };
	const json_t *body = page_body_json(page);
	if (body == NULL || !find(page, &s))
		return;
	struct prisoner_status status = {
		.number = s.prisoner.number,
		.incentive = api_text(&faults, body, "incentiveLevel", true),
		.category = api_text(&faults, body, "category", false),
		.convicted = api_flag(&faults, body, "convicted"),
		.reason = api_text(&faults, body, "reason", true),
	};
	if (!api_good(page, &faults))
		return;
	enum err err = prisoner_set_status(page->service, &page->actor, &status);
	if (err == ERR_BAD)
		return page_problem(page, 400, "bad-request",
				    "incentiveLevel must be one that the prison or the country has "
				    "amounts for.");
	if (err != OK)
		return page_failed(page, err);
	if (find(page, &s))
		page_json(page, 200, all_of(&s));
}

static const struct route rows[] = {
	{ METHOD_GET, "/api/v1/prisoners/{prisoner}/safeguards", WHO_SEES,
	  .flags = ROUTE_API | ROUTE_LOOK_PRISONER, .handler = safeguards },
	{ METHOD_POST, "/api/v1/prisoners/{prisoner}/restrictions", WHO_ENTERS, BODY_JSON, BODY_MAX,
	  ROUTE_API, enter_restriction },
	{ METHOD_PUT, "/api/v1/restrictions/{restriction}/end", WHO_ENTERS, BODY_JSON, BODY_MAX,
	  ROUTE_API, end_restriction },
	{ METHOD_POST, "/api/v1/prisoners/{prisoner}/alerts", WHO_ENTERS, BODY_JSON, BODY_MAX,
	  ROUTE_API, enter_alert },
	{ METHOD_PUT, "/api/v1/alerts/{alert}/end", WHO_ENTERS, BODY_JSON, BODY_MAX, ROUTE_API,
	  end_alert },
	{ METHOD_POST, "/api/v1/prisoners/{prisoner}/non-associations", WHO_ENTERS, BODY_JSON,
	  BODY_MAX, ROUTE_API, enter_pair },
	{ METHOD_PUT, "/api/v1/non-associations/{pair}/end", WHO_ENTERS, BODY_JSON, BODY_MAX,
	  ROUTE_API, end_pair },
	{ METHOD_POST, "/api/v1/prisoners/{prisoner}/movements", WHO_MOVES, BODY_JSON, BODY_MAX,
	  ROUTE_API, move },
	{ METHOD_PUT, "/api/v1/prisoners/{prisoner}/status", WHO_SETS, BODY_JSON, BODY_MAX,
	  ROUTE_API, set_status },
};
const struct route_group api_safety_routes = { rows, ARRAY_LEN(rows) };
