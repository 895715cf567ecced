#include "web/public_page.h"

#include <string.h>

#include "base/assert.h"
#include "service/prison.h"
#include "service/timetable.h"
#include "web/held_view.h"
#include "web/staff_rules.h"
#include "web/view.h"

static void start(struct page *page)
{
	if (page->actor.role == ROLE_FAMILY)
		return page_redirect(page, "/home");
	page_render(page, 200, "public/start", NULL);
}

/* why_lang: where the sentence is there in English only, on a Welsh page. */
static json_t *prison_view(const struct page *page, const struct prison *prison)
{
	bool welsh = strcmp(page->lang, "cy") == 0;
	bool translated = !str_empty(prison->not_ready_reason_cy);
	struct str name = welsh && !str_empty(prison->name_cy) ? prison->name_cy : prison->name;
	struct str why =
	    welsh && translated ? prison->not_ready_reason_cy : prison->not_ready_reason;
	return json_pack("{s:s, s:o, s:b, s:o, s:s}", "code", prison->code.text, "name",
			 page_str(name), "ready", prison->ready, "why", page_str(why), "why_lang",
			 welsh && !translated ? "en" : "");
}

static void prisons(struct page *page)
{
	struct prison_list all;
	enum err err = prisons_all(page->service, page->arena, &all);
	if (err != OK)
		return page_failed(page, err);
	json_t *list = json_array();
	for (size_t i = 0; i < all.count; i++)
		json_array_append_new(list, prison_view(page, &all.list[i]));
	json_t *view = json_pack("{s:s}", "back", "/");
	view_list(view, "prisons", list);
	page_render(page, 200, "public/prisons", view);
}

/* Those with a place of their own on the page. */
static const struct {
	const char *hole;
	enum policy_name name;
} HOLES[] = {
	{ "allowance", POLICY_ALLOWANCE_MINUTES_MONTH },
	{ "party", POLICY_PARTY_MAX },
	{ "adult", POLICY_ADULT_AGE },
	{ "notice", POLICY_NOTICE_HOURS },
	{ "window", POLICY_WINDOW_DAYS },
	{ "lobby", POLICY_LOBBY_MINUTES },
	{ "join", POLICY_JOIN_MINUTES },
	{ "grace", POLICY_GRACE_MINUTES },
	{ "cancel", POLICY_CANCEL_REFUND_MINUTES },
};

static void add_rules(json_t *view, const struct policy *policy)
{
	for (size_t i = 0; i < ARRAY_LEN(HOLES); i++)
		json_object_set_new(view, HOLES[i].hole,
				    json_integer(policy->values[HOLES[i].name]));
}

/* Under which heading a sentence stands. */
enum told_under {
	UNDER_VISITS,
	UNDER_VISITORS,
	UNDER_RECORDING,
	UNDER_LAWYERS,
	UNDER_COUNT,
};

/* The parameters that the public is told, each by a sentence of its own. */
static const struct {
	enum policy_name name;
	enum told_under under;
} TOLD[] = {
	{ POLICY_SOCIAL_ON, UNDER_VISITS },
	{ POLICY_OPEN_FROM_DAY, UNDER_VISITS },
	{ POLICY_NOTICE_DAYS, UNDER_VISITS },
	{ POLICY_REVIEW_EXTRA_DAYS, UNDER_VISITS },
	{ POLICY_VIDEO_PAYS, UNDER_VISITS },
	{ POLICY_REMAND_WEEK_MAX, UNDER_VISITS },
	{ POLICY_ADULTS_MAX, UNDER_VISITS },
	{ POLICY_CHILDREN_MAX, UNDER_VISITS },
	{ POLICY_SUPPORTERS_MAX, UNDER_VISITS },
	{ POLICY_SEAT_ADULT_AGE, UNDER_VISITS },
	{ POLICY_SOCIAL_MINUTES_MIN, UNDER_VISITS },
	{ POLICY_SOCIAL_MINUTES_MAX, UNDER_VISITS },
	{ POLICY_HOLD_MINUTES, UNDER_VISITS },
	{ POLICY_CANCEL_UNTIL_MINUTES, UNDER_VISITS },
	{ POLICY_STANDBY_BOOTHS, UNDER_VISITS },
	{ POLICY_STANDBY_MINUTES_MIN, UNDER_VISITS },
	{ POLICY_START_WITHIN_MINUTES, UNDER_VISITS },
	{ POLICY_IDENTITY_NEEDED, UNDER_VISITORS },
	{ POLICY_IDENTITY_AGE, UNDER_VISITORS },
	{ POLICY_CONTACT_ANSWER_DAYS, UNDER_VISITORS },
	{ POLICY_RECORDING_ON, UNDER_RECORDING },
	{ POLICY_RECORDING_DAYS, UNDER_RECORDING },
	{ POLICY_LEGAL_ON, UNDER_LAWYERS },
	{ POLICY_LEGAL_MINUTES_MIN, UNDER_LAWYERS },
	{ POLICY_LEGAL_MINUTES_MAX, UNDER_LAWYERS },
	{ POLICY_LEGAL_NOTICE_MINUTES, UNDER_LAWYERS },
};

