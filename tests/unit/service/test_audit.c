/* Whoever changes the log is found out: ten thousand changes of every kind. */
#include <stdio.h>

#include "../check.h"
#include "base/random.h"
#include "service/audit_check_priv.h"
#include "store/audit.h"
#include "tlog/signer.h"

enum {
	LEAVES = 24,
	HEADS = 3, /* after 8, 16 and 24 leaves */
	RUNS = 10000,
};

/* The log as it lies in the database: anything in it can be changed. */
struct copy {
	size_t leaves;
	struct audit_record list[LEAVES + 1];
	size_t heads;
	char notes[HEADS][512];
};

static struct tlog_signer signer; /* the key, which may be stolen */
static struct copy whole;
static char kept_elsewhere[512]; /* the newest head, with somebody outside */

static struct audit_record record_of(int64_t seq, struct random *random)
{
	struct audit_record r = {
		.seq = seq,
		.at = { 1795000000 + seq },
		.role = ROLE_VISITS_CLERK,
		.account = { random_id(random) },
		.verb = AUDIT_VISIT_BOOK,
		.object = AUDIT_ON_VISIT,
		.object_id = random_id(random),
		.amount = 30,
	};
	store_audit_leaf(&r, r.leaf);
	return r;
}

/* Signs the first count leaves as they are. */
static void sign(const struct copy *copy, size_t count, char out[512])
{
	struct buf note = buf_of(500);
	signer.tree = (struct tlog_tree){ 0 };
	for (size_t i = 0; i < count; i++)
		assert_int_equal(tlog_signer_extend(&signer, i, bytes_of(copy->list[i].leaf, 32)),
				 OK);
	tlog_signer_checkpoint(&signer, &note);
	snprintf(out, 512, "%s", buf_cstr(&note));
	buf_clear(&note);
}

static void make_whole(struct random *random)
{
	whole.leaves = LEAVES;
	whole.heads = HEADS;
	for (size_t i = 0; i < LEAVES; i++)
		whole.list[i] = record_of((int64_t)i + 1, random);
	for (size_t i = 0; i < HEADS; i++)
		sign(&whole, (i + 1) * LEAVES / HEADS, whole.notes[i]);
	memcpy(kept_elsewhere, whole.notes[HEADS - 1], sizeof kept_elsewhere);
}

/* As audit_verify() does it. */
static enum audit_fault verify(const struct copy *copy, bool with_outside)
{
	struct tlog_head heads[HEADS + 1];
	size_t count = 0;
	struct audit_check check;
	const struct note_key *key = &signer.signer.key;
	for (size_t i = 0; i < copy->heads; i++)
		if (audit_head_read(str_from(copy->notes[i]), key, 1, &heads[count++]) != OK)
			return AUDIT_HEAD_FORGED;
	if (with_outside)
		assert_int_equal(audit_head_read(str_from(kept_elsewhere), key, 1, &heads[count++]),
				 OK);
	audit_check_begin(&check, heads, count);
	for (size_t i = 0; i < copy->leaves; i++)
		audit_check_leaf(&check, &copy->list[i]);
	audit_check_end(&check);
	return check.verdict.fault;
}

/* What somebody who may write the database can make good: numbers and leaf hashes. */
static void make_good(struct copy *copy)
{
	for (size_t i = 0; i < copy->leaves; i++) {
		copy->list[i].seq = (int64_t)i + 1;
		store_audit_leaf(&copy->list[i], copy->list[i].leaf);
	}
}

static void change_a_field(struct copy *copy, struct random *random)
{
	struct audit_record *r = &copy->list[random_below(random, LEAVES)];
	switch (random_below(random, 6)) {
	case 0:
		r->amount++;
		break;
	case 1:
		r->at.s -= 1 + (int64_t)random_below(random, 9);
		break;
	case 2:
		r->account.n ^= 1 << random_below(random, 30);
		break;
	case 3:
		r->verb = AUDIT_VISIT_CANCEL;
		break;
	case 4:
		r->commitment[random_below(random, 32)] ^= 1 << random_below(random, 8);
		break;
	default:
		r->leaf[random_below(random, 32)] ^= 1 << random_below(random, 8);
	}
}

static void take_out(struct copy *copy, struct random *random)
{
	size_t at = random_below(random, copy->leaves--);
	memmove(&copy->list[at], &copy->list[at + 1], (copy->leaves - at) * sizeof copy->list[0]);
}

static void put_in(struct copy *copy, struct random *random)
{
	size_t at = random_below(random, copy->leaves); /* behind the last it would only grow */
	memmove(&copy->list[at + 1], &copy->list[at], (copy->leaves - at) * sizeof copy->list[0]);
	copy->list[at] = record_of((int64_t)at + 1, random);
	copy->leaves++;
}

