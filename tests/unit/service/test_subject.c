#include "tests/store/recorded.h"

#include <stdlib.h>

#include "base/assert.h"
#include "service/booking.h"
#include "service/playback.h"
#include "service/register.h"
#include "service/safeguard.h"
#include "service/staff.h"
#include "service/subject.h"
#include "store/query.h"

static const struct subject_section *section(const struct subject_view *v, const char *name)
{
	for (size_t i = 0; i < v->data.count; i++)
		if (strcmp(v->data.sections[i].name, name) == 0)
			return &v->data.sections[i];
	abort(); /* a test that names a section which is none */
}

static struct subject account_of(const struct actor *actor)
{
	return (struct subject){ SUBJECT_ACCOUNT, actor->account.n };
}

static int64_t count(struct estate *e, const char *sql, int64_t id)
{
	int64_t n = -1;
	struct query q = query_of(e->service.store, sql);
	query_int(&q, id);
	if (query_row(&q))
		n = query_column(&q, 0);
	CHECK(query_end(&q) == OK);
	return n;
}

static void change(struct estate *e, const char *sql, int64_t id)
{
	struct query q = query_of(e->service.store, sql);
	query_int(&q, id);
	CHECK(query_end(&q) == OK);
}

/* They stood by for a visit, and were not needed. */
static void stand_by(struct kept *k, struct actor family)
{
	change(
	    &k->e,
	    "INSERT INTO waiting (id, booker, prisoner, kind, cause, deadline, minutes, asked_at, "
	    "state, reference, earlier, from_minute, until_minute, automatic, short_notice) "
	    "SELECT 7, ?1, prisoner, 'SOCIAL', 'NONE', 0, 30, 1000, 'WAITING', '', 0, 0, 1440, 0, "
	    "1 "
	    "FROM visit WHERE booker = ?1 LIMIT 1",
	    family.account.n);
	change(&k->e,
	       "INSERT INTO standby (id, waiting, booker, prisoner, prison, start_at, end_at, "
	       "asked_at, answer_until, state, ended_at) SELECT 8, id, booker, prisoner, 'WWI', "
	       "300000, 303600, 2000, 3000, 'NOT_NEEDED', 300600 FROM waiting WHERE booker = ?1",
	       family.account.n);
}

static void a_person_gets_a_copy_of_everything_and_that_is_a_leaf(void **state)
{
	(void)state;
	struct kept k;
	struct subject_view v;
	keep(&k);
	struct actor family = estate_family(&k.e, "amina@family.example");
	stand_by(&k, family);
	int64_t leaves = estate_leaves(&k.e);
	CHECK(subject_find(&k.e.service, &family, &k.e.arena, account_of(&family), &v) == OK);
	CHECK(estate_leaves(&k.e) == leaves);
	CHECK(subject_copy(&k.e.service, &family, &k.e.arena, account_of(&family), &v) == OK);
	CHECK(estate_leaves(&k.e) == leaves + 1);
	CHECK(str_is(section(&v, "account")->rows[0][0].text, "amina@family.example"));
	CHECK(
	    section(&v, "people")->count ==
	    (size_t)count(&k.e, "SELECT COUNT(*) FROM person WHERE booker = ?1", family.account.n));
	CHECK(
	    section(&v, "visits")->count ==
	    (size_t)count(&k.e, "SELECT COUNT(*) FROM visit WHERE booker = ?1", family.account.n));
	CHECK(section(&v, "recordings")->count == 1 && section(&v, "log")->count > 0);
	assert_int_equal(section(&v, "standbys")->count, 1);
	CHECK(str_is(section(&v, "standbys")->rows[0][4].text, "NOT_NEEDED"));
	/* Another's are not theirs, and staff of a prison have no business there. */
	struct actor other = estate_family(&k.e, "ben@family.example");
	CHECK(subject_find(&k.e.service, &other, &k.e.arena, account_of(&family), &v) ==
	      ERR_DENIED);
	CHECK(subject_find(&k.e.service, &k.governor, &k.e.arena, account_of(&family), &v) ==
	      ERR_DENIED);
	estate_close(&k.e);
}