/* A switch has a sentence for either way, a choice one for each. */
static const char *says_of(const struct page *page, enum policy_name name, int64_t value)
{
	const char *text = policy_name_text(name);
	if (policy_unit(name) == UNIT_SWITCH)
		return value ? arena_printf(page->arena, "times.says.%s.on", text)
			     : arena_printf(page->arena, "times.says.%s.off", text);
	if (policy_unit(name) == UNIT_CHOICE)
		return arena_printf(page->arena, "times.says.%s.%d", text, (int)value);
	return arena_printf(page->arena, "times.says.%s", text);
}

/* n: the bare number, which a sentence counts by; value: with its unit. */
static json_t *sentence_of(const struct page *page, enum policy_name name, int64_t value)
{
	const char *word = says_of(page, name, value);
	return view_word(page, word,
			 json_pack("{s:I, s:o}", "n", (json_int_t)value, "value",
				   policy_value_text(page, name, value)));
}

/* Whether the rule says something where its value is 0. */
static bool tells_nought(enum policy_name name)
{
	return name == POLICY_CHILDREN_MAX || name == POLICY_VIDEO_PAYS ||
	       name == POLICY_REMAND_WEEK_MAX || name == POLICY_IDENTITY_NEEDED ||
	       name == POLICY_RECORDING_ON || name == POLICY_LEGAL_ON;
}

/* What only counts while a switch is on. */
static bool is_idle(const struct policy *policy, enum policy_name name)
{
	return (name == POLICY_RECORDING_DAYS && !policy->values[POLICY_RECORDING_ON]) ||
	       (name == POLICY_IDENTITY_AGE && !policy->values[POLICY_IDENTITY_NEEDED]) ||
	       ((name == POLICY_LEGAL_MINUTES_MIN || name == POLICY_LEGAL_MINUTES_MAX ||
		 name == POLICY_LEGAL_NOTICE_MINUTES) &&
		!policy->values[POLICY_LEGAL_ON]);
}

/* A rule that asks for nothing is not told; that social visits are held is told only when they are not. */
static bool is_told(const struct policy *policy, enum policy_name name)
{
	int64_t value = policy->values[name];
	if (name == POLICY_SOCIAL_ON)
		return value == 0;
	return !is_idle(policy, name) && (value != 0 || tells_nought(name));
}

static json_t *sentences_of(const struct page *page, const struct policy *policy,
			    enum told_under under)
{
	json_t *sentences = json_array();
	for (size_t i = 0; i < ARRAY_LEN(TOLD); i++)
		if (TOLD[i].under == under && is_told(policy, TOLD[i].name))
			json_array_append_new(sentences, sentence_of(page, TOLD[i].name,
								     policy->values[TOLD[i].name]));
	return sentences;
}

