#include "web/message_text.h"

#include <string.h>

#include "base/assert.h"
#include "service/reach.h"
#include "service/visit_link.h"
#include "web/cancel_link.h"
#include "web/offer_page.h"
#include "web/password_page.h"
#include "web/standby_page.h"
#include "web/view.h"
#include "web/web.h"
#include "web/words.h"

enum {
	TEXT_MAX = 16 << 10,
	HTML_MAX = 32 << 10,
	CALENDAR_MAX = 8 << 10,
	CODE_GROUP = 4,
};

static const struct actor SYSTEM = { .role = ROLE_SYSTEM };

/* What the words are found and filled by: a page that nobody asked for. */
static struct page page_for(struct web *web, struct arena *arena, const struct account *account)
{
	return (struct page){ .arena = arena,
			      .service = web->service,
			      .web = web,
			      .actor = { .role = ROLE_SYSTEM },
			      .lang = language_code(account->language) };
}

static const char *word_of_kind(const struct page *page, const struct message *m, const char *part,
				json_t *facts)
{
	const char *path =
	    arena_printf(page->arena, "messages.kinds.%s.%s", message_kind_name(m->kind), part);
	json_t *text = words_at(page_words(page), path) ? view_word(page, path, json_incref(facts))
							: json_string("");
	const char *out = arena_text(page->arena, str_from(json_string_value(text)));
	json_decref(text);
	return out;
}

/* "123456", of the message that tells it; "" where it holds no longer. */
static const char *mobile_code(const struct page *page, const struct message *m)
{
	char code[MOBILE_CODE_LEN + 1] = "";
	if (mobile_code_tell(page->service, &SYSTEM, m->account, m->answer_by, code) != OK)
		return "";
	return arena_text(page->arena, str_from(code));
}

/* Holes of the words: numbers and times. */
static json_t *facts_of(const struct page *page, const struct message *m)
{
	json_t *facts = json_pack("{s:i, s:i}", "number", m->number, "minutes", m->minutes);
	if (m->start.s)
		json_object_set_new(facts, "when", view_when(page, m->start));
	if (m->answer_by.s)
		json_object_set_new(facts, "answer_by", view_when(page, m->answer_by));
	if (m->kind == MESSAGE_CODE)
		json_object_set_new(facts, "code", json_string(mobile_code(page, m)));
	return facts;
}

static void add_row(const struct page *page, json_t *rows, const char *label, json_t *value)
{
	const char *path = arena_printf(page->arena, "messages.rows.%s", label);
	json_array_append_new(
	    rows, json_pack("{s:s, s:o}", "label", page_word(page, path), "value", value));
}

static json_t *prison_name(const struct page *page, const struct prison *prison)
{
	bool welsh = strcmp(page->lang, "cy") == 0 && !str_empty(prison->name_cy);
	return page_str(welsh ? prison->name_cy : prison->name);
}

static json_t *rows_of(const struct page *page, const struct post_item *item)
{
	const struct message *m = &item->message;
	json_t *rows = json_array();
	if (m->was.s)
		add_row(page, rows, "was", view_when(page, m->was));
	if (m->start.s)
		add_row(page, rows, m->was.s ? "now" : "when", view_when(page, m->start));
	if (m->minutes)
		add_row(page, rows, "length",
			view_word(page, "messages.minutes", json_pack("{s:i}", "n", m->minutes)));
	if (!prison_code_empty(item->prison.code))
		add_row(page, rows, "prison", prison_name(page, &item->prison));
	if (m->reference.text[0])
		add_row(page, rows, "reference", view_reference(m->reference));
	if (m->answer_by.s)
		add_row(page, rows, m->kind == MESSAGE_INCIDENT ? "appeal_by" : "answer_by",
			view_when(page, m->answer_by));
	return rows;
}

/* ---- links ---- */

static bool is_named(const struct message *m)
{
	return strcmp(m->why, MESSAGE_WHY_NAMED) == 0;
}

