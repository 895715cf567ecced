#include "web/post_link.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "service/post.h"
#include "service/webhook.h"
#include "sys/seqpacket.h"
#include "web/event_json.h"
#include "web/live.h"
#include "web/message_text.h"
#include "web/web.h"

enum {
	LOOK_MS = 1000,
	ASK_MS = 15000,
	BACK_MS = 60000,
	NO_ANSWER_S = 600, /* pvl-notify answers within 60 s, or has died and is noticed at once */
};

static const struct actor SYSTEM = { .role = ROLE_SYSTEM };

struct parcel {
	uint64_t id;
	size_t len;
	uint8_t *bytes;
};

/* An event on its way: under a number of its own, which no message has. */
struct event_flight {
	uint64_t id;
	struct webhook_event_key event;
};

#define EVENT_BIT (UINT64_C(1) << 63) /* ids of messages have 63 bits */

struct post_link {
	struct loop *loop;
	struct log *log;
	int fd; /* -1: none */
	struct watch watch;
	bool greeted; /* hello is what the sender can; of one that died, what the next one will */
	struct notify_hello hello;
	size_t flight_count;
	uint64_t flight[NOTIFY_IN_FLIGHT_MAX]; /* handed over, not answered */
	size_t queue_count;
	struct parcel queue[NOTIFY_IN_FLIGHT_MAX]; /* taken in this turn */
	size_t lost_count;
	uint64_t lost[NOTIFY_IN_FLIGHT_MAX]; /* could not be handed over after all */
	size_t event_count;
	struct event_flight events[NOTIFY_IN_FLIGHT_MAX]; /* those of the above that are events */
	struct mono look_at, ask_at, back_at;
};

struct post_link *post_link_new(struct loop *loop, bool alone, struct log *log)
{
	struct post_link *link = mem_new(1, sizeof *link);
	link->loop = loop;
	link->log = log;
	link->greeted = alone;
	link->fd = -1;
	return link;
}

/* ---- the socket ---- */

/* The loop only has to turn: post_link_turn() reads. */
static void on_ready(struct watch *watch, unsigned what, struct mono now)
{
	(void)watch;
	(void)what;
	(void)now;
}

static void detach(struct post_link *link)
{
	if (link->fd < 0)
		return;
	if (link->loop)
		loop_forget(link->loop, &link->watch);
	close(link->fd);
	link->fd = -1;
}

void post_link_free(struct post_link *link)
{
	if (!link)
		return;
	detach(link);
	for (size_t i = 0; i < link->queue_count; i++)
		free(link->queue[i].bytes);
	free(link);
}

static bool send_now(struct post_link *link, struct bytes bytes)
{
	return link->fd >= 0 && seqpacket_send(link->fd, bytes, -1) == OK;
}

bool post_link_up(const struct post_link *link)
{
	return link && link->fd >= 0;
}

enum notify_provider post_link_provider(const struct post_link *link, enum notify_channel channel)
{
	return link ? link->hello.providers[channel] : NOTIFY_BY_NOBODY;
}

/* ---- answers ---- */

static bool flight_end(struct post_link *link, uint64_t id)
{
	for (size_t i = 0; i < link->flight_count; i++) {
		if (link->flight[i] != id)
			continue;
		link->flight[i] = link->flight[--link->flight_count];
		return true;
	}
	return false;
}

static enum message_provider provider_of(enum notify_provider provider)
{
	static const enum message_provider ALL[NOTIFY_PROVIDER_COUNT] = {
		[NOTIFY_BY_NOBODY] = MESSAGE_BY_NOBODY,
		[NOTIFY_BY_SMTP] = MESSAGE_BY_SMTP,
		[NOTIFY_BY_GOVUK] = MESSAGE_BY_NOTIFY,
	};
	return ALL[provider];
}

static enum post_result result_of(enum notify_outcome outcome)
{
	static const enum post_result ALL[NOTIFY_OUTCOME_COUNT] = {
		[NOTIFY_TAKEN] = POST_TAKEN,     [NOTIFY_DELIVERED] = POST_DELIVERED,
		[NOTIFY_LATER] = POST_LATER,     [NOTIFY_BOUNCED] = POST_BOUNCED,
		[NOTIFY_REFUSED] = POST_REFUSED,
	};
	return ALL[outcome];
}

