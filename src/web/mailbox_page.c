#include "web/mailbox_page.h"

#include "base/assert.h"
#include "service/post.h"
#include "web/message_text.h"
#include "web/view.h"

static const struct actor SYSTEM = { .role = ROLE_SYSTEM };

static const char *channel_word(const struct page *page, const struct message *m)
{
	return page_word(page, arena_printf(page->arena, "messages.channels.%s",
					    message_channel_name(m->channel)));
}

static json_t *line_of(struct page *page, const struct message *m)
{
	struct post_item item;
	struct message_text text;
	if (m->provider != MESSAGE_BY_LOCAL ||
	    post_find(page->service, &SYSTEM, page->arena, m->id, &item) != OK ||
	    message_text_make(page->web, page->arena, &item, &text) != OK)
		return NULL;
	return json_pack("{s:o, s:o, s:o, s:s, s:s}", "id", page_id(m->id.n), "to",
			 page_str(str_from(item.to)), "when", page_time(page, m->changed_at),
			 "subject", text.subject, "channel", channel_word(page, m));
}

static void list(struct page *page)
{
	struct post_view sent;
	json_t *lines = json_array(), *view = json_object();
	enum err err = post_view(page->service, &SYSTEM, page->arena, (struct prison_code){ 0 },
				 MESSAGE_SENT, &sent);
	if (err != OK) {
		json_decref(lines);
		json_decref(view);
		return page_failed(page, err);
	}
	for (size_t i = 0; i < sent.count; i++) {
		json_t *line = line_of(page, &sent.list[i]);
		if (line != NULL)
			json_array_append_new(lines, line);
	}
	view_list(view, "lines", lines);
	page_render(page, 200, "messages/mailbox", view);
}

/* The message of the path; false after answering that there is none. */
static bool find(struct page *page, struct post_item *item, struct message_text *text)
{
	struct message_id id = { page_param_id(page, 0) };
	enum err err = post_find(page->service, &SYSTEM, page->arena, id, item);
	if (err == OK && item->message.provider != MESSAGE_BY_LOCAL)
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = message_text_make(page->web, page->arena, item, text);
	if (err != OK)
		page_failed(page, err);
	return err == OK;
}

/* {text} or {href}: an address stands in a line of its own. */
static json_t *lines_of(const char *text)
{
	json_t *lines = json_array();
	struct str rest = str_from(text);
	while (!str_empty(rest)) {
		struct str line = str_cut(&rest, '\n');
		bool link = str_starts(line, "/") || str_starts(line, "https://") ||
			    str_starts(line, "http://");
		json_array_append_new(lines,
				      json_pack("{s:o}", link ? "href" : "text", page_str(line)));
	}
	return lines;
}

static void show(struct page *page)
{
	struct post_item item;
	struct message_text text;
	if (!find(page, &item, &text))
		return;
	page_render(page, 200, "messages/mail",
		    json_pack("{s:s, s:s, s:o, s:o, s:o, s:b, s:o, s:s}", "channel",
			      channel_word(page, &item.message), "subject", text.subject, "to",
			      lines_of(item.to), "when", page_time(page, item.message.changed_at),
			      "lines", lines_of(text.text), "calendar", text.calendar[0] != '\0',
			      "id", page_id(item.message.id.n), "back", "/mailbox"));
}

static void calendar(struct page *page)
{
	struct post_item item;
	struct message_text text;
	if (!find(page, &item, &text))
		return;
	if (!text.calendar[0])
		return page_not_found(page);
	page_file(page, "text/calendar; charset=utf-8", "visit.ics", str_from(text.calendar));
}

static const struct route rows[] = {
	{ METHOD_GET, "/mailbox", WHO_LAB, .flags = ROUTE_MAILBOX, .handler = list },
	{ METHOD_GET, "/mailbox/{message}", WHO_LAB, .flags = ROUTE_MAILBOX, .handler = show },
	{ METHOD_GET, "/mailbox/{message}/calendar.ics", WHO_LAB, .flags = ROUTE_MAILBOX,
	  .handler = calendar },
};

const struct route_group mailbox_routes = { rows, ARRAY_LEN(rows) };
