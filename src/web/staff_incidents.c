#include "web/staff_incidents.h"

#include <string.h>

#include "base/assert.h"
#include "service/incident.h"
#include "service/prison.h"
#include "web/confirm.h"
#include "web/queue.h"
#include "web/view.h"
#include "web/web.h"

enum {
	WHO_OPENS = WHO_CLERK | WHO_MONITOR | WHO_GOVERNOR,
	WHO_DECIDES = WHO_MONITOR | WHO_GOVERNOR,
	WHO_READS = WHO_PRISON | WHO_INSPECTOR,
	WHO_ASKS = WHO_CLERK | WHO_MONITOR | WHO_CONTACTS,
};

enum {
	WORDS_MAX_CHARACTERS = 400,
	AGO_MAX_MINUTES = 600,
	DAYS_MAX = 366,
	NUMBER_MAX_CHARACTERS = 10,
};

static const char *const TYPES[] = { "THIRD_PERSON", "CONDUCT", "THREAT", "DRESS", "RECORDING",
				     "SELF_HARM",    "CHILD",   "OTHER",  NULL };
static const char *const SEVERITIES[] = { "LOW", "MEDIUM", "HIGH", NULL };
static const char *const OUTCOMES[] = { "NONE", "WARNING", "RESTRICTION", "SECURITY_REPORT", NULL };
static const char *const YES_NO[] = { "NO", "YES", NULL };
static const char *const APPEAL_ANSWERS[] = { "REFUSED", "ALLOWED", NULL };
static const char *const CODES[] = { "BAN",  "NO_CONTACT", "CLOSED", "NONCON",     "CHILD", "ACC",
				     "CCTV", "DIHCON",     "PREINF", "RESTRICTED", NULL };
static const char *const GRANTS[] = { "GRANTED", "REFUSED", "REVOKED", NULL };

/* ---- pieces of pages ---- */

static const char *word(const struct page *page, const char *area, const char *name)
{
	return page_word(page, arena_printf(page->arena, "oversight.%s.%s", area, name));
}

/* words: where they stand, "oversight.severity" */
static void choices_of(const struct page *page, struct form *form, const char *field,
		       const char *words, const char *const *names)
{
	json_t *items = json_array();
	for (size_t i = 0; names[i] != NULL; i++) {
		const char *path = arena_printf(page->arena, "%s.%s", words, names[i]);
		json_array_append_new(items, view_choice(json_string(names[i]),
							 json_string(page_word(page, path)), NULL));
	}
	form_options(form, field, items);
}

static void choices(const struct page *page, struct form *form, const char *field, const char *area,
		    const char *const *names)
{
	choices_of(page, form, field, arena_printf(page->arena, "oversight.%s", area), names);
}

static struct str words_of(struct form *form, const char *field, size_t min)
{
	struct str words = form_lines(form, field, min, WORDS_MAX_CHARACTERS);
	if (words.len > REASON_MAX)
		form_mistake(form, field, "too_long");
	return words;
}

/* A form of this file: what its words in oversight.forms name, on one page. */
static void show_form(struct page *page, struct form *form, const char *heading, const char *action,
		      json_t *rows)
{
	json_t *view =
	    json_pack("{s:s, s:s, s:s, s:s}", "heading", word(page, "incidents", heading), "title",
		      word(page, "incidents", heading), "action", action, "back",
		      page->actor.role == ROLE_FAMILY ? "/home" : "/staff/incidents");
	json_object_set_new(view, "governs", json_boolean(page_is_for(page, WHO_GOVERNOR)));
	json_object_set_new(view, "rows", rows != NULL ? rows : json_array());
	view_here(view, "incidents");
	bool family = page->actor.role == ROLE_FAMILY;
	page_render_form(page, form, family ? "family/appeal" : "staff/oversight-form", view);
}

static void add_row(const struct page *page, json_t *rows, const char *key, json_t *line)
{
	view_row(page, rows, arena_printf(page->arena, "oversight.incidents.%s", key), line);
}

