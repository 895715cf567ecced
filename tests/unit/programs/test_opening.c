#include "programs/vault/opening.h"

#include "../check.h"
#include "base/assert.h"
#include "domain/audit.h"
#include "tlog/proof.h"

enum {
	LEAVES = 20,
	ASK_AT = 3,
	AGREE_AT = 7,
	OPEN_AT = 15,
	NOW = 1795428420,
};

/* A log with the three records among others, and what pvl-web would show of it. */
struct shown {
	struct audit_record records[LEAVES];
	struct buf texts[LEAVES];
	struct tlog_hash leaves[LEAVES];
	struct tlog_tree tree;
	struct tlog_proof proofs[VAULT_STEPS];
	struct vault_message message;
};

static const struct visit_id visit = { 77 };
static const size_t places[VAULT_STEPS] = { ASK_AT, AGREE_AT, OPEN_AT };

static struct audit_record record(int64_t seq)
{
	return (struct audit_record){ .seq = seq,
				      .at = { NOW - 1000 + seq },
				      .role = ROLE_MONITOR,
				      .account = { 1 },
				      .prison = { "WWI" },
				      .verb = AUDIT_SIGN_IN,
				      .object = AUDIT_ON_ACCOUNT,
				      .object_id = 5 };
}

static struct audit_record step(int64_t seq, enum audit_verb verb, enum role role, int64_t account,
				int64_t amount)
{
	struct audit_record r = record(seq);
	r.verb = verb;
	r.role = role;
	r.account.n = account;
	r.object = AUDIT_ON_RECORDING;
	r.object_id = visit.n;
	r.amount = amount;
	return r;
}

static void fill(struct shown *s)
{
	*s = (struct shown){ 0 };
	for (int64_t i = 0; i < LEAVES; i++)
		s->records[i] = record(i + 1);
	s->records[ASK_AT] = step(ASK_AT + 1, AUDIT_RECORDING_ASK, ROLE_MONITOR, 11, 0);
	s->records[AGREE_AT] =
	    step(AGREE_AT + 1, AUDIT_RECORDING_AGREE, ROLE_DUTY_GOVERNOR, 12, ASK_AT + 1);
	s->records[OPEN_AT] =
	    step(OPEN_AT + 1, AUDIT_RECORDING_OPEN, ROLE_MONITOR, 11, AGREE_AT + 1);
}

/* The log as it stands, and the proofs under it. */
static void write(struct shown *s)
{
	for (size_t i = 0; i < LEAVES; i++) {
		s->texts[i] = buf_of(AUDIT_CANONICAL_MAX);
		audit_canonical(&s->records[i], &s->texts[i]);
		tlog_leaf_hash(buf_bytes(&s->texts[i]), &s->leaves[i]);
		tlog_tree_add(&s->tree, &s->leaves[i]);
	}
	struct tlog_leaves all = { .count = LEAVES, .list = s->leaves };
	struct tlog_source source = tlog_source_of(&all);
	s->message = (struct vault_message){ .type = VAULT_OPEN, .visit = visit };
	for (size_t i = 0; i < VAULT_STEPS; i++) {
		CHECK(tlog_prove_inclusion(&source, LEAVES, places[i], &s->proofs[i]) == OK);
		s->message.steps[i] = (struct vault_proof){
			.record = buf_view(&s->texts[places[i]]),
			.index = places[i],
			.hashes = bytes_of(s->proofs[i].hashes, s->proofs[i].len * TLOG_HASH_LEN),
		};
	}
}

static void clear(struct shown *s)
{
	for (size_t i = 0; i < LEAVES; i++)
		buf_clear(&s->texts[i]);
}

static bool opens_at(struct shown *s, int64_t now)
{
	struct opening opening;
	return opening_of(&s->tree, &s->message, (struct wall){ now }, &opening);
}

static void two_people_and_a_beginning_open_it_for_an_hour(void **state)
{
	(void)state;
	struct shown s;
	struct opening opening;
	fill(&s);
	write(&s);
	int64_t began = s.records[OPEN_AT].at.s;
	CHECK(opening_of(&s.tree, &s.message, (struct wall){ NOW }, &opening));
	CHECK(opening.visit.n == visit.n && opening.until.s == began + OPENING_S);
	CHECK(opens_at(&s, began + OPENING_S - 1) && !opens_at(&s, began + OPENING_S));
	CHECK(!opens_at(&s, began - OPENING_SKEW_S - 1)); /* from the future */
	clear(&s);
}

/* Instead of the first looking, a third hands it out; the first two never do. */
static void a_third_person_opens_it_to_hand_it_out(void **state)
{
	(void)state;
	static const struct {
		enum role role;
		int64_t account;
		bool opens;
	} cases[] = {
		{ ROLE_CONTACTS_AUTHORISER, 13, true },
		{ ROLE_CONTACTS_AUTHORISER, 11, false }, /* who asked, in another role */
		{ ROLE_CONTACTS_AUTHORISER, 12, false }, /* who agreed */
		{ ROLE_MONITOR, 13, false },             /* in the role of who asked */
		{ ROLE_DUTY_GOVERNOR, 13, false },       /* or agreed */
		{ ROLE_FAMILY, 13, false },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct shown s;
		fill(&s);
		s.records[OPEN_AT] = step(OPEN_AT + 1, AUDIT_RECORDING_EXPORT, cases[i].role,
					  cases[i].account, AGREE_AT + 1);
		write(&s);
		CHECK(opens_at(&s, NOW) == cases[i].opens);
		clear(&s);
	}
}