static bool can_be_cancelled(const struct message *m)
{
	enum message_kind kind = m->kind;
	if (is_named(m))
		return false;
	return kind == MESSAGE_BOOKED || kind == MESSAGE_APPROVED || kind == MESSAGE_MOVED ||
	       kind == MESSAGE_REQUESTED || kind == MESSAGE_REMINDER;
}

static void add_link(const struct page *page, json_t *links, const char *label, const char *path)
{
	const struct web_config *config = &page->web->config;
	if (!config->public_url && !config->mailbox)
		return;
	const char *word = arena_printf(page->arena, "messages.links.%s", label);
	json_array_append_new(links,
			      json_pack("{s:s, s:s++}", "label", page_word(page, word), "href",
					config->public_url ? config->public_url : "", path, ""));
}

static void add_password_link(const struct page *page, json_t *links, const struct message *m)
{
	struct password_link link = { .account = m->account, .until = m->answer_by };
	if (password_link_prove(page->service, &link) == OK)
		add_link(page, links, "password", password_link_path(page->arena, &link));
}

/* Standing by is agreed to, or taken back. */
static bool is_to_stand_by(const struct message *m)
{
	return m->kind == MESSAGE_STANDBY || m->kind == MESSAGE_STANDBY_AGREED;
}

static json_t *links_of(const struct page *page, const struct post_item *item)
{
	const struct message *m = &item->message;
	json_t *links = json_array();
	if (m->kind == MESSAGE_PASSWORD || m->kind == MESSAGE_STAFF_ACCOUNT)
		add_password_link(page, links, m);
	else if (m->kind == MESSAGE_PASSWORD_SET)
		add_link(page, links, "forgotten", "/password/forgotten");
	else if (m->kind == MESSAGE_OFFER)
		add_link(page, links, "offer", offer_link_path(page, m));
	else if (is_to_stand_by(m))
		add_link(page, links, "standby", standby_link_path(page, m));
	else if (m->kind == MESSAGE_PROFESSIONAL_VERIFIED || m->kind == MESSAGE_WAITING_AGAIN)
		add_link(page, links, "legal", "/legal");
	else if (m->kind == MESSAGE_RECORDING_PRIVILEGED)
		add_link(page, links, "recording",
			 arena_printf(page->arena, "/staff/recordings/%s", m->reference.text));
	else if (m->kind == MESSAGE_INCIDENT || m->kind == MESSAGE_APPEAL)
		add_link(page, links, "decision",
			 arena_printf(page->arena, "/visits/%s", m->reference.text));
	else if (m->reference.text[0])
		add_link(page, links, "visit",
			 arena_printf(page->arena, "/visits/%s", m->reference.text));
	else
		add_link(page, links, "home", "/home");
	if (can_be_cancelled(m))
		add_link(page, links, "cancel", cancel_link_path(page, m));
	return links;
}

/* ---- joining without an account ---- */

static bool is_joinable(enum message_kind kind)
{
	return kind == MESSAGE_BOOKED || kind == MESSAGE_APPROVED || kind == MESSAGE_MOVED ||
	       kind == MESSAGE_REMINDER || kind == MESSAGE_STANDBY_CALLED;
}

/* "To join: https://…/join, code 1234-…", for whoever cannot sign in; "" for everybody else. */
static const char *join_line(const struct page *page, const struct message *m)
{
	char code[LINK_CODE_LEN + 1];
	const char *shown = "";
	const char *url = page->web->config.public_url;
	if (!is_joinable(m->kind) || !m->reference.text[0] ||
	    visit_link_code_tell(page->service, &SYSTEM, page->arena, m->reference, code) != OK)
		return "";
	for (size_t i = 0; i < LINK_CODE_LEN; i += CODE_GROUP)
		shown = arena_printf(page->arena, "%s%s%.4s", shown, i ? "-" : "", code + i);
	json_t *line = view_word(
	    page, "messages.join",
	    json_pack("{s:s++, s:s}", "address", url ? url : "", "/join", "", "code", shown));
	const char *text = arena_text(page->arena, str_from(json_string_value(line)));
	json_decref(line);
	return text;
}

/* ---- why ---- */