/* ---- opening one ---- */

static void show_new(struct page *page, struct form *form)
{
	choices(page, form, "type", "incident_type", TYPES);
	choices(page, form, "severity", "severity", SEVERITIES);
	form_default(form, "ago", STR("0"));
	show_form(page, form, "new",
		  page->request->path.at != NULL ? arena_text(page->arena, page->request->path)
						 : "",
		  NULL);
}

static void new_incident(struct page *page)
{
	struct visit visit;
	if (page_visit(page, &visit))
		show_new(page, page_form(page, "incident"));
}

static void open_incident(struct page *page)
{
	struct form *form = page_form(page, "incident");
	struct visit visit;
	struct incident_id id;
	struct incident_new new = { 0 };
	if (!page_visit(page, &visit))
		return;
	int type = form_choice(form, "type", TYPES);
	int severity = form_choice(form, "severity", SEVERITIES);
	int64_t ago = form_number(form, "ago", 0, AGO_MAX_MINUTES);
	new.evidence = words_of(form, "evidence", 1);
	if (!form_ok(form))
		return show_new(page, form);
	(void)incident_type_of(str_from(TYPES[type]), &new.type);
	(void)severity_of(str_from(SEVERITIES[severity]), &new.severity);
	struct wall last = visit.ended_at.s ? visit.ended_at : page->service->now;
	new.seen_at = wall_add_s(last, -60 * ago);
	enum err err = incident_open(page->service, &page->actor, visit.reference, &new, &id);
	if (err == ERR_CONFLICT || err == ERR_BAD) {
		form_mistake(form, "ago", err == ERR_BAD ? "bad" : "not_begun");
		return show_new(page, form);
	}
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/incidents/%lld?done=incident_opened", (long long)id.n);
}

/* ---- the list, and one of them ---- */

static const char *state_word(const struct page *page, const struct incident *incident)
{
	if (incident_appeals(incident) != APPEAL_NO)
		return word(page, "appeal", appeal_name(incident_appeals(incident)));
	if (incident->outcome == OUTCOME_OPEN)
		return word(page, "incidents", "open");
	return word(page, "outcome", incident_outcome_name(incident->outcome));
}

static json_t *incident_line(const struct page *page, const struct incident *incident)
{
	return json_pack(
	    "{s:o, s:o, s:o, s:s, s:s, s:s, s:b}", "id", page_id(incident->id.n), "when",
	    page_time(page, incident->seen_at), "prisoner", page_str(incident->prisoner_name),
	    "type", word(page, "incident_type", incident_type_name(incident->type)), "severity",
	    word(page, "severity", severity_name(incident->severity)), "state",
	    state_word(page, incident), "waits",
	    (int)(incident->outcome == OUTCOME_OPEN || incident_appeals(incident) == APPEAL_ASKED));
}

static bool is_open(const struct incident *incident)
{
	return incident->outcome == OUTCOME_OPEN;
}

/* How it stands, for the address. */
static const char *state_name(const struct incident *incident)
{
	if (incident_appeals(incident) != APPEAL_NO)
		return appeal_name(incident_appeals(incident));
	return is_open(incident) ? "OPEN" : incident_outcome_name(incident->outcome);
}

static void take(struct queue *queue, const struct incident *i)
{
	const struct page *page = queue->page;
	const char *type = incident_type_name(i->type), *severity = severity_name(i->severity);
	json_t *line;
	struct queue_line asked = {
		.it = i,
		.key = arena_printf(page->arena, "%lld", (long long)i->id.n),
		.name = i->prisoner_name,
		.when = i->seen_at,
		.cause_count = 3,
		.causes = { { state_name(i), state_word(page, i) },
			    { type, word(page, "incident_type", type) },
			    { severity, word(page, "severity", severity) } },
		.settled = !is_open(i),
	};
	if (queue_takes(queue, &asked, &line))
		json_object_update_new(line, incident_line(page, i));
}