static void change_account(struct audit_record *r)
{
	r->account.n = 11;
}

static void change_role(struct audit_record *r)
{
	r->role = ROLE_MONITOR;
}

static void change_visit(struct audit_record *r)
{
	r->object_id++;
}

static void change_object(struct audit_record *r)
{
	r->object = AUDIT_ON_VISIT;
}

static void change_amount(struct audit_record *r)
{
	r->amount++;
}

static void change_verb(struct audit_record *r)
{
	r->verb = AUDIT_RECORDING_REFUSE;
}

static void change_person(struct audit_record *r)
{
	r->account.n = 99;
}

static void to_family(struct audit_record *r)
{
	r->role = ROLE_FAMILY;
}

/* Each of them stands in the log: it is just not two people who agree to this. */
static void what_the_log_says_otherwise_opens_nothing(void **state)
{
	(void)state;
	static const struct {
		size_t at;
		void (*change)(struct audit_record *);
	} wrong[] = {
		{ AGREE_AT, change_account }, /* who asked agrees */
		{ AGREE_AT, change_role },    /* of the same role */
		{ AGREE_AT, change_visit },   { ASK_AT, change_visit },
		{ OPEN_AT, change_visit },    { AGREE_AT, change_object },
		{ AGREE_AT, change_amount }, /* to another request */
		{ OPEN_AT, change_amount },   { AGREE_AT, change_verb },
		{ ASK_AT, change_verb },      { OPEN_AT, change_person }, /* somebody else looks */
		{ AGREE_AT, to_family },
	};
	for (size_t i = 0; i < ARRAY_LEN(wrong); i++) {
		struct shown s;
		fill(&s);
		wrong[i].change(&s.records[wrong[i].at]);
		write(&s);
		CHECK(!opens_at(&s, NOW));
		clear(&s);
	}
}

static void what_does_not_stand_in_the_log_opens_nothing(void **state)
{
	(void)state;
	for (size_t i = 0; i < VAULT_STEPS; i++) {
		struct shown s;
		struct buf forged = buf_of(AUDIT_CANONICAL_MAX);
		uint8_t bent[TLOG_PROOF_MAX * TLOG_HASH_LEN];
		fill(&s);
		write(&s);
		struct vault_proof real = s.message.steps[i];
		s.records[places[i]].at.s++; /* a record that nobody wrote */
		audit_canonical(&s.records[places[i]], &forged);
		s.message.steps[i].record = buf_view(&forged);
		CHECK(!opens_at(&s, NOW));
		s.message.steps[i] = real;
		s.message.steps[i].index = places[i] + 1;
		CHECK(!opens_at(&s, NOW));
		s.message.steps[i].index = LEAVES + 5;
		CHECK(!opens_at(&s, NOW));
		s.message.steps[i] = real;
		memcpy(bent, real.hashes.at, real.hashes.len);
		bent[40] ^= 1;
		s.message.steps[i].hashes.at = bent;
		CHECK(!opens_at(&s, NOW));
		s.message.steps[i] = real;
		CHECK(opens_at(&s, NOW));
		struct tlog_hash more = { { 1 } };
		tlog_tree_add(&s.tree, &more); /* the proof is of another size */
		CHECK(!opens_at(&s, NOW));
		buf_clear(&forged);
		clear(&s);
	}
}

static void a_record_is_read_only_in_its_one_form(void **state)
{
	(void)state;
	struct audit_record in = step(5, AUDIT_RECORDING_AGREE, ROLE_DUTY_GOVERNOR, 12, -4), out;
	struct buf text = buf_of(AUDIT_CANONICAL_MAX);
	in.commitment[3] = 9;
	audit_canonical(&in, &text);
	CHECK(audit_read(buf_view(&text), &out));
	CHECK(out.seq == 5 && out.account.n == 12 && out.amount == -4 && out.commitment[3] == 9);
	CHECK(out.role == in.role && out.verb == in.verb && strcmp(out.prison.text, "WWI") == 0);
	for (size_t cut = 0; cut < text.len; cut++)
		CHECK(!audit_read(str_of((const char *)text.at, cut), &out));
	for (size_t i = 0; i < text.len; i++) {
		text.at[i] ^= 1;
		struct audit_record other = { 0 };
		if (audit_read(buf_view(&text), &other)) {
			struct buf again = buf_of(AUDIT_CANONICAL_MAX);
			audit_canonical(&other, &again);
			CHECK(str_equal(buf_view(&again), buf_view(&text)));
			buf_clear(&again);
		}
		text.at[i] ^= 1;
	}
	buf_char(&text, '\n');
	CHECK(!audit_read(buf_view(&text), &out));
	buf_clear(&text);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(two_people_and_a_beginning_open_it_for_an_hour),
		TEST(a_third_person_opens_it_to_hand_it_out),
		TEST(what_the_log_says_otherwise_opens_nothing),
		TEST(what_does_not_stand_in_the_log_opens_nothing),
		TEST(a_record_is_read_only_in_its_one_form),
	};
	return RUN("programs/opening", tests);
}
