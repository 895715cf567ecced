#include "service/witness.h"

#include <stdlib.h>
#include <string.h>

#include "service/service_priv.h"
#include "store/terminal.h"
#include "tlog/checkpoint.h"

enum {
	MAY_SEE =
	    MAY(ROLE_HQ_ADMIN) | MAY(ROLE_INSPECTOR) | MAY(ROLE_OPERATOR) | MAY(ROLE_DUTY_GOVERNOR),
	VKEY_ROOM = NOTE_NAME_MAX + 128,
};

static enum err audit(struct service *service, const struct actor *actor, enum audit_verb verb,
		      const struct witness *witness, struct str words)
{
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = verb,
						 .object = AUDIT_ON_WITNESS,
						 .object_id = witness->id.n,
						 .prison = witness->prison,
						 .words = words });
}

/* ---- people outside ---- */

static enum err add(struct service *service, const struct actor *actor, struct arena *arena,
		    const struct witness *witness)
{
	struct store_witnesses all;
	enum err err = store_witness_outside(service->store, arena, &all);
	if (err == OK && all.count >= WITNESSES_OUTSIDE_MAX)
		err = ERR_LIMIT;
	if (err == OK)
		err = store_witness_insert(service->store, witness);
	return err == OK ? audit(service, actor, AUDIT_WITNESS_ADD, witness, witness->vkey) : err;
}

enum err witness_add(struct service *service, const struct actor *actor, struct str vkey,
		     struct witness_id *out)
{
	struct note_key key;
	struct use_case use;
	struct arena arena;
	if (actor->role != ROLE_HQ_ADMIN)
		return ERR_DENIED;
	if (note_key_read(vkey, &key) != OK || key.kind != NOTE_COSIGNATURE)
		return ERR_BAD;
	struct witness witness = { .id = { random_id(service->random) },
				   .name = str_from(key.name),
				   .vkey = str_trim(vkey),
				   .added_at = service->now };
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = add(service, actor, &arena, &witness);
	arena_clear(&arena);
	*out = witness.id;
	return use_case_end(&use, err);
}

static enum err end(struct service *service, const struct actor *actor, struct arena *arena,
		    struct witness_id id, struct str reason)
{
	struct witness witness;
	enum err err = store_witness_find(service->store, arena, id, &witness);
	if (err == OK && witness.terminal.n)
		err = ERR_NOT_FOUND; /* those end with their terminal */
	if (err == OK)
		err = store_witness_end(service->store, id, service->now);
	return err == OK ? audit(service, actor, AUDIT_WITNESS_END, &witness, reason) : err;
}

