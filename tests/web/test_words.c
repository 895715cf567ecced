/*
 * No sentence stands anywhere but in front/words.
 *
 * Every page is rendered with marked words, ⟦Book a visit⟧: what people can read
 * on it and has no mark must be data (a name, a reference, a number).  The pages
 * are found as people find them: every link is followed, every form is sent empty,
 * signed in as each of the sample accounts.  Then the same in Welsh.
 */
#include "tests/web/site.h"

#include "domain/audit.h"
#include "domain/message.h"
#include "service/adjustment.h"
#include "service/ask.h"
#include "service/incident.h"
#include "service/orders.h"
#include "service/refill.h"
#include "service/room_feed.h"
#include "service/safeguard.h"
#include "service/statistics.h"
#include "service/timetable.h"
#include "service/webhook.h"
#include "service/witness.h"
#include "store/query.h"
#include "store/reach.h"
#include "web/cancel_link.h"
#include "web/offer_page.h"
#include "web/password_page.h"
#include "web/plural.h"
#include "web/standby_page.h"

#define OPEN  "⟦"
#define CLOSE "⟧"

enum {
	URLS_MAX = 600,
	URL_ROOM = 512,
	SAME_PATH_MAX = 3,  /* ?date=…, ?from=… of one page */
	SAME_ROUTE_MAX = 3, /* pages of one kind: rules, visits */
	DATA_MAX = 800,
};

/* ---- marking ---- */

/* Around the pieces between holes, so that what fills a hole stands without a mark. */
static json_t *marked_text(struct str text)
{
	struct buf out = buf_of(8 << 10);
	while (!str_empty(text)) {
		const char *hole = memmem(text.at, text.len, "{{", 2);
		size_t len = hole != NULL ? (size_t)(hole - text.at) : text.len;
		if (len > 0)
			buf_printf(&out, OPEN "%.*s" CLOSE, (int)len, text.at);
		text = str_of(text.at + len, text.len - len);
		if (hole == NULL)
			break;
		const char *end = memmem(text.at, text.len, "}}", 2);
		CHECK(end != NULL);
		len = (size_t)(end - text.at) + 2;
		buf_str(&out, str_of(text.at, len));
		text = str_of(text.at + len, text.len - len);
	}
	json_t *value = json_stringn(out.len > 0 ? buf_view(&out).at : "", buf_view(&out).len);
	buf_clear(&out);
	return value;
}

static json_t *marked(const json_t *word)
{
	const char *key;
	json_t *value, *out;
	if (json_is_string(word))
		return marked_text(str_of(json_string_value(word), json_string_length(word)));
	if (json_is_array(word)) {
		out = json_array();
		for (size_t i = 0; i < json_array_size(word); i++)
			json_array_append_new(out, marked(json_array_get(word, i)));
		return out;
	}
	out = json_object();
	json_object_foreach((json_t *)(uintptr_t)word, key, value)
	{
		bool hole = strcmp(key, "count") == 0 && words_count(word) != NULL;
		json_object_set_new(out, key, hole ? json_incref(value) : marked(value));
	}
	return out;
}

/* ---- data ---- */

struct data {
	size_t count;
	struct str list[DATA_MAX];
};

static void add_data(struct data *data, struct str text)
{
	if (text.len < 3) /* a wing is one letter: no word either */
		return;
	CHECK(data->count < DATA_MAX);
	data->list[data->count++] = text;
}

static int longer_first(const void *a, const void *b)
{
	const struct str *left = a, *right = b;
	return (left->len < right->len) - (left->len > right->len);
}

/* Further codes that a copy of somebody's data shows as they are where they have no words. */
static const char *const CODES[] = {
	"SIGN",     "LONGER",      "OTHER",         "SOLICITOR", "BARRISTER",    "LEGAL_EXECUTIVE",
	"CLERK",    "SEEN",        "REVOKED",       "OPEN",      "ENDED",        "LAPSED",
	"DECLINED", "HEARING",     "CUSTODY_LIMIT", "BAIL",      "PAROLE",       "ADJUDICATION",
	"SENDING",  "ASKED_AGAIN", "UNCLEAR",       "CUT_OFF",   "NOT_ACCEPTED", "NOT_PRIVATE",
};

