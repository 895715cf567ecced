/* Heads of the log, signed as pvl-vault signs them, kept, held against the leaves, and proved from. */
#include "tests/store/estate.h"

#include "base/assert.h"
#include "service/account.h"
#include "service/checkpoint.h"
#include "store/query.h"
#include "tlog/receipt.h"
#include "tlog/signer.h"

static struct tlog_signer signer_of(uint8_t seed)
{
	const uint8_t bytes[NOTE_SEED_LEN] = { seed };
	struct tlog_signer signer = { 0 };
	CHECK(note_signer_make(STR("example.org/log"), NOTE_SIGNATURE, bytes, &signer.signer) ==
	      OK);
	return signer;
}

/* What pvl-web and pvl-vault do together, a hundred leaves at a time. */
static void sign(struct estate *e, struct tlog_signer *signer, struct buf *note)
{
	uint64_t size;
	CHECK(checkpoint_size(&e->service, &size) == OK);
	while (signer->tree.size < size) {
		struct buf hashes = buf_of(100 * TLOG_HASH_LEN);
		CHECK(checkpoint_leaves(&e->service, signer->tree.size, 100, &hashes) == OK);
		CHECK(tlog_signer_extend(signer, signer->tree.size, buf_bytes(&hashes)) == OK);
		buf_clear(&hashes);
	}
	buf_reset(note);
	tlog_signer_checkpoint(signer, note);
}

static void write_leaves(struct estate *e, int count)
{
	for (int i = 0; i < count; i++)
		CHECK(account_sign_in_failed(&e->service, (struct account_id){ 0 }) == OK);
}

static void run_sql(struct estate *e, const char *sql)
{
	struct query q = query_of(e->service.store, sql);
	CHECK(query_end(&q) == OK);
}

static enum audit_fault fault_of(struct estate *e, const struct audit_trust *trust)
{
	struct audit_verdict verdict = { 0 };
	enum err err = audit_verify(&e->service, trust, &verdict);
	CHECK(err == OK || err == ERR_CRYPTO);
	return verdict.fault;
}

static void signed_heads_are_kept_and_are_true_of_the_leaves(void **state)
{
	(void)state;
	struct estate e;
	struct audit_verdict verdict;
	struct checkpoint_newest newest;
	struct buf note = buf_of(NOTE_MAX), head = buf_of(NOTE_MAX);
	struct tlog_signer signer = signer_of(1), other = signer_of(2);
	struct audit_trust trust = { .keys = &signer.signer.key, .keys_len = 1 };
	estate_open(&e);
	CHECK(checkpoint_newest_find(&e.service, &newest) == OK && newest.size == 0);
	CHECK(audit_head_newest(&e.service, &head) == ERR_NOT_FOUND);
	for (int i = 0; i < 3; i++) {
		write_leaves(&e, 5);
		sign(&e, &signer, &note);
		CHECK(checkpoint_keep(&e.service, &signer.signer.key, buf_view(&note)) == OK);
		CHECK(checkpoint_keep(&e.service, &signer.signer.key, buf_view(&note)) == OK);
		CHECK(checkpoint_keep(&e.service, &other.signer.key, buf_view(&note)) != OK);
	}
	CHECK(audit_verify(&e.service, &trust, &verdict) == OK && verdict.heads == 3);
	CHECK(checkpoint_newest_find(&e.service, &newest) == OK);
	CHECK(newest.size == (uint64_t)verdict.leaves && newest.at.s == e.service.now.s);
	CHECK(audit_head_newest(&e.service, &head) == OK);
	CHECK(str_equal(buf_view(&head), buf_view(&note)));
	buf_clear(&note);
	buf_clear(&head);
	estate_close(&e);
}

