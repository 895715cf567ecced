/* Who keeps heads of the log elsewhere: whose cosignatures are taken, kept and shown. */
#include "tests/store/estate.h"

#include "base/assert.h"
#include "service/checkpoint.h"
#include "service/terminal.h"
#include "service/witness.h"
#include "tlog/receipt.h"
#include "tlog/signer.h"

struct made {
	struct estate e;
	struct actor hq;
	struct tlog_signer log;
};

static struct note_signer signer_of(const char *name, enum note_kind kind, uint8_t seed)
{
	const uint8_t bytes[NOTE_SEED_LEN] = { seed };
	struct note_signer signer;
	CHECK(note_signer_make(str_from(name), kind, bytes, &signer) == OK);
	return signer;
}

static void make(struct made *m)
{
	*m = (struct made){ 0 };
	estate_open(&m->e);
	m->hq = estate_staff(&m->e, ROLE_HQ_ADMIN, NULL);
	m->log.signer = signer_of("example.org/log", NOTE_SIGNATURE, 1);
}

/* What pvl-web and pvl-vault do together. */
static void sign(struct made *m)
{
	uint64_t size;
	struct buf note = buf_of(NOTE_MAX);
	CHECK(checkpoint_size(&m->e.service, &size) == OK);
	struct buf hashes = buf_of(1000 * TLOG_HASH_LEN);
	CHECK(checkpoint_leaves(&m->e.service, m->log.tree.size, 1000, &hashes) == OK);
	CHECK(tlog_signer_extend(&m->log, m->log.tree.size, buf_bytes(&hashes)) == OK);
	CHECK(m->log.tree.size == size);
	tlog_signer_checkpoint(&m->log, &note);
	CHECK(checkpoint_keep(&m->e.service, &m->log.signer.key, buf_view(&note)) == OK);
	buf_clear(&hashes);
	buf_clear(&note);
}

static struct witness_id add(struct made *m, const struct note_signer *witness)
{
	struct witness_id id;
	struct buf vkey = buf_of(300);
	note_key_write(&witness->key, &vkey);
	CHECK(witness_add(&m->e.service, &m->hq, buf_view(&vkey), &id) == OK);
	buf_clear(&vkey);
	return id;
}

/* Asks for the head, signs it, and sends it back. */
static enum err cosign(struct made *m, const struct note_signer *witness, struct wall at,
		       int *taken)
{
	struct buf text = buf_of(NOTE_MAX);
	struct note note;
	CHECK(witness_head_find(&m->e.service, &text) == OK);
	CHECK(note_split(buf_view(&text), &note) == OK);
	note_sign(witness, note.text, at, &text);
	enum err err = witness_cosigned(&m->e.service, buf_view(&text), taken);
	buf_clear(&text);
	return err;
}

static bool head_bears(struct made *m, const struct note_signer *witness)
{
	struct buf text = buf_of(NOTE_MAX);
	struct note note;
	struct wall at;
	CHECK(witness_head_find(&m->e.service, &text) == OK);
	CHECK(note_split(buf_view(&text), &note) == OK);
	bool bears = note_check(&note, &witness->key, &at) == OK;
	buf_clear(&text);
	return bears;
}

static void a_cosignature_is_kept_beneath_the_head_and_writes_no_leaf(void **state)
{
	(void)state;
	struct made m;
	int taken;
	make(&m);
	struct note_signer law = signer_of("law.example", NOTE_COSIGNATURE, 2);
	add(&m, &law);
	sign(&m);
	int64_t leaves = estate_leaves(&m.e);
	CHECK(!head_bears(&m, &law));
	CHECK(cosign(&m, &law, m.e.service.now, &taken) == OK && taken == 1);
	CHECK(head_bears(&m, &law));
	/* Beneath a head that bears what others, or it itself, signed before. */
	m.e.service.now.s += 2 * WITNESS_CLOCK_WRONG_S;
	CHECK(cosign(&m, &law, m.e.service.now, &taken) == OK && taken == 1);
	CHECK(estate_leaves(&m.e) == leaves);
	estate_close(&m.e);
}