/* What people typed, or a prison is called; and the codes of the audit log. */
static void find_data(struct site *s, struct data *data)
{
	static const char *const columns[] = {
		"SELECT name FROM prison",
		"SELECT name_cy FROM prison",
		"SELECT not_ready_reason FROM prison",
		"SELECT not_ready_reason_cy FROM prison",
		"SELECT name FROM room",
		"SELECT name FROM terminal",
		"SELECT name FROM account",
		"SELECT email FROM account",
		"SELECT name FROM person",
		"SELECT name FROM prisoner",
		"SELECT number FROM prisoner",
		"SELECT wing FROM prisoner",
		"SELECT reference FROM visit",
		"SELECT relationship FROM contact",
		"SELECT reason FROM contact",
		"SELECT end_reason FROM visit",
		"SELECT refused_reason FROM visit_visitor",
		"SELECT code FROM prison",
		"SELECT reason FROM prison_policy",
		"SELECT reason FROM exclude_date",
		"SELECT name FROM session_template",
		"SELECT name FROM regime_event_code",
		"SELECT incentive FROM prisoner",
		"SELECT comment FROM restriction",
		"SELECT level FROM incentive_amount",
		"SELECT reason FROM incentive_amount",
		"SELECT code FROM alert_rule",
		"SELECT note FROM source",
		"SELECT authorised_by FROM restriction",
		"SELECT code FROM alert",
		"SELECT comment FROM alert",
		"SELECT description FROM alert_rule",
		"SELECT comment FROM non_association",
		"SELECT necessity FROM monitoring_authorisation",
		"SELECT proportionality FROM monitoring_authorisation",
		"SELECT name FROM contact_ask",
		"SELECT relationship FROM contact_ask",
		"SELECT words FROM prepared_warning",
		"SELECT words FROM adjustment",
		"SELECT url FROM webhook",
		"SELECT name FROM audit_witness",
		"SELECT type FROM webhook_event",
		"SELECT reason FROM adjustment",
		"SELECT words_cy FROM prepared_warning",
		"SELECT name FROM firm",
		"SELECT line1 FROM reach",
		"SELECT town FROM reach",
		"SELECT postcode FROM reach",
		"SELECT regulator_id FROM professional",
	};
	data->count = 0;
	for (size_t i = 0; i < ARRAY_LEN(columns); i++) {
		struct query q = query_of(s->estate.service.store, columns[i]);
		while (query_row(&q))
			add_data(data, query_column_str(&q, &s->estate.arena, 0));
		CHECK(query_end(&q) == OK);
	}
	for (int i = 0; i < AUDIT_VERB_COUNT; i++)
		add_data(data, str_from(audit_verb_name((enum audit_verb)i)));
	for (size_t i = 0; i < ARRAY_LEN(CODES); i++)
		add_data(data, str_from(CODES[i]));
	for (int i = 0; i < MESSAGE_KIND_COUNT; i++)
		add_data(data, str_from(message_kind_name((enum message_kind)i)));
	for (int i = 0; i < END_COUNT; i++)
		add_data(data, str_from(visit_end_name((enum visit_end)i)));
	qsort(data->list, data->count, sizeof(data->list[0]), longer_first);
}

/* ---- reading a page ---- */

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Blanks out each piece between the two marks, which may stand within one another. */
static void blank_marked(char *text)
{
	int depth = 0;
	for (char *at = text; *at != '\0'; at++) {
		bool open = strncmp(at, OPEN, strlen(OPEN)) == 0;
		bool close = strncmp(at, CLOSE, strlen(CLOSE)) == 0;
		depth += open;
		if (depth > 0 || close)
			*at = ' ';
		if (close && depth > 0)
			depth--;
	}
}

static void blank_entities(char *text)
{
	for (char *at = strchr(text, '&'); at != NULL; at = strchr(at, '&')) {
		char *end = strchr(at, ';');
		if (end == NULL || end - at > 8)
			break;
		memset(at, ' ', (size_t)(end - at) + 1);
	}
}

static void blank_data(char *text, const struct data *data)
{
	for (size_t i = 0; i < data->count; i++) {
		const char *what = data->list[i].at;
		size_t len = data->list[i].len;
		for (char *at = text; (at = memmem(at, strlen(at), what, len)) != NULL; at += len)
			memset(at, ' ', len);
	}
}

/* "ZKNA-ZZTX", by which a terminal enrols, may have no digit in it; "SC" is an alert's code. */
static bool is_code(const char *at, size_t len)
{
	if (len == 2)
		return at[0] >= 'A' && at[0] <= 'Z' && at[1] >= 'A' && at[1] <= 'Z';
	if (len != 9 || at[4] != '-')
		return false;
	for (size_t i = 0; i < len; i++)
		if (i != 4 && !(at[i] >= 'A' && at[i] <= 'Z') && !(at[i] >= '0' && at[i] <= '9'))
			return false;
	return true;
}

/* Two letters side by side without a digit in the same word: the word of a language. */
static bool has_word(const char *text)
{
	for (const char *at = text; *at != '\0';) {
		size_t len = 0, letters = 0;
		bool digit = false;
		for (; at[len] != '\0' && at[len] != ' ' && at[len] != '\n'; len++) {
			letters += is_letter(at[len]);
			digit |= at[len] >= '0' && at[len] <= '9';
		}
		if (letters >= 2 && !digit && !is_code(at, len))
			return true;
		at += len + (at[len] != '\0');
	}
	return false;
}

static void check_piece(struct site *s, const char *url, struct str piece, const struct data *data)
{
	char *text = (char *)(uintptr_t)arena_text(&s->estate.arena, piece);
	blank_marked(text);
	blank_entities(text);
	if (!has_word(text))
		return; /* nearly always: the data need not be looked through */
	blank_data(text, data);
	if (has_word(text))
		fail_msg("%s says without front/words: \"%.*s\"", url, STR_FMT(str_trim(piece)));
}

