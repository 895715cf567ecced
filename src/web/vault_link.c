#include "web/vault_link.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/mem.h"
#include "ipc/vault.h"
#include "service/checkpoint.h"
#include "service/playback.h"
#include "sys/seqpacket.h"

enum {
	SIGN_EVERY_MS = 60000,
	REST_MS = 100,                /* after a head was kept */
	REST_AFTER_FAILURE_MS = 5000, /* after one was not */
	SIGN_AFTER_LEAVES = 1000,
};

enum asked {
	ASKED_NOTHING,
	ASKED_LOG,
	ASKED_OPEN,
	ASKED_KEY,
};

struct wanted {
	struct access access; /* its text is not used */
	struct segment_id segment;
	uint8_t end;
	uint8_t sealed[VAULT_SEALED_LEN];
	bool tried; /* an opening that pvl-vault no longer knew */
};

struct opened {
	struct access_id access; /* 0: free */
	uint64_t grant;
};

struct vault_link {
	struct loop *loop;
	struct log *log;
	struct watch watch; /* fd -1: no pvl-vault */
	bool known;         /* it has told where it stands */
	bool waits;         /* for an answer */
	bool refused;
	struct note_key key;
	uint64_t size;   /* leaves that it has seen */
	uint64_t target; /* to be signed now; 0: nothing is */
	uint64_t signed_size;
	struct mono look_at;    /* the latest time to look for new leaves */
	struct mono rest_until; /* however urgent it is */
	bool wake;              /* something is wanted since the last turn */
	enum asked asked;
	size_t wanted_len;
	struct wanted wanted[VAULT_LINK_KEYS_MAX]; /* the first is being asked for */
	size_t keys_len;
	struct vault_key keys[VAULT_LINK_KEYS_MAX];
	size_t opened_next;
	struct opened opened[VAULT_LINK_OPENINGS_MAX];
};

static void cut_off(struct vault_link *link)
{
	if (link->watch.fd < 0)
		return;
	loop_forget(link->loop, &link->watch);
	close(link->watch.fd);
	link->watch.fd = -1;
	link->known = link->waits = false;
	link->target = 0;
	link->asked = ASKED_NOTHING;
	memset(link->opened, 0, sizeof link->opened);
}

static void ask(struct vault_link *link, const struct vault_message *message)
{
	static uint8_t out[VAULT_MESSAGE_MAX];
	size_t len;
	enum err err = vault_message_encode(message, out, sizeof out, &len);
	if (err == OK)
		err = seqpacket_send(link->watch.fd, bytes_of(out, len), -1);
	link->waits = err == OK;
	if (err != OK)
		cut_off(link);
}

/* vault_link_turn() reads. */
static void on_message(struct watch *watch, unsigned what, struct mono now)
{
	(void)watch;
	(void)what;
	(void)now;
}

struct vault_link *vault_link_new(struct loop *loop, struct log *log)
{
	struct vault_link *link = mem_new(1, sizeof *link);
	link->loop = loop;
	link->log = log;
	link->watch.fd = -1;
	return link;
}

void vault_link_free(struct vault_link *link)
{
	if (link == NULL)
		return;
	cut_off(link);
	free(link);
}

void vault_link_take(struct vault_link *link, int fd)
{
	cut_off(link);
	link->watch = (struct watch){ .fd = fd, .ready = on_message, .owner = link };
	link->refused = false;
	if (loop_watch(link->loop, &link->watch, LOOP_READ) == OK) {
		ask(link, &(struct vault_message){ .type = VAULT_ASK });
		return;
	}
	close(fd);
	link->watch.fd = -1;
}

/* ---- its answers ---- */

static void refuse(struct vault_link *link, uint64_t ours)
{
	link->refused = true;
	link->target = 0;
	log_event(link->log, LOG_ERROR, "audit_log_is_not_what_was_signed",
		  LOG_INT("signed", link->size), LOG_INT("leaves", ours));
}

static void take_state(struct vault_link *link, const struct vault_message *m)
{
	if (note_key_read(m->text, &link->key) != OK)
		return cut_off(link);
	link->known = true;
	link->look_at = (struct mono){ 0 }; /* now: there may be leaves that it has not seen */
}

static void try_later(struct vault_link *link, const char *why, struct mono now)
{
	link->target = 0;
	link->rest_until = link->look_at = mono_add_ms(now, REST_AFTER_FAILURE_MS);
	log_event(link->log, LOG_ERROR, "checkpoint_not_kept", LOG_WORD("why", why));
}