static void a_prisons_administrator_answers_for_its_prisoners_alone(void **state)
{
	(void)state;
	struct kept k;
	struct subject_view v;
	struct subject found;
	keep(&k);
	struct actor admin = estate_staff(&k.e, ROLE_PRISON_ADMIN, "WWI");
	struct actor elsewhere = estate_staff(&k.e, ROLE_PRISON_ADMIN, "MDI");
	struct actor hq = estate_staff(&k.e, ROLE_HQ_ADMIN, NULL);
	struct str number = str_from(k.visit.prisoner_number.text);
	stand_by(&k, estate_family(&k.e, "amina@family.example"));
	CHECK(subject_search(&k.e.service, &admin, &k.e.arena, number, &found) == OK);
	CHECK(found.kind == SUBJECT_PRISONER && found.id == k.visit.prisoner.n);
	CHECK(subject_search(&k.e.service, &elsewhere, &k.e.arena, number, &found) ==
	      ERR_NOT_FOUND);
	CHECK(subject_search(&k.e.service, &admin, &k.e.arena, STR("amina@family.example"),
			     &found) == ERR_NOT_FOUND);
	CHECK(subject_search(&k.e.service, &hq, &k.e.arena, STR("Amina@Family.example "), &found) ==
		  OK &&
	      found.kind == SUBJECT_ACCOUNT);
	found = (struct subject){ SUBJECT_PRISONER, k.visit.prisoner.n };
	CHECK(subject_find(&k.e.service, &admin, &k.e.arena, found, &v) == OK);
	CHECK(str_is(section(&v, "prisoner")->rows[0][0].text, k.visit.prisoner_number.text));
	CHECK(section(&v, "visits")->count > 0 && section(&v, "contacts")->count > 0);
	CHECK(section(&v, "standbys")->count == 1);
	for (unsigned role = 0; role < ROLE_COUNT; role++) {
		struct actor actor = k.clerk;
		actor.role = (enum role)role;
		if (role == ROLE_HQ_ADMIN || role == ROLE_PRISON_ADMIN)
			continue;
		CHECK(subject_find(&k.e.service, &actor, &k.e.arena, found, &v) == ERR_DENIED);
		CHECK(subject_search(&k.e.service, &actor, &k.e.arena, number, &found) ==
		      ERR_DENIED);
	}
	estate_close(&k.e);
}

/* Asked, agreed to and begun to be looked at. */
static void look_at_recording(struct kept *k)
{
	enum playback_answer answer;
	struct recording_view view;
	struct service *service = &k->e.service;
	CHECK(recording_ask(service, &k->monitor, k->visit.reference, STR("An incident, reported."),
			    &answer) == OK);
	CHECK(recording_find(service, &k->monitor, &k->e.arena, k->visit.reference, &view) == OK);
	struct access_id id = view.accesses.list[0].id;
	CHECK(recording_decide(service, &k->governor, id, true, STR("Necessary for it."),
			       &answer) == OK);
	CHECK(recording_open(service, &k->monitor, id, STR("token"), &answer) == OK &&
	      answer == PLAYBACK_OK);
}

static bool told(struct kept *k, const struct actor *actor, struct subject subject,
		 const char *what)
{
	struct subject_view v;
	CHECK(subject_find(&k->e.service, actor, &k->e.arena, subject, &v) == OK);
	for (size_t i = 0; i < v.looks.count; i++)
		if (strcmp(audit_verb_name(v.looks.list[i].what), what) == 0)
			return true;
	return false;
}

/* Nothing is ahead and nothing is kept. */
static void let_go(struct kept *k, int64_t account)
{
	change(&k->e,
	       "UPDATE visit SET state = 'CANCELLED', ended_at = 1, end_kind = "
	       "'CANCELLED_BY_BOOKER' WHERE booker = ?1 AND ended_at = 0",
	       account);
	change(&k->e,
	       "UPDATE recording SET erased_at = 1 WHERE visit IN (SELECT id FROM visit WHERE "
	       "booker = ?1)",
	       account);
}

static enum err hand_out(struct kept *k, const struct actor *actor, struct subject subject,
			 enum copy_recipient recipient, const char *name)
{
	struct copy_new new = { .recipient = recipient,
				.recipient_name = str_from(name),
				.format = COPY_JSON,
				.rows = 3,
				.bytes = 100,
				.hash = { 0xab } };
	return subject_hand_out(&k->e.service, actor, &k->e.arena, subject, &new);
}

