#include "web/viewings.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "service/playback.h"
#include "web/http.h"
#include "web/keyring.h"
#include "web/web.h"

enum {
	READERS_MAX = 4, /* tabs of one viewing */
};

struct viewing_now {
	struct access_id access; /* 0: free */
	enum viewing_kind kind;
	struct actor actor;
	char token[TOKEN_TEXT_LEN + 1];
	struct event_ring ring;
};

struct viewings {
	bool due;
	struct mono looked;
	struct viewing_now list[VIEWINGS_MAX];
};

struct viewings *viewings_new(void)
{
	return mem_new(1, sizeof(struct viewings));
}

static void forget(struct viewing_now *v)
{
	event_ring_clear(&v->ring);
	mem_wipe(v, sizeof *v);
}

void viewings_free(struct viewings *viewings)
{
	if (viewings == NULL)
		return;
	for (size_t i = 0; i < VIEWINGS_MAX; i++)
		if (viewings->list[i].access.n != 0)
			forget(&viewings->list[i]);
	free(viewings);
}

/* 0: a free one. */
static struct viewing_now *find(struct viewings *viewings, struct access_id access)
{
	for (size_t i = 0; viewings != NULL && i < VIEWINGS_MAX; i++)
		if (viewings->list[i].access.n == access.n)
			return &viewings->list[i];
	return NULL;
}

/* A reader that comes back after the end finds nothing; one that begins has missed nothing. */
static void snapshot(struct event_ring *ring, const struct event_reader *reader, struct buf *out)
{
	(void)ring;
	(void)reader;
	buf_text(out, "open\ndata: {}\n");
}

bool viewings_begin(struct page *page, struct access_id access, enum viewing_kind kind)
{
	struct viewings *viewings = page->web->viewings;
	struct viewing_now *v = find(viewings, access);
	if (v != NULL || viewings == NULL)
		return true;
	v = find(viewings, (struct access_id){ 0 });
	if (v == NULL || page->token.len > TOKEN_TEXT_LEN)
		return false;
	*v = (struct viewing_now){ .access = access, .kind = kind, .actor = page->actor };
	memcpy(v->token, page->token.at, page->token.len);
	event_ring_init(&v->ring, random_u64(page->service->random), READERS_MAX);
	v->ring.snapshot = snapshot;
	return true;
}

struct event_reader *viewings_events(struct viewings *viewings, struct access_id access,
				     struct str last_id)
{
	struct viewing_now *v = find(viewings, access);
	return v != NULL && access.n != 0 ? event_reader_new(&v->ring, last_id) : NULL;
}

void viewings_look_now(struct viewings *viewings)
{
	if (viewings != NULL)
		viewings->due = true;
}

/* PLAYBACK_OK also where the database cannot say: then nothing is shown anew either. */
static enum playback_answer still_may(struct service *service, const struct viewing_now *v)
{
	enum playback_answer answer = PLAYBACK_OK;
	struct account_session session;
	struct arena arena;
	struct str token = str_from(v->token);
	arena_init(&arena);
	enum err err = account_session_find(service, &arena, token, &session);
	bool same = err == OK && session.actor.account.n == v->actor.account.n &&
		    session.actor.role == v->actor.role;
	if (err == ERR_NOT_FOUND || (err == OK && !same))
		answer = PLAYBACK_NO_ROLE;
	else if (err == OK && v->kind == VIEWING_EXPORT)
		err = export_may(service, &v->actor, &arena, (struct export_id){ v->access.n },
				 token, &answer);
	else if (err == OK)
		err = viewing_may(service, &v->actor, &arena, v->access, token, &answer);
	if (err == ERR_DENIED)
		answer = PLAYBACK_NO_ROLE;
	arena_clear(&arena);
	return answer;
}

static void end(struct web *web, struct viewing_now *v, enum playback_answer why)
{
	char data[64];
	snprintf(data, sizeof data, "{\"why\":\"%s\"}", playback_answer_name(why));
	log_event(web->log, LOG_INFO, "viewing_ended", LOG_WORD("why", playback_answer_name(why)));
	keyring_end(web->keys, v->access);
	if (web->http != NULL)
		http_cut(web->http, v->access.n);
	event_publish(&v->ring, "closed", data);
	forget(v);
}

void viewings_tick(struct web *web)
{
	struct viewings *viewings = web->viewings;
	if (viewings == NULL)
		return;
	bool due =
	    viewings->due || mono_diff_us(web->now, viewings->looked) >= VIEWINGS_EVERY_MS * 1000LL;
	if (!due)
		return;
	viewings->due = false;
	viewings->looked = web->now;
	for (size_t i = 0; i < VIEWINGS_MAX; i++) {
		struct viewing_now *v = &viewings->list[i];
		if (v->access.n == 0)
			continue;
		enum playback_answer answer = still_may(web->service, v);
		if (answer != PLAYBACK_OK)
			end(web, v, answer);
		else
			event_ring_tick(&v->ring, web->now);
	}
}