static void take_checkpoint(struct vault_link *link, struct service *service,
			    const struct vault_message *m, struct mono now)
{
	enum err err = checkpoint_keep(service, &link->key, m->text);
	if (err != OK)
		return try_later(link, err_name(err), now);
	link->target = 0;
	link->signed_size = m->size;
	link->look_at = mono_add_ms(now, SIGN_EVERY_MS);
	link->rest_until = mono_add_ms(now, REST_MS);
}

/* ---- keys of recordings ---- */

static void answer_wanted(struct vault_link *link, size_t i, const uint8_t *key)
{
	const struct wanted *w = &link->wanted[i];
	if (link->keys_len < VAULT_LINK_KEYS_MAX) {
		struct vault_key *out = &link->keys[link->keys_len++];
		*out = (struct vault_key){ .ok = key != NULL,
					   .access = w->access.id,
					   .segment = w->segment,
					   .visit = w->access.visit,
					   .until = playback_ends(&w->access) };
		if (key != NULL)
			memcpy(out->key, key, sizeof out->key);
	}
	link->wanted_len--;
	memmove(&link->wanted[i], &link->wanted[i + 1],
		(link->wanted_len - i) * sizeof link->wanted[0]);
}

static struct opened *find_opened(struct vault_link *link, struct access_id access)
{
	for (size_t i = 0; i < VAULT_LINK_OPENINGS_MAX; i++)
		if (link->opened[i].access.n == access.n)
			return &link->opened[i];
	return NULL;
}

/* An opening that it does not know any more is asked for once again. */
static void take_denied(struct vault_link *link)
{
	struct wanted *w = &link->wanted[0];
	struct opened *opened = find_opened(link, w->access.id);
	if (opened != NULL)
		opened->access.n = 0;
	log_event(link->log, LOG_WARN, "recording_denied", LOG_ID("visit", w->access.visit.n));
	if (link->asked == ASKED_OPEN || w->tried)
		answer_wanted(link, 0, NULL);
	else
		w->tried = true;
}

static void take_about_recording(struct vault_link *link, const struct vault_message *m)
{
	if (link->wanted_len == 0)
		return;
	if (m->type == VAULT_OPENED && link->asked == ASKED_OPEN) {
		link->opened[link->opened_next] =
		    (struct opened){ .access = link->wanted[0].access.id, .grant = m->size };
		link->opened_next = (link->opened_next + 1) % VAULT_LINK_OPENINGS_MAX;
	} else if (m->type == VAULT_KEY && link->asked == ASKED_KEY)
		answer_wanted(link, 0, m->sealed.at);
	else
		take_denied(link);
}

static bool is_about_recording(const struct vault_message *m)
{
	return m->type == VAULT_OPENED || m->type == VAULT_KEY || m->type == VAULT_DENIED;
}

static void take(struct vault_link *link, struct service *service, const struct vault_message *m,
		 struct mono now)
{
	link->waits = false;
	if (is_about_recording(m)) {
		take_about_recording(link, m);
		return;
	}
	link->size = m->size;
	if (m->type == VAULT_STATE)
		take_state(link, m);
	else if (m->type == VAULT_CHECKPOINT && link->known)
		take_checkpoint(link, service, m, now);
	else if (m->type == VAULT_UNKEPT)
		try_later(link, "unkept", now);
	else if (m->type == VAULT_REFUSED)
		refuse(link, (uint64_t)service->newest_leaf);
}

static void read_answers(struct vault_link *link, struct service *service, struct mono now)
{
	static uint8_t in[VAULT_MESSAGE_MAX];
	struct vault_message message;
	size_t len;
	while (link->watch.fd >= 0) {
		enum err err = seqpacket_receive(link->watch.fd, in, sizeof in, &len, NULL);
		if (err == ERR_AGAIN)
			return;
		if (err == OK)
			err = vault_message_decode(bytes_of(in, len), false, &message);
		if (err == OK)
			take(link, service, &message, now);
		else
			cut_off(link);
	}
}

/* ---- what it is asked ---- */

static bool is_ready(const struct vault_link *link)
{
	return link->watch.fd >= 0 && link->known && !link->waits && !link->refused;
}

static bool is_due(const struct vault_link *link, const struct service *service, struct mono now)
{
	if (mono_before(now, link->rest_until))
		return false;
	return service->leaf_is_urgent || !mono_before(now, link->look_at) ||
	       service->newest_leaf >= (int64_t)link->signed_size + SIGN_AFTER_LEAVES;
}