enum err witness_end(struct service *service, const struct actor *actor, struct witness_id id,
		     struct str reason)
{
	struct use_case use;
	struct arena arena;
	if (actor->role != ROLE_HQ_ADMIN)
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = end(service, actor, &arena, id, reason);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err witness_list_find(struct service *service, const struct actor *actor, struct arena *arena,
			   struct witness_view *out)
{
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	enum err err = store_witness_outside(service->store, arena, &out->outside);
	return err == OK ? store_witness_prisons(service->store, arena, &out->prisons) : err;
}

/* ---- terminals ---- */

/* Names are never used twice: a key that gives way has signed under its own. */
static enum err make_terminals_key(struct service *service, struct arena *arena,
				   const struct terminal *terminal,
				   const uint8_t public[NOTE_PUBLIC_LEN], struct witness *out)
{
	struct note_key key;
	struct buf vkey = buf_of(VKEY_ROOM);
	out->id.n = random_id(service->random);
	out->name = str_from(
	    arena_printf(arena, "terminal-%lld.%s", (long long)out->id.n, terminal->prison.text));
	enum err err = note_key_make(out->name, NOTE_COSIGNATURE, public, &key);
	if (err == OK) {
		note_key_write(&key, &vkey);
		out->vkey = arena_str(arena, buf_view(&vkey));
	}
	buf_clear(&vkey);
	out->terminal = terminal->id;
	out->prison = terminal->prison;
	out->added_at = service->now;
	return err;
}

static bool is_same(const struct witness *witness, const uint8_t public[NOTE_PUBLIC_LEN])
{
	struct note_key key;
	return note_key_read(witness->vkey, &key) == OK &&
	       memcmp(key.public, public, sizeof key.public) == 0;
}

static enum err enrol(struct service *service, const struct actor *actor, struct arena *arena,
		      const uint8_t public[NOTE_PUBLIC_LEN], struct str *name)
{
	struct terminal terminal;
	struct witness old, made = { 0 };
	enum err err = store_witness_of_terminal(service->store, arena, actor->terminal, &old);
	if (err == OK && is_same(&old, public)) {
		*name = old.name;
		return OK;
	}
	if (err == OK || err == ERR_NOT_FOUND)
		err = store_witness_end_of(service->store, actor->terminal, service->now);
	if (err == OK)
		err = store_terminal_find(service->store, arena, actor->terminal, &terminal);
	if (err == OK)
		err = make_terminals_key(service, arena, &terminal, public, &made);
	if (err == OK)
		err = store_witness_insert(service->store, &made);
	*name = made.name;
	return err == OK ? audit(service, actor, AUDIT_WITNESS_ADD, &made, made.vkey) : err;
}

enum err witness_of_terminal(struct service *service, const struct actor *actor,
			     struct arena *arena, const uint8_t public[NOTE_PUBLIC_LEN],
			     struct str *name)
{
	struct use_case use;
	if (actor->role != ROLE_TERMINAL)
		return ERR_DENIED;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = enrol(service, actor, arena, public, name);
	return use_case_end(&use, err);
}

/* ---- heads and what is signed of them ---- */

static int64_t period_of(struct wall at)
{
	return at.s / WITNESS_PERIOD_S;
}

enum err witness_head_find(struct service *service, struct buf *out)
{
	struct store_checkpoint head;
	struct arena arena;
	struct wall begin = { period_of(service->now) * WITNESS_PERIOD_S };
	arena_init(&arena);
	enum err err = store_checkpoint_since(service->store, &arena, begin, &head);
	if (err == ERR_NOT_FOUND)
		err = store_checkpoint_newest(service->store, &arena, &head);
	if (err == OK) {
		buf_str(out, head.note);
		err = store_cosignature_lines(service->store, head.key, head.size, out);
	}
	arena_clear(&arena);
	return err;
}

static enum err find_head(struct service *service, struct arena *arena, struct str text,
			  struct store_checkpoint *out)
{
	struct tlog_head head;
	struct str origin;
	if (checkpoint_read(text, &origin, &head) != OK || head.size == 0)
		return ERR_BAD;
	return store_checkpoint_of_text(service->store, arena, head.size, text, out);
}

struct signed_note {
	struct note note;
	const struct store_checkpoint *head;
	int taken;
	int old; /* not signed now: others' that stood there already */
};

static enum err take(struct service *service, struct arena *arena, struct signed_note *given,
		     struct str name, struct str line)
{
	struct witness witness;
	struct note_key key;
	struct wall at;
	enum err err = store_witness_by_name(service->store, arena, name, &witness);
	if (err == ERR_NOT_FOUND)
		return OK;
	if (err == OK)
		err = note_key_read(witness.vkey, &key);
	if (err == OK)
		err = note_check(&(struct note){ given->note.text, line }, &key, &at);
	if (err != OK)
		return err == ERR_NOT_FOUND ? ERR_CRYPTO : err;
	if (llabs((long long)(at.s - service->now.s)) > WITNESS_CLOCK_WRONG_S) {
		given->old++;
		return OK;
	}
	struct cosignature one = { .witness = witness.id,
				   .period = period_of(service->now),
				   .key = given->head->key,
				   .size = given->head->size,
				   .at = at,
				   .line = line };
	err = store_cosignature_keep(service->store, &one);
	if (err == OK)
		err = store_cosignature_forget(service->store, witness.id,
					       one.period - WITNESS_PERIODS_KEPT);
	given->taken += err == OK;
	return err;
}

static enum err take_all(struct service *service, struct arena *arena, struct signed_note *given)
{
	struct str rest = given->note.signatures, name, line;
	enum err err = OK;
	for (int i = 0; err == OK && i < NOTE_SIGNATURES_MAX; i++) {
		if (!note_next_signature(&rest, &name, &line))
			break;
		err = take(service, arena, given, name, line);
	}
	if (err == OK && given->taken == 0)
		return given->old ? ERR_BAD : ERR_NOT_FOUND;
	return err;
}

enum err witness_cosigned(struct service *service, struct str note, int *taken)
{
	struct store_checkpoint head = { 0 };
	struct signed_note given = { .head = &head };
	struct arena arena;
	if (note_split(note, &given.note) != OK)
		return ERR_BAD;
	arena_init(&arena);
	enum err err = find_head(service, &arena, given.note.text, &head);
	if (err == OK)
		err = store_enter(service->store);
	if (err == OK) {
		err = store_will_write(service->store);
		if (err == OK)
			err = take_all(service, &arena, &given);
		enum err left = store_leave(service->store, err == OK);
		err = err == OK ? left : err;
	}
	arena_clear(&arena);
	*taken = given.taken;
	return err;
}