/* The sentences beside those on family visits, each group under its heading. */
static json_t *groups_of(const struct page *page, const struct policy *policy)
{
	static const char *const HEADINGS[UNDER_COUNT] = {
		[UNDER_VISITORS] = "public.rules.visitors",
		[UNDER_RECORDING] = "public.rules.recording",
		[UNDER_LAWYERS] = "public.rules.lawyers",
	};
	json_t *groups = json_array();
	for (unsigned u = UNDER_VISITORS; u < UNDER_COUNT; u++)
		json_array_append_new(
		    groups, json_pack("{s:s, s:o}", "name", page_word(page, HEADINGS[u]), "says",
				      sentences_of(page, policy, (enum told_under)u)));
	return groups;
}

static bool has_sentence(enum policy_name name)
{
	for (size_t i = 0; i < ARRAY_LEN(TOLD); i++)
		if (TOLD[i].name == name)
			return true;
	return false;
}

bool public_rule_is_told(enum policy_name name)
{
	for (size_t i = 0; i < ARRAY_LEN(HOLES); i++)
		if (HOLES[i].name == name)
			return true;
	return has_sentence(name);
}

bool public_change_comes(const struct policy_history *rows, const struct policy_row *row,
			 struct wall now)
{
	int64_t from_s = row->valid_from_s;
	return from_s > now.s &&
	       policy_row_in_force(rows->list, rows->count, row->name, from_s) == row;
}

/* What is decided for later, with its day. */
static json_t *changes_of(const struct page *page, const struct policy_history *rows)
{
	json_t *changes = json_array();
	for (size_t i = 0; i < rows->count; i++) {
		const struct policy_row *row = &rows->list[i];
		if (!has_sentence(row->name) || !public_change_comes(rows, row, page->service->now))
			continue;
		struct wall from = { row->valid_from_s };
		json_array_append_new(changes,
				      json_pack("{s:o, s:o}", "from", view_when(page, from), "says",
						sentence_of(page, row->name, row->value)));
	}
	return changes;
}

/* The rules of a prison, as the rows in force say them. */
static void rules(struct page *page)
{
	struct prison_code code;
	struct prison prison;
	struct policy policy;
	struct policy_history rows;
	struct public_times times;
	if (!prison_code_of(page_param(page, 0), &code))
		return page_not_found(page);
	enum err err = prison_find(page->service, page->arena, code, &prison);
	if (err == OK)
		err = policy_find(page->service, code, &policy);
	if (err == OK)
		err = policy_rows_find(page->service, page->arena, code, &rows);
	if (err == OK)
		err = public_times_find(page->service, page->arena, code, &times);
	if (err != OK)
		return page_failed(page, err);
	json_t *view = prison_view(page, &prison);
	json_object_set_new(view, "back", json_string("/prisons"));
	json_object_set_new(view, "title",
			    view_word(page, "public.rules.heading", json_incref(view)));
	add_rules(view, &policy);
	view_list(view, "sentences", sentences_of(page, &policy, UNDER_VISITS));
	view_list(view, "groups", groups_of(page, &policy));
	view_list(view, "changes", changes_of(page, &rows));
	held_view_add(page, view, &times, &policy);
	page_render(page, 200, "public/rules", view);
}

static void device_check(struct page *page)
{
	json_t *view = json_object();
	view_here(view, "device");
	page_render(page, 200, "public/device-check", view);
}

static void help(struct page *page)
{
	page_render(page, 200, "public/help", NULL);
}

static void accessibility(struct page *page)
{
	page_render(page, 200, "public/accessibility", NULL);
}

static void privacy(struct page *page)
{
	page_render(page, 200, "public/privacy", NULL);
}

static const struct route rows[] = {
	{ METHOD_GET, "/", WHO_ANYONE, .handler = start },
	{ METHOD_GET, "/prisons", WHO_ANYONE, .handler = prisons },
	{ METHOD_GET, "/prisons/{code}", WHO_ANYONE, .handler = rules },
	{ METHOD_GET, "/device-check", WHO_ANYONE, .handler = device_check },
	{ METHOD_GET, "/help", WHO_ANYONE, .handler = help },
	{ METHOD_GET, "/accessibility", WHO_ANYONE, .handler = accessibility },
	{ METHOD_GET, "/privacy", WHO_ANYONE, .handler = privacy },
};

const struct route_group public_routes = { rows, ARRAY_LEN(rows) };