static void write_down(struct web *web, const struct post_answer *answer)
{
	enum err err = post_answered(web->service, &SYSTEM, answer);
	if (err != OK && err != ERR_CONFLICT)
		log_event(web->log, LOG_ERROR, "post_answer", LOG_WORD("err", err_name(err)));
}

/* ---- what goes out ---- */

static size_t room(const struct post_link *link)
{
	return NOTIFY_IN_FLIGHT_MAX - link->flight_count - link->queue_count - link->lost_count;
}

static bool enqueue(struct post_link *link, uint64_t id, const struct notify_message *m)
{
	static uint8_t out[NOTIFY_MESSAGE_MAX];
	size_t len;
	if (!room(link) || notify_message_encode(m, out, sizeof out, &len) != OK)
		return false;
	struct parcel *parcel = &link->queue[link->queue_count++];
	*parcel = (struct parcel){ .id = id, .len = len, .bytes = mem_new(len, 1) };
	memcpy(parcel->bytes, out, len);
	return true;
}

/* ---- events ---- */

static bool event_end(struct post_link *link, uint64_t id, struct event_flight *out)
{
	for (size_t i = 0; i < link->event_count; i++) {
		if (link->events[i].id != id)
			continue;
		*out = link->events[i];
		link->events[i] = link->events[--link->event_count];
		return true;
	}
	return false;
}

static void event_write_down(struct web *web, uint64_t id, struct webhook_answer answer)
{
	struct event_flight flight;
	if (!event_end(web->post, id, &flight))
		return; /* of a pvl-web before this: webhook_put_back() has it tried again */
	answer.event = flight.event;
	enum err err = webhook_answered(web->service, &SYSTEM, &answer);
	if (err != OK && err != ERR_CONFLICT)
		log_event(web->log, LOG_ERROR, "webhook_answer", LOG_WORD("err", err_name(err)));
}

static enum webhook_result event_result_of(enum notify_outcome outcome)
{
	switch (outcome) {
	case NOTIFY_TAKEN:
	case NOTIFY_DELIVERED:
		return WEBHOOK_TAKEN;
	case NOTIFY_BOUNCED:
	case NOTIFY_REFUSED:
		return WEBHOOK_REFUSED;
	case NOTIFY_LATER:
	case NOTIFY_OUTCOME_COUNT:
		break;
	}
	return WEBHOOK_LATER;
}

static void event_hand_over(struct web *web, struct arena *arena, const struct webhook_item *item)
{
	struct post_link *link = web->post;
	struct event_text text;
	uint64_t id = EVENT_BIT | (uint64_t)random_id(web->service->random);
	event_text_make(arena, item, web->config.public_url, web->service->now, &text);
	struct notify_message out = {
		.type = NOTIFY_POST,
		.post = { .id = id,
			  .private_too = web->config.webhooks_private,
			  .url = item->hook.url,
			  .headers = str_from(text.headers),
			  .body = str_from(text.body) },
	};
	link->events[link->event_count++] = (struct event_flight){
		.id = id,
		.event = { item->event.webhook, item->event.seq, item->event.object_id },
	};
	if (!enqueue(link, id, &out))
		event_write_down(web, id,
				 (struct webhook_answer){ .result = WEBHOOK_REFUSED,
							  .problem = STR("TOO_LONG") });
}

static void look_events(struct web *web)
{
	struct post_link *link = web->post;
	struct webhook_items items;
	struct arena arena;
	if (!post_link_up(link) || !room(link))
		return;
	arena_init(&arena);
	enum err err = webhook_take(web->service, &SYSTEM, &arena, room(link), &items);
	if (err != OK && err != ERR_AGAIN)
		log_event(web->log, LOG_ERROR, "webhook_take", LOG_WORD("err", err_name(err)));
	for (size_t i = 0; i < items.count; i++)
		event_hand_over(web, &arena, &items.list[i]);
	arena_clear(&arena);
}

static void on_result(struct web *web, const struct notify_result *r)
{
	(void)flight_end(web->post, r->id);
	if (r->id & EVENT_BIT)
		return event_write_down(
		    web, r->id,
		    (struct webhook_answer){ .result = event_result_of(r->outcome),
					     .problem = r->problem,
					     .retry_after_s = r->retry_after_s });
	write_down(web, &(struct post_answer){ .message = { (int64_t)r->id },
					       .result = result_of(r->outcome),
					       .provider = provider_of(r->provider),
					       .provider_id = r->provider_id,
					       .problem = r->problem,
					       .retry_after_s = r->retry_after_s });
}