static const char *why_of(const struct page *page, const struct message *m)
{
	if (!m->why[0])
		return "";
	if (is_named(m))
		return page_word(page, "messages.named");
	if (m->kind == MESSAGE_CONTACT_REJECTED)
		return page_word(page,
				 arena_printf(page->arena, "messages.contact_why.%s", m->why));
	if (m->kind == MESSAGE_STANDBY_ENDED)
		return page_word(page,
				 arena_printf(page->arena, "messages.standby_why.%s", m->why));
	if (m->kind == MESSAGE_OFFER)
		return page_word(page, arena_printf(page->arena, "messages.offer_why.%s", m->why));
	if (m->kind == MESSAGE_APPEAL)
		return page_word(page, arena_printf(page->arena, "messages.appeal_why.%s", m->why));
	return page_word(page, arena_printf(page->arena, "family.ends.%s", m->why));
}

/* ---- the parts ---- */

static const char *plain_of(const struct page *page, const json_t *view, const char *name)
{
	struct buf out = buf_of(TEXT_MAX);
	const json_t *item;
	size_t i;
	buf_printf(&out, "%s %s,\n\n", page_word(page, "messages.greeting"), name);
	static const char *const PARAGRAPHS[] = { "lead", "why", "next" };
	for (size_t p = 0; p < ARRAY_LEN(PARAGRAPHS); p++) {
		const char *text = json_string_value(json_object_get(view, PARAGRAPHS[p]));
		if (text && text[0])
			buf_printf(&out, "%s\n\n", text);
	}
	json_array_foreach(json_object_get(view, "rows"), i, item)
	    buf_printf(&out, "%s: %s\n", json_string_value(json_object_get(item, "label")),
		       json_string_value(json_object_get(item, "value")));
	json_array_foreach(json_object_get(view, "links"), i, item)
	    buf_printf(&out, "\n%s:\n%s\n", json_string_value(json_object_get(item, "label")),
		       json_string_value(json_object_get(item, "href")));
	buf_printf(&out, "\n-- \n%s\n%s\n", page_word(page, "common.service"),
		   page_word(page, "messages.footer"));
	const char *text = buf_ok(&out) ? arena_text(page->arena, buf_view(&out)) : NULL;
	buf_clear(&out);
	return text;
}

static void put_paragraph(struct buf *out, const char *text)
{
	if (text && text[0])
		buf_printf(out, "%s%s", out->len ? "\n\n" : "", text);
}

static const char *finished(const struct page *page, struct buf *out)
{
	const char *text = buf_ok(out) ? arena_text(page->arena, buf_view(out)) : NULL;
	buf_clear(out);
	return text;
}

/* Short: what, why, and the one thing to do. */
static const char *sms_of(const struct page *page, const struct post_item *item, const json_t *view)
{
	const struct message *m = &item->message;
	const char *url = page->web->config.public_url;
	struct buf out = buf_of(TEXT_MAX);
	put_paragraph(&out, json_string_value(json_object_get(view, "lead")));
	put_paragraph(&out, json_string_value(json_object_get(view, "why")));
	put_paragraph(&out, join_line(page, m));
	bool linked = url || page->web->config.mailbox;
	const char *path = !linked                    ? NULL
			   : m->kind == MESSAGE_OFFER ? offer_link_path(page, m)
			   : is_to_stand_by(m)        ? standby_link_path(page, m)
			   : can_be_cancelled(m)      ? cancel_link_path(page, m)
						      : NULL;
	const char *label = m->kind == MESSAGE_OFFER ? "messages.sms.offer"
			    : is_to_stand_by(m)      ? "messages.sms.standby"
						     : "messages.sms.cancel";
	if (path)
		put_paragraph(&out, arena_printf(page->arena, "%s:\n%s%s", page_word(page, label),
						 url ? url : "", path));
	return finished(page, &out);
}