static void who_got_a_copy_stands_in_the_register(void **state)
{
	(void)state;
	static const struct prison_code WWI = { "WWI" }, MDI = { "MDI" };
	struct kept k;
	struct disclosures d = { 0 };
	struct subject_view v;
	keep(&k);
	struct service *service = &k.e.service;
	struct actor admin = estate_staff(&k.e, ROLE_PRISON_ADMIN, "WWI");
	struct actor elsewhere = estate_staff(&k.e, ROLE_PRISON_ADMIN, "MDI");
	struct actor hq = estate_staff(&k.e, ROLE_HQ_ADMIN, NULL);
	struct actor inspector = estate_staff(&k.e, ROLE_INSPECTOR, NULL);
	struct actor family = estate_family(&k.e, "amina@family.example");
	struct subject prisoner = { SUBJECT_PRISONER, k.visit.prisoner.n },
		       visitor = account_of(&family);
	char longest[COPY_NAME_MAX + 2] = "";
	memset(longest, 'x', COPY_NAME_MAX + 1);
	int64_t leaves = estate_leaves(&k.e);
	/* Who may not, and names that cannot be. */
	CHECK(subject_copy(service, &admin, &k.e.arena, prisoner, &v) == ERR_DENIED);
	CHECK(hand_out(&k, &k.clerk, prisoner, COPY_FOR_COURT, "The court") == ERR_DENIED);
	CHECK(hand_out(&k, &family, visitor, COPY_FOR_THEMSELVES, "") == ERR_DENIED);
	CHECK(hand_out(&k, &elsewhere, prisoner, COPY_FOR_COURT, "The court") == ERR_NOT_FOUND);
	CHECK(hand_out(&k, &admin, visitor, COPY_FOR_COURT, "The court") == ERR_DENIED);
	CHECK(hand_out(&k, &admin, prisoner, COPY_FOR_COURT, " ") == ERR_BAD);
	CHECK(hand_out(&k, &admin, prisoner, COPY_FOR_THEMSELVES, "Daniel") == ERR_BAD);
	CHECK(hand_out(&k, &admin, prisoner, COPY_FOR_COURT, longest) == ERR_BAD);
	CHECK(hand_out(&k, &admin, prisoner, COPY_FOR_COURT, "\xff") == ERR_BAD);
	CHECK(hand_out(&k, &admin, prisoner, COPY_RECIPIENT_COUNT, "The court") == ERR_BAD);
	assert_int_equal(estate_leaves(&k.e), leaves);
	longest[COPY_NAME_MAX] = '\0';
	CHECK(hand_out(&k, &admin, prisoner, COPY_FOR_REPRESENTATIVE, longest) == OK);
	assert_int_equal(estate_leaves(&k.e), leaves + 1);
	CHECK(hand_out(&k, &hq, visitor, COPY_FOR_THEMSELVES, "") == OK);
	/* The prison's is in its register, the visitor's in an inspector's; each reading is a leaf. */
	CHECK(disclosures_register(service, &k.governor, &k.e.arena, WWI, &d) == OK);
	assert_int_equal(estate_leaves(&k.e), leaves + 3);
	CHECK(d.exports.count == 0 && d.copies.count == 1);
	const struct data_copy *c = &d.copies.list[0];
	CHECK(c->subject.kind == SUBJECT_PRISONER && c->subject.id == prisoner.id);
	CHECK(str_is(c->number, k.visit.prisoner_number.text) &&
	      str_is(c->recipient_name, longest));
	CHECK(c->recipient == COPY_FOR_REPRESENTATIVE && c->format == COPY_JSON && c->bytes == 100);
	CHECK(c->hash[0] == 0xab && c->by.n == admin.account.n && c->as == ROLE_PRISON_ADMIN);
	CHECK(c->at.s == service->now.s && c->seq == leaves + 1);
	CHECK(disclosures_register(service, &inspector, &k.e.arena, WWI, &d) == OK);
	assert_int_equal(d.copies.count, 2);
	CHECK(disclosures_register(service, &inspector, &k.e.arena, MDI, &d) == OK);
	CHECK(d.copies.count == 1 && d.copies.list[0].subject.id == visitor.id &&
	      str_is(d.copies.list[0].name, "Amina Okoro"));
	CHECK(disclosures_register(service, &hq, &k.e.arena, WWI, &d) == ERR_DENIED);
	/* Once a visitor is erased the row says neither who it was nor who got it. */
	CHECK(hand_out(&k, &hq, visitor, COPY_FOR_SOLICITOR, "Hale Zebra") == OK);
	enum erasure answer;
	int64_t seq;
	let_go(&k, visitor.id);
	CHECK(account_erase(service, &family, family.account, &answer, &seq) == OK);
	assert_int_equal(answer, ERASURE_OK);
	CHECK(disclosures_register(service, &inspector, &k.e.arena, MDI, &d) == OK);
	assert_int_equal(d.copies.count, 2);
	for (size_t i = 0; i < d.copies.count; i++)
		CHECK(str_is(d.copies.list[i].name, "–") &&
		      !str_is(d.copies.list[i].recipient_name, "Hale Zebra"));
	estate_close(&k.e);
}

static void every_recipient_and_format_has_a_name(void **state)
{
	(void)state;
	enum copy_recipient recipient;
	enum copy_format format;
	for (unsigned i = 0; i < COPY_RECIPIENT_COUNT; i++)
		CHECK(copy_recipient_of(str_from(copy_recipient_name(i)), &recipient) &&
		      recipient == i);
	for (unsigned i = 0; i < COPY_FORMAT_COUNT; i++)
		CHECK(copy_format_of(str_from(copy_format_name(i)), &format) && format == i);
	CHECK(!copy_recipient_of(STR("NEIGHBOUR"), &recipient) &&
	      !copy_format_of(STR(""), &format));
}

static void who_looked_is_told_when_nobody_is_warned_by_it(void **state)
{
	(void)state;
	struct kept k;
	keep(&k);
	struct actor family = estate_family(&k.e, "amina@family.example");
	struct actor hq = estate_staff(&k.e, ROLE_HQ_ADMIN, NULL);
	struct subject own = account_of(&family),
		       prisoner = { SUBJECT_PRISONER, k.visit.prisoner.n };
	struct subject_view v;
	look_at_recording(&k);
	CHECK(!told(&k, &family, own, "recording.open"));
	CHECK(told(&k, &hq, own, "recording.open") && told(&k, &hq, prisoner, "recording.open"));
	k.e.service.now.s += 28 * 86400 + 1;
	CHECK(told(&k, &family, own, "recording.open"));
	CHECK(!told(&k, &family, own, "data.copy"));
	CHECK(hand_out(&k, &hq, own, COPY_FOR_COURT, "The court") == OK);
	CHECK(told(&k, &family, own, "data.copy"));
	CHECK(!told(&k, &family, own, "data.look"));
	int64_t leaves = estate_leaves(&k.e);
	CHECK(subject_look(&k.e.service, &hq, &k.e.arena, own, &v) == OK);
	CHECK(estate_leaves(&k.e) == leaves + 1 && told(&k, &family, own, "data.look"));
	estate_close(&k.e);
}

