#include "service/pin.h"

#include <string.h>

#include "service/service_priv.h"
#include "service/token_priv.h"
#include "store/custody.h"
#include "store/pin.h"
#include "store/prisoner.h"

enum {
	MAY_SET = MAY(ROLE_VISITS_CLERK) | MAY(ROLE_PRISON_ADMIN) | MAY(ROLE_DUTY_GOVERNOR) |
		  MAY(ROLE_SYSTEM),
};

void pin_make(struct service *service, char out[PIN_LEN + 1])
{
	for (int i = 0; i < PIN_LEN; i++)
		out[i] = (char)('0' + random_below(service->random, 10));
	out[PIN_LEN] = '\0';
}

static enum err find_here(struct service *service, const struct actor *actor, struct arena *arena,
			  struct prisoner_number number, struct prisoner *out)
{
	struct prisoner prisoner = { 0 };
	enum err err = store_prisoner_find_by_number(service->store, arena, number, &prisoner);
	if (err == OK && !actor_works_at(actor, prisoner.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		*out = prisoner;
	return err;
}

static enum err set(struct service *service, const struct actor *actor, struct arena *arena,
		    struct prisoner_number number, struct str hash)
{
	struct prisoner prisoner = { 0 };
	enum err err = find_here(service, actor, arena, number, &prisoner);
	if (err == OK)
		err =
		    store_pin_set(service->store, prisoner.id, hash, actor->account, service->now);
	if (err == OK)
		err = store_prisoner_session_end_of(service->store, prisoner.id);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_PIN_SET,
						 .object = AUDIT_ON_PRISONER,
						 .object_id = prisoner.id.n,
						 .prison = prisoner.prison });
}

enum err pin_set(struct service *service, const struct actor *actor, struct prisoner_number number,
		 struct str hash)
{
	if (!actor_is_one_of(actor, MAY_SET))
		return ERR_DENIED;
	if (!hash.len || hash.len > PASSWORD_HASH_MAX)
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = set(service, actor, &arena, number, hash);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err pin_find(struct service *service, const struct actor *actor, struct arena *arena,
		  struct prisoner_number number, struct pin_overview *out)
{
	struct prisoner prisoner = { 0 };
	struct policy policy = { 0 };
	struct store_pin pin = { 0 };
	if (!actor_is_one_of(actor, PRISON_STAFF))
		return ERR_DENIED;
	enum err err = find_here(service, actor, arena, number, &prisoner);
	if (err == OK)
		err = policy_load(service, prisoner.prison, &policy);
	if (err == OK)
		err = store_pin_find(service->store, arena, prisoner.id, &pin);
	bool none = err == ERR_NOT_FOUND && prisoner.id.n;
	if (none || err == OK)
		*out = (struct pin_overview){ .set = !none,
					      .set_at = pin.set_at,
					      .state = pin_state_of(pin.failures, pin.failed_at,
								    &policy, service->now) };
	return none ? OK : err;
}

/* In that prison now, and nowhere else. */
static enum err is_here(struct service *service, const struct prisoner *prisoner,
			struct prison_code prison, bool *out)
{
	struct store_custody custody = { 0 };
	enum err err = store_custody_find(service->store, prisoner->id, &custody);
	if (err == OK)
		*out = custody.status == CUSTODY_IN && prison_code_equal(prisoner->prison, prison);
	return err;
}

static enum err find_candidate(struct service *service, const struct actor *actor,
			       struct arena *arena, struct prisoner_number number,
			       struct pin_candidate *out)
{
	struct prisoner prisoner = { 0 };
	struct policy policy = { 0 };
	struct store_pin pin = { 0 };
	bool here = false;
	enum err err = policy_load(service, actor->prison, &policy);
	if (err == OK)
		err = store_prisoner_find_by_number(service->store, arena, number, &prisoner);
	if (err == OK)
		err = is_here(service, &prisoner, actor->prison, &here);
	if (err == OK && !here)
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = store_pin_find(service->store, arena, prisoner.id, &pin);
	if (err != OK)
		return err;
	out->known = prisoner.id;
	memcpy(out->hash, pin.hash.at, pin.hash.len);
	out->hash[pin.hash.len] = '\0';
	if (pin_state_of(pin.failures, pin.failed_at, &policy, service->now) == PIN_OPEN)
		out->prisoner = prisoner.id;
	return OK;
}

enum err pin_candidate_find(struct service *service, const struct actor *actor, struct str typed,
			    struct pin_candidate *out)
{
	struct pin_candidate candidate = { 0 };
	struct prisoner_number number;
	struct arena arena;
	if (actor->role != ROLE_TERMINAL)
		return ERR_DENIED;
	memcpy(candidate.hash, NOBODYS_HASH, sizeof NOBODYS_HASH);
	arena_init(&arena);
	enum err err = ERR_NOT_FOUND;
	if (prisoner_number_of(typed, &number))
		err = find_candidate(service, actor, &arena, number, &candidate);
	arena_clear(&arena);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	*out = candidate;
	return OK;
}

static enum err count_failure(struct service *service, struct arena *arena,
			      struct prisoner_id prisoner)
{
	struct store_pin pin = { 0 };
	enum err err = store_pin_find(service->store, arena, prisoner, &pin);
	return err == OK ? store_pin_tried(service->store, prisoner, pin.failures + 1, service->now)
			 : err;
}

/* A try during the pause does not lengthen it: others could shut somebody out so. */
static enum err wrong(struct service *service, const struct actor *actor, struct arena *arena,
		      const struct pin_candidate *candidate)
{
	enum err err = OK;
	if (candidate->prisoner.n)
		err = count_failure(service, arena, candidate->prisoner);
	if (err != OK)
		return err;
	bool known = candidate->known.n != 0;
	return audit_write(
	    service, actor,
	    &(struct audit_what){ .verb = AUDIT_PRISONER_SIGN_IN_FAILED,
				  .object = known ? AUDIT_ON_PRISONER : AUDIT_NOTHING,
				  .object_id = candidate->known.n });
}

enum err pin_wrong(struct service *service, const struct actor *actor,
		   const struct pin_candidate *candidate)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = wrong(service, actor, &arena, candidate);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* Still: others may have been wrong while this one was verified. */
static enum err is_open(struct service *service, const struct actor *actor, struct arena *arena,
			struct prisoner_id prisoner)
{
	struct policy policy = { 0 };
	struct store_pin pin = { 0 };
	enum err err = policy_load(service, actor->prison, &policy);
	if (err == OK)
		err = store_pin_find(service->store, arena, prisoner, &pin);
	if (err != OK)
		return err;
	return pin_state_of(pin.failures, pin.failed_at, &policy, service->now) == PIN_OPEN
		   ? OK
		   : ERR_DENIED;
}

static enum err start(struct service *service, const struct actor *actor, struct arena *arena,
		      struct prisoner_id prisoner, struct pin_session *out)
{
	uint8_t digest[TOKEN_DIGEST_LEN];
	token_new(service->random, out->token);
	token_digest(str_from(out->token), digest);
	struct prisoner_session session = {
		.token = bytes_of(digest, sizeof digest),
		.prisoner = prisoner,
		.terminal = actor->terminal,
		.seen = service->now,
		.expires = wall_add_s(service->now, PIN_TOTAL_S),
	};
	enum err err = is_open(service, actor, arena, prisoner);
	if (err == OK)
		err = store_pin_tried(service->store, prisoner, 0, service->now);
	if (err == OK)
		err = store_prisoner_session_put(service->store, &session);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_PRISONER_SIGN_IN,
						 .object = AUDIT_ON_PRISONER,
						 .object_id = prisoner.n });
}

