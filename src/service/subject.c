#include "service/subject.h"

#include <string.h>

#include "base/hex.h"
#include "service/audit.h"
#include "service/service_priv.h"
#include "store/account.h"
#include "store/audit.h"
#include "store/data_copy.h"
#include "store/prisoner.h"
#include "store/prisoner_erasure.h"

enum {
	MAY_SEARCH = MAY(ROLE_HQ_ADMIN) | MAY(ROLE_PRISON_ADMIN),
	MAY_READ_CLOCKS = PRISON_STAFF | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_HQ_ANALYST) |
			  MAY(ROLE_INSPECTOR) | MAY(ROLE_OPERATOR),
	DAY_S = 86400,
};

/* ---- reading ---- */

static enum err authorise(struct service *service, const struct actor *actor, struct arena *arena,
			  struct subject subject)
{
	struct prisoner prisoner = { 0 };
	if (subject.kind == SUBJECT_ACCOUNT) {
		bool own = actor->role == ROLE_FAMILY && actor->account.n == subject.id;
		return own || actor->role == ROLE_HQ_ADMIN ? OK : ERR_DENIED;
	}
	if (!actor_is_one_of(actor, MAY_SEARCH))
		return ERR_DENIED;
	enum err err = store_prisoner_find(service->store, arena,
					   (struct prisoner_id){ subject.id }, &prisoner);
	return err == OK && !actor_works_at(actor, prisoner.prison) ? ERR_NOT_FOUND : err;
}

/* People are not warned of an inquiry while it is under way; staff see everything. */
static enum err told_before(struct service *service, const struct actor *actor, struct wall *out)
{
	struct policy policy = { 0 };
	*out = wall_add_s(service->now, 1);
	if (actor->role != ROLE_FAMILY)
		return OK;
	enum err err = policy_load(service, (struct prison_code){ 0 }, &policy);
	*out = wall_add_s(service->now, -policy.values[POLICY_LOOKS_TOLD_DAYS] * DAY_S);
	return err;
}

static enum err erasure_of(struct service *service, struct account_id account, enum erasure *out)
{
	struct erasure_facts facts;
	enum err err = store_erasure_facts(service->store, account, service->now, &facts);
	*out = err == OK ? erasure_allowed(&facts) : ERASURE_KEPT;
	return err;
}

enum err subject_find(struct service *service, const struct actor *actor, struct arena *arena,
		      struct subject subject, struct subject_view *out)
{
	struct wall before = { 0 };
	enum err err = authorise(service, actor, arena, subject);
	if (err == OK)
		err = told_before(service, actor, &before);
	if (err == OK)
		err = store_subject_read(service->store, arena, subject, &out->data);
	if (err == OK && out->data.sections[0].count == 0)
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = store_subject_looks(service->store, arena, subject, before, &out->looks);
	out->erasure = ERASURE_KEPT;
	if (err == OK && subject.kind == SUBJECT_ACCOUNT)
		err = erasure_of(service, (struct account_id){ subject.id }, &out->erasure);
	return err;
}

int64_t subject_rows(const struct subject_data *data)
{
	int64_t rows = 0;
	for (size_t i = 0; i < data->count; i++)
		rows += (int64_t)data->sections[i].count;
	return rows;
}

static enum err write_leaf(struct service *service, const struct actor *actor, enum audit_verb verb,
			   struct subject subject, int64_t amount, struct str words)
{
	bool prisoner = subject.kind == SUBJECT_PRISONER;
	return audit_write(
	    service, actor,
	    &(struct audit_what){ .verb = verb,
				  .object = prisoner ? AUDIT_ON_PRISONER : AUDIT_ON_ACCOUNT,
				  .object_id = subject.id,
				  .amount = amount,
				  .words = words });
}

static enum err read_with_leaf(struct service *service, const struct actor *actor,
			       struct arena *arena, struct subject subject, enum audit_verb verb,
			       struct subject_view *out)
{
	struct use_case use;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = subject_find(service, actor, arena, subject, out);
	if (err == OK)
		err = write_leaf(service, actor, verb, subject, subject_rows(&out->data),
				 (struct str){ 0 });
	return use_case_end(&use, err);
}

enum err subject_copy(struct service *service, const struct actor *actor, struct arena *arena,
		      struct subject subject, struct subject_view *out)
{
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	return read_with_leaf(service, actor, arena, subject, AUDIT_DATA_COPY, out);
}

enum err subject_look(struct service *service, const struct actor *actor, struct arena *arena,
		      struct subject subject, struct subject_view *out)
{
	return read_with_leaf(service, actor, arena, subject, AUDIT_DATA_LOOK, out);
}

static enum err write_copy(struct service *service, const struct actor *actor, struct arena *arena,
			   struct subject subject, const struct copy_new *new)
{
	struct prisoner prisoner = { 0 };
	char hash[2 * COPY_HASH_LEN + 1];
	struct data_copy copy = { .id = random_id(service->random),
				  .subject = subject,
				  .recipient = new->recipient,
				  .recipient_name = str_trim(new->recipient_name),
				  .format = new->format,
				  .bytes = new->bytes,
				  .by = actor->account,
				  .as = actor->role,
				  .at = service->now };
	memcpy(copy.hash, new->hash, sizeof copy.hash);
	hex_encode(bytes_of(new->hash, sizeof new->hash), hash);
	enum err err = OK;
	if (subject.kind == SUBJECT_PRISONER)
		err = store_prisoner_find(service->store, arena, (struct prisoner_id){ subject.id },
					  &prisoner);
	copy.prison = prisoner.prison;
	if (err == OK)
		err =
		    write_leaf(service, actor, AUDIT_DATA_COPY, subject, new->rows, str_from(hash));
	copy.seq = service->newest_leaf;
	return err == OK ? store_data_copy_insert(service->store, &copy) : err;
}