/* The attributes that are shown or read out. */
static void check_attributes(struct site *s, const char *url, struct str tag,
			     const struct data *data)
{
	static const char *const names[] = { " aria-label=\"", " title=\"", " alt=\"",
					     " placeholder=\"" };
	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		const char *at = memmem(tag.at, tag.len, names[i], strlen(names[i]));
		if (at == NULL)
			continue;
		at += strlen(names[i]);
		const char *end = memchr(at, '"', (size_t)(tag.at + tag.len - at));
		CHECK(end != NULL);
		check_piece(s, url, str_of(at, (size_t)(end - at)), data);
	}
}

/* The text of one element stands in pieces: what is within a mark may have tags. */
static void check_page(struct site *s, const char *url, const char *html, const struct data *data)
{
	struct buf text = buf_of(RESPONSE_BODY_MAX);
	const char *at = html;
	while (*at != '\0') {
		const char *open = strchr(at, '<');
		if (open == NULL)
			break;
		buf_str(&text, str_of(at, (size_t)(open - at)));
		const char *close = strchr(open, '>');
		CHECK(close != NULL);
		check_attributes(s, url, str_of(open, (size_t)(close - open)), data);
		at = close + 1;
		buf_text(&text, "\n");
	}
	struct str all = buf_view(&text), line;
	while (!str_empty(all)) {
		line = str_line(&all);
		check_piece(s, url, line, data);
	}
	buf_clear(&text);
}

/* ---- walking ---- */

struct walk {
	struct site site;
	struct data data;
	bool marks; /* English with marks, else Welsh */
	size_t urls;
	size_t walked;                /* of them: those before have been seen */
	char url[URLS_MAX][URL_ROOM]; /* seen or to be seen */
	const struct route *route[URLS_MAX];
	size_t forms;
	char form[URLS_MAX][URL_ROOM];
};

static size_t path_len(const char *url)
{
	return strcspn(url, "?#");
}

static const struct route *route_of(const char *url)
{
	size_t len;
	const struct route_group *const *groups = web_routes(&len);
	return route_find(groups, len, METHOD_GET, str_of(url, path_len(url))).route;
}

static bool known(struct walk *w, const char *url)
{
	size_t same = 0, alike = 0;
	const struct route *route = route_of(url);
	for (size_t i = 0; i < w->urls; i++) {
		if (strcmp(w->url[i], url) == 0)
			return true;
		alike += route != NULL && w->route[i] == route;
		same += path_len(w->url[i]) == path_len(url) &&
			strncmp(w->url[i], url, path_len(url)) == 0;
	}
	return same >= SAME_PATH_MAX || alike >= SAME_ROUTE_MAX;
}

static void note_url(struct walk *w, struct str link)
{
	char url[URL_ROOM];
	size_t len = 0;
	if (!str_starts(link, "/") || link.len >= sizeof(url) || str_starts(link, "/language/"))
		return;
	if (memmem(link.at, link.len, "/photo/", 7) != NULL ||
	    memmem(link.at, link.len, ".pdf", 4) != NULL)
		return; /* a picture, a document */
	for (size_t i = 0; i < link.len; i++) {
		url[len++] = link.at[i];
		if (len >= 5 && strncmp(&url[len - 5], "&amp;", 5) == 0)
			len -= 4;
	}
	url[len] = '\0';
	if (known(w, url))
		return;
	CHECK(w->urls < URLS_MAX);
	w->route[w->urls] = route_of(url);
	snprintf(w->url[w->urls++], URL_ROOM, "%s", url);
}

static void note_form(struct walk *w, struct str action)
{
	/* A PIN is hashed in another process, as passwords are (walk_forms). */
	bool pin = action.len > 4 && memcmp(action.at + action.len - 4, "/pin", 4) == 0;
	if (pin || str_is(action, "/sign-out") || str_is(action, "/staff/sign-out") ||
	    str_is(action, "/language") || action.len >= URL_ROOM)
		return;
	for (size_t i = 0; i < w->forms; i++)
		if (str_is(action, w->form[i]))
			return;
	CHECK(w->forms < URLS_MAX);
	snprintf(w->form[w->forms++], URL_ROOM, "%.*s", STR_FMT(action));
}

static void note_all(struct walk *w, const char *html, const char *from,
		     void (*note)(struct walk *, struct str))
{
	for (const char *at = strstr(html, from); at != NULL; at = strstr(at, from)) {
		at += strlen(from);
		note(w, str_of(at, strcspn(at, "\"")));
	}
}

