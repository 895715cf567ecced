#include "web/staff_messages.h"

#include <string.h>
#include <strings.h>

#include "base/assert.h"
#include "service/post.h"
#include "web/post_link.h"
#include "web/view.h"
#include "web/web.h"

enum {
	LATE_S = 15 * 60, /* so long what is due may wait before staff are warned */
};

static const char *const COLOURS[MESSAGE_STATE_COUNT] = {
	[MESSAGE_WAITING] = "yellow",  [MESSAGE_SENDING] = "yellow", [MESSAGE_SENT] = "blue",
	[MESSAGE_DELIVERED] = "green", [MESSAGE_BOUNCED] = "red",    [MESSAGE_FAILED] = "red",
	[MESSAGE_WITHDRAWN] = "grey",
};

static enum message_state asked_state(const struct page *page)
{
	enum message_state state;
	for (unsigned i = 0; i < MESSAGE_STATE_COUNT; i++) {
		state = (enum message_state)i;
		if (str_equal_nocase(request_query(page->request, "state"),
				     str_from(message_state_name(state))))
			return state;
	}
	return MESSAGE_WAITING;
}

static const char *word_of(const struct page *page, const char *area, const char *name)
{
	return page_word(page, arena_printf(page->arena, "messages.%s.%s", area, name));
}

/* The state is read from the address in either case; it is written as its name. */
static json_t *filters_of(const struct page *page, const struct post_view *post,
			  enum message_state state)
{
	json_t *filters = json_array();
	for (unsigned i = 0; i < MESSAGE_STATE_COUNT; i++) {
		const char *name = message_state_name((enum message_state)i);
		json_array_append_new(
		    filters,
		    json_pack("{s:s, s:I, s:s, s:b}", "text", word_of(page, "states", name), "n",
			      (json_int_t)post->counts[i], "href",
			      arena_printf(page->arena, "/staff/messages?state=%s", name), "here",
			      i == (unsigned)state));
	}
	return filters;
}

/* A code for the operator; what staff can do something about in words. */
static const char *problem_of(const struct page *page, const struct message *m)
{
	return strcmp(m->problem, "NO_WAY") == 0 ? page_word(page, "messages.staff.no_way")
						 : m->problem;
}

static json_t *line_of(const struct page *page, const struct message *m)
{
	bool waits = m->state == MESSAGE_WAITING;
	return json_pack("{s:s, s:s, s:o, s:s, s:s, s:o, s:i, s:s, s:b}", "kind",
			 word_of(page, "kind_names", message_kind_name(m->kind)), "reference",
			 m->reference.text, "reference_shown",
			 m->reference.text[0] ? view_reference(m->reference) : json_string(""),
			 "channel", word_of(page, "channels", message_channel_name(m->channel)),
			 "problem", problem_of(page, m), "when",
			 page_time(page, waits ? m->next_at : m->changed_at), "attempts",
			 m->attempts, "tag_colour", COLOURS[m->state], "tried", m->attempts > 0);
}

void staff_messages_add(struct page *page, struct reference reference, json_t *view)
{
	struct post_view post = { 0 };
	enum err err = post_of(page->service, &page->actor, page->arena, reference, &post);
	if (err == ERR_DENIED || err == ERR_NOT_FOUND)
		return;
	json_t *lines = json_array();
	for (size_t i = 0; err == OK && i < post.count; i++) {
		const struct message *m = &post.list[i];
		json_t *line = line_of(page, m);
		json_object_set_new(line, "tag",
				    view_tag(page,
					     arena_printf(page->arena, "messages.states.%s",
							  message_state_name(m->state)),
					     COLOURS[m->state]));
		json_array_append_new(lines, line);
	}
	view_list(view, "told", lines);
	json_object_set_new(view, "sees_told", json_true());
	json_object_set_new(view, "untold", json_boolean(err != OK));
}

static void list(struct page *page)
{
	struct post_view post;
	enum message_state state = asked_state(page);
	enum err err =
	    post_view(page->service, &page->actor, page->arena, page->actor.prison, state, &post);
	if (err != OK)
		return page_failed(page, err);
	json_t *lines = json_array();
	for (size_t i = 0; i < post.count; i++)
		json_array_append_new(lines, line_of(page, &post.list[i]));
	bool goes = post_link_provider(page->web->post, NOTIFY_EMAIL) != NOTIFY_BY_NOBODY;
	bool late = post.waiting_since.s && page->service->now.s - post.waiting_since.s > LATE_S;
	json_t *view = json_pack("{s:o, s:b, s:b, s:b}", "filters", filters_of(page, &post, state),
				 "nobody", !goes && !page->web->config.mailbox, "mailbox",
				 !goes && page->web->config.mailbox, "late", goes && late);
	if (post.waiting_since.s)
		json_object_set_new(view, "since", view_when(page, post.waiting_since));
	view_list(view, "lines", lines);
	view_here(view, "messages");
	page_render(page, 200, "staff/messages", view);
}

static const struct route rows[] = {
	{ METHOD_GET, "/staff/messages", WHO_PRISON | WHO_INSPECTOR | WHO_OPERATOR | WHO_HQ_ADMIN,
	  .handler = list },
};

const struct route_group staff_messages_routes = { rows, ARRAY_LEN(rows) };
