/*
 * message_text.h - a message of the outbox in words: subject, plain text, HTML
 * and calendar file, in the language of whom it is for.  A text message is its
 * plain text, short; a letter has no links, which nobody types from paper.
 *
 * Words come from front/words/<language>/messages.json, the HTML from
 * front/templates/messages/email.mustache; links begin with the configured
 * address of the pages (without one they are left out, but for the mailbox).
 */
#ifndef PVL_WEB_MESSAGE_TEXT_H
#define PVL_WEB_MESSAGE_TEXT_H

#include "base/arena.h"
#include "notify/calendar.h"
#include "service/post.h"

struct web;

/* All text is the arena's; "" where there is none. */
struct message_text {
	const char *subject;
	const char *text;
	const char *html;
	const char *calendar;
	const char *calendar_method;
};

/* ERR_BAD: a word or the template is missing, ERR_LIMIT: longer than anything we mean to send. */
MUST_USE enum err message_text_make(struct web *web, struct arena *arena,
				    const struct post_item *item, struct message_text *out);

#endif