static void look_at(struct walk *w, const char *url, const struct answer *answer)
{
	const char *lang = w->marks ? "<html lang=\"en\"" : "<html lang=\"cy\"";
	if (answer->status >= 500)
		fail_msg("%s: %d", url, answer->status);
	if (strncmp(answer->html, "<!DOCTYPE html>", 15) != 0)
		return;
	if (strstr(answer->html, lang) == NULL)
		fail_msg("%s is not in the language asked for", url);
	if (w->marks) {
		if (w->data.count == 0 || answer->wrote)
			find_data(&w->site, &w->data);
		check_page(&w->site, url, answer->html, &w->data);
	} else if (strstr(answer->html, "{{") != NULL) {
		fail_msg("%s has an open hole", url);
	}
	note_all(w, answer->html, " href=\"", note_url);
	note_all(w, answer->html, "method=\"post\" action=\"", note_form);
}

static void visit_link(struct walk *w, const char *url)
{
	if (str_starts(str_from(url), "/assets/"))
		return;
	struct answer answer = ask(&w->site, url, NULL);
	look_at(w, url, &answer);
	if (answer.location[0] != '\0')
		note_url(w, str_from(answer.location));
}

/* What has not been seen yet, and what is found on the way. */
static void walk_links(struct walk *w)
{
	while (w->walked < w->urls)
		visit_link(w, w->url[w->walked++]);
}

static void walk_all_links(struct walk *w)
{
	w->walked = 0;
	walk_links(w);
}

/* And what it leads to, which may have been seen before, when it looked otherwise. */
static void send_form(struct walk *w, const char *action, const char *fields)
{
	struct answer answer = ask(&w->site, action, fields);
	look_at(w, action, &answer);
	if (answer.location[0] == '\0')
		return;
	note_url(w, str_from(answer.location));
	visit_link(w, answer.location);
}

/* Sent empty, each shows its mistakes, or does what needs no field; then all pages once more. */
static void walk_forms(struct walk *w)
{
	for (size_t i = 0; i < w->forms; i++) {
		/* Passwords are hashed in another process; the form of mistakes needs none. */
		send_form(w, w->form[i], "");
		walk_links(w);
	}
	walk_all_links(w);
}

/* The first value offered by the field of a page, as a form. */
static const char *first_choice(struct walk *w, const char *url, const char *field)
{
	struct answer page = ask(&w->site, url, NULL);
	struct arena *arena = &w->site.estate.arena;
	const char *at = strstr(page.html, arena_printf(arena, " name=\"%s\"", field));
	CHECK(at != NULL);
	at = strstr(at, "value=\"");
	CHECK(at != NULL);
	at += strlen("value=\"");
	return arena_printf(arena, "%s=%.*s", field, (int)strcspn(at, "\""), at);
}

/* A booking: its pages are reached by forms that are filled in. */
static void walk_booking(struct walk *w)
{
	static const char *const fields[] = { "prisoner", "who", "time" };
	char url[URL_ROOM] = "/book";
	for (size_t i = 0; i < ARRAY_LEN(fields); i++) {
		struct answer sent = ask(&w->site, url, first_choice(w, url, fields[i]));
		CHECK(sent.status == 303);
		snprintf(url, sizeof(url), "%s", sent.location);
		note_url(w, str_from(url));
	}
	walk_links(w);
	send_form(w, url, "");
	send_form(w, url, ""); /* taken now */
}

/* Pages of a visit that runs: buttons lead to them. */
static void start_oversight(struct walk *w)
{
	static const char *const pages[] = { "watch", "oversight", "incident" };
	for (size_t i = 0; i < ARRAY_LEN(pages); i++)
		note_url(w, str_from(arena_printf(&w->site.estate.arena, "/staff/visits/%s/%s",
						  w->site.estate.sample.joinable.text, pages[i])));
}

/* Only a visit of several adults has a link to it: theirs to join from their own devices. */
static void start_links(struct walk *w)
{
	note_url(w, str_from(arena_printf(&w->site.estate.arena, "/visits/%s/links",
					  w->site.estate.sample.joinable.text)));
}

/* What a message links to: to cancel without signing in. */
static void start_cancel(struct walk *w)
{
	struct estate *e = &w->site.estate;
	struct page page = { .arena = &e->arena, .web = &w->site.web };
	struct visit visit;
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, e->sample.joinable, &visit) == OK);
	note_url(w,
		 str_from(cancel_link_path(&page, &(struct message){ .reference = visit.reference,
								     .object = visit.id.n,
								     .account = visit.booker })));
}

static void start_password(struct walk *w)
{
	struct estate *e = &w->site.estate;
	struct password_link link = { .account = estate_family(e, "ben@family.example").account,
				      .until = wall_add_s(e->service.now, PASSWORD_FORGOTTEN_S) };
	CHECK(password_link_prove(&e->service, &link) == OK);
	note_url(w, str_from(password_link_path(&e->arena, &link)));
	note_url(w, STR("/password/1/2/none"));
}

/* What a calendar program reads. */
static void start_feed(struct walk *w)
{
	struct estate *e = &w->site.estate;
	struct actor admin = estate_staff(e, ROLE_PRISON_ADMIN, "WWI");
	char token[TOKEN_TEXT_LEN + 1];
	struct query q =
	    query_of(e->service.store, "SELECT id FROM room WHERE prison = 'WWI' ORDER BY id");
	CHECK(query_row(&q));
	struct room_id room = { query_column(&q, 0) };
	CHECK(query_end(&q) == OK);
	CHECK(room_feed_make(&e->service, &admin, admin.prison, room, token) == OK);
	note_url(w, str_from(arena_printf(&e->arena, "/feeds/%s", token)));
}

