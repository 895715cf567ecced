#include "web/staff_audit.h"

#include <string.h>

#include "base/assert.h"
#include "domain/date_words.h"
#include "service/audit.h"
#include "service/booking.h"
#include "service/checkpoint.h"
#include "web/page.h"
#include "web/urlencoded.h"
#include "web/view.h"

enum {
	SHOWN = 50,
	TAKEN_AWAY = 5000, /* lines of one file */
	TYPED_MAX = 40,
};

/* What can be asked for, in this order: the first word of the verbs (domain/audit.h). */
static const char *const groups[] = {
	"visit",           "visitor",   "contact", "identity", "restriction",
	"non_association", "prisoner",  "role",    "session",  "policy",
	"terminal",        "key",       "monitor", "watch",    "incident",
	"authorisation",   "recording", "hint",    "data",     "list"
};

/* As it was typed, to be shown again and to stand in links. */
struct asked {
	struct str q;
	struct str what;
	struct str from;
	struct str to;
	bool not_understood; /* q, or a date */
};

static struct str typed(const struct page *page, const char *name)
{
	struct str text = str_trim(request_query(page->request, name));
	return text.len <= TYPED_MAX && str_is_utf8(text) ? text : STR("");
}

/* A day as people type it; false: none was typed or understood. */
static bool day_of(const struct page *page, struct str text, struct asked *asked, struct date *out)
{
	if (str_empty(text))
		return false;
	bool ok = date_words_of(text, local_date(page->service->now), out);
	asked->not_understood |= !ok;
	return ok;
}

static void ask_for_thing(struct page *page, struct asked *asked, struct audit_query *query)
{
	struct reference reference;
	struct visit visit;
	uint64_t number = 0;
	if (str_empty(asked->q))
		return;
	if (str_u64(asked->q, INT64_MAX, &number) && number > 0)
		query->account = (struct account_id){ (int64_t)number };
	else if (reference_of(asked->q, &reference) &&
		 visit_find(page->service, &page->actor, page->arena, reference, &visit) == OK)
		query->object_id = visit.id.n;
	else
		asked->not_understood = true;
}

static const char *group_of(struct str what)
{
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		if (str_is(what, groups[i]))
			return groups[i];
	return "";
}

static struct asked read_query(struct page *page, struct audit_query *query)
{
	struct asked asked = { .q = typed(page, "q"),
			       .what = typed(page, "what"),
			       .from = typed(page, "from"),
			       .to = typed(page, "to") };
	struct date day;
	uint64_t before = 0;
	query->prison = page->actor.prison;
	query->verbs = group_of(asked.what);
	if (str_u64(request_query(page->request, "before"), INT64_MAX, &before))
		query->before_seq = (int64_t)before;
	if (day_of(page, asked.from, &asked, &day))
		query->from = local_midnight(day);
	if (day_of(page, asked.to, &asked, &day))
		query->to = local_midnight(date_add_days(day, 1));
	ask_for_thing(page, &asked, query);
	return asked;
}

/* "q=…&what=…", for links to further pages. */
static const char *query_text(const struct page *page, const struct asked *asked)
{
	struct buf text = buf_of(4 * TYPED_MAX * 3 + 64);
	const struct str values[] = { asked->q, asked->what, asked->from, asked->to };
	static const char *const names[] = { "q", "what", "from", "to" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		if (str_empty(values[i]))
			continue;
		buf_printf(&text, "%s%s=%s", text.len ? "&" : "", names[i],
			   urlencoded_encode(page->arena, values[i]));
	}
	const char *kept = arena_text(page->arena, buf_view(&text));
	buf_clear(&text);
	return kept;
}

/* ---- the page ---- */

/* In words, and by its code: what a file of them, the API and other systems call it. */
static json_t *record_line(const struct page *page, const struct audit_record *record)
{
	const char *code = audit_verb_name(record->verb);
	const char *role = arena_printf(page->arena, "staff.roles.%s", role_name(record->role)),
		   *did = arena_printf(page->arena, "log.verbs.%s", code),
		   *thing = arena_printf(page->arena, "log.objects.%s",
					 audit_object_name(record->object));
	char id[24];
	char amount[24] = "";
	snprintf(id, sizeof(id), "%lld", (long long)record->account.n);
	if (record->amount != 0)
		snprintf(amount, sizeof(amount), "%lld", (long long)record->amount);
	return json_pack("{s:I, s:o, s:s, s:s, s:s, s:s, s:s, s:s}", "seq", (json_int_t)record->seq,
			 "at", page_time(page, record->at), "role", page_word(page, role),
			 "account", record->account.n != 0 ? id : "", "did", page_word(page, did),
			 "code", code, "thing", page_word(page, thing), "amount", amount);
}

