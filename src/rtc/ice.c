#include "rtc/ice.h"

#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hex.h"
#include "base/mem.h"
#include "wire/stun.h"

enum {
	UFRAG_BYTES = ICE_UFRAG_LEN * 3 / 4,
	PWD_BYTES = ICE_PWD_LEN * 3 / 4,
	TRANSACTION_LIFE_MS = 40000, /* RFC 8489 6.3.1 */
};

/* One of the peer's addresses; unused if its family is ADDRESS_NONE. */
struct tuple {
	struct address address;
	struct mono checked; /* the last good check */
	struct mono media;   /* when authenticated media came last; long ago if never */
	bool gone;           /* nothing can be sent there; it is kept for its consent alone */
};

struct transaction {
	uint8_t id[STUN_TRANSACTION_LEN];
	struct address from;
	struct mono first;
};

struct ice {
	struct ice_credentials local;
	struct stun_key key; /* of local.pwd */
	struct bytes remote; /* their ufrag, in remote_ufrag */
	uint8_t remote_ufrag[ICE_REMOTE_UFRAG_MAX];
	enum ice_state state;
	struct tuple tuples[ICE_TUPLES_MAX];
	struct tuple *selected; /* where we send, unless stopped */
	struct mono selected_at;
	struct tuple *wanted; /* nominated, but no media came there yet */
	struct transaction recent[ICE_RECENT];
	size_t recent_next;
};

/* ---- Credentials ---- */

static bool is_ufrag(struct bytes ufrag)
{
	return ufrag.len >= 1 && ufrag.len <= ICE_REMOTE_UFRAG_MAX;
}

/* ice-char (RFC 8839) has '+' and '/', base64url '-' and '_': exchange them. */
static void draw(struct random *random, size_t bytes, char *out)
{
	uint8_t raw[PWD_BYTES];
	random_fill(random, raw, bytes);
	base64url_encode(bytes_of(raw, bytes), out);
	for (char *c = out; *c != '\0'; c++) {
		if (*c == '-')
			*c = '+';
		if (*c == '_')
			*c = '/';
	}
	mem_wipe(raw, sizeof raw);
}

static bool renew(struct ice *ice, struct random *random, struct bytes remote_ufrag)
{
	struct ice_credentials local;
	struct stun_key key = { 0 };
	draw(random, UFRAG_BYTES, local.ufrag);
	draw(random, PWD_BYTES, local.pwd);
	if (stun_key_init(&key, bytes_from_text(local.pwd)) != OK)
		return false;
	stun_key_clear(&ice->key);
	ice->key = key;
	ice->local = local;
	memcpy(ice->remote_ufrag, remote_ufrag.at, remote_ufrag.len);
	ice->remote = bytes_of(ice->remote_ufrag, remote_ufrag.len);
	return true;
}

struct ice *ice_new(struct random *random, struct bytes remote_ufrag)
{
	if (!is_ufrag(remote_ufrag))
		return NULL;
	struct ice *ice = mem_new(1, sizeof *ice);
	if (renew(ice, random, remote_ufrag))
		return ice;
	ice_free(ice);
	return NULL;
}

void ice_free(struct ice *ice)
{
	if (ice == NULL)
		return;
	stun_key_clear(&ice->key);
	mem_wipe(&ice->local, sizeof ice->local);
	free(ice);
}

const struct ice_credentials *ice_local(const struct ice *ice)
{
	return &ice->local;
}

bool ice_restart(struct ice *ice, struct random *random, struct bytes remote_ufrag)
{
	return is_ufrag(remote_ufrag) && renew(ice, random, remote_ufrag);
}

/* ---- Tuples ---- */

static bool is_live(const struct tuple *t)
{
	return t->address.family != ADDRESS_NONE && !t->gone;
}

static struct tuple *tuple_find(struct ice *ice, const struct address *address)
{
	for (size_t i = 0; i < ICE_TUPLES_MAX; i++)
		if (is_live(&ice->tuples[i]) && address_equal(&ice->tuples[i].address, address))
			return &ice->tuples[i];
	return NULL;
}

static void tuple_clear(struct tuple *t)
{
	*t = (struct tuple){ .address = { .family = ADDRESS_NONE } };
}