/* Nobody knows what became of it: it goes out again, with the same id. */
static void give_back(struct web *web, uint64_t id, const char *problem)
{
	if (id & EVENT_BIT)
		return event_write_down(web, id,
					(struct webhook_answer){ .result = WEBHOOK_LATER,
								 .at_once = true,
								 .problem = str_from(problem) });
	write_down(web, &(struct post_answer){ .message = { (int64_t)id },
					       .result = POST_LATER,
					       .at_once = true,
					       .problem = str_from(problem) });
}

static void on_gone(struct web *web)
{
	struct post_link *link = web->post;
	log_event(web->log, LOG_WARN, "notify_lost", LOG_INT("in_flight", link->flight_count));
	detach(link);
	while (link->flight_count)
		give_back(web, link->flight[--link->flight_count], "SENDER_DIED");
}

static void read_all(struct web *web)
{
	struct post_link *link = web->post;
	static uint8_t in[NOTIFY_MESSAGE_MAX];
	struct notify_message m;
	size_t len;
	while (link->fd >= 0) {
		enum err err = seqpacket_receive(link->fd, in, sizeof in, &len, NULL);
		if (err == ERR_AGAIN)
			return;
		if (err == OK)
			err = notify_message_decode(bytes_of(in, len), false, &m);
		if (err != OK)
			return on_gone(web); /* nonsense is as good as gone */
		if (m.type == NOTIFY_RESULT)
			on_result(web, &m.result);
		if (m.type != NOTIFY_HELLO)
			continue;
		link->hello = m.hello;
		link->greeted = true;
	}
}

void post_link_attach(struct web *web, int fd)
{
	struct post_link *link = web->post;
	struct notify_message who = { .type = NOTIFY_WHO };
	uint8_t bytes[16];
	size_t len;
	read_all(web);
	if (link->fd >= 0)
		on_gone(web);
	link->fd = fd;
	link->watch = (struct watch){ .fd = fd, .ready = on_ready, .owner = link };
	if (link->loop && loop_watch(link->loop, &link->watch, LOOP_READ) != OK)
		return detach(link);
	if (notify_message_encode(&who, bytes, sizeof bytes, &len) == OK)
		(void)send_now(link, bytes_of(bytes, len));
}

/* ---- messages ---- */

static enum notify_channel channel_of(enum message_channel channel)
{
	static const enum notify_channel ALL[MESSAGE_CHANNEL_COUNT] = {
		[MESSAGE_EMAIL] = NOTIFY_EMAIL,
		[MESSAGE_SMS] = NOTIFY_SMS,
		[MESSAGE_LETTER] = NOTIFY_LETTER,
	};
	return ALL[channel];
}

/* It was handed over before, and no answer came. */
static bool in_doubt(const struct message *m)
{
	return str_is(str_from(m->problem), "SENDER_DIED") ||
	       str_is(str_from(m->problem), "NO_ANSWER") ||
	       str_is(str_from(m->problem), "NOTIFY_NO_ANSWER");
}

static void hand_over(struct web *web, struct arena *arena, const struct post_item *item)
{
	const struct message *m = &item->message;
	struct message_text text;
	struct post_answer never = { .message = m->id,
				     .result = POST_REFUSED,
				     .problem = STR("NO_TEXT") };
	if (message_text_make(web, arena, item, &text) != OK)
		return write_down(web, &never);
	struct notify_message out = {
		.type = NOTIFY_SEND,
		.send = { .id = (uint64_t)m->id.n,
			  .channel = channel_of(m->channel),
			  .doubt = in_doubt(m),
			  .welsh = item->account.language == LANGUAGE_CY,
			  .made_s = m->made_at.s,
			  .to = str_from(item->to),
			  .subject = str_from(text.subject),
			  .text = str_from(text.text),
			  .html = str_from(text.html),
			  .calendar = str_from(text.calendar),
			  .calendar_method = str_from(text.calendar_method) },
	};
	if (!enqueue(web->post, out.send.id, &out))
		write_down(web, &never);
}