static void what_stands_in_the_way_of_forgetting(void **state)
{
	(void)state;
	static const struct {
		struct erasure_facts facts;
		enum erasure answer;
	} cases[] = {
		{ { 0 }, ERASURE_OK },
		{ { .visits = 1, .waiting = 1 }, ERASURE_VISITS },
		{ { .waiting = 1, .recordings = 1 }, ERASURE_WAITS },
		{ { .recordings = 1 }, ERASURE_KEPT },
		{ { .incidents = 1 }, ERASURE_KEPT },
		{ { .restrictions = 1 }, ERASURE_KEPT },
		{ { .professional = 1 }, ERASURE_KEPT },
		{ { .staff = 1 }, ERASURE_KEPT },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		CHECK(erasure_allowed(&cases[i].facts) == cases[i].answer);
}

static void a_person_is_forgotten_and_the_books_stay(void **state)
{
	(void)state;
	struct kept k;
	enum erasure answer;
	int64_t seq = 0, leaves;
	keep(&k);
	struct actor family = estate_family(&k.e, "amina@family.example");
	struct actor ben = estate_family(&k.e, "ben@family.example");
	int64_t id = family.account.n;
	struct session_started session;
	CHECK(account_session_start(&k.e.service, family.account, &session) == OK);
	leaves = estate_leaves(&k.e);
	CHECK(account_erase(&k.e.service, &ben, family.account, &answer, &seq) == ERR_DENIED);
	CHECK(account_erase(&k.e.service, &family, family.account, &answer, &seq) == OK);
	CHECK(answer == ERASURE_VISITS && estate_leaves(&k.e) == leaves);
	let_go(&k, id);
	int64_t visits = count(&k.e, "SELECT COUNT(*) FROM visit WHERE booker = ?1", id);
	int64_t ledger = count(&k.e, "SELECT COUNT(*) FROM ledger_entry WHERE prisoner <> ?1", id);
	CHECK(account_erase(&k.e.service, &family, family.account, &answer, &seq) == OK);
	CHECK(answer == ERASURE_OK && estate_leaves(&k.e) == leaves + 1 && seq == leaves + 1);
	CHECK(count(&k.e,
		    "SELECT COUNT(*) FROM account WHERE id = ?1 AND (name LIKE '%Amina%' OR email "
		    "LIKE '%family.example')",
		    id) == 0);
	CHECK(count(&k.e, "SELECT COUNT(*) FROM person WHERE booker = ?1 AND name <> '–'", id) ==
	      0);
	CHECK(count(&k.e,
		    "SELECT COUNT(*) FROM identity_picture i JOIN person p ON p.id = i.person "
		    "WHERE p.booker = ?1",
		    id) == 0);
	CHECK(count(&k.e, "SELECT COUNT(*) FROM web_session WHERE account = ?1", id) == 0);
	CHECK(count(&k.e, "SELECT COUNT(*) FROM message WHERE account = ?1", id) == 0);
	CHECK(count(&k.e, "SELECT COUNT(*) FROM visit WHERE booker = ?1", id) == visits);
	CHECK(count(&k.e, "SELECT COUNT(*) FROM ledger_entry WHERE prisoner <> ?1", id) == ledger);
	/* Somebody else's stay, and the address can have an account again. */
	CHECK(count(&k.e, "SELECT COUNT(*) FROM account WHERE id = ?1 AND name <> '–'",
		    ben.account.n) == 1);
	struct account_id again;
	CHECK(account_create(&k.e.service,
			     &(struct account_new){ .email = STR("amina@family.example"),
						    .name = STR("Amina Again"),
						    .password_hash = STR("$argon2id$none") },
			     &again) == OK &&
	      again.n != 0 && again.n != id);
	/* Its proof is about that leaf and no other. */
	struct audit_record record;
	struct buf receipt = buf_of(16 << 10);
	CHECK(erasure_receipt(&k.e.service, seq, &record, &receipt) == ERR_AGAIN);
	CHECK(record.object_id == id && record.amount > 5);
	CHECK(erasure_receipt(&k.e.service, seq - 1, &record, &receipt) == ERR_NOT_FOUND);
	buf_clear(&receipt);
	estate_close(&k.e);
}

static void when_a_prisoner_may_be_forgotten(void **state)
{
	(void)state;
	static const struct {
		struct prisoner_erasure_facts facts;
		enum erasure answer;
	} cases[] = {
		{ { .released = { 1000 } }, ERASURE_OK },
		{ { .released = { 1001 } }, ERASURE_KEPT }, /* a second too early */
		{ { .released = { 0 } }, ERASURE_KEPT },    /* is in prison */
		{ { .released = { 1000 }, .visits = 1, .recordings = 1 }, ERASURE_VISITS },
		{ { .released = { 1000 }, .recordings = 1 }, ERASURE_KEPT },
		{ { .released = { 1000 }, .incidents = 1 }, ERASURE_KEPT },
		{ { .released = { 1000 }, .restrictions = 1 }, ERASURE_KEPT },
		{ { .released = { 1000 }, .authorisations = 1 }, ERASURE_KEPT },
	};
	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		CHECK(prisoner_erasure_allowed(&cases[i].facts, 10,
					       (struct wall){ 1000 + 10 * 86400 }) ==
		      cases[i].answer);
}

/* Words about him, each with a mark, wherever staff, a family or he himself write any. */
static const char *const WORDS_ABOUT[] = {
	"INSERT INTO restriction (id, on_whom, code, prison, prisoner, visitor_name, visitor_born, "
	"from_day, comment, authorised_by, made_at, ended_at, end_reason) VALUES (1, 'PAIR', "
	"'BAN', "
	"'WWI', ?1, 'Zebra', 1, 0, 'Zebra', 'Zebra', 1, 2, 'Zebra')",
	"INSERT INTO non_association (id, a, b, reason, scope, comment, made_at, ended_at, "
	"end_reason) SELECT 1, MIN(id), MAX(id), 'THREAT', 'WING', 'Zebra', 1, 0, '' FROM prisoner "
	"WHERE id = ?1 OR number = 'A2345CD'",
	"INSERT INTO non_association_day (a, b, prison, day, holder, visits) SELECT a, b, 'WWI', "
	"1, "
	"?1, 1 FROM non_association",
	"INSERT INTO prisoner_pin (prisoner, pin_hash, set_at, failures, failed_at) VALUES (?1, "
	"'Zebra', 1, 0, 0)",
	"INSERT INTO prisoner_session (token, prisoner, terminal, seen, expires) SELECT "
	"commitment, "
	"?1, (SELECT MIN(id) FROM terminal), 1, 2 FROM audit_leaf ORDER BY seq LIMIT 1",
	"INSERT INTO visit_ask (id, prisoner, person, state, asked_at, lapses_at, reason, "
	"decided_at) "
	"SELECT 1, ?1, MIN(id), 'REFUSED', 1, 2, 'Zebra', 3 FROM person",
	"UPDATE contact SET relationship = 'Zebra' WHERE prisoner = ?1",
	"INSERT INTO adjustment (id, contact, kind, words, state, minutes, asked_at, decided_at, "
	"reason) SELECT 1, MIN(id), 'OTHER', 'Zebra', 'ASKED', 0, 1, 0, '' FROM contact WHERE "
	"prisoner = ?1",
	"INSERT INTO child_decision (seq, prisoner, child, level, decided_on, review_on, reason) "
	"SELECT 1, ?1, MIN(id), 'REFUSED', 1, 2, 'Zebra' FROM person",
	"INSERT INTO regime_event (id, prisoner, code, from_at, to_at, made_at, removed_at) VALUES "
	"(1, "
	"?1, 'MEDE', 1, 2, 1, 0)",
	"INSERT INTO hint (id, visit, kind, seat, what, made_at, answer, answered_at) SELECT 1, "
	"id, "
	"kind, 0, 'NOBODY', 1, '', 0 FROM visit WHERE prisoner = ?1 AND kind = 'SOCIAL' ORDER BY "
	"id "
	"LIMIT 1",
	"INSERT INTO visit_request (visit, deadline, outcome, reason, decided_at) SELECT id, 1, "
	"'REJECTED', 'Zebra', 2 FROM visit WHERE prisoner = ?1 ORDER BY id LIMIT 1",
	"INSERT INTO visit_review (id, visit, event, issue, opened_at, due_at, state, reason, "
	"decided_at) SELECT 1, id, 'POLICY_CHANGED', 'PARTY', 1, 2, 'UNFLAGGED', 'Zebra', 3 FROM "
	"visit WHERE prisoner = ?1 ORDER BY id LIMIT 1",
	"INSERT INTO contact_ask (id, prisoner, name, relationship, state, asked_at, reason, "
	"decided_at) VALUES (1, ?1, 'Zebra', 'FRIEND', 'OPEN', 1, '', 0)",
	"INSERT INTO listed_contact (id, prisoner, name, born, relationship, approved, changed_at) "
	"VALUES (1, ?1, 'Zebra', 1, 'FRIEND', 1, 1)",
	"INSERT INTO prisoner_alias (number, prisoner, at) VALUES ('Z9999ZZ', ?1, 1)",
	"INSERT INTO incident (id, visit, type, severity, evidence, seen_at, opened_at, opened_by, "
	"outcome, counts_pause, charged_minutes, follow_up, told, told_prisoner, decided_at, "
	"decided_by) SELECT 1, id, 'OTHER', 'LOW', 'Zebra', 1, 1, booker, 'NONE', 0, 0, 'Zebra', "
	"'Zebra', 'Zebra', 2, booker FROM visit WHERE prisoner = ?1 ORDER BY id LIMIT 1",
	"INSERT INTO incident_appeal (incident, appellant, against, state, words, asked_at, "
	"reason, decided_at, decided_by) SELECT 1, 'PRISONER', booker, 'REFUSED', 'Zebra', 3, "
	"'Zebra', 4, (SELECT MAX(id) FROM account WHERE id <> v.booker) FROM visit v WHERE "
	"prisoner = ?1 ORDER BY id LIMIT 1",
	"INSERT INTO monitoring_authorisation (id, prison, prisoner, necessity, proportionality, "
	"requested_at, requested_by, until_at, review_at, state, reason, decided_at, decided_by) "
	"SELECT 1, 'WWI', ?1, 'Zebra, and nineteen more', 'Zebra, and nineteen more', 1, MIN(id), "
	"100, 50, 'GRANTED', 'Zebra', 2, MAX(id) FROM account",
	"UPDATE visit SET end_reason = 'Zebra' WHERE prisoner = ?1",
	"UPDATE visit_visitor SET refused_reason = 'Zebra' WHERE admitted_at = 0 AND visit IN "
	"(SELECT id FROM visit WHERE prisoner = ?1)",
	"INSERT INTO visit_outcome (visit, outcome, words, said_at, said_by) SELECT id, 'HELD', "
	"'Zebra', 1, booker FROM visit WHERE prisoner = ?1",
	"INSERT INTO not_produced (visit, cause, words, noted_at, noted_by) SELECT id, 'OTHER', "
	"'Zebra', 1, booker FROM visit WHERE prisoner = ?1",
	"INSERT INTO visit_act (id, seq, visit, kind, act, side, amount, words, words_cy, at, "
	"by_account) SELECT 1, 1, id, kind, 'WARN', '', 0, 'Zebra', 'Zebra', 1, booker FROM visit "
	"WHERE prisoner = ?1 AND kind = 'SOCIAL' ORDER BY id LIMIT 1",
	"INSERT INTO monitoring (id, visit, kind, officer, purpose, purpose_id, words, at, told, "
	"left_at) SELECT 1, id, kind, booker, 'SAMPLE', 0, 'Zebra, and more', 1, '', 2 FROM visit "
	"WHERE prisoner = ?1 AND kind = 'SOCIAL' ORDER BY id LIMIT 1",
	"INSERT INTO watch_assignment (id, visit, kind, officer, assigned_by, reason, at, "
	"ended_at) "
	"SELECT 1, id, kind, booker, (SELECT MAX(id) FROM account WHERE id <> v.booker), 'Zebra', "
	"1, "
	"2 FROM visit v WHERE prisoner = ?1 AND kind = 'SOCIAL' ORDER BY id LIMIT 1",
	"INSERT INTO recording_access (id, visit, state, asked_by, asked_as, reason, asked_at, "
	"ask_seq, decided_as, decided_reason, decided_at, decide_seq, opened_at, open_seq, "
	"session) "
	"SELECT 1, r.visit, 'ASKED', v.booker, 'MONITOR', 'Zebra, and more', 1, 1, '', 'Zebra', 0, "
	"0, "
	"0, 0, '' FROM recording r JOIN visit v ON v.id = r.visit WHERE v.prisoner = ?1",
	"INSERT INTO recording_export (id, access, recipient, reason, exported_by, exported_as, "
	"exported_at, export_seq, session) SELECT 1, 1, 'The court', 'Zebra, and more', v.booker, "
	"'MONITOR', 1, 1, '' FROM visit v WHERE v.prisoner = ?1 ORDER BY v.id LIMIT 1",
	"INSERT INTO legal_hold (id, visit, state, matter, reason, asked_by, asked_as, asked_at, "
	"review_at, decided_as, decided_reason, decided_at, reviewed_reason, reviewed_at, "
	"ended_at) "
	"SELECT 1, r.visit, 'ASKED', 'Zebra', 'Zebra, and more', v.booker, 'MONITOR', 1, 2, '', "
	"'', 0, "
	"'Zebra', 0, 0 FROM recording r JOIN visit v ON v.id = r.visit WHERE v.prisoner = ?1",
	"INSERT INTO data_copy (id, prisoner, prison, recipient, recipient_name, format, bytes, "
	"hash, made_by, made_as, made_at, copy_seq) SELECT 1, ?1, 'WWI', 'SOLICITOR', 'Zebra', "
	"'JSON', 1, commitment, (SELECT MIN(id) FROM account), 'HQ_ADMIN', 1, 1 FROM audit_leaf "
	"ORDER BY seq LIMIT 1",
	"INSERT INTO custody (prisoner, status, since, vo_day, pvo_day, run_day) VALUES (?1, "
	"'RELEASED', 1795824000, 0, 0, 0) ON CONFLICT (prisoner) DO UPDATE SET status = "
	"'RELEASED', since = 1795824000",
};
static const int64_t RELEASED_S = 1795824000; /* 28 November 2026 */

/* How a table is asked for one of these, where it says it; NULL: none of all tables does. */
static const char *table_that_says(struct estate *e, const char *a, const char *b, const char *c)
{
	static const char SQLITE[] =
	    "SELECT 'SELECT COUNT(*) FROM ' || m.name || ' WHERE ' || GROUP_CONCAT(p.name || ' "
	    "LIKE "
	    "?1 OR ' || p.name || ' LIKE ?2 OR ' || p.name || ' LIKE ?3', ' OR ') FROM "
	    "sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table' AND p.type = "
	    "'TEXT' AND m.name NOT LIKE 'sqlite_%' GROUP BY m.name";
	static const char POSTGRES[] =
	    "SELECT CAST('SELECT COUNT(*) FROM ' || table_name || ' WHERE ' || "
	    "STRING_AGG(column_name "
	    "|| ' LIKE ?1 OR ' || column_name || ' LIKE ?2 OR ' || column_name || ' LIKE ?3', ' OR "
	    "') AS TEXT) FROM information_schema.columns WHERE table_schema = current_schema() AND "
	    "data_type = 'text' GROUP BY table_name";
	const char *sql[200];
	size_t tables = 0;
	const char *found = NULL;
	struct query list = query_of(e->service.store, on_postgres() ? POSTGRES : SQLITE);
	while (query_row(&list) && tables < ARRAY_LEN(sql))
		sql[tables++] = arena_text(&e->arena, query_column_peek(&list, 0));
	CHECK(query_end(&list) == OK && tables > 50);
	for (size_t i = 0; i < tables; i++) {
		struct query q = query_of(e->service.store, sql[i]);
		query_text(&q, a);
		query_text(&q, b);
		query_text(&q, c);
		if (query_row(&q) && query_column(&q, 0) > 0)
			found = sql[i];
		CHECK(query_end(&q) == OK);
	}
	return found;
}

/* Everybody whose time is over, as the service does it each day. */
static void forget_all_due(struct estate *e)
{
	struct prisoner_id after = { 0 };
	do
		CHECK(prisoner_erase_due(&e->service, &SYSTEM_ACTOR, &after) == OK);
	while (after.n != 0);
}

static void who_was_released_long_ago_is_forgotten(void **state)
{
	(void)state;
	static const char OF_HIM[] = "SELECT COUNT(*) FROM visit WHERE prisoner = ?1";
	static const char LEDGER[] = "SELECT COUNT(*) FROM ledger_entry WHERE prisoner = ?1";
	/* Rows without a word of theirs, which say what they did, or let the log be read. */
	static const char TRACES[] =
	    "SELECT (SELECT COUNT(*) FROM prisoner_session WHERE prisoner = ?1) + (SELECT COUNT(*) "
	    "FROM regime_event WHERE prisoner = ?1) + (SELECT COUNT(*) FROM hint h JOIN visit v ON "
	    "v.id = h.visit WHERE v.prisoner = ?1) + (SELECT COUNT(*) FROM non_association_day "
	    "WHERE "
	    "holder = ?1) + (SELECT COUNT(*) FROM audit_salt s JOIN audit_leaf l ON l.seq = s.seq "
	    "WHERE l.object = 'alert' OR (l.object = 'visit' AND l.object_id IN (SELECT id FROM "
	    "visit WHERE prisoner = ?1)))";
	static const char KNOWN[] =
	    "SELECT COUNT(*) FROM prisoner WHERE id = ?1 AND forgotten_at = 0 AND name <> '–'";
	struct kept k;
	struct retention clocks;
	keep(&k);
	struct service *service = &k.e.service;
	int64_t id = k.visit.prisoner.n, merged = 4711;
	struct alert_id alert_id;
	struct alert_new alert = { .prisoner = k.visit.prisoner,
				   .from = local_date(service->now),
				   .comment = STR("Zebra") };
	CHECK(alert_code_of(STR("RSP"), &alert.code)); /* with a leaf, and a salt to its words */
	CHECK(alert_add(service, &k.governor, &alert, &alert_id) == OK);
	for (size_t i = 0; i < ARRAY_LEN(WORDS_ABOUT); i++)
		change(&k.e, WORDS_ABOUT[i], id);
	change(&k.e,
	       "INSERT INTO prisoner (id, number, name, born, prison, wing, language) SELECT 4711, "
	       "'Z1111ZZ', 'Zebra', 1, 'WWI', '', language FROM prisoner WHERE id = ?1",
	       id);
	change(
	    &k.e,
	    "INSERT INTO custody (prisoner, status, since, merged_into, vo_day, pvo_day, run_day) "
	    "VALUES (4711, 'MERGED', 1, ?1, 0, 0, 0)",
	    id);
	int64_t visits = count(&k.e, OF_HIM, id), ledger = count(&k.e, LEDGER, id);
	CHECK(table_that_says(&k.e, "%Zebra%", "%Daniel%", "%A1234BC%") != NULL);
	assert_int_equal(count(&k.e, TRACES, id), 5);

	service->now.s = RELEASED_S + 2190 * 86400 - 1; /* not yet */
	forget_all_due(&k.e);
	CHECK(count(&k.e, KNOWN, id) == 1);
	service->now.s = RELEASED_S + 2190 * 86400; /* a visit is booked, and a recording kept */
	forget_all_due(&k.e);
	CHECK(count(&k.e, KNOWN, id) == 1);
	CHECK(retention_find(service, &k.governor, (struct prison_code){ 0 }, &clocks) == OK);
	for (size_t i = 0; i < clocks.count; i++)
		if (strcmp(clocks.kinds[i].name, "prisoners") == 0)
			CHECK(clocks.kinds[i].days == 2190 && clocks.kinds[i].overdue == 1);

	let_go(&k, k.visit.booker.n);
	change(&k.e, "UPDATE restriction SET ended_at = 0, end_reason = '' WHERE prisoner = ?1",
	       id);
	forget_all_due(&k.e); /* a ban stands */
	CHECK(count(&k.e, KNOWN, id) == 1);
	change(&k.e,
	       "UPDATE restriction SET ended_at = 2, end_reason = 'Zebra' WHERE prisoner = ?1", id);
	int64_t leaves = estate_leaves(&k.e);
	struct actor governor = k.governor;
	struct prisoner_id after = { 0 };
	CHECK(prisoner_erase_due(service, &governor, &after) == ERR_DENIED);
	forget_all_due(&k.e);
	CHECK(count(&k.e, KNOWN, id) == 0 && count(&k.e, KNOWN, merged) == 0);
	CHECK(estate_leaves(&k.e) == leaves + 1);
	const char *still = table_that_says(&k.e, "%Zebra%", "%Daniel%", "%A1234BC%");
	if (still == NULL)
		still = table_that_says(&k.e, "Z9999ZZ", "Z1111ZZ", "Z1111ZZ");
	if (still != NULL)
		fail_msg("who it was still stands: %s", still);
	CHECK(count(&k.e, TRACES, id) == 0);
	CHECK(count(&k.e, OF_HIM, id) == visits && count(&k.e, LEDGER, id) == ledger);
	CHECK(count(&k.e, "SELECT COUNT(*) FROM prisoner WHERE forgotten_at <> 0 AND id <> ?1",
		    id) == 1);
	forget_all_due(&k.e); /* once */
	CHECK(estate_leaves(&k.e) == leaves + 1);
	estate_close(&k.e);
}

/* A table that is added is added to a kind that the page of clocks shows. */
static void every_table_belongs_to_a_kind_of_data(void **state)
{
	static const char SQLITE[] =
	    "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%'";
	static const char POSTGRES[] = "SELECT CAST(table_name AS TEXT) FROM "
				       "information_schema.tables WHERE table_schema = "
				       "current_schema()";
	(void)state;
	struct estate e;
	size_t seen = 0;
	estate_open(&e);
	struct query q = query_of(e.service.store, on_postgres() ? POSTGRES : SQLITE);
	for (; query_row(&q); seen++) {
		struct str table = query_column_str(&q, &e.arena, 0);
		if (!retention_knows(table))
			fail_msg("whose data stands in %.*s? (store/retention.c)", STR_FMT(table));
	}
	CHECK(query_end(&q) == OK && seen > 80);
	CHECK(!retention_knows(STR("diary")));
	estate_close(&e);
}

static void every_kind_of_data_has_a_clock(void **state)
{
	(void)state;
	struct kept k;
	struct retention found;
	keep(&k);
	CHECK(retention_find(&k.e.service, &k.governor, (struct prison_code){ 0 }, &found) == OK);
	for (size_t i = 0; i < found.count; i++)
		if (found.kinds[i].rule < POLICY_COUNT)
			CHECK(found.kinds[i].days > 0);
	CHECK(strcmp(found.kinds[0].name, "recordings") == 0 && found.kinds[0].days == 90 &&
	      found.kinds[0].count == 1 && found.kinds[0].overdue == 0);
	k.e.service.now.s = k.visit.start.s + 91 * 86400;
	CHECK(retention_find(&k.e.service, &k.governor, (struct prison_code){ 0 }, &found) == OK);
	CHECK(found.kinds[0].overdue == 1);
	struct actor elsewhere = k.governor;
	CHECK(prison_code_of(STR("MDI"), &elsewhere.prison));
	CHECK(retention_find(&k.e.service, &elsewhere, k.governor.prison, &found) == OK);
	CHECK(found.kinds[0].count == 0);
	struct actor family = estate_family(&k.e, "amina@family.example");
	CHECK(retention_find(&k.e.service, &family, k.governor.prison, &found) == ERR_DENIED);
	estate_close(&k.e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_person_gets_a_copy_of_everything_and_that_is_a_leaf),
		TEST(a_prisons_administrator_answers_for_its_prisoners_alone),
		TEST(who_got_a_copy_stands_in_the_register),
		TEST(every_recipient_and_format_has_a_name),
		TEST(who_looked_is_told_when_nobody_is_warned_by_it),
		TEST(what_stands_in_the_way_of_forgetting),
		TEST(a_person_is_forgotten_and_the_books_stay),
		TEST(when_a_prisoner_may_be_forgotten),
		TEST(who_was_released_long_ago_is_forgotten),
		TEST(every_table_belongs_to_a_kind_of_data),
		TEST(every_kind_of_data_has_a_clock),
	};
	return RUN("service/subject", tests);
}