/* A free place, else that of the tuple longest without a check; never the selected one. */
static struct tuple *tuple_place(struct ice *ice)
{
	struct tuple *oldest = NULL;
	for (size_t i = 0; i < ICE_TUPLES_MAX; i++) {
		struct tuple *t = &ice->tuples[i];
		if (t->address.family == ADDRESS_NONE)
			return t;
		if (t != ice->selected &&
		    (oldest == NULL || mono_before(t->checked, oldest->checked)))
			oldest = t;
	}
	ASSERT(oldest != NULL);
	return oldest;
}

static struct tuple *tuple_add(struct ice *ice, const struct address *address, struct mono now,
			       struct ice_result *result)
{
	struct tuple *t = tuple_place(ice);
	result->added = true;
	if (t->address.family != ADDRESS_NONE) {
		result->dropped = true;
		result->dropped_tuple = t->address;
	}
	if (t == ice->wanted)
		ice->wanted = NULL;
	/* No media yet: as if silent for long. */
	*t = (struct tuple){ .address = *address, .media = mono_add_ms(now, -2 * ICE_SILENT_MS) };
	return t;
}

static bool tuple_is_silent(const struct tuple *t, struct mono now)
{
	return mono_diff_us(now, t->media) > (int64_t)ICE_SILENT_MS * 1000;
}

static void tuple_select(struct ice *ice, struct tuple *t, struct mono now)
{
	if (t != ice->selected) {
		ice->selected_at = now;
		if (ice->selected != NULL && ice->selected->gone)
			tuple_clear(ice->selected);
	}
	ice->selected = t;
	ice->wanted = NULL;
}

/* A new choice has its 2 s, too, before another's media may take over. */
static bool may_take_over(const struct ice *ice, struct mono now)
{
	return tuple_is_silent(ice->selected, now) &&
	       mono_diff_us(now, ice->selected_at) > (int64_t)ICE_SILENT_MS * 1000;
}

/* ---- Consent ---- */

static struct mono warn_at(const struct ice *ice)
{
	return mono_add_ms(ice->selected->checked, ICE_WARN_MS);
}

static struct mono stop_at(const struct ice *ice)
{
	return mono_add_ms(ice->selected->checked, ICE_STOP_MS);
}

bool ice_tick(struct ice *ice, struct mono now)
{
	if (ice->selected == NULL)
		return false;
	enum ice_state before = ice->state;
	if (!mono_before(now, stop_at(ice)))
		ice->state = ICE_STOPPED;
	else if (!mono_before(now, warn_at(ice)))
		ice->state = ICE_WARNED;
	else
		ice->state = ICE_CONNECTED;
	return ice->state != before;
}

struct mono ice_next(const struct ice *ice)
{
	switch (ice->state) {
	case ICE_CONNECTED:
		return warn_at(ice);
	case ICE_WARNED:
		return stop_at(ice);
	case ICE_NEW:
	case ICE_STOPPED:
		break;
	}
	return MONO_NEVER;
}

enum ice_state ice_state(const struct ice *ice)
{
	return ice->state;
}

/* ---- Checks ---- */

bool ice_peek_ufrag(struct bytes datagram, struct bytes *ufrag)
{
	struct stun_message message;
	if (stun_parse(datagram, &message) != OK || message.type != STUN_BINDING_REQUEST)
		return false;
	struct str local = stun_username_local(&message);
	if (local.len == 0)
		return false;
	*ufrag = bytes_of(local.at, local.len);
	return true;
}

/* RFC 8445 7.2.2: whom it is sent to, a colon, who sends it. */
static bool is_our_username(const struct ice *ice, struct bytes username)
{
	struct bytes local = bytes_from_text(ice->local.ufrag);
	if (username.len != local.len + 1 + ice->remote.len)
		return false;
	return bytes_equal(bytes_slice(username, 0, local.len), local) &&
	       username.at[local.len] == ':' &&
	       bytes_equal(bytes_slice(username, local.len + 1, ice->remote.len), ice->remote);
}

static bool is_good(struct ice *ice, struct bytes datagram, struct stun_message *message)
{
	return stun_parse(datagram, message) == OK && message->type == STUN_BINDING_REQUEST &&
	       message->has_fingerprint && message->integrity_at != 0 &&
	       is_our_username(ice, message->username) && stun_verify(message, &ice->key);
}

