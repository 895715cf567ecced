#include "service/account.h"

#include <sodium.h>
#include <string.h>

#include "base/hex.h"
#include "domain/device.h"
#include "service/account_priv.h"
#include "service/service_priv.h"
#include "service/token_priv.h"
#include "store/account.h"
#include "store/prison.h"
#include "store/visit.h"
#include "store/visit_link.h"
#include "store/web_session.h"

_Static_assert(PASSWORD_HASH_MAX == crypto_pwhash_STRBYTES, "argon2id, encoded by libsodium");
_Static_assert(TOKEN_HASH_LEN == crypto_hash_sha256_BYTES, "tokens are kept as SHA-256");
_Static_assert((int)SESSION_MARK_LEN == (int)TOKEN_HASH_LEN, "a mark finds its row");

/* How long a session lasts when nobody does anything, and at all; in seconds. */
enum {
	FAMILY_IDLE_S = 60 * 60,
	FAMILY_TOTAL_S = 12 * 60 * 60,
	STAFF_IDLE_S = 30 * 60,
	STAFF_TOTAL_S = 10 * 60 * 60, /* one shift */
	TERMINAL_IDLE_S = 60 * 60,
	TERMINAL_TOTAL_S = 24 * 60 * 60,
	TOUCH_EVERY_S = 60,
};

static const struct actor NOBODY = { .role = ROLE_NOBODY };

static enum err insert_account(struct service *service, const struct account_new *new, bool staff,
			       struct account_id *out)
{
	char email[EMAIL_MAX + 1];
	if (!email_normalise(new->email, email) || !name_acceptable(new->name) ||
	    !new->password_hash.len || new->password_hash.len > PASSWORD_HASH_MAX)
		return ERR_BAD;
	struct account account = {
		.id = { random_id(service->random) },
		.staff = staff,
		.email = str_from(email),
		.name = str_trim(new->name),
		.language = new->language,
	};
	enum err err =
	    store_account_insert(service->store, &account, new->password_hash, service->now);
	if (err == OK)
		*out = account.id;
	return err;
}

enum err account_make(struct service *service, const struct actor *actor,
		      const struct account_new *new, bool staff, struct account_id *out)
{
	struct use_case use;
	struct account_id id = { 0 };
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = insert_account(service, new, staff, &id);
	if (err == OK)
		err = audit_write(service, actor,
				  &(struct audit_what){ .verb = AUDIT_ACCOUNT_CREATE,
							.object = AUDIT_ON_ACCOUNT,
							.object_id = id.n });
	err = use_case_end(&use, err);
	if (err == OK)
		*out = id;
	return err;
}

enum err account_create(struct service *service, const struct account_new *new,
			struct account_id *out)
{
	enum err err = account_make(service, &NOBODY, new, false, out);
	if (err != ERR_CONFLICT)
		return err;
	*out = (struct account_id){ 0 };
	return OK;
}

enum err account_find_for_sign_in(struct service *service, struct str email,
				  struct sign_in_candidate *out)
{
	struct sign_in_candidate candidate = { 0 };
	struct str hash = str_from(NOBODYS_HASH);
	char normal[EMAIL_MAX + 1] = "";
	struct arena arena;
	arena_init(&arena);
	(void)email_normalise(email, normal); /* "" has no account */
	enum err err = store_account_find_hash(service->store, &arena, str_from(normal),
					       &candidate.account, &hash);
	if (err == OK || err == ERR_NOT_FOUND) {
		memcpy(candidate.password_hash, hash.at, hash.len);
		*out = candidate;
		err = OK;
	}
	arena_clear(&arena);
	return err;
}

enum err account_sign_in_failed(struct service *service, struct account_id id)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = audit_write(
		    service, &NOBODY,
		    &(struct audit_what){ .verb = AUDIT_SIGN_IN_FAILED,
					  .object = id.n ? AUDIT_ON_ACCOUNT : AUDIT_NOTHING,
					  .object_id = id.n });
	return use_case_end(&use, err);
}

enum err account_rehash(struct service *service, struct account_id id, struct str hash)
{
	if (!hash.len || hash.len > PASSWORD_HASH_MAX)
		return ERR_BAD;
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = store_account_set_hash(service->store, id, hash);
	if (err == OK)
		err = audit_write(service, &NOBODY,
				  &(struct audit_what){ .verb = AUDIT_ACCOUNT_REHASH,
							.object = AUDIT_ON_ACCOUNT,
							.object_id = id.n });
	return use_case_end(&use, err);
}

void token_new(struct random *random, char out[TOKEN_TEXT_LEN + 1])
{
	uint8_t bytes[TOKEN_BYTES];
	random_fill(random, bytes, sizeof bytes);
	base64url_encode(bytes_of(bytes, sizeof bytes), out);
}

void token_digest(struct str token, uint8_t out[TOKEN_DIGEST_LEN])
{
	(void)crypto_hash_sha256(out, (const uint8_t *)token.at, token.len);
}

