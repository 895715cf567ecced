#include "service/password.h"

#include <sodium.h>
#include <string.h>

#include "base/buf.h"
#include "base/hex.h"
#include "service/password_priv.h"
#include "service/service_priv.h"
#include "service/tell.h"
#include "store/account.h"
#include "store/secret.h"
#include "store/web_session.h"

enum {
	AGAIN_AFTER_S = 5 * 60, /* nobody's mailbox is filled by others */
	PROVEN_MAX = 64 + PASSWORD_HASH_MAX,
};

static const struct actor NOBODY = { .role = ROLE_NOBODY };

/* ERR_LIMIT does not happen: what is proven is bounded by its parts. */
static enum err prove(struct service *service, struct str hash, struct password_link *link)
{
	uint8_t key[STORE_SECRET_LEN], mac[crypto_auth_hmacsha256_BYTES];
	struct buf text = buf_of(PROVEN_MAX);
	enum err err = store_secret_share(service->store, service->random, "password", key);
	buf_printf(&text, "%lld %lld %.*s", (long long)link->account.n, (long long)link->until.s,
		   STR_FMT(hash));
	if (err == OK && !buf_ok(&text))
		err = ERR_LIMIT;
	if (err == OK) {
		struct str proven = buf_view(&text);
		crypto_auth_hmacsha256(mac, (const uint8_t *)proven.at, proven.len, key);
		base64url_encode(bytes_of(mac, sizeof mac), link->proof);
	}
	buf_clear(&text);
	return err;
}

enum err password_link_prove(struct service *service, struct password_link *link)
{
	struct arena arena;
	struct str hash = { 0 };
	arena_init(&arena);
	enum err err = store_account_hash(service->store, &arena, link->account, &hash);
	if (err == OK)
		err = prove(service, hash, link);
	arena_clear(&arena);
	return err;
}

enum err password_link_find(struct service *service, struct arena *arena,
			    const struct password_link *link, struct account *out)
{
	struct password_link good = *link;
	if (link->until.s <= service->now.s)
		return ERR_NOT_FOUND;
	enum err err = password_link_prove(service, &good);
	if (err == OK && sodium_memcmp(good.proof, link->proof, PASSWORD_PROOF_LEN) != 0)
		err = ERR_NOT_FOUND;
	return err == OK ? store_account_find(service->store, arena, link->account, out) : err;
}

enum err password_link_send(struct service *service, struct account_id account,
			    enum message_kind kind, int64_t holds_s)
{
	return tell(service, &(struct telling){
				 .kind = kind,
				 .account = account,
				 .object = account.n,
				 .occasion = service->now.s / AGAIN_AFTER_S,
				 .answer_by = wall_add_s(service->now, holds_s),
			     });
}

/* Both answers write a leaf: they take as long. */
static enum err forgotten(struct service *service, struct account_id account)
{
	enum err err =
	    account.n ? password_link_send(service, account, MESSAGE_PASSWORD, PASSWORD_FORGOTTEN_S)
		      : OK;
	if (err != OK)
		return err;
	return audit_write(
	    service, &NOBODY,
	    &(struct audit_what){ .verb = AUDIT_PASSWORD_LINK,
				  .object = account.n ? AUDIT_ON_ACCOUNT : AUDIT_NOTHING,
				  .object_id = account.n });
}

enum err password_forgotten(struct service *service, struct str email)
{
	struct use_case use;
	struct sign_in_candidate candidate;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = account_find_for_sign_in(service, email, &candidate);
	if (err == OK)
		err = forgotten(service, candidate.account);
	return use_case_end(&use, err);
}

static enum err set(struct service *service, struct account_id account, struct str hash)
{
	enum err err = store_account_set_hash(service->store, account, hash);
	if (err == OK)
		err = store_web_session_delete_account(service->store, account);
	service->sessions_ended++;
	if (err == OK)
		err = tell(service, &(struct telling){ .kind = MESSAGE_PASSWORD_SET,
						       .account = account,
						       .object = account.n,
						       .occasion = service->now.s });
	if (err != OK)
		return err;
	return audit_write(service, &NOBODY,
			   &(struct audit_what){ .verb = AUDIT_PASSWORD_SET,
						 .object = AUDIT_ON_ACCOUNT,
						 .object_id = account.n });
}

enum err password_set(struct service *service, struct arena *arena,
		      const struct password_link *link, struct str hash, struct account *out)
{
	struct use_case use;
	struct account account = { 0 };
	if (!hash.len || hash.len > PASSWORD_HASH_MAX)
		return ERR_BAD;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = password_link_find(service, arena, link, &account);
	if (err == OK)
		err = set(service, account.id, hash);
	err = use_case_end(&use, err);
	if (err == OK)
		*out = account;
	return err;
}