static bool is_replay(struct ice *ice, const struct stun_message *message,
		      const struct address *from, struct mono now)
{
	for (size_t i = 0; i < ICE_RECENT; i++) {
		const struct transaction *t = &ice->recent[i];
		if (t->from.family == ADDRESS_NONE ||
		    memcmp(t->id, message->transaction, sizeof t->id) != 0)
			continue;
		return !address_equal(&t->from, from) ||
		       mono_diff_us(now, t->first) > (int64_t)TRANSACTION_LIFE_MS * 1000;
	}
	struct transaction *t = &ice->recent[ice->recent_next++ % ICE_RECENT];
	memcpy(t->id, message->transaction, sizeof t->id);
	t->from = *from;
	t->first = now;
	return false;
}

static void nominate(struct ice *ice, struct tuple *t, struct mono now)
{
	if (t == ice->selected)
		ice->wanted = NULL;
	else if (tuple_is_silent(ice->selected, now) || !tuple_is_silent(t, now))
		tuple_select(ice, t, now);
	else
		ice->wanted = t;
}

/* The state is that of this moment, before the check counted. */
static void choose(struct ice *ice, struct tuple *t, const struct stun_message *message,
		   struct mono now)
{
	if (ice->selected == NULL || ice->selected->gone || ice->state != ICE_CONNECTED)
		tuple_select(ice, t, now);
	if (message->use_candidate && message->role != STUN_CONTROLLED)
		nominate(ice, t, now);
}

static void take_check(struct ice *ice, const struct stun_message *message,
		       const struct address *from, struct mono now, struct ice_result *result)
{
	(void)ice_tick(ice, now);
	const struct tuple *before = ice->selected;
	struct tuple *t = tuple_find(ice, from);
	if (t == NULL)
		t = tuple_add(ice, from, now, result);
	choose(ice, t, message, now);
	t->checked = now;
	(void)ice_tick(ice, now);
	result->valid = true;
	result->selected = ice->selected != before;
}

struct ice_result ice_input(struct ice *ice, struct bytes datagram, const struct address *from,
			    struct mono now, uint8_t *reply)
{
	struct ice_result result = { 0 };
	struct stun_message message;
	if (!is_good(ice, datagram, &message) || is_replay(ice, &message, from, now))
		return result;
	struct writer w = writer_of(reply, ICE_REPLY_MAX);
	enum err err;
	if (message.unknown != 0) {
		err = stun_write_error(&w, message.transaction, STUN_UNKNOWN_ATTRIBUTE,
				       message.unknown, &ice->key);
	} else {
		take_check(ice, &message, from, now, &result);
		err = stun_write_success(&w, message.transaction, from, &ice->key);
	}
	if (err == OK)
		result.reply_len = w.len;
	return result;
}

bool ice_heard(struct ice *ice, const struct address *from, struct mono now)
{
	struct tuple *t = tuple_find(ice, from);
	if (t == NULL)
		return false;
	bool switches = t != ice->selected && (t == ice->wanted || may_take_over(ice, now));
	t->media = now;
	if (switches)
		tuple_select(ice, t, now);
	return switches;
}

bool ice_is_validated(const struct ice *ice, const struct address *from)
{
	for (size_t i = 0; i < ICE_TUPLES_MAX; i++)
		if (is_live(&ice->tuples[i]) && address_equal(&ice->tuples[i].address, from))
			return true;
	return false;
}

bool ice_selected(const struct ice *ice, struct address *tuple)
{
	if (ice->selected == NULL || ice->selected->gone || ice->state == ICE_STOPPED)
		return false;
	*tuple = ice->selected->address;
	return true;
}

static struct tuple *checked_last(struct ice *ice)
{
	struct tuple *last = NULL;
	for (size_t i = 0; i < ICE_TUPLES_MAX; i++) {
		struct tuple *t = &ice->tuples[i];
		if (is_live(t) && (last == NULL || mono_before(last->checked, t->checked)))
			last = t;
	}
	return last;
}

void ice_forget(struct ice *ice, const struct address *tuple, struct mono now)
{
	struct tuple *t = tuple_find(ice, tuple);
	if (t == NULL)
		return;
	if (t == ice->wanted)
		ice->wanted = NULL;
	t->gone = true;
	struct tuple *other = checked_last(ice);
	if (t == ice->selected && other != NULL)
		tuple_select(ice, other, now);
	if (t != ice->selected && t->gone)
		tuple_clear(t);
	(void)ice_tick(ice, now);
}

size_t ice_tuples(const struct ice *ice, struct address tuples[ICE_TUPLES_MAX])
{
	size_t n = 0;
	for (size_t i = 0; i < ICE_TUPLES_MAX; i++)
		if (is_live(&ice->tuples[i]))
			tuples[n++] = ice->tuples[i].address;
	return n;
}