static void a_head_that_somebody_kept_finds_a_log_that_was_written_anew(void **state)
{
	(void)state;
	struct estate e;
	struct buf note = buf_of(NOTE_MAX);
	struct tlog_signer signer = signer_of(1), other = signer_of(2);
	struct audit_trust trust = { .keys = &signer.signer.key, .keys_len = 1 };
	estate_open(&e);
	sign(&e, &signer, &note);
	trust.checkpoint = buf_view(&note);
	CHECK(fault_of(&e, &trust) == AUDIT_NO_FAULT);
	run_sql(&e, "DELETE FROM audit_salt");
	run_sql(&e, "DELETE FROM audit_leaf WHERE seq > 20");
	CHECK(fault_of(&e, &(struct audit_trust){ 0 }) == AUDIT_NO_FAULT);
	CHECK(fault_of(&e, &trust) == AUDIT_LOG_SHORT);
	write_leaves(&e, 200);
	CHECK(fault_of(&e, &trust) == AUDIT_HEAD_DIFFERS);
	trust.keys = &other.signer.key;
	struct audit_verdict verdict;
	CHECK(audit_verify(&e.service, &trust, &verdict) == ERR_BAD);
	buf_clear(&note);
	estate_close(&e);
}

static void a_record_is_proved_by_the_next_head(void **state)
{
	(void)state;
	struct estate e;
	struct buf note = buf_of(NOTE_MAX), text = buf_of(RECEIPT_MAX);
	struct tlog_signer signer = signer_of(1);
	struct tlog_head head;
	struct receipt receipt;
	estate_open(&e);
	CHECK(audit_prove(&e.service, 1, &text) == ERR_AGAIN);
	sign(&e, &signer, &note);
	CHECK(checkpoint_keep(&e.service, &signer.signer.key, buf_view(&note)) == OK);
	int64_t last = estate_leaves(&e);
	for (int64_t seq = 1; seq <= last; seq += 13) {
		buf_reset(&text);
		CHECK(audit_prove(&e.service, seq, &text) == OK);
		CHECK(receipt_read(buf_view(&text), &receipt) == OK);
		CHECK(receipt.index + 1 == (uint64_t)seq);
		CHECK(receipt_check(&receipt, &signer.signer.key, &head) == OK);
	}
	write_leaves(&e, 1);
	CHECK(audit_prove(&e.service, last + 1, &text) == ERR_AGAIN);
	CHECK(audit_prove(&e.service, last + 2, &text) == ERR_NOT_FOUND);
	CHECK(audit_prove(&e.service, 0, &text) == ERR_NOT_FOUND);
	buf_clear(&note);
	buf_clear(&text);
	estate_close(&e);
}

/* As whoever kept a head asks for it. */
static bool has_grown(struct estate *e, const struct tlog_signer *then,
		      const struct tlog_signer *now)
{
	struct tlog_head old = { .size = then->tree.size }, head = { .size = now->tree.size };
	struct tlog_proof proof;
	tlog_tree_root(&then->tree, &old.root);
	tlog_tree_root(&now->tree, &head.root);
	CHECK(audit_prove_growth(&e->service, old.size, head.size, &proof) == OK);
	return tlog_consistent(&old, &head, &proof);
}

static int64_t nodes_kept(struct estate *e)
{
	struct query q = query_of(e->service.store, "SELECT COUNT(*) FROM audit_node");
	CHECK(query_row(&q));
	int64_t count = query_column(&q, 0);
	CHECK(query_end(&q) == OK);
	return count;
}

static void check_proofs(struct estate *e, const struct tlog_signer *signer)
{
	struct buf text = buf_of(RECEIPT_MAX);
	struct tlog_head head;
	struct receipt receipt;
	for (uint64_t seq = 1; seq <= signer->tree.size; seq += 97) {
		buf_reset(&text);
		CHECK(audit_prove(&e->service, (int64_t)seq, &text) == OK);
		CHECK(receipt_read(buf_view(&text), &receipt) == OK);
		CHECK(receipt_check(&receipt, &signer->signer.key, &head) == OK);
	}
	buf_clear(&text);
}