/* Whoever waits was asked to stand by, and does so (test_standby_pages.c sees all that may come of it). */
static void start_standby(struct walk *w, const struct waiting *waits)
{
	static const enum standby_state STATES[] = { STANDBY_NOT_NEEDED, STANDBY_GONE,
						     STANDBY_AGREED };
	struct estate *e = &w->site.estate;
	struct page page = { .arena = &e->arena, .web = &w->site.web };
	for (size_t i = 0; i < ARRAY_LEN(STATES); i++) {
		struct wall start = { (e->service.now.s / 3600 + 20 + (int64_t)i) * 3600 };
		struct standby_row row = { .id = { 4000 + (int64_t)i },
					   .waiting = waits->id,
					   .booker = waits->booker,
					   .prisoner = waits->prisoner,
					   .prison = waits->prison,
					   .standby = { .state = STANDBY_ASKED,
							.asked_at = e->service.now,
							.answer_until = start,
							.start = start,
							.end = wall_add_s(start, 3600) } };
		struct message m = { .object = row.id.n, .account = waits->booker };
		CHECK(store_standby_insert(e->service.store, &row) == OK);
		CHECK(store_standby_set(e->service.store, row.id, STANDBY_ASKED, STATES[i],
					e->service.now) == OK);
		note_url(w, str_from(standby_link_path(&page, &m)));
	}
}

/* A place on the waiting list, and a time that is offered to it. */
static void start_waiting(struct walk *w)
{
	struct estate *e = &w->site.estate;
	struct page page = { .arena = &e->arena, .web = &w->site.web };
	struct actor amina = estate_family(e, "amina@family.example");
	struct contact_list contacts;
	struct waiting_lines lines;
	struct waiting_wish wish = { .until_minute = 1440 };
	struct refill_cursor cursor = { 0 };
	enum waiting_answer answer;
	struct verdict verdict;
	bool more = true;
	int64_t id;
	CHECK(contacts_mine(&e->service, &amina, &e->arena, &contacts) == OK);
	struct visit_request request = { .kind = VISIT_SOCIAL,
					 .prisoner = contacts.list[0].prisoner.id,
					 .person_count = 1,
					 .persons = { contacts.list[0].person.id },
					 .minutes = 30 };
	CHECK(waiting_ask(&e->service, &amina, &request, &wish, &answer, &verdict, &id) == OK);
	assert_int_equal(answer, WAITING_FINE);
	for (int i = 0; i < 20 && more; i++)
		CHECK(refill_run(&e->service, &SYSTEM_ACTOR, &cursor, &more) == OK);
	CHECK(waiting_mine(&e->service, &amina, &e->arena, &lines) == OK);
	CHECK(lines.count == 1 && lines.list[0].has_offer);
	struct message m = { .object = lines.list[0].offer.id.n, .account = amina.account };
	note_url(w, STR("/waiting"));
	note_url(w, str_from(offer_link_path(&page, &m)));
	start_standby(w, &lines.list[0].waiting);
}

static void change(struct walk *w, const char *sql)
{
	struct query q = query_of(w->site.estate.service.store, sql);
	CHECK(query_change(&q) == OK);
}

/* As if a sender without a provider had taken what was written, to readers of this walk's language. */
static void start_mailbox(struct walk *w)
{
	static const char TAKEN[] = "UPDATE message SET state = 'SENT', provider = 'LOCAL'";
	static const char ENGLISH[] = "UPDATE account SET language = 'en'";
	static const char WELSH[] = "UPDATE account SET language = 'cy'";
	change(w, TAKEN);
	change(w, strcmp(w->site.language_cookie, "en") == 0 ? ENGLISH : WELSH);
	w->site.web.config.mailbox = true;
	note_url(w, STR("/mailbox"));
}

static void start_reach(struct walk *w)
{
	note_url(w, STR("/account/texts"));
	note_url(w, STR("/account/mobile/code"));
}

/* Ben has no e-mail: staff keep his number. */
static void start_unmailed(struct walk *w)
{
	change(w, "UPDATE account SET email = 'none-1@invalid' WHERE email = 'ben@family.example'");
}

static enum role account_role(struct walk *w)
{
	struct account_session session;
	if (!w->site.signed_in)
		return ROLE_NOBODY;
	CHECK(account_session_find(&w->site.estate.service, &w->site.estate.arena,
				   str_from(w->site.session.token), &session) == OK);
	return session.actor.role;
}