static const char *letter_of(const struct page *page, const struct post_item *item,
			     const json_t *view)
{
	struct buf out = buf_of(TEXT_MAX);
	const json_t *row;
	size_t i;
	buf_printf(&out, "%s %.*s,", page_word(page, "messages.greeting"),
		   STR_FMT(item->account.name));
	put_paragraph(&out, json_string_value(json_object_get(view, "lead")));
	put_paragraph(&out, json_string_value(json_object_get(view, "why")));
	buf_text(&out, "\n");
	json_array_foreach(json_object_get(view, "rows"), i, row)
	    buf_printf(&out, "\n%s: %s", json_string_value(json_object_get(row, "label")),
		       json_string_value(json_object_get(row, "value")));
	put_paragraph(&out, join_line(page, &item->message));
	put_paragraph(&out, page_word(page, "messages.letter.next"));
	put_paragraph(&out, page_word(page, "common.service"));
	return finished(page, &out);
}

static enum err html_of(const struct page *page, const json_t *view, const char **out)
{
	struct buf html = buf_of(HTML_MAX);
	enum err err = template_render(&page->web->templates, "messages/email", view, &html);
	if (err == OK)
		*out = arena_text(page->arena, buf_view(&html));
	buf_clear(&html);
	return err;
}

static enum err calendar_of(const struct page *page, const struct post_item *item,
			    struct message_text *out)
{
	const struct message *m = &item->message;
	const struct web_config *config = &page->web->config;
	struct buf file = buf_of(CALENDAR_MAX);
	bool off = m->kind == MESSAGE_CANCELLED;
	struct calendar_event event = {
		.method = off ? CALENDAR_CANCEL : CALENDAR_REQUEST,
		.reference = m->reference,
		.revision = m->revision,
		.summary = page_word(page, "family.calendar.summary"),
		.address = config->public_url ? arena_printf(page->arena, "%s/visits/%s",
							     config->public_url, m->reference.text)
					      : NULL,
		.organizer = config->mail_from,
		.attendee = arena_text(page->arena, item->account.email),
		.made = m->made_at,
		.start = m->start,
		.end = wall_add_s(m->start, (int64_t)m->minutes * 60),
	};
	enum err err = calendar_write(&event, &file);
	if (err == OK)
		out->calendar = arena_text(page->arena, buf_view(&file));
	out->calendar_method = calendar_method_name(event.method);
	buf_clear(&file);
	return err;
}

static json_t *view_of(struct page *page, const struct post_item *item)
{
	const struct message *m = &item->message;
	json_t *facts = facts_of(page, m);
	json_t *view = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o, s:o, s:s}", "subject",
				 word_of_kind(page, m, "subject", facts), "lead",
				 word_of_kind(page, m, "lead", facts), "next",
				 word_of_kind(page, m, "next", facts), "why", why_of(page, m),
				 "name", page_str(item->account.name), "rows", rows_of(page, item),
				 "links", links_of(page, item), "lang", page->lang);
	json_object_set(view, "t", (json_t *)(uintptr_t)page_words(page));
	json_decref(facts);
	return view;
}

enum err message_text_make(struct web *web, struct arena *arena, const struct post_item *item,
			   struct message_text *out)
{
	struct page page = page_for(web, arena, &item->account);
	struct message_text text = { .calendar = "", .calendar_method = "", .html = "" };
	json_t *view = view_of(&page, item);
	text.subject =
	    arena_text(arena, str_from(json_string_value(json_object_get(view, "subject"))));
	bool mail = item->message.channel == MESSAGE_EMAIL;
	enum err err = OK;
	if (mail)
		text.text = plain_of(&page, view, arena_text(arena, item->account.name));
	else if (item->message.channel == MESSAGE_SMS)
		text.text = sms_of(&page, item, view);
	else
		text.text = letter_of(&page, item, view);
	if (!text.text)
		err = ERR_LIMIT;
	else if (mail)
		err = html_of(&page, view, &text.html);
	json_decref(view);
	if (err == OK && !text.subject[0])
		err = ERR_BAD;
	if (err == OK && mail && message_has_calendar(item->message.kind))
		err = calendar_of(&page, item, &text);
	if (err == OK)
		*out = text;
	return err;
}
