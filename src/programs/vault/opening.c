#include "programs/vault/opening.h"

#include <string.h>

#include "domain/audit.h"
#include "tlog/proof.h"

/* The record, if it stands in the log where it is said to. */
static bool read_step(const struct tlog_tree *tree, const struct vault_proof *step,
		      struct audit_record *out)
{
	struct tlog_head head = { .size = tree->size };
	struct tlog_hash leaf;
	struct tlog_proof proof = { .len = step->hashes.len / TLOG_HASH_LEN };
	if (proof.len > TLOG_PROOF_MAX || step->index >= head.size ||
	    !audit_read(step->record, out) || out->seq != (int64_t)step->index + 1)
		return false;
	memcpy(proof.hashes, step->hashes.at, proof.len * TLOG_HASH_LEN);
	tlog_tree_root(tree, &head.root);
	tlog_leaf_hash(bytes_of(step->record.at, step->record.len), &leaf);
	return tlog_included(&head, step->index, &leaf, &proof);
}

static bool is_about(const struct audit_record *r, enum audit_verb verb, struct visit_id visit)
{
	return r->verb == verb && r->object == AUDIT_ON_RECORDING && r->object_id == visit.n &&
	       r->account.n != 0 && role_is_staff(r->role);
}

static bool are_two(const struct audit_record *one, const struct audit_record *other)
{
	return one->account.n != other->account.n && one->role != other->role;
}

/* The first looks, or a third hands it out. */
static bool fit_together(const struct audit_record *ask, const struct audit_record *agree,
			 const struct audit_record *last)
{
	bool right = last->verb == AUDIT_RECORDING_EXPORT
			 ? are_two(last, ask) && are_two(last, agree)
			 : last->account.n == ask->account.n;
	return are_two(agree, ask) && agree->amount == ask->seq && last->amount == agree->seq &&
	       right;
}

bool opening_of(const struct tlog_tree *tree, const struct vault_message *m, struct wall now,
		struct opening *out)
{
	enum audit_verb verbs[VAULT_STEPS] = {
		[VAULT_STEP_ASK] = AUDIT_RECORDING_ASK,
		[VAULT_STEP_AGREE] = AUDIT_RECORDING_AGREE,
		[VAULT_STEP_OPEN] = AUDIT_RECORDING_OPEN,
	};
	struct audit_record steps[VAULT_STEPS];
	for (size_t i = 0; i < VAULT_STEPS; i++)
		if (!read_step(tree, &m->steps[i], &steps[i]))
			return false;
	if (steps[VAULT_STEP_OPEN].verb == AUDIT_RECORDING_EXPORT)
		verbs[VAULT_STEP_OPEN] = AUDIT_RECORDING_EXPORT;
	for (size_t i = 0; i < VAULT_STEPS; i++)
		if (!is_about(&steps[i], verbs[i], m->visit))
			return false;
	struct wall began = steps[VAULT_STEP_OPEN].at;
	bool fresh = now.s >= began.s - OPENING_SKEW_S && now.s < began.s + OPENING_S;
	if (!fresh || !fit_together(&steps[VAULT_STEP_ASK], &steps[VAULT_STEP_AGREE],
				    &steps[VAULT_STEP_OPEN]))
		return false;
	*out = (struct opening){ .visit = m->visit, .until = wall_add_s(began, OPENING_S) };
	return true;
}