static void swap(struct copy *copy, struct random *random)
{
	size_t a = random_below(random, LEAVES),
	       b = (a + 1 + random_below(random, LEAVES - 1)) % LEAVES;
	struct audit_record r = copy->list[a];
	copy->list[a] = copy->list[b];
	copy->list[b] = r;
}

/* An old copy is put back, or the end is cut off with the heads that tell of it. */
static void go_back(struct copy *copy, struct random *random)
{
	copy->leaves = random_below(random, LEAVES);
	copy->heads = copy->leaves * HEADS / LEAVES;
}

static void forge_a_head(struct copy *copy, struct random *random)
{
	char *note = copy->notes[random_below(random, HEADS)];
	note[random_below(random, strlen(note))] ^= 1 << random_below(random, 7);
}

static void sign_again(struct copy *copy)
{
	size_t count = copy->leaves < LEAVES ? copy->leaves : LEAVES;
	copy->heads = HEADS;
	for (size_t i = 0; i < HEADS; i++)
		sign(copy, (i + 1) * count / HEADS, copy->notes[i]);
}

static bool same_leaves(const struct copy *a, const struct copy *b)
{
	if (a->leaves != b->leaves)
		return false;
	for (size_t i = 0; i < a->leaves; i++)
		if (memcmp(a->list[i].leaf, b->list[i].leaf, 32) != 0)
			return false;
	return true;
}

static void every_manipulation_is_found(void **state)
{
	typedef void change(struct copy *, struct random *);
	change *const changes[] = { change_a_field, take_out, put_in, swap, go_back, forge_a_head };
	struct random random = random_seeded(31);
	size_t found = 0, made = 0;
	(void)state;
	make_whole(&random);
	for (int run = 0; run < RUNS; run++) {
		struct copy copy = whole;
		size_t kind = random_below(&random, 6);
		changes[kind](&copy, &random);
		if (random_below(&random, 2) == 0)
			make_good(&copy);
		if (random_below(&random, 5) == 0 && kind != 5)
			sign_again(
			    &copy); /* with a stolen key; the witness outside is not fooled */
		if (same_leaves(&copy, &whole) && kind != 5)
			continue; /* made good again: nothing was changed */
		made++;
		found += verify(&copy, true) != AUDIT_NO_FAULT;
	}
	assert_int_equal(found, made);
	assert_true(made > RUNS * 9 / 10);
}

static void a_log_that_nobody_touched_is_whole(void **state)
{
	struct random random = random_seeded(32);
	(void)state;
	make_whole(&random);
	assert_int_equal(verify(&whole, false), AUDIT_NO_FAULT);
	assert_int_equal(verify(&whole, true), AUDIT_NO_FAULT);
	whole.list[LEAVES] = record_of(LEAVES + 1, &random); /* it may grow */
	whole.leaves++;
	assert_int_equal(verify(&whole, true), AUDIT_NO_FAULT);
}

static void what_was_not_signed_yet_can_be_changed_unseen(void **state)
{
	struct random random = random_seeded(33);
	(void)state;
	make_whole(&random);
	whole.heads = HEADS - 1;
	whole.list[LEAVES - 1].amount++;
	make_good(&whole);
	assert_int_equal(verify(&whole, false), AUDIT_NO_FAULT);
	assert_int_equal(verify(&whole, true), AUDIT_HEAD_DIFFERS);
}

static void each_fault_is_named(void **state)
{
	struct random random = random_seeded(34);
	struct copy copy;
	(void)state;
	make_whole(&random);
	copy = whole;
	copy.list[3].amount++;
	assert_int_equal(verify(&copy, false), AUDIT_LEAF_CHANGED);
	make_good(&copy);
	assert_int_equal(verify(&copy, false), AUDIT_HEAD_DIFFERS);
	copy = whole;
	copy.list[3] = copy.list[4];
	assert_int_equal(verify(&copy, false), AUDIT_LEAF_MISSING);
	copy = whole;
	copy.leaves--;
	assert_int_equal(verify(&copy, false), AUDIT_LOG_SHORT);
	copy = whole;
	copy.notes[1][0] ^= 1;
	assert_int_equal(verify(&copy, false), AUDIT_HEAD_FORGED);
}

int main(void)
{
	const uint8_t seed[NOTE_SEED_LEN] = { 1 };
	const struct CMUnitTest tests[] = {
		TEST(a_log_that_nobody_touched_is_whole),
		TEST(each_fault_is_named),
		TEST(what_was_not_signed_yet_can_be_changed_unseen),
		TEST(every_manipulation_is_found),
	};
	if (note_signer_make(STR("example.org/log"), NOTE_SIGNATURE, seed, &signer.signer) != OK)
		return 1;
	return RUN("service/audit", tests);
}