static json_t *group_choices(const struct page *page, struct str chosen)
{
	json_t *items = json_array();
	for (size_t i = 0; i < ARRAY_LEN(groups); i++)
		json_array_append_new(
		    items,
		    json_pack("{s:s, s:s, s:b}", "value", groups[i], "text",
			      page_word(page, arena_printf(page->arena, "staff.audit.groups.%s",
							   groups[i])),
			      "chosen", str_is(chosen, groups[i])));
	return items;
}

static void add_pages(const struct page *page, json_t *view, const struct audit_query *query,
		      const struct audit_list *list, const char *asked)
{
	if (query->before_seq != 0)
		json_object_set_new(view, "previous",
				    json_pack("{s:o, s:s}", "href",
					      json_sprintf("/staff/audit?%s", asked), "text",
					      page_word(page, "staff.audit.newest")));
	if (list->count == SHOWN)
		json_object_set_new(
		    view, "next",
		    json_pack("{s:o, s:s}", "href",
			      json_sprintf("/staff/audit?%s%sbefore=%lld", asked, *asked ? "&" : "",
					   (long long)list->list[list->count - 1].seq),
			      "text", page_word(page, "staff.audit.older")));
}

/* Under which head the log stands signed. */
static void add_head(struct page *page, json_t *view)
{
	struct checkpoint_newest newest;
	if (checkpoint_newest_find(page->service, &newest) == OK && newest.size > 0)
		json_object_set_new(view, "head",
				    json_pack("{s:I, s:o}", "size", (json_int_t)newest.size, "at",
					      page_time(page, newest.at)));
}

static void audit(struct page *page)
{
	struct audit_query query = { .limit = SHOWN };
	struct audit_list list = { 0 };
	struct asked asked = read_query(page, &query);
	enum err err = OK;
	if (!asked.not_understood)
		err = audit_list_find(page->service, &page->actor, page->arena, &query, &list);
	if (err != OK)
		return page_failed(page, err);
	const char *text = query_text(page, &asked);
	json_t *lines = json_array();
	for (size_t i = 0; i < list.count; i++)
		json_array_append_new(lines, record_line(page, &list.list[i]));
	json_t *view = json_pack(
	    "{s:o, s:o, s:o, s:o, s:o, s:b}", "q", page_str(asked.q), "from", page_str(asked.from),
	    "to", page_str(asked.to), "groups", group_choices(page, asked.what), "file",
	    json_sprintf("/staff/audit/file?%s", text), "not_understood", asked.not_understood);
	add_head(page, view);
	add_pages(page, view, &query, &list, text);
	view_list(view, "records", lines);
	view_here(view, "audit");
	page_render(page, 200, "staff/audit", view);
}

/* ---- the file ---- */

static void write_line(const struct audit_record *r, struct buf *out)
{
	char at[32];
	time_t seconds = (time_t)r->at.s;
	struct tm utc;
	strftime(at, sizeof at, "%Y-%m-%dT%H:%M:%SZ", gmtime_r(&seconds, &utc));
	buf_printf(out, "%lld,%s,%s,%lld,%lld,%s,%s,%s,%lld,%lld\r\n", (long long)r->seq, at,
		   role_name(r->role), (long long)r->account.n, (long long)r->terminal.n,
		   r->prison.text, audit_verb_name(r->verb), audit_object_name(r->object),
		   (long long)r->object_id, (long long)r->amount);
}

/* What was asked for, newest first, at most TAKEN_AWAY lines: all in it are numbers and our own words. */
static void file(struct page *page)
{
	struct audit_query query = { .limit = AUDIT_PAGE_MAX };
	struct asked asked = read_query(page, &query);
	struct buf text = buf_of(TAKEN_AWAY * 256);
	struct audit_list list = { .count = AUDIT_PAGE_MAX };
	enum err err = asked.not_understood ? ERR_BAD : OK;
	buf_text(&text, "seq,at,role,account,terminal,prison,verb,object,object_id,amount\r\n");
	for (int taken = 0; err == OK && taken < TAKEN_AWAY && list.count == AUDIT_PAGE_MAX;
	     taken += AUDIT_PAGE_MAX) {
		err = audit_list_find(page->service, &page->actor, page->arena, &query, &list);
		for (size_t i = 0; err == OK && i < list.count; i++)
			write_line(&list.list[i], &text);
		if (err == OK && list.count > 0)
			query.before_seq = list.list[list.count - 1].seq;
	}
	if (err == OK)
		page_file(page, "text/csv; charset=utf-8", "audit.csv", buf_view(&text));
	else
		page_failed(page, err);
	buf_clear(&text);
}

enum {
	WHO_AUDIT = WHO_GOVERNOR | WHO_HQ_ADMIN | WHO_OPERATOR | WHO_INSPECTOR
};

static const struct route rows[] = {
	{ METHOD_GET, "/staff/audit", WHO_AUDIT, .handler = audit },
	{ METHOD_GET, "/staff/audit/file", WHO_AUDIT, .handler = file },
};

const struct route_group staff_audit_routes = { rows, ARRAY_LEN(rows) };