enum err subject_hand_out(struct service *service, const struct actor *actor, struct arena *arena,
			  struct subject subject, const struct copy_new *new)
{
	struct use_case use;
	if (actor->role == ROLE_FAMILY)
		return ERR_DENIED;
	enum err err = authorise(service, actor, arena, subject);
	if (err != OK)
		return err;
	if (!copy_recipient_acceptable(new->recipient, new->recipient_name))
		return ERR_BAD;
	err = use_case_begin(service, &use);
	if (err == OK)
		err = write_copy(service, actor, arena, subject, new);
	return use_case_end(&use, err);
}

enum err subject_search(struct service *service, const struct actor *actor, struct arena *arena,
			struct str typed, struct subject *out)
{
	struct prisoner_number number;
	struct prisoner prisoner = { 0 };
	struct str hash;
	char email[EMAIL_MAX + 1];
	if (!actor_is_one_of(actor, MAY_SEARCH))
		return ERR_DENIED;
	if (prisoner_number_of(typed, &number)) {
		enum err err =
		    store_prisoner_find_by_number(service->store, arena, number, &prisoner);
		*out = (struct subject){ SUBJECT_PRISONER, prisoner.id.n };
		return err == OK ? authorise(service, actor, arena, *out) : err;
	}
	if (actor->role != ROLE_HQ_ADMIN || !email_normalise(typed, email))
		return ERR_NOT_FOUND;
	struct account_id account = { 0 };
	enum err err =
	    store_account_find_hash(service->store, arena, str_from(email), &account, &hash);
	*out = (struct subject){ SUBJECT_ACCOUNT, account.n };
	return err;
}

/* ---- forgetting ---- */

static enum err erase(struct service *service, const struct actor *actor, struct account_id account,
		      enum erasure *answer, int64_t *seq)
{
	int64_t rows = 0;
	enum err err = erasure_of(service, account, answer);
	if (err != OK || *answer != ERASURE_OK)
		return err;
	err = store_account_erase(service->store, account, &rows);
	if (err == OK)
		err = write_leaf(service, actor, AUDIT_DATA_ERASE,
				 (struct subject){ SUBJECT_ACCOUNT, account.n }, rows,
				 (struct str){ 0 });
	*seq = service->newest_leaf;
	return err;
}

enum err account_erase(struct service *service, const struct actor *actor,
		       struct account_id account, enum erasure *answer, int64_t *seq)
{
	bool own = actor->role == ROLE_FAMILY && actor->account.n == account.n;
	struct use_case use;
	if (!own && actor->role != ROLE_HQ_ADMIN)
		return ERR_DENIED;
	enum err err = use_case_begin(service, &use);
	if (err == OK)
		err = erase(service, actor, account, answer, seq);
	return use_case_end(&use, err);
}

static enum err erase_prisoner(struct service *service, const struct actor *actor,
			       struct prisoner_id prisoner, int64_t keep_days)
{
	struct prisoner_erasure_facts facts = { 0 };
	int64_t rows = 0;
	enum err err = store_prisoner_erasure_facts(service->store, prisoner, service->now, &facts);
	if (err != OK || prisoner_erasure_allowed(&facts, keep_days, service->now) != ERASURE_OK)
		return err;
	err = store_prisoner_erase(service->store, prisoner, service->now, &rows);
	if (err != OK)
		return err;
	return write_leaf(service, actor, AUDIT_DATA_ERASE,
			  (struct subject){ SUBJECT_PRISONER, prisoner.n }, rows,
			  (struct str){ 0 });
}

enum err prisoner_erase_due(struct service *service, const struct actor *actor,
			    struct prisoner_id *after)
{
	struct use_case use;
	struct policy national;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = policy_load(service, (struct prison_code){ 0 }, &national);
	if (err != OK)
		return err;
	int64_t keep_days = national.values[POLICY_PRISONER_KEEP_DAYS];
	err = store_prisoner_released(service->store, *after,
				      wall_add_s(service->now, -keep_days * DAY_S), after);
	if (err == ERR_NOT_FOUND)
		after->n = 0;
	if (err != OK)
		return err == ERR_NOT_FOUND ? OK : err;
	err = use_case_begin(service, &use);
	if (err == OK)
		err = erase_prisoner(service, actor, *after, keep_days);
	return use_case_end(&use, err);
}

enum err erasure_receipt(struct service *service, int64_t seq, struct audit_record *out,
			 struct buf *receipt)
{
	enum audit_words words;
	struct audit_record record = { 0 };
	enum err err = audit_record_find(service, seq, (struct str){ 0 }, &record, &words);
	if (err == OK && record.verb != AUDIT_DATA_ERASE)
		err = ERR_NOT_FOUND;
	if (err != OK)
		return err;
	*out = record;
	return audit_prove(service, seq, receipt);
}

/* ---- clocks ---- */

enum err retention_find(struct service *service, const struct actor *actor,
			struct prison_code prison, struct retention *out)
{
	struct policy policy = { 0 };
	if (!actor_is_one_of(actor, MAY_READ_CLOCKS))
		return ERR_DENIED;
	if (!role_is_national(actor->role))
		prison = actor->prison;
	enum err err = policy_load(service, prison, &policy);
	return err == OK ? store_retention_read(service->store, prison, service->now, &policy, out)
			 : err;
}
