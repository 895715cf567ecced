#include "service/terminal.h"

#include <openssl/core_names.h>
#include <openssl/ecdsa.h>
#include <openssl/evp.h>
#include <string.h>

#include "service/code_priv.h"
#include "service/live.h"
#include "service/service_priv.h"
#include "service/token_priv.h"
#include "store/prison.h"
#include "store/prisoner.h"
#include "store/terminal.h"
#include "store/visit.h"
#include "store/web_session.h"
#include "store/witness.h"

_Static_assert((int)TERMINAL_KEY_LEN == (int)STORE_TERMINAL_KEY_LEN, "one length for keys");

enum {
	LOOK_BACK_S = 6 * 60 * 60, /* no visit lasts longer */
	DER_MAX = 80,              /* of a P-256 signature: 72 */
};

static enum err make_code(struct service *service, const struct actor *actor, struct arena *arena,
			  struct terminal_id id, const char *code)
{
	struct terminal terminal = { 0 };
	uint8_t digest[TOKEN_DIGEST_LEN];
	token_digest(str_from(code), digest);
	enum err err = store_terminal_find(service->store, arena, id, &terminal);
	if (err == OK && !actor_works_at(actor, terminal.prison))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = store_terminal_set_code(service->store, id, bytes_of(digest, sizeof digest),
					      wall_add_s(service->now, ENROL_CODE_VALID_S));
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_TERMINAL_CODE,
						 .object = AUDIT_ON_TERMINAL,
						 .object_id = id.n,
						 .prison = terminal.prison });
}

enum err terminal_enrol_code_create(struct service *service, const struct actor *actor,
				    struct terminal_id id, char code[ENROL_CODE_LEN + 1],
				    struct wall *expires)
{
	if (!actor_is_one_of(actor, MAY(ROLE_PRISON_ADMIN) | MAY(ROLE_SYSTEM)))
		return ERR_DENIED;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	code_new(service->random, code, ENROL_CODE_LEN);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = make_code(service, actor, &arena, id, code);
	if (err == OK)
		*expires = wall_add_s(service->now, ENROL_CODE_VALID_S);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

/* The visits that run at a terminal now end: whoever holds the device is not in them any more. */
static enum err end_running(struct service *service, struct arena *arena, struct terminal_id id,
			    struct ended_visits *ended)
{
	static const struct actor system = { .role = ROLE_SYSTEM };
	struct store_visits visits = { 0 };
	enum err err =
	    store_visit_list_at(service->store, arena, id, wall_add_s(service->now, -LOOK_BACK_S),
				wall_add_s(service->now, LOOK_BACK_S), &visits);
	struct reference *list = arena_new(arena, visits.count + 1, sizeof *list);
	size_t count = 0;
	for (size_t i = 0; i < visits.count && err == OK; i++) {
		const struct visit *visit = &visits.list[i];
		if (visit->state != VISIT_LOBBY && visit->state != VISIT_LIVE)
			continue;
		err = visit_end(service, &system, visit->reference, END_FAULT, STR(""));
		list[count++] = visit->reference;
	}
	*ended = (struct ended_visits){ .count = count, .list = list };
	return err;
}

static enum err retire(struct service *service, const struct actor *actor, struct arena *arena,
		       struct terminal_id id, struct str reason)
{
	struct terminal terminal = { 0 };
	enum err err = store_terminal_find(service->store, arena, id, &terminal);
	if (err == OK && !actor_works_at(actor, terminal.prison))
		err = ERR_NOT_FOUND;
	if (err == OK && !terminal.active)
		err = ERR_CONFLICT;
	if (err == OK)
		err = store_terminal_retire(service->store, id, reason);
	if (err == OK)
		err = store_web_session_delete_of(service->store, id);
	service->sessions_ended++;
	if (err == OK)
		err = store_witness_end_of(service->store, id, service->now);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_TERMINAL_RETIRE,
						 .object = AUDIT_ON_TERMINAL,
						 .object_id = id.n,
						 .prison = terminal.prison,
						 .words = reason });
}

enum err terminal_retire(struct service *service, const struct actor *actor, struct arena *arena,
			 struct terminal_id id, struct str reason, struct ended_visits *ended)
{
	if (!actor_is_one_of(actor, MAY(ROLE_PRISON_ADMIN)))
		return ERR_DENIED;
	if (!reason_acceptable(reason))
		return ERR_BAD;
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = retire(service, actor, arena, id, reason);
	if (err == OK)
		err = end_running(service, arena, id, ended);
	return use_case_end(&use, err);
}

/* NULL unless it is a point on P-256 (OpenSSL checks the curve on import). */
static EVP_PKEY *key_of(struct bytes point)
{
	static const char GROUP[] = "P-256";
	EVP_PKEY *key = NULL;
	char group[sizeof GROUP] = "P-256";
	uint8_t copy[TERMINAL_KEY_LEN];
	if (point.len != TERMINAL_KEY_LEN || point.at[0] != 0x04)
		return NULL;
	memcpy(copy, point.at, sizeof copy);
	OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group, 0),
		OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, copy, sizeof copy),
		OSSL_PARAM_construct_end(),
	};
	EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
	if (!context || EVP_PKEY_fromdata_init(context) != 1 ||
	    EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params) != 1)
		key = NULL;
	EVP_PKEY_CTX_free(context);
	return key;
}