static enum err load(struct queue *queue)
{
	struct page *page = queue->page;
	struct store_incidents found = { 0 };
	struct actor there = staff_actor_there(page);
	enum err err = incidents_find(page->service, &there, page->arena, &found);
	for (size_t i = 0; err == OK && i < found.count; i++)
		take(queue, &found.list[i]);
	return err;
}

static void show_list(struct queue *queue, struct form *form)
{
	const struct page *page = queue->page;
	json_t *view = json_pack("{s:s}", "query", staff_prison_query(page));
	queue_render(queue, form, page_is_for(page, WHO_DECIDES), "staff/incidents", view);
}

/* What follows from it is decided one by one: it is told to somebody, or weighs. */
static enum err decide_one(struct queue *queue, const void *it, int decision, struct str reason,
			   json_t *stops)
{
	static const enum incident_outcome SAID[] = { OUTCOME_NONE, OUTCOME_SECURITY_REPORT };
	const struct incident *i = it;
	struct page *page = queue->page;
	const struct incident_decision d = { .outcome = SAID[decision], .follow_up = reason };
	enum incident_answer answer = INCIDENT_OK;
	enum err err = incident_decide(page->service, &page->actor, i->id, &d, &answer);
	if (err == OK && answer != INCIDENT_OK)
		json_array_append_new(
		    stops,
		    json_string(page_word(page, arena_printf(page->arena, "queue.stops.%s",
							     incident_answer_name(answer)))));
	return err;
}

static const struct queue_kind KIND = {
	.list = "/staff/incidents",
	.here = "incidents",
	.form = "queue_incidents",
	.words = "queue.incidents",
	.done = "incidents_decided",
	.decisions = "queue.incidents.decisions",
	.names = { "nothing", "report", NULL },
	.load = load,
	.decide = decide_one,
	.show = show_list,
};

static void incidents(struct page *page)
{
	if (!staff_asked_prison(page))
		queue_list(page, &KIND);
}

static void chosen(struct page *page)
{
	queue_chosen(page, &KIND);
}

static void add_appeal_rows(const struct page *page, json_t *rows, const struct incident *i,
			    enum appellant who)
{
	const struct incident_appeal *appeal = &i->appeals[who];
	if (appeal->state == APPEAL_NO)
		return;
	add_row(page, rows, "appealed_by",
		json_string(word(page, "appellant", appellant_name(who))));
	add_row(page, rows, "appeal", page_str(appeal->words));
	add_row(page, rows, "appeal_state",
		json_string(word(page, "appeal", appeal_name(appeal->state))));
	if (!str_empty(appeal->reason))
		add_row(page, rows, "appeal_reason", page_str(appeal->reason));
}

static void add_decision_rows(const struct page *page, json_t *rows, const struct incident *i)
{
	if (i->outcome == OUTCOME_OPEN)
		return;
	add_row(page, rows, "outcome",
		json_string(word(page, "outcome", incident_outcome_name(i->outcome))));
	add_row(page, rows, "decided_by", page_str(i->decided_name));
	add_row(page, rows, "follow_up", page_str(i->follow_up));
	if (i->restriction.n)
		add_row(page, rows, "restriction",
			json_string(word(page, "restriction_entered",
					 restriction_on_name(i->restriction_on))));
	if (!str_empty(i->told))
		add_row(page, rows, "told", page_str(i->told));
	if (!str_empty(i->told_prisoner))
		add_row(page, rows, "told_prisoner", page_str(i->told_prisoner));
	if (i->counts_pause)
		add_row(page, rows, "counts", json_string(word(page, "yes_no", "YES")));
	add_appeal_rows(page, rows, i, APPELLANT_VISITOR);
	add_appeal_rows(page, rows, i, APPELLANT_PRISONER);
}