/* A day without visits, so that there is something to review. */
static void exclude_today(struct walk *w)
{
	struct estate *e = &w->site.estate;
	struct exclude_date date = { .day = local_date(e->service.now), .reason = STR("Training") };
	struct effect_list effects;
	CHECK(prison_code_of(STR("WWI"), &date.prison));
	CHECK(exclude_date_add(&e->service, &SYSTEM_ACTOR, &e->arena, &date, CHANGE_SAVE,
			       &effects) == OK);
	CHECK(effects.count > 0);
}

/* Rooms that go by a timetable have a page of their own for it. */
static void set_timetables(struct walk *w)
{
	static const char SET[] = "UPDATE room SET room_use = 'SCHEDULE' WHERE prison = 'WWI'";
	change(w, SET);
}

/* Pages that are reached by forms: the times of a prisoner's visitor. */
static void start_times(struct walk *w)
{
	static const char PAIR[] =
	    "SELECT c.prisoner, c.person FROM contact c JOIN prisoner z ON z.id = c.prisoner "
	    "WHERE c.state = 'APPROVED' AND z.prison = 'WWI' ORDER BY c.id";
	struct query q = query_of(w->site.estate.service.store, PAIR);
	CHECK(query_row(&q));
	long long prisoner = (long long)query_column(&q, 0),
		  person = (long long)query_column(&q, 1);
	CHECK(query_end(&q) == OK);
	note_url(
	    w, str_from(arena_printf(&w->site.estate.arena,
				     "/staff/prisoners/%lld/times/SOCIAL-%lld", prisoner, person)));
}

/* What a prisoner asked for, for the family and for staff. */
static void ask_at_terminal(struct estate *e, struct prisoner_id prisoner, struct person_id person)
{
	struct actor self = estate_terminal(e);
	enum asking answer;
	self.prisoner = prisoner;
	CHECK(ask_for_visit(&e->service, &self, person, &answer) == OK && answer == ASKING_OK);
	CHECK(ask_for_contact(&e->service, &self, STR("Ruth Okoro"), STR("sister")) == OK);
}

/* Every prison is counted, and a month is published: a figure, and one that is not said. */
static void lay_down_statistics(struct estate *e)
{
	static const struct published_figure FIGURES[] = { { "REQUESTS", 15 },
							   { "STILL_WAITING", PUBLISH_FEW },
							   { "P90_DAYS", PUBLISH_FEW },
							   { "MEDIAN_DAYS", 3 } };
	struct prison_code prison;
	bool more = true;
	while (more)
		CHECK(statistics_count(&e->service, &SYSTEM_ACTOR, &more) == OK);
	CHECK(prison_code_of(STR("WWI"), &prison));
	for (size_t i = 0; i < ARRAY_LEN(FIGURES); i++)
		CHECK(store_published_insert(e->service.store, 2026 * 12 + 8, prison, "URGENT",
					     &FIGURES[i]) == OK);
}

/* A number that is theirs, an address, and a code on its way to another number. */
static void lay_down_reach(struct estate *e, const struct actor *actor)
{
	struct reach reach = { .mobile = "+447700900123",
			       .postal = { .line1 = STR("12 High Street"),
					   .town = STR("Wandsworth"),
					   .postcode = STR("SW18 3HR") } };
	struct mobile_code code = { .account = actor->account,
				    .mobile = "+447700900124",
				    .until = wall_add_s(e->service.now, 600) };
	CHECK(store_reach_set(e->service.store, actor->account, &reach, e->service.now) == OK);
	CHECK(store_mobile_code_put(e->service.store, &code) == OK);
}