/* All leaves that are committed now. */
static void begin(struct vault_link *link, struct service *service, struct mono now)
{
	uint64_t size = 0;
	if (checkpoint_size(service, &size) != OK)
		return;
	service->leaf_is_urgent = false;
	service->newest_leaf = (int64_t)size;
	link->look_at = mono_add_ms(now, SIGN_EVERY_MS);
	if (size < link->size)
		refuse(link, size);
	else if (size > link->signed_size)
		link->target = size;
}

static void send_leaves(struct vault_link *link, struct service *service)
{
	struct buf hashes = buf_of(VAULT_HASHES_MAX * VAULT_HASH_LEN);
	enum err err = checkpoint_leaves(service, link->size, VAULT_HASHES_MAX, &hashes);
	if (err == OK && hashes.len > 0)
		ask(link, &(struct vault_message){ .type = VAULT_EXTEND,
						   .size = link->size,
						   .hashes = buf_bytes(&hashes) });
	else
		link->target = 0; /* the database is away: the next look begins anew */
	buf_clear(&hashes);
}

static const struct actor system_actor = { .role = ROLE_SYSTEM };

static void ask_to_open(struct vault_link *link, struct service *service, const struct wanted *w)
{
	struct vault_message m = { .type = VAULT_OPEN, .visit = w->access.visit };
	struct arena arena;
	arena_init(&arena);
	enum err err =
	    access_evidence(service, &system_actor, &arena, &w->access, link->size, m.steps);
	if (err == OK) {
		link->asked = ASKED_OPEN;
		ask(link, &m);
	} else if (err != ERR_AGAIN) { /* else it has not seen them yet */
		log_event(link->log, LOG_ERROR, "no_evidence", LOG_WORD("err", err_name(err)));
		answer_wanted(link, 0, NULL);
	}
	arena_clear(&arena);
}

/* One question at a time, as of everything else. */
static void ask_for_keys(struct vault_link *link, struct service *service)
{
	const struct wanted *w = &link->wanted[0];
	if (link->wanted_len == 0)
		return;
	const struct opened *opened = find_opened(link, w->access.id);
	if (opened == NULL) {
		ask_to_open(link, service, w);
		return;
	}
	link->asked = ASKED_KEY;
	ask(link, &(struct vault_message){ .type = VAULT_UNSEAL,
					   .size = opened->grant,
					   .visit = w->access.visit,
					   .segment = w->segment,
					   .end = w->end,
					   .sealed = bytes_of(w->sealed, sizeof w->sealed) });
}

bool vault_link_want_key(struct vault_link *link, const struct access *access,
			 const struct segment_row *segment)
{
	if (link->watch.fd < 0 || link->wanted_len == VAULT_LINK_KEYS_MAX)
		return false;
	for (size_t i = 0; i < link->wanted_len; i++)
		if (link->wanted[i].segment.n == segment->id.n &&
		    link->wanted[i].access.id.n == access->id.n)
			return true;
	struct wanted *w = &link->wanted[link->wanted_len++];
	*w = (struct wanted){ .access = *access,
			      .segment = segment->id,
			      .end = (uint8_t)segment->seat };
	memcpy(w->sealed, segment->key, sizeof w->sealed);
	link->wake = true;
	return true;
}

bool vault_link_next_key(struct vault_link *link, struct vault_key *out)
{
	if (link->keys_len == 0)
		return false;
	*out = link->keys[--link->keys_len];
	memset(&link->keys[link->keys_len], 0, sizeof link->keys[0]);
	return true;
}

void vault_link_turn(struct vault_link *link, struct service *service, struct mono now)
{
	link->wake = false;
	read_answers(link, service, now);
	if (!is_ready(link))
		return;
	if (link->target == 0)
		ask_for_keys(link, service);
	if (link->waits || link->watch.fd < 0)
		return;
	if (link->target == 0 && is_due(link, service, now))
		begin(link, service, now);
	if (link->target == 0)
		return;
	if (link->size < link->target)
		send_leaves(link, service);
	else
		ask(link, &(struct vault_message){ .type = VAULT_SIGN });
}

struct mono vault_link_next(const struct vault_link *link, const struct service *service)
{
	if (!is_ready(link))
		return MONO_NEVER;
	if (link->wake)
		return (struct mono){ 0 };
	return service->leaf_is_urgent ? link->rest_until : link->look_at;
}

struct vault_state vault_link_state(const struct vault_link *link)
{
	return (struct vault_state){ .up = link->known,
				     .refused = link->refused,
				     .signed_size = link->signed_size };
}