/* WebCrypto's r ‖ s as the DER that OpenSSL wants; 0: it cannot be one. */
static size_t signature_to_der(struct bytes raw, uint8_t der[DER_MAX])
{
	if (raw.len != TERMINAL_SIGNATURE_LEN)
		return 0;
	int half = TERMINAL_SIGNATURE_LEN / 2;
	ECDSA_SIG *signature = ECDSA_SIG_new();
	BIGNUM *r = BN_bin2bn(raw.at, half, NULL);
	BIGNUM *s = BN_bin2bn(raw.at + half, half, NULL);
	size_t len = 0;
	if (signature && r && s && ECDSA_SIG_set0(signature, r, s) == 1) {
		r = s = NULL; /* the signature owns them now */
		int need = i2d_ECDSA_SIG(signature, NULL);
		uint8_t *at = der;
		if (need > 0 && need <= DER_MAX)
			len = (size_t)i2d_ECDSA_SIG(signature, &at);
	}
	BN_free(r);
	BN_free(s);
	ECDSA_SIG_free(signature);
	return len;
}

static bool signature_holds(struct bytes point, struct bytes message, struct bytes raw)
{
	uint8_t der[DER_MAX];
	size_t len = signature_to_der(raw, der);
	EVP_PKEY *key = key_of(point);
	EVP_MD_CTX *context = EVP_MD_CTX_new();
	bool holds = len && key && context &&
		     EVP_DigestVerifyInit(context, NULL, EVP_sha256(), NULL, key) == 1 &&
		     EVP_DigestVerify(context, der, len, message.at, message.len) == 1;
	EVP_MD_CTX_free(context);
	EVP_PKEY_free(key);
	return holds;
}

static bool key_acceptable(struct bytes point)
{
	EVP_PKEY *key = key_of(point);
	EVP_PKEY_free(key);
	return key != NULL;
}

static enum err actor_of_terminal(struct service *service, struct arena *arena,
				  struct terminal_id id, struct actor *out)
{
	struct terminal terminal = { 0 };
	enum err err = store_terminal_find(service->store, arena, id, &terminal);
	if (err == OK)
		*out = (struct actor){ .role = ROLE_TERMINAL,
				       .prison = terminal.prison,
				       .terminal = id };
	return err;
}

static enum err enrol(struct service *service, struct arena *arena, struct str typed,
		      struct bytes key, struct terminal_id *out)
{
	char code[ENROL_CODE_LEN + 1];
	uint8_t digest[TOKEN_DIGEST_LEN];
	struct terminal_id id = { 0 };
	struct actor actor;
	if (!code_normal(typed, code, ENROL_CODE_LEN))
		return ERR_NOT_FOUND;
	token_digest(str_from(code), digest);
	enum err err = store_terminal_find_by_code(service->store, bytes_of(digest, sizeof digest),
						   service->now, &id);
	if (err == OK)
		err = store_terminal_set_key(service->store, id, key, service->now);
	if (err == OK)
		err = store_web_session_delete_of(service->store, id);
	service->sessions_ended++;
	if (err == OK)
		err = actor_of_terminal(service, arena, id, &actor);
	if (err != OK)
		return err;
	*out = id;
	return audit_write(service, &actor,
			   &(struct audit_what){ .verb = AUDIT_TERMINAL_ENROL,
						 .object = AUDIT_ON_TERMINAL,
						 .object_id = id.n });
}

enum err terminal_enrol(struct service *service, struct str code, struct bytes public_key,
			struct terminal_id *out)
{
	if (!key_acceptable(public_key))
		return ERR_BAD;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = enrol(service, &arena, code, public_key, out);
	arena_clear(&arena);
	return use_case_end(&use, err);
}

enum err terminal_challenge(struct service *service, struct terminal_id id,
			    uint8_t challenge[TERMINAL_CHALLENGE_LEN])
{
	uint8_t key[TERMINAL_KEY_LEN];
	uint8_t fresh[TERMINAL_CHALLENGE_LEN];
	random_fill(service->random, fresh, sizeof fresh);
	enum err err = store_terminal_key(service->store, id, key);
	if (err == OK)
		err = store_challenge_insert(service->store, id, bytes_of(fresh, sizeof fresh),
					     service->now,
					     wall_add_s(service->now, TERMINAL_CHALLENGE_VALID_S));
	if (err != OK && err != ERR_NOT_FOUND)
		return err;
	memcpy(challenge, fresh, sizeof fresh);
	return OK;
}