static void only_what_a_known_key_signed_now_is_taken(void **state)
{
	(void)state;
	struct made m;
	int taken;
	make(&m);
	struct note_signer law = signer_of("law.example", NOTE_COSIGNATURE, 2),
			   unknown = signer_of("other.example", NOTE_COSIGNATURE, 3),
			   forged = signer_of("law.example", NOTE_COSIGNATURE, 4);
	struct witness_id id = add(&m, &law);
	sign(&m);
	CHECK(cosign(&m, &unknown, m.e.service.now, &taken) == ERR_NOT_FOUND);
	CHECK(cosign(&m, &forged, m.e.service.now, &taken) == ERR_CRYPTO);
	CHECK(cosign(&m, &law, (struct wall){ m.e.service.now.s + 7200 }, &taken) == ERR_BAD);
	CHECK(!head_bears(&m, &law));
	CHECK(witness_cosigned(&m.e.service, STR("no note"), &taken) == ERR_BAD);
	CHECK(cosign(&m, &law, m.e.service.now, &taken) == OK);
	CHECK(witness_end(&m.e.service, &m.hq, id, STR("")) == ERR_BAD);
	CHECK(witness_end(&m.e.service, &m.hq, id, STR("It was stolen")) == OK);
	CHECK(witness_end(&m.e.service, &m.hq, id, STR("It was stolen")) == ERR_NOT_FOUND);
	CHECK(!head_bears(&m, &law));
	CHECK(cosign(&m, &law, m.e.service.now, &taken) == ERR_NOT_FOUND);
	estate_close(&m.e);
}

static void a_head_that_was_never_signed_here_is_refused(void **state)
{
	(void)state;
	struct made m;
	int taken;
	make(&m);
	struct note_signer law = signer_of("law.example", NOTE_COSIGNATURE, 2);
	add(&m, &law);
	sign(&m);
	struct tlog_signer other = m.log;
	for (int level = 0; level < TLOG_LEVELS; level++)
		other.tree.roots[level].at[0] ^= 1;
	struct buf text = buf_of(NOTE_MAX);
	struct note note;
	tlog_signer_checkpoint(&other, &text);
	CHECK(note_split(buf_view(&text), &note) == OK);
	note_sign(&law, note.text, m.e.service.now, &text);
	CHECK(witness_cosigned(&m.e.service, buf_view(&text), &taken) == ERR_NOT_FOUND);
	buf_clear(&text);
	estate_close(&m.e);
}

static void witnesses_are_named_by_headquarters_alone_and_once(void **state)
{
	(void)state;
	struct made m;
	struct witness_id id;
	struct witness_view all;
	make(&m);
	struct note_signer law = signer_of("law.example", NOTE_COSIGNATURE, 2),
			   log = signer_of("log.example", NOTE_SIGNATURE, 3);
	struct actor clerk = estate_staff(&m.e, ROLE_VISITS_CLERK, "WWI");
	struct buf vkey = buf_of(300), wrong = buf_of(300);
	note_key_write(&law.key, &vkey);
	note_key_write(&log.key, &wrong);
	CHECK(witness_add(&m.e.service, &clerk, buf_view(&vkey), &id) == ERR_DENIED);
	CHECK(witness_add(&m.e.service, &m.hq, buf_view(&wrong), &id) == ERR_BAD);
	CHECK(witness_add(&m.e.service, &m.hq, STR("law.example+1+A"), &id) == ERR_BAD);
	CHECK(witness_add(&m.e.service, &m.hq, buf_view(&vkey), &id) == OK);
	CHECK(witness_add(&m.e.service, &m.hq, buf_view(&vkey), &id) == ERR_CONFLICT);
	CHECK(witness_list_find(&m.e.service, &clerk, &m.e.arena, &all) == ERR_DENIED);
	CHECK(witness_list_find(&m.e.service, &m.hq, &m.e.arena, &all) == OK);
	CHECK(all.outside.count == 1 && all.outside.list[0].size == 0 && all.prisons.count == 0);
	buf_clear(&vkey);
	buf_clear(&wrong);
	estate_close(&m.e);
}

static struct note_signer terminals_signer(struct made *m, const struct actor *terminal,
					   uint8_t seed)
{
	struct str name;
	struct note_signer plain = signer_of("x", NOTE_COSIGNATURE, seed);
	CHECK(witness_of_terminal(&m->e.service, terminal, &m->e.arena, plain.key.public, &name) ==
	      OK);
	return signer_of(arena_printf(&m->e.arena, "%.*s", STR_FMT(name)), NOTE_COSIGNATURE, seed);
}