/* Something to see on the pages about people: a request that waits, and why. */
static void lay_down(struct site *s)
{
	struct estate *e = &s->estate;
	struct actor governor = estate_staff(e, ROLE_DUTY_GOVERNOR, "WWI");
	struct actor amina = estate_family(e, "amina@family.example");
	struct contact_list contacts;
	struct alert_id alert;
	struct restriction_id restriction;
	struct non_association_id pair;
	struct verdict verdict;
	struct reference reference;
	size_t changed;
	struct prisoner_id after = { 0 };
	CHECK(orders_run(&e->service, &SYSTEM_ACTOR, &after, &changed) == OK);
	CHECK(contacts_mine(&e->service, &amina, &e->arena, &contacts) == OK);
	struct prisoner_id prisoner = contacts.list[0].prisoner.id;
	struct alert_new flag = { .prisoner = prisoner, .comment = STR("Noted on reception") };
	struct restriction_new rule = { .on = RESTRICTION_ON_PAIR,
					.code = RESTRICTION_PREINF,
					.prisoner = prisoner,
					.person = contacts.list[0].person.id,
					.comment = STR("Noted in the file"),
					.authorised_by = STR("Helen Frost") };
	struct non_association_new apart = { .one = prisoner, .comment = STR("Noted on the wing") };
	struct visit_request request = { .prisoner = prisoner,
					 .person_count = 1,
					 .persons = { contacts.list[0].person.id },
					 .minutes = 30 };
	CHECK(alert_code_of(STR("RDV"), &flag.code));
	CHECK(prisoner_number_of(STR("A2345CD"), &apart.other));
	CHECK(alert_add(&e->service, &governor, &flag, &alert) == OK);
	CHECK(restriction_add(&e->service, &governor, &rule, &restriction) == OK);
	CHECK(non_association_add(&e->service, &governor, &apart, &pair) == OK);
	request.start.s = (e->service.now.s / 1800 + 6 * 48) * 1800;
	CHECK(visit_book(&e->service, &amina, &request, &verdict, &reference) == OK);
	CHECK(verdict_needs_review(verdict));
	ask_at_terminal(e, prisoner, contacts.list[0].person.id);
	struct webhook_new hook = { .url = STR("https://visits.example/events") };
	char secret[WEBHOOK_SECRET_TEXT_LEN + 1];
	struct webhook_id hook_id;
	struct actor hq = estate_staff(e, ROLE_HQ_ADMIN, NULL);
	CHECK(webhook_add(&e->service, &hq, &hook, secret, &hook_id) == OK);
	const uint8_t public[NOTE_PUBLIC_LEN] = { 4 };
	struct note_key key;
	struct witness_id witness;
	struct buf vkey = buf_of(300);
	CHECK(note_key_make(STR("law.example"), NOTE_COSIGNATURE, public, &key) == OK);
	note_key_write(&key, &vkey);
	CHECK(witness_add(&e->service, &hq, buf_view(&vkey), &witness) == OK);
	buf_clear(&vkey);
	/* And something that Amina needs, for the prison to answer. */
	CHECK(adjustment_ask(&e->service, &amina, contacts.list[0].id, ADJUSTMENT_OTHER,
			     STR("A ramp")) == OK);
	struct authorisation_new watch = { .necessity = STR("Noted by security, in the file"),
					   .proportionality = STR("Noted by security, in the file"),
					   .days = 7 };
	struct authorisation_id authorisation;
	struct actor clerk = estate_staff(e, ROLE_VISITS_CLERK, "WWI");
	CHECK(prisoner_number_of(STR("A1234BC"), &watch.number));
	CHECK(authorisation_request(&e->service, &clerk, &watch, &authorisation) == OK);
	lay_down_reach(e, &amina);
	lay_down_statistics(e);
}

static void walk_as(const char *email, const char *const *starts, bool marks, unsigned *routes_seen)
{
	struct walk *w = calloc(1, sizeof(*w));
	size_t groups_len;
	const struct route_group *const *groups = web_routes(&groups_len);
	w->marks = marks;
	site_open(&w->site);
	lay_down(&w->site);
	if (marks) {
		json_t *words = marked(w->site.web.words[LANGUAGE_EN]);
		json_decref(w->site.web.words[LANGUAGE_EN]);
		w->site.web.words[LANGUAGE_EN] = words;
	}
	w->site.language_cookie = marks ? "en" : "cy";
	if (email != NULL) {
		sign_in(&w->site, email);
		if (!marks)
			CHECK(ask(&w->site, "/language", "language=cy&next=%2F").status == 303);
	}
	if (role_is_staff(account_role(w)))
		send_photos(&w->site, "ben@family.example");
	for (; *starts != NULL; starts++)
		note_url(w, str_from(*starts));
	if (role_is_staff(account_role(w))) {
		exclude_today(w);
		set_timetables(w);
		start_times(w);
	}
	if (role_is_staff(account_role(w)))
		start_oversight(w);
	if (email != NULL && strcmp(email, "contacts@wandsworth.example") == 0)
		start_unmailed(w);
	walk_links(w);
	if (email != NULL && strcmp(email, "amina@family.example") == 0) {
		walk_booking(w);
		start_links(w);
		start_cancel(w);
		start_feed(w);
		start_password(w);
		start_waiting(w);
		start_mailbox(w);
		start_reach(w);
		walk_links(w);
	}
	walk_forms(w);
	for (size_t i = 0; i < w->urls; i++) {
		struct str path = str_of(w->url[i], path_len(w->url[i]));
		const struct route *route = route_find(groups, groups_len, METHOD_GET, path).route;
		unsigned number = 0;
		for (size_t g = 0; g < groups_len; g++)
			for (size_t r = 0; r < groups[g]->len; r++, number++)
				if (route == &groups[g]->rows[r])
					routes_seen[number] = 1;
	}
	site_close(&w->site);
	free(w);
}

enum {
	ROUTES_MAX = 500
};

static void walk_all(bool marks, unsigned routes_seen[ROUTES_MAX])
{
	static const char *const public[] = {
		"/", "/staff/sign-in", "/terminal", "/no/such/page", "/staff", "/join", NULL
	};
	static const char *const family[] = { "/home", "/", "/device-check", NULL };
	static const char *const staff[] = { "/staff",
					     "/staff/role",
					     "/staff/live",
					     "/staff/approvals",
					     "/staff/terminals",
					     "/staff/audit",
					     "/staff/find?q=okro",
					     "/staff/people/A1234BC",
					     "/staff/incentives",
					     "/staff/alert-codes",
					     "/staff/sources",
					     NULL };
	walk_as(NULL, public, marks, routes_seen);
	walk_as("amina@family.example", family, marks, routes_seen);
	walk_as("ben@family.example", family, marks, routes_seen);
	walk_as("clerk@wandsworth.example", staff, marks, routes_seen);
	walk_as("contacts@wandsworth.example", staff, marks, routes_seen);
	walk_as("governor@wandsworth.example", staff, marks, routes_seen);
	walk_as("admin@wandsworth.example", staff, marks, routes_seen);
	walk_as("clerk@cardiff.example", staff, marks, routes_seen);
	walk_as("admin@hq.example", staff, marks, routes_seen);
}