/* In the demo: it stands in the mailbox, and is read from the outbox there. */
static void keep_here(struct web *web, const struct post_item *item)
{
	write_down(web, &(struct post_answer){ .message = item->message.id,
					       .result = POST_TAKEN,
					       .provider = MESSAGE_BY_LOCAL,
					       .problem = STR("") });
}

static void look(struct web *web, enum message_channel channel)
{
	struct post_link *link = web->post;
	enum notify_provider provider = link->hello.providers[channel_of(channel)];
	bool goes = post_link_up(link) && provider != NOTIFY_BY_NOBODY;
	bool stays = web->config.mailbox && link->greeted && provider == NOTIFY_BY_NOBODY;
	struct post_list list;
	struct arena arena;
	if (!goes && !stays)
		return;
	arena_init(&arena);
	enum err err = post_take(web->service, &SYSTEM, &arena, channel,
				 goes ? room(link) : POST_TAKE_MAX, &list);
	if (err != OK && err != ERR_AGAIN)
		log_event(web->log, LOG_ERROR, "post_take", LOG_WORD("err", err_name(err)));
	for (size_t i = 0; i < list.count; i++) {
		if (goes)
			hand_over(web, &arena, &list.list[i]);
		else
			keep_here(web, &list.list[i]);
	}
	arena_clear(&arena);
}

static bool asks(const struct post_link *link)
{
	for (unsigned i = 0; i < NOTIFY_CHANNEL_COUNT && post_link_up(link); i++)
		if (post_link_provider(link, (enum notify_channel)i) == NOTIFY_BY_GOVUK)
			return true;
	return false;
}

static void ask(struct web *web)
{
	struct post_list list;
	struct arena arena;
	arena_init(&arena);
	if (post_ask(web->service, &SYSTEM, &arena, room(web->post), &list) != OK)
		log_event(web->log, LOG_ERROR, "post_ask");
	for (size_t i = 0; i < list.count; i++) {
		const struct message *m = &list.list[i].message;
		struct notify_message out = {
			.type = NOTIFY_ASK,
			.ask = { .id = (uint64_t)m->id.n, .provider_id = str_from(m->provider_id) },
		};
		(void)enqueue(web->post, out.ask.id, &out); /* else: at its next time */
	}
	arena_clear(&arena);
}

static bool is_due(struct mono *at, int64_t every_ms, struct mono now)
{
	if (mono_before(now, *at))
		return false;
	*at = mono_add_ms(now, every_ms);
	return true;
}

static void give_back_lost(struct web *web)
{
	struct post_link *link = web->post;
	while (link->lost_count)
		give_back(web, link->lost[--link->lost_count], "NOT_SENT");
}

void post_link_turn(struct web *web, struct mono now)
{
	struct post_link *link = web->post;
	size_t back;
	int fd = media_link_take_notify(live_link(web->live));
	if (fd >= 0)
		post_link_attach(web, fd);
	read_all(web);
	give_back_lost(web);
	if (is_due(&link->back_at, BACK_MS, now) &&
	    (post_put_back(web->service, &SYSTEM, NO_ANSWER_S, &back) != OK ||
	     webhook_put_back(web->service, &SYSTEM, NO_ANSWER_S) != OK))
		log_event(web->log, LOG_ERROR, "post_put_back");
	if (is_due(&link->look_at, LOOK_MS, now)) {
		for (unsigned c = 0; c < MESSAGE_CHANNEL_COUNT; c++)
			look(web, (enum message_channel)c);
		look_events(web);
	}
	if (is_due(&link->ask_at, ASK_MS, now) && asks(link))
		ask(web);
}

void post_link_release(struct web *web, bool committed)
{
	struct post_link *link = web->post;
	for (size_t i = 0; i < link->queue_count; i++) {
		struct parcel *parcel = &link->queue[i];
		bool sent = committed && send_now(link, bytes_of(parcel->bytes, parcel->len));
		if (sent)
			link->flight[link->flight_count++] = parcel->id;
		else if (committed)
			link->lost[link->lost_count++] = parcel->id;
		free(parcel->bytes);
	}
	link->queue_count = 0;
}

struct mono post_link_next(const struct post_link *link)
{
	return link->look_at;
}