static json_t *incident_rows(const struct page *page, const struct incident *i)
{
	json_t *rows = json_array();
	add_row(page, rows, "visit", view_reference(i->reference));
	add_row(page, rows, "prisoner", page_str(i->prisoner_name));
	add_row(page, rows, "when", view_when(page, i->seen_at));
	add_row(page, rows, "type",
		json_string(word(page, "incident_type", incident_type_name(i->type))));
	add_row(page, rows, "severity",
		json_string(word(page, "severity", severity_name(i->severity))));
	add_row(page, rows, "evidence", page_str(i->evidence));
	add_row(page, rows, "opened_by", page_str(i->opened_name));
	add_decision_rows(page, rows, i);
	return rows;
}

static bool find_incident(struct page *page, struct incident *out)
{
	struct incident_id id = { page_param_id(page, 0) };
	enum err err = incident_find(page->service, &page->actor, page->arena, id, out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

/* Whom a restriction may hold for: the prisoner, or the prisoner and one of the visit's visitors. */
static json_t *restricted_choices(struct page *page, const struct incident *i)
{
	json_t *items = json_array();
	struct visit visit = { 0 };
	const char *everybody = page_word(page, "people.everybody");
	enum err err = visit_find(page->service, &page->actor, page->arena, i->reference, &visit);
	json_array_append_new(items, view_choice(json_string("0"), json_string(everybody), NULL));
	for (size_t v = 0; err == OK && v < visit.visitor_count; v++)
		json_array_append_new(items, view_choice(page_id(visit.visitors[v].person.n),
							 page_str(visit.visitors[v].name), NULL));
	return items;
}

/* What comes of it: a restriction is the duty governor's, who alone is asked for it. */
static void add_decision_choices(struct page *page, struct form *form, const struct incident *i)
{
	choices(page, form, "outcome", "outcome", OUTCOMES);
	choices(page, form, "counts", "yes_no", YES_NO);
	form_default(form, "counts", STR("NO"));
	if (!page_is_for(page, WHO_GOVERNOR))
		return;
	choices_of(page, form, "code", "people.codes", CODES);
	form_options(form, "whom", restricted_choices(page, i));
}

/* What the page asks for: a decision, one on the appeal that waits longest, or nothing any more. */
static void show_incident(struct page *page, struct form *form, const struct incident *i)
{
	bool decides = i->outcome == OUTCOME_OPEN && page_is_for(page, WHO_DECIDES);
	enum appellant whose = incident_appeal_waiting(i);
	bool appeals = whose != APPELLANT_NONE && page_is_for(page, WHO_GOVERNOR);
	const char *name = appeals ? "appeal_decide" : "incident_decide";
	if (form == NULL)
		form = page_form(page, name);
	const char *action = arena_printf(page->arena, "/staff/incidents/%lld", (long long)i->id.n);
	if (appeals)
		action = arena_printf(page->arena, "%s/appeal/%s", action, appellant_name(whose));
	if (appeals)
		choices(page, form, "decision", "appeal_answer", APPEAL_ANSWERS);
	if (decides)
		add_decision_choices(page, form, i);
	show_form(page, form, "one", decides || appeals ? action : "", incident_rows(page, i));
}

static void incident(struct page *page)
{
	struct incident i;
	if (find_incident(page, &i))
		show_incident(page, NULL, &i);
}

/* Read only where a restriction is what comes of it: the fields of another outcome may stand empty. */
static void read_restriction(struct form *form, struct incident_restriction *out)
{
	uint64_t person = 0;
	int code = form_choice(form, "code", CODES);
	if (!str_u64(form_raw(form, "whom"), INT64_MAX, &person))
		form_mistake(form, "whom", "missing");
	(void)form_date_optional(form, "until", &out->to);
	if (code < 0)
		return;
	(void)restriction_code_of(str_from(CODES[code]), &out->code);
	out->person.n = (int64_t)person;
	out->given = true;
}

/* The field that an answer is about. */
static const char *field_of(enum incident_answer answer)
{
	if (answer == INCIDENT_TELL_NEEDED)
		return "told";
	if (answer == INCIDENT_RESTRICTION_NEEDED || answer == INCIDENT_RESTRICTION_BAD)
		return "code";
	if (answer == INCIDENT_TELL_PRISONER_NEEDED)
		return "told_prisoner";
	return "outcome";
}

static void decide(struct page *page)
{
	struct form *form = page_form(page, "incident_decide");
	struct incident_decision d = { 0 };
	struct incident i;
	enum incident_answer answer;
	if (!find_incident(page, &i))
		return;
	int outcome = form_choice(form, "outcome", OUTCOMES);
	d.counts_pause = form_choice(form, "counts", YES_NO) == 1;
	d.follow_up = words_of(form, "follow_up", 1);
	d.told = words_of(form, "told", 0);
	d.told_prisoner = words_of(form, "told_prisoner", 0);
	if (outcome >= 0)
		(void)incident_outcome_of(str_from(OUTCOMES[outcome]), &d.outcome);
	if (d.outcome == OUTCOME_RESTRICTION && page_is_for(page, WHO_GOVERNOR))
		read_restriction(form, &d.restriction);
	if (!form_ok(form))
		return show_incident(page, form, &i);
	enum err err = incident_decide(page->service, &page->actor, i.id, &d, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer != INCIDENT_OK) {
		form_mistake(form, field_of(answer), incident_answer_name(answer));
		return show_incident(page, form, &i);
	}
	page_redirect(page, "/staff/incidents/%lld?done=incident_decided", (long long)i.id.n);
}

static void decide_appeal(struct page *page)
{
	struct form *form = page_form(page, "appeal_decide");
	struct incident i;
	enum appellant whose = APPELLANT_NONE;
	enum incident_answer answer;
	if (!find_incident(page, &i))
		return;
	if (!appellant_of(page_param(page, 1), &whose) || whose == APPELLANT_NONE)
		return page_failed(page, ERR_NOT_FOUND);
	int decision = form_choice(form, "decision", APPEAL_ANSWERS);
	struct str reason = words_of(form, "reason", 1);
	if (!form_ok(form))
		return show_incident(page, form, &i);
	enum err err = incident_appeal_decide(page->service, &page->actor, i.id, whose,
					      decision == 1, reason, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer != INCIDENT_OK) {
		form_mistake(form, "decision", incident_answer_name(answer));
		return show_incident(page, form, &i);
	}
	page_redirect(page, "/staff/incidents/%lld?done=incident_decided", (long long)i.id.n);
}

/* ---- the booker ---- */

static json_t *told_line(const struct page *page, const struct visit *visit,
			 const struct incident *i, int64_t appeal_days)
{
	struct wall until = incident_appeal_until(i, APPELLANT_VISITOR, appeal_days);
	const struct incident_appeal *theirs = &i->appeals[APPELLANT_VISITOR];
	bool eased = incident_eased_by_other(i, APPELLANT_VISITOR);
	json_t *line =
	    json_pack("{s:o, s:s, s:o, s:o, s:o}", "id", page_id(i->id.n), "reference",
		      visit->reference.text, "when", page_time(page, i->decided_at), "told",
		      page_str(i->told), "appeal_reason", page_str(theirs->reason));
	enum incident_answer may =
	    incident_may_appeal(i, APPELLANT_VISITOR, appeal_days, page->service->now);
	json_object_set_new(line, "may_appeal", json_boolean(may == INCIDENT_OK));
	json_object_set_new(line, "too_late", json_boolean(may == INCIDENT_APPEAL_LATE));
	json_object_set_new(line, "appeal_until", until.s ? view_when(page, until) : json_null());
	json_object_set_new(line, "appeal",
			    json_string(theirs->state != APPEAL_NO
					    ? word(page, "appeal_told", appeal_name(theirs->state))
					    : ""));
	json_object_set_new(line, "eased",
			    json_string(eased ? word(page, "incidents", "eased") : ""));
	return line;
}

void incidents_add_told(struct page *page, const struct visit *visit, json_t *view)
{
	struct store_incidents told = { 0 };
	struct policy policy = { 0 };
	json_t *lines = json_array();
	enum err err =
	    incidents_told(page->service, &page->actor, page->arena, visit->reference, &told);
	if (err == OK && told.count)
		err = policy_find(page->service, visit->prison, &policy);
	for (size_t i = 0; err == OK && i < told.count; i++)
		json_array_append_new(lines, told_line(page, visit, &told.list[i],
						       policy.values[POLICY_INCIDENT_APPEAL_DAYS]));
	view_list(view, "incidents", lines);
}

/* The incident of the path, if it is one that the booker of the path's visit was told of. */
static bool find_told(struct page *page, struct incident *out)
{
	struct store_incidents told = { 0 };
	struct reference reference;
	enum err err = ERR_NOT_FOUND;
	if (page_param_reference(page, 0, &reference))
		err = incidents_told(page->service, &page->actor, page->arena, reference, &told);
	for (size_t i = 0; err == OK && i < told.count; i++)
		if (told.list[i].id.n == page_param_id(page, 1)) {
			*out = told.list[i];
			return true;
		}
	page_failed(page, err == OK ? ERR_NOT_FOUND : err);
	return false;
}

static void add_appeal_until(struct page *page, json_t *rows, const struct incident *i)
{
	struct policy policy = { 0 };
	if (policy_find(page->service, i->prison, &policy) != OK)
		return;
	struct wall until =
	    incident_appeal_until(i, APPELLANT_VISITOR, policy.values[POLICY_INCIDENT_APPEAL_DAYS]);
	if (until.s)
		add_row(page, rows, "appeal_until", view_when(page, until));
}

static void show_appeal(struct page *page, struct form *form, const struct incident *i)
{
	json_t *rows = json_array();
	add_row(page, rows, "when", view_when(page, i->decided_at));
	add_row(page, rows, "told", page_str(i->told));
	add_appeal_until(page, rows, i);
	show_form(page, form, "appeal_heading",
		  arena_printf(page->arena, "/visits/%s/appeal/%lld", i->reference.text,
			       (long long)i->id.n),
		  rows);
}

static void appeal_form(struct page *page)
{
	struct incident i;
	if (find_told(page, &i))
		show_appeal(page, page_form(page, "incident_appeal"), &i);
}

static void appeal(struct page *page)
{
	struct form *form = page_form(page, "incident_appeal");
	struct incident i;
	enum incident_answer answer;
	if (!find_told(page, &i))
		return;
	struct str words = words_of(form, "words", 1);
	if (!form_ok(form))
		return show_appeal(page, form, &i);
	enum err err = incident_appeal(page->service, &page->actor, i.id, words, &answer);
	if (err != OK)
		return page_failed(page, err);
	if (answer != INCIDENT_OK) {
		form_mistake(form, "words", incident_answer_name(answer));
		return show_appeal(page, form, &i);
	}
	page_redirect(page, "/visits/%s?done=appealed", i.reference.text);
}

/* ---- authorisations ---- */

static json_t *authorisation_line(const struct page *page, const struct authorisation *a)
{
	bool holds = authorisation_holds(a, page->service->now);
	const char *state = a->state == AUTHORISATION_GRANTED && !holds
				? "EXPIRED"
				: authorisation_state_name(a->state);
	return json_pack("{s:o, s:o, s:s, s:s, s:o, s:o, s:o}", "id", page_id(a->id.n), "prisoner",
			 page_str(a->prisoner_name), "number", a->prisoner_number.text, "state",
			 word(page, "authorisation_state", state), "until",
			 page_time(page, a->until), "review", page_time(page, a->review_at), "by",
			 page_str(a->requested_name));
}

static void authorisations(struct page *page)
{
	struct store_authorisations found;
	if (staff_asked_prison(page))
		return;
	struct actor there = staff_actor_there(page);
	enum err err = authorisations_find(page->service, &there, page->arena, &found);
	if (err != OK)
		return page_failed(page, err);
	json_t *lines = json_array();
	for (size_t i = 0; i < found.count; i++)
		json_array_append_new(lines, authorisation_line(page, &found.list[i]));
	json_t *view =
	    json_pack("{s:b, s:s}", "may_request", (int)page_is_for(page, WHO_ASKS), "back",
		      arena_printf(page->arena, "/staff/incidents%s", staff_prison_query(page)));
	json_object_set_new(view, "may_take",
			    json_boolean(page_is_for(page, WHO_GOVERNOR | WHO_INSPECTOR)));
	json_object_set_new(view, "query", json_string(staff_prison_query(page)));
	view_list(view, "authorisations", lines);
	view_here(view, "incidents");
	page_render(page, 200, "staff/authorisations", view);
}

static void new_authorisation(struct page *page)
{
	struct form *form = page_form(page, "authorisation");
	form_default(form, "days", STR("28"));
	show_form(page, form, "authorisation_new", "/staff/authorisations/new", NULL);
}

static void request_authorisation(struct page *page)
{
	struct form *form = page_form(page, "authorisation");
	struct authorisation_new new = { 0 };
	struct authorisation_id id;
	struct str number = form_text(form, "number", NUMBER_MAX_CHARACTERS);
	new.days = (int)form_number(form, "days", 1, DAYS_MAX);
	new.necessity = words_of(form, "necessity", AUTHORISATION_WORDS_MIN);
	new.proportionality = words_of(form, "proportionality", AUTHORISATION_WORDS_MIN);
	if (form_ok(form) && !prisoner_number_of(number, &new.number))
		form_mistake(form, "number", "bad");
	enum err err = ERR_BAD;
	if (form_ok(form))
		err = authorisation_request(page->service, &page->actor, &new, &id);
	if (form_ok(form) && err == ERR_NOT_FOUND)
		form_mistake(form, "number", "unknown");
	if (form_ok(form) && err == ERR_LIMIT)
		form_mistake(form, "days", "too_long");
	if (!form_ok(form))
		return show_form(page, form, "authorisation_new", "/staff/authorisations/new",
				 NULL);
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/authorisations/%lld?done=authorisation_asked", (long long)id.n);
}

static json_t *authorisation_rows(const struct page *page, const struct authorisation *a)
{
	json_t *rows = json_array(), *prisoner = json_array();
	json_array_append_new(prisoner, page_str(a->prisoner_name));
	json_array_append_new(prisoner, json_string(a->prisoner_number.text));
	view_row_lines(page, rows, "oversight.incidents.prisoner", prisoner);
	add_row(page, rows, "necessity", page_str(a->necessity));
	add_row(page, rows, "proportionality", page_str(a->proportionality));
	add_row(page, rows, "requested_by", page_str(a->requested_name));
	add_row(page, rows, "until", view_when(page, a->until));
	add_row(page, rows, "review", view_when(page, a->review_at));
	add_row(page, rows, "state",
		json_string(word(page, "authorisation_state", authorisation_state_name(a->state))));
	if (a->decided_at.s == 0)
		return rows;
	add_row(page, rows, "decided_by", page_str(a->decided_name));
	add_row(page, rows, "reason", page_str(a->reason));
	return rows;
}

static bool find_authorisation(struct page *page, struct authorisation *out)
{
	struct authorisation_id id = { page_param_id(page, 0) };
	enum err err = authorisation_find(page->service, &page->actor, page->arena, id, out);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

static void show_authorisation(struct page *page, struct form *form, const struct authorisation *a)
{
	bool open = a->state == AUTHORISATION_REQUESTED || a->state == AUTHORISATION_GRANTED;
	bool decides = open && page_is_for(page, WHO_GOVERNOR);
	choices(page, form, "decision", "grant", GRANTS);
	show_form(page, form, "authorisation_one",
		  decides
		      ? arena_printf(page->arena, "/staff/authorisations/%lld", (long long)a->id.n)
		      : "",
		  authorisation_rows(page, a));
}

static void authorisation(struct page *page)
{
	struct authorisation a;
	if (find_authorisation(page, &a))
		show_authorisation(page, page_form(page, "authorisation_decide"), &a);
}

static void decide_authorisation(struct page *page)
{
	struct form *form = page_form(page, "authorisation_decide");
	enum authorisation_state next = AUTHORISATION_REFUSED;
	struct authorisation a;
	if (!find_authorisation(page, &a))
		return;
	int decision = form_choice(form, "decision", GRANTS);
	struct str reason = words_of(form, "reason", 1);
	if (!form_ok(form))
		return show_authorisation(page, form, &a);
	(void)authorisation_state_of(str_from(GRANTS[decision]), &next);
	enum err err = authorisation_decide(page->service, &page->actor, a.id, next, reason);
	if (err == ERR_CONFLICT) {
		form_mistake(form, "decision", "conflict");
		return show_authorisation(page, form, &a);
	}
	if (err != OK)
		return page_failed(page, err);
	page_redirect(page, "/staff/authorisations/%lld?done=authorisation_decided",
		      (long long)a.id.n);
}

/* ---- how often each officer watched and acted ---- */

static json_t *count_line(const struct page *page, const struct officer_count *count, bool first)
{
	return json_pack("{s:o, s:b, s:s, s:I}", "name", page_str(count->name), "first", (int)first,
			 "what", word(page, "counted", arena_text(page->arena, count->what)),
			 "count", (json_int_t)count->count);
}

static void officers(struct page *page)
{
	struct officer_counts counts = { 0 };
	enum err err = officer_counts_find(page->service, &page->actor, page->arena,
					   staff_prison(page), &counts);
	if (err != OK)
		return page_failed(page, err);
	json_t *lines = json_array();
	for (size_t i = 0; i < counts.count; i++) {
		bool first = i == 0 || counts.list[i].officer.n != counts.list[i - 1].officer.n;
		json_array_append_new(lines, count_line(page, &counts.list[i], first));
	}
	json_t *view = json_pack("{s:i}", "days", COUNTS_DAYS);
	view_list(view, "counts", lines);
	view_here(view, "incidents");
	page_render(page, 200, "staff/officers", view);
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/visits/{reference}/incident", WHO_OPENS, .handler = new_incident },
	{ METHOD_POST, "/staff/visits/{reference}/incident", WHO_OPENS, BODY_FORM,
	  .handler = open_incident },
	{ METHOD_GET, "/staff/incidents", WHO_PRISON | WHO_INSPECTOR, .handler = incidents },
	{ METHOD_POST, "/staff/incidents/chosen", WHO_DECIDES, BODY_FORM, .handler = chosen },
	{ METHOD_GET, "/staff/incidents/{incident}", WHO_READS, .handler = incident },
	{ METHOD_POST, "/staff/incidents/{incident}", WHO_DECIDES, BODY_FORM, .handler = decide },
	{ METHOD_POST, "/staff/incidents/{incident}/appeal/{whose}", WHO_GOVERNOR, BODY_FORM,
	  .handler = decide_appeal },
	{ METHOD_GET, "/visits/{reference}/appeal/{incident}", WHO_FAMILY, .handler = appeal_form },
	{ METHOD_POST, "/visits/{reference}/appeal/{incident}", WHO_FAMILY, BODY_FORM,
	  .handler = appeal },
	{ METHOD_GET, "/staff/authorisations", WHO_PRISON | WHO_INSPECTOR,
	  .handler = authorisations },
	{ METHOD_GET, "/staff/authorisations/new", WHO_ASKS, .handler = new_authorisation },
	{ METHOD_POST, "/staff/authorisations/new", WHO_ASKS, BODY_FORM,
	  .handler = request_authorisation },
	{ METHOD_GET, "/staff/authorisations/{authorisation}", WHO_READS,
	  .handler = authorisation },
	{ METHOD_POST, "/staff/authorisations/{authorisation}", WHO_GOVERNOR, BODY_FORM,
	  .handler = decide_authorisation },
	{ METHOD_GET, "/staff/officers", WHO_GOVERNOR | WHO_INSPECTOR, .handler = officers },
};

const struct route_group staff_incidents_routes = { rows, ARRAY_LEN(rows) };