static void proofs_are_the_same_whether_roots_are_kept_or_not(void **state)
{
	(void)state;
	struct estate e;
	struct buf note = buf_of(NOTE_MAX), text = buf_of(RECEIPT_MAX);
	struct tlog_signer signer = signer_of(1), then;
	struct tlog_proof proof;
	estate_open(&e);
	sign(&e, &signer, &note);
	then = signer;
	write_leaves(&e, 700);
	sign(&e, &signer, &note);
	CHECK(has_grown(&e, &then, &signer) && nodes_kept(&e) == 0);
	CHECK(checkpoint_keep(&e.service, &signer.signer.key, buf_view(&note)) == OK);
	CHECK(nodes_kept(&e) == (int64_t)(signer.tree.size / 256));
	CHECK(has_grown(&e, &then, &signer));
	check_proofs(&e, &signer);
	run_sql(&e, "DELETE FROM audit_node WHERE place > 0");
	CHECK(has_grown(&e, &then, &signer));
	check_proofs(&e, &signer);
	CHECK(audit_prove_growth(&e.service, 0, 1, &proof) == ERR_NOT_FOUND);
	CHECK(audit_prove_growth(&e.service, 2, 1, &proof) == ERR_NOT_FOUND);
	CHECK(audit_prove_growth(&e.service, 1, signer.tree.size + 1, &proof) == ERR_NOT_FOUND);
	run_sql(&e, "UPDATE audit_node SET hash = (SELECT leaf FROM audit_leaf WHERE seq = 1)");
	CHECK(audit_prove(&e.service, 300, &text) == ERR_CRYPTO);
	buf_clear(&text);
	buf_clear(&note);
	estate_close(&e);
}

static void end_a_visit(struct estate *e, struct str reason)
{
	enum joining answer;
	struct actor family = estate_family(e, "amina@family.example");
	struct actor terminal = estate_terminal(e),
		     clerk = estate_staff(e, ROLE_VISITS_CLERK, "WWI");
	CHECK(lobby_enter(&e->service, &family, e->sample.joinable, &answer) == OK);
	CHECK(lobby_enter(&e->service, &terminal, e->sample.joinable, &answer) == OK);
	CHECK(visit_end(&e->service, &clerk, e->sample.joinable, END_STAFF, reason) == OK);
}

static void erased_words_leave_the_log_whole(void **state)
{
	(void)state;
	struct estate e;
	struct audit_record record;
	enum audit_words words;
	estate_open(&e);
	end_a_visit(&e, STR("Fire alarm"));
	int64_t seq = estate_leaves(&e);
	CHECK(audit_record_find(&e.service, seq, STR(""), &record, &words) == OK);
	CHECK(words == AUDIT_WORDS_KEPT);
	CHECK(audit_record_find(&e.service, seq, STR("Fire alarm"), &record, &words) == OK);
	CHECK(words == AUDIT_WORDS_MATCH);
	CHECK(audit_record_find(&e.service, seq, STR("No fire"), &record, &words) == OK);
	CHECK(words == AUDIT_WORDS_DIFFER);
	run_sql(&e, "DELETE FROM audit_salt");
	CHECK(audit_record_find(&e.service, seq, STR("Fire alarm"), &record, &words) == OK);
	CHECK(words == AUDIT_WORDS_ERASED);
	CHECK(audit_record_find(&e.service, seq + 1, STR(""), &record, &words) == ERR_NOT_FOUND);
	CHECK(fault_of(&e, &(struct audit_trust){ 0 }) == AUDIT_NO_FAULT);
	estate_close(&e);
}

static void two_copies_are_compared_to_the_leaf(void **state)
{
	(void)state;
	struct estate a, b;
	struct audit_difference d;
	estate_open(&a);
	estate_open(&b);
	CHECK(audit_compare(&a.service, &b.service, &d) == OK);
	CHECK(d.first == 0 && d.here == d.there);
	write_leaves(&b, 3);
	CHECK(audit_compare(&a.service, &b.service, &d) == OK);
	CHECK(d.first == 0 && d.here + 3 == d.there);
	write_leaves(&a, 1);
	a.service.now.s++;
	write_leaves(&a, 1);
	CHECK(audit_compare(&a.service, &b.service, &d) == OK);
	CHECK(d.first == d.here && d.ours.seq == d.first && d.theirs.seq == d.first);
	estate_close(&a);
	estate_close(&b);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(signed_heads_are_kept_and_are_true_of_the_leaves),
		TEST(a_head_that_somebody_kept_finds_a_log_that_was_written_anew),
		TEST(a_record_is_proved_by_the_next_head),
		TEST(proofs_are_the_same_whether_roots_are_kept_or_not),
		TEST(erased_words_leave_the_log_whole),
		TEST(two_copies_are_compared_to_the_leaf),
	};
	return RUN("service/checkpoint", tests);
}