enum err pin_session_start(struct service *service, const struct actor *actor,
			   const struct pin_candidate *candidate, struct pin_session *out)
{
	if (actor->role != ROLE_TERMINAL || !candidate->prisoner.n)
		return ERR_DENIED;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = start(service, actor, &arena, candidate->prisoner, out);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* The row, if it holds still; ERR_NOT_FOUND. */
static enum err load_session(struct service *service, const struct actor *terminal,
			     struct str token, uint8_t digest[TOKEN_DIGEST_LEN],
			     struct prisoner_session *out)
{
	if (token.len != TOKEN_TEXT_LEN)
		return ERR_NOT_FOUND;
	token_digest(token, digest);
	enum err err =
	    store_prisoner_session_find(service->store, bytes_of(digest, TOKEN_DIGEST_LEN), out);
	bool over = err == OK &&
		    (out->terminal.n != terminal->terminal.n || out->expires.s <= service->now.s ||
		     out->seen.s + PIN_IDLE_S <= service->now.s);
	return over ? ERR_NOT_FOUND : err;
}

static enum err find_session(struct service *service, const struct actor *terminal,
			     struct arena *arena, struct str token, struct actor *out)
{
	uint8_t digest[TOKEN_DIGEST_LEN];
	struct prisoner_session session = { 0 };
	struct prisoner prisoner = { 0 };
	bool here = false;
	enum err err = load_session(service, terminal, token, digest, &session);
	if (err == OK)
		err = store_prisoner_find(service->store, arena, session.prisoner, &prisoner);
	if (err == OK)
		err = is_here(service, &prisoner, terminal->prison, &here);
	if (err == OK && !here)
		err = ERR_NOT_FOUND;
	if (err != OK)
		return err;
	*out = *terminal;
	out->prisoner = prisoner.id;
	return store_prisoner_session_touch(service->store, session.token, service->now);
}

enum err pin_session_find(struct service *service, const struct actor *terminal, struct str token,
			  struct actor *out)
{
	struct arena arena;
	if (terminal->role != ROLE_TERMINAL)
		return ERR_DENIED;
	arena_init(&arena);
	enum err err = find_session(service, terminal, &arena, token, out);
	arena_clear(&arena);
	return err == ERR_NOT_FOUND ? ERR_DENIED : err;
}

static enum err end(struct service *service, const struct actor *actor, struct str token)
{
	uint8_t digest[TOKEN_DIGEST_LEN];
	struct prisoner_session session = { 0 };
	enum err err = load_session(service, actor, token, digest, &session);
	if (err == OK)
		err = store_prisoner_session_end(service->store, session.token);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_PRISONER_SIGN_OUT,
						 .object = AUDIT_ON_PRISONER,
						 .object_id = session.prisoner.n });
}

enum err pin_session_end(struct service *service, const struct actor *actor, struct str token)
{
	if (actor->role != ROLE_TERMINAL)
		return ERR_DENIED;
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = end(service, actor, token);
	return use_case_end(&use, err);
}