static void session_lifetime(struct web_session *s)
{
	bool staff = role_is_staff(s->role.role);
	s->idle_s = staff ? STAFF_IDLE_S : s->terminal.n ? TERMINAL_IDLE_S : FAMILY_IDLE_S;
	int total = staff ? STAFF_TOTAL_S : s->terminal.n ? TERMINAL_TOTAL_S : FAMILY_TOTAL_S;
	s->expires = wall_add_s(s->seen, total);
}

enum err session_seed_plant(struct service *service, const struct session_seed *seed,
			    struct session_started *out)
{
	struct session_started started = { 0 };
	token_new(service->random, started.token);
	token_new(service->random, started.csrf);
	struct web_session s = {
		.csrf = str_from(started.csrf),
		.account = seed->account,
		.terminal = seed->terminal,
		.link = seed->link,
		.role = seed->role,
		.seen = service->now,
	};
	token_digest(str_from(started.token), s.token);
	session_lifetime(&s);
	started.expires = s.expires;
	enum err err = store_web_session_insert(service->store, &s, service->now);
	if (err == OK)
		*out = started;
	return err;
}

/* With which role an account begins; ERR_DENIED for staff who hold none. */
static enum err first_role(struct service *service, struct arena *arena, struct account_id id,
			   struct staff_role *out)
{
	struct account account = { 0 };
	struct store_roles roles = { 0 };
	enum err err = store_account_find(service->store, arena, id, &account);
	if (err == OK && account.staff)
		err = store_role_list(service->store, arena, id, &roles);
	if (err != OK)
		return err;
	if (account.staff && !roles.count)
		return ERR_DENIED;
	*out = account.staff ? roles.list[0] : (struct staff_role){ .role = ROLE_FAMILY };
	return OK;
}

static enum err start(struct service *service, struct arena *arena, struct account_id id,
		      struct session_started *out)
{
	struct session_seed seed = { .account = id };
	enum err err = first_role(service, arena, id, &seed.role);
	if (err == OK)
		err = session_seed_plant(service, &seed, out);
	if (err != OK)
		return err;
	struct actor actor = { .account = id, .role = seed.role.role, .prison = seed.role.prison };
	return audit_write(service, &actor,
			   &(struct audit_what){ .verb = AUDIT_SIGN_IN,
						 .object = AUDIT_ON_ACCOUNT,
						 .object_id = id.n });
}

enum err account_session_start(struct service *service, struct account_id id,
			       struct session_started *out)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = start(service, &arena, id, out);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err load_row(struct service *service, struct arena *arena, struct str token,
			 struct web_session *out)
{
	uint8_t digest[TOKEN_DIGEST_LEN];
	if (token.len != TOKEN_TEXT_LEN)
		return ERR_NOT_FOUND;
	token_digest(token, digest);
	return store_web_session_find(service->store, arena, bytes_of(digest, sizeof digest),
				      service->now, out);
}

static struct actor actor_of(const struct web_session *row)
{
	return (struct actor){ .account = row->account,
			       .role = row->role.role,
			       .prison = row->role.prison,
			       .terminal = row->terminal };
}

/* What stands around the row: the person, the roles to choose from, the prison's name. */
static enum err load_around(struct service *service, struct arena *arena,
			    struct account_session *session)
{
	struct store_roles roles = { 0 };
	struct prison prison = { 0 };
	enum err err = OK;
	if (session->actor.account.n)
		err = store_account_find(service->store, arena, session->actor.account,
					 &session->account);
	if (err == OK && session->account.staff)
		err = store_role_list(service->store, arena, session->actor.account, &roles);
	if (err == OK && !prison_code_empty(session->actor.prison))
		err = store_prison_find(service->store, arena, session->actor.prison, &prison);
	session->prison_name = prison.name;
	for (size_t i = 0; i < roles.count && i < STAFF_ROLES_MAX; i++)
		session->roles[session->role_count++] = roles.list[i];
	return err;
}

/* The bearer of a link is the visitor of one visit, until that is over. */
static enum err load_guest(struct service *service, struct arena *arena, struct visit_link_id id,
			   struct account_session *session)
{
	struct visit_link link = { 0 };
	struct visit *visit = arena_new(arena, 1, sizeof *visit);
	enum err err = store_visit_link_find(service->store, id, &link);
	if (err == OK)
		err = store_visit_find_by_id(service->store, arena, link.visit, visit);
	if (err != OK)
		return err;
	size_t who = visit_visitor_find(visit, link.person);
	if (visit_is_over(visit->state) || who == visit->visitor_count)
		return ERR_NOT_FOUND;
	session->actor.visit = link.visit;
	session->actor.person = link.person;
	session->account.name = visit->visitors[who].name;
	return OK;
}