/* Pages, not JSON, files or streams. */
static bool is_page(const struct route *route)
{
	static const char *const others[] = {
		"/ping",
		"/language/{code}",
		"/staff/events",
		"/health",
		"/metrics",
		"/info",
		"/audit/head",
		"/audit/head/to-witness",
		"/audit/growth",
		"/mailbox/{message}/calendar.ics",
		/* of a visit that has begun: tests/browser/oversight.test.js looks at them */
		"/staff/incidents/{incident}",
		"/visits/{reference}/appeal/{incident}",
		"/staff/audit/file",
		/* of a visit that was recorded: tests/browser/recording.test.js */
		"/staff/recordings/{reference}",
		"/staff/playback/{access}",
		"/staff/playback/{access}/decide",
		"/staff/playback/{access}/events",
		"/staff/recordings/{reference}/hold",
		"/account/data/copy.json",
		/* of somebody who was forgotten, or searched for: test_data_pages.c */
		"/erased/{number}/{proof}",
		"/staff/data/{kind}/{id}",
		"/staff/data/{kind}/{id}/copy",
		"/staff/playback/{access}/export",
		"/staff/exports/{export}",
		"/staff/exports/{export}/{seat}",
		"/staff/holds/{hold}/decide",
		"/staff/holds/{hold}/review",
		"/staff/playback/{access}/{segment}",
		"/statistics/figures.csv",
		/* of a visit whose time has come: test_escort_pages.c looks at it */
		"/staff/visits/{reference}/not-produced",
		"/visits/{reference}/confirmation.pdf",
		"/staff/visits/{reference}/letter.pdf",
		"/staff/visits/{reference}/slip.pdf",
		"/staff/movements/list.pdf",
		"/staff/day-sheet.pdf",
		"/staff/statistics/figures.csv",
		"/staff/authorisations/authorisations.csv",
		"/staff/recordings/disclosures.csv",
		"/people/{person}/identity/{picture}/photo",
		"/staff/approvals/{contact}/photo/{picture}",
		"/staff/visits/{reference}/portrait/{person}",
	};
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (strcmp(route->path, others[i]) == 0)
			return false;
	return route->method == METHOD_GET && (route->flags & (ROUTE_API | ROUTE_CACHE)) == 0;
}

static void every_sentence_on_every_page_comes_from_the_words(void **state)
{
	(void)state;
	unsigned seen[ROUTES_MAX] = { 0 };
	size_t groups_len, number = 0, unseen = 0;
	const struct route_group *const *groups = web_routes(&groups_len);
	walk_all(true, seen);
	for (size_t g = 0; g < groups_len; g++)
		for (size_t i = 0; i < groups[g]->len; i++, number++) {
			CHECK(number < ROUTES_MAX);
			if (is_page(&groups[g]->rows[i]) && !seen[number]) {
				print_message(
				    "# no link of the walk leads to %s: give it a start\n",
				    groups[g]->rows[i].path);
				unseen++;
			}
		}
	assert_int_equal(unseen, 0);
}

static void every_page_is_there_in_welsh(void **state)
{
	(void)state;
	unsigned seen[ROUTES_MAX] = { 0 };
	walk_all(false, seen);
}

/* Those who read the log need no list of codes: neither a verb nor a kind of thing is without words. */
static void check_said(const json_t *words, const char *lang, const char *area, const char *code)
{
	char path[128];
	snprintf(path, sizeof path, "log.%s.%s", area, code);
	const char *said = words_find(words, path);
	if (said == NULL || strlen(said) <= strlen("A"))
		fail_msg("%s is not said in front/words/%s/log.json", path, lang);
}

static void the_log_is_said_in_both_languages(void **state)
{
	static const char *const languages[] = { "en", "cy" };
	(void)state;
	for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
		json_t *words = words_load(languages[i]);
		CHECK(words != NULL);
		for (unsigned verb = 0; verb < AUDIT_VERB_COUNT; verb++)
			check_said(words, languages[i], "verbs",
				   audit_verb_name((enum audit_verb)verb));
		for (unsigned object = 0; object < AUDIT_OBJECT_COUNT; object++)
			check_said(words, languages[i], "objects",
				   audit_object_name((enum audit_object)object));
		json_decref(words);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(the_log_is_said_in_both_languages),
		TEST(every_sentence_on_every_page_comes_from_the_words),
		TEST(every_page_is_there_in_welsh),
	};
	return RUN("web/words", tests);
}