static enum err prove(struct service *service, struct arena *arena, struct terminal_id id,
		      struct bytes challenge, struct bytes signature, struct actor *out)
{
	uint8_t key[TERMINAL_KEY_LEN];
	struct actor actor;
	if (challenge.len != TERMINAL_CHALLENGE_LEN)
		return ERR_NOT_FOUND;
	enum err err = store_terminal_key(service->store, id, key);
	if (err == OK && !signature_holds(bytes_of(key, sizeof key), challenge, signature))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = store_challenge_take(service->store, id, challenge, service->now);
	if (err == OK)
		err = store_terminal_seen(service->store, id, service->now);
	if (err == OK)
		err = actor_of_terminal(service, arena, id, &actor);
	if (err != OK)
		return err;
	*out = actor;
	return audit_write(service, &actor,
			   &(struct audit_what){ .verb = AUDIT_TERMINAL_PROVE,
						 .object = AUDIT_ON_TERMINAL,
						 .object_id = id.n });
}

enum err terminal_prove(struct service *service, struct terminal_id id, struct bytes challenge,
			struct bytes signature, struct actor *out)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = prove(service, &arena, id, challenge, signature, out);
	arena_clear(&arena);
	err = use_case_end(&use, err);
	return err == ERR_NOT_FOUND ? ERR_DENIED : err;
}

enum err terminal_mark(struct service *service, struct terminal_id id, struct session_mark *out)
{
	uint8_t key[STORE_TERMINAL_KEY_LEN];
	enum err err = store_terminal_key(service->store, id, key);
	if (err == OK)
		token_digest(str_of((const char *)key, sizeof key), out->digest);
	return err;
}

enum err terminal_session_start(struct service *service, const struct actor *actor,
				struct session_started *out)
{
	if (actor->role != ROLE_TERMINAL || !actor->terminal.n)
		return ERR_DENIED;
	struct session_seed seed = {
		.terminal = actor->terminal,
		.role = { .role = ROLE_TERMINAL, .prison = actor->prison },
	};
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = session_seed_plant(service, &seed, out);
	if (err == OK)
		err = audit_write(service, actor,
				  &(struct audit_what){ .verb = AUDIT_SIGN_IN,
							.object = AUDIT_ON_TERMINAL,
							.object_id = actor->terminal.n });
	return use_case_end(&use, err);
}

/* A live visit stands before one whose lobby is open, whatever their times. */
static void pick_visit(const struct store_visits *visits, const struct policy *policy,
		       struct wall now, struct terminal_view *view)
{
	for (size_t i = 0; i < visits->count; i++) {
		const struct visit *visit = &visits->list[i];
		enum joining joining = visit_joining(visit, policy, now);
		if (joining == JOINING_TOO_EARLY && !view->next.s)
			view->next = visit_window_of(visit, policy).lobby_opens;
		if (joining != JOINING_OK || (view->has_visit && visit->state != VISIT_LIVE))
			continue;
		view->has_visit = true;
		view->visit = *visit;
	}
}

enum err terminal_due_visit(struct service *service, const struct actor *actor, struct arena *arena,
			    struct terminal_view *out)
{
	if (actor->role != ROLE_TERMINAL)
		return ERR_DENIED;
	struct terminal_view *view = arena_new(arena, 1, sizeof *view);
	struct prison prison = { 0 };
	struct policy policy = { 0 };
	struct store_visits visits = { 0 };
	struct wall from = wall_add_s(service->now, -LOOK_BACK_S);
	struct wall midnight = local_midnight(date_add_days(local_date(service->now), 1));
	enum err err = store_terminal_find(service->store, arena, actor->terminal, &view->terminal);
	if (err == OK)
		err = store_prison_find(service->store, arena, view->terminal.prison, &prison);
	if (err == OK)
		err = policy_load(service, view->terminal.prison, &policy);
	if (err == OK)
		err = store_visit_list_at(service->store, arena, actor->terminal, from,
					  wall_add_s(midnight, LOOK_BACK_S), &visits);
	if (err != OK)
		return err;
	view->prison_name = prison.name;
	pick_visit(&visits, &policy, service->now, view);
	if (view->has_visit && view->visit.kind == VISIT_SOCIAL)
		view->telephone = telephone_of(&policy);
	if (view->has_visit)
		err =
		    store_prisoner_language(service->store, view->visit.prisoner, &view->language);
	if (err == OK)
		*out = *view;
	return err;
}

static enum err choose_language(struct service *service, const struct actor *actor,
				struct arena *arena, enum language language)
{
	struct terminal_view view;
	enum err err = terminal_due_visit(service, actor, arena, &view);
	if (err != OK)
		return err;
	if (!view.has_visit)
		return ERR_NOT_FOUND;
	if (view.language == language)
		return OK;
	err = store_prisoner_set_language(service->store, view.visit.prisoner, language);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_LANGUAGE_CHOOSE,
						 .object = AUDIT_ON_PRISONER,
						 .object_id = view.visit.prisoner.n,
						 .amount = language,
						 .prison = view.terminal.prison });
}

enum err terminal_choose_language(struct service *service, const struct actor *actor,
				  enum language language)
{
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = choose_language(service, actor, &arena, language);
	arena_clear(&arena);
	return use_case_end(&use, err);
}