enum err account_session_find(struct service *service, struct arena *arena, struct str token,
			      struct account_session *out)
{
	struct web_session row = { 0 };
	enum err err = load_row(service, arena, token, &row);
	if (err != OK)
		return err;
	struct wall idle = wall_add_s(row.seen, row.idle_s);
	struct account_session session = {
		.actor = actor_of(&row),
		.csrf = row.csrf,
		.expires = idle.s < row.expires.s ? idle : row.expires,
		.touch_at = wall_add_s(row.seen, TOUCH_EVERY_S),
	};
	err = row.link.n ? load_guest(service, arena, row.link, &session)
			 : load_around(service, arena, &session);
	if (err == OK)
		*out = session;
	return err;
}

enum err account_session_touch(struct service *service, struct str token)
{
	struct arena arena;
	struct web_session row = { 0 };
	arena_init(&arena);
	enum err err = load_row(service, &arena, token, &row);
	if (err == OK && row.seen.s + TOUCH_EVERY_S <= service->now.s)
		err = store_web_session_touch(service->store, bytes_of(row.token, sizeof row.token),
					      service->now);
	arena_clear(&arena);
	return err;
}

bool session_mark_empty(const struct session_mark *mark)
{
	static const struct session_mark none;
	return memcmp(mark, &none, sizeof none) == 0;
}

struct session_mark account_session_mark(struct str token)
{
	struct session_mark mark = { 0 };
	if (!str_empty(token))
		token_digest(token, mark.digest);
	return mark;
}

enum err account_session_stands(struct service *service, const struct session_mark *mark, bool used,
				bool *out)
{
	struct arena arena;
	struct web_session row = { 0 };
	struct bytes digest = bytes_of(mark->digest, sizeof mark->digest);
	arena_init(&arena);
	enum err err = store_web_session_find(service->store, &arena, digest, service->now, &row);
	bool stands = err == OK;
	if (stands && used && row.seen.s + TOUCH_EVERY_S <= service->now.s)
		err = store_web_session_touch(service->store, digest, service->now);
	arena_clear(&arena);
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	*out = stands;
	return OK;
}

static bool holds(const struct store_roles *roles, struct staff_role role)
{
	for (size_t i = 0; i < roles->count; i++)
		if (roles->list[i].role == role.role &&
		    prison_code_equal(roles->list[i].prison, role.prison))
			return true;
	return false;
}

static enum err choose(struct service *service, struct arena *arena, struct str token,
		       struct staff_role role)
{
	struct web_session row = { 0 };
	struct store_roles roles = { 0 };
	enum err err = load_row(service, arena, token, &row);
	if (err == OK)
		err = store_role_list(service->store, arena, row.account, &roles);
	if (err == OK && !holds(&roles, role))
		err = ERR_DENIED;
	if (err == OK)
		err = store_web_session_set_role(service->store,
						 bytes_of(row.token, sizeof row.token), role);
	if (err != OK)
		return err;
	struct actor actor = { .account = row.account, .role = role.role, .prison = role.prison };
	return audit_write(service, &actor,
			   &(struct audit_what){ .verb = AUDIT_ROLE_CHOOSE,
						 .object = AUDIT_ON_ACCOUNT,
						 .object_id = row.account.n,
						 .amount = role.role });
}

enum err account_session_choose_role(struct service *service, struct str token,
				     struct staff_role role)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = choose(service, &arena, token, role);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err choose_language(struct service *service, const struct actor *actor,
				enum language language)
{
	enum err err = store_account_set_language(service->store, actor->account, language);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_LANGUAGE_CHOOSE,
						 .object = AUDIT_ON_ACCOUNT,
						 .object_id = actor->account.n,
						 .amount = language });
}

enum err account_choose_language(struct service *service, const struct actor *actor,
				 enum language language)
{
	struct use_case use;
	struct arena arena;
	struct account account = { 0 };
	if (actor->account.n == 0)
		return ERR_DENIED;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = store_account_find(service->store, &arena, actor->account, &account);
	if (err == OK && account.language != language)
		err = choose_language(service, actor, language);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

static enum err end(struct service *service, struct arena *arena, struct str token)
{
	struct web_session row = { 0 };
	enum err err = load_row(service, arena, token, &row);
	if (err == OK)
		err =
		    store_web_session_delete(service->store, bytes_of(row.token, sizeof row.token));
	if (err != OK)
		return err;
	service->sessions_ended++;
	struct actor actor = actor_of(&row);
	struct audit_what what = { .verb = AUDIT_SIGN_OUT,
				   .object = AUDIT_ON_ACCOUNT,
				   .object_id = row.account.n };
	if (row.terminal.n || row.link.n) {
		what.object = row.terminal.n ? AUDIT_ON_TERMINAL : AUDIT_ON_LINK;
		what.object_id = row.terminal.n ? row.terminal.n : row.link.n;
	}
	return audit_write(service, &actor, &what);
}

enum err account_session_end(struct service *service, struct str token)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = end(service, &arena, token);
	arena_clear(&arena);
	return use_case_end(&use, err);
}