static void a_terminal_is_a_witness_by_itself_until_it_is_retired(void **state)
{
	(void)state;
	struct made m;
	struct witness_view all;
	struct ended_visits ended;
	int taken;
	make(&m);
	struct actor terminal = estate_terminal(&m.e),
		     admin = estate_staff(&m.e, ROLE_PRISON_ADMIN, "WWI");
	struct note_signer one = terminals_signer(&m, &terminal, 5);
	int64_t leaves = estate_leaves(&m.e);
	struct note_signer again = terminals_signer(&m, &terminal, 5);
	CHECK(estate_leaves(&m.e) == leaves && strcmp(one.key.name, again.key.name) == 0);
	sign(&m);
	CHECK(cosign(&m, &one, m.e.service.now, &taken) == OK);
	CHECK(witness_list_find(&m.e.service, &m.hq, &m.e.arena, &all) == OK);
	CHECK(all.outside.count == 0 && all.prisons.count == 1);
	CHECK(all.prisons.list[0].terminals == 1 &&
	      all.prisons.list[0].size == (int64_t)m.log.tree.size);
	struct note_signer other = terminals_signer(&m, &terminal, 6);
	CHECK(cosign(&m, &one, m.e.service.now, &taken) == ERR_NOT_FOUND);
	CHECK(cosign(&m, &other, m.e.service.now, &taken) == OK);
	CHECK(terminal_retire(&m.e.service, &admin, &m.e.arena, terminal.terminal, STR("Broken"),
			      &ended) == OK);
	CHECK(cosign(&m, &other, m.e.service.now, &taken) == ERR_NOT_FOUND);
	estate_close(&m.e);
}

static void a_record_is_proved_under_a_head_that_two_places_have_seen(void **state)
{
	(void)state;
	struct made m;
	struct receipt receipt;
	struct tlog_head head;
	struct note note;
	struct wall at;
	int taken;
	make(&m);
	struct note_signer law = signer_of("law.example", NOTE_COSIGNATURE, 2),
			   ngo = signer_of("ngo.example", NOTE_COSIGNATURE, 3);
	sign(&m);
	int64_t smallest = estate_leaves(&m.e);
	add(&m, &law);
	add(&m, &ngo);
	m.e.service.now.s += WITNESS_PERIOD_S;
	sign(&m);
	CHECK(cosign(&m, &law, m.e.service.now, &taken) == OK);
	struct buf text = buf_of(RECEIPT_MAX);
	CHECK(audit_prove(&m.e.service, 1, &text) == OK &&
	      receipt_read(buf_view(&text), &receipt) == OK);
	CHECK(receipt_check(&receipt, &m.log.signer.key, &head) == OK);
	CHECK(head.size == (uint64_t)smallest); /* one alone does not count */
	CHECK(cosign(&m, &ngo, m.e.service.now, &taken) == OK);
	buf_reset(&text);
	CHECK(audit_prove(&m.e.service, 1, &text) == OK &&
	      receipt_read(buf_view(&text), &receipt) == OK);
	CHECK(receipt_check(&receipt, &m.log.signer.key, &head) == OK);
	CHECK(head.size == m.log.tree.size);
	CHECK(note_split(receipt.checkpoint, &note) == OK);
	CHECK(note_check(&note, &law.key, &at) == OK && at.s == m.e.service.now.s);
	CHECK(note_check(&note, &ngo.key, &at) == OK);
	buf_clear(&text);
	estate_close(&m.e);
}

static void all_are_asked_for_the_first_head_of_the_period(void **state)
{
	(void)state;
	struct made m;
	struct buf first = buf_of(NOTE_MAX), later = buf_of(NOTE_MAX);
	make(&m);
	CHECK(witness_head_find(&m.e.service, &first) == ERR_NOT_FOUND);
	m.e.service.now.s -= m.e.service.now.s % WITNESS_PERIOD_S;
	sign(&m);
	CHECK(witness_head_find(&m.e.service, &first) == OK);
	struct note_signer law = signer_of("law.example", NOTE_COSIGNATURE, 2);
	add(&m, &law); /* a leaf */
	m.e.service.now.s += WITNESS_PERIOD_S - 1;
	sign(&m);
	CHECK(witness_head_find(&m.e.service, &later) == OK);
	CHECK(str_equal(buf_view(&first), buf_view(&later)));
	m.e.service.now.s += 1; /* nothing was signed in this period yet: the newest */
	buf_reset(&later);
	CHECK(witness_head_find(&m.e.service, &later) == OK);
	CHECK(!str_equal(buf_view(&first), buf_view(&later)));
	buf_clear(&first);
	buf_clear(&later);
	estate_close(&m.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_cosignature_is_kept_beneath_the_head_and_writes_no_leaf),
		TEST(only_what_a_known_key_signed_now_is_taken),
		TEST(a_head_that_was_never_signed_here_is_refused),
		TEST(witnesses_are_named_by_headquarters_alone_and_once),
		TEST(a_terminal_is_a_witness_by_itself_until_it_is_retired),
		TEST(a_record_is_proved_under_a_head_that_two_places_have_seen),
		TEST(all_are_asked_for_the_first_head_of_the_period),
	};
	return RUN("service/witness", tests);
}
