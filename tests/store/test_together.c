/*
 * Lists whose rows have rows of their own: these are read together, and are what one by one gives.
 */
#include "tests/store/estate.h"

#include "base/assert.h"
#include "service/approval.h"
#include "service/ask.h"
#include "service/identity.h"
#include "service/safeguard.h"
#include "store/account.h"
#include "store/ask.h"
#include "store/contact.h"
#include "store/identity.h"
#include "store/query.h"
#include "store/row_priv.h"
#include "store/store_priv.h"
#include "store/visit.h"

enum {
	MANY = 2 * ROW_TOGETHER_MAX + 6, /* three statements, the last of them not full */
	SOME = ROW_TOGETHER_MAX - 8,
};

/* ---- counting ---- */

static struct {
	const struct store_backend *real;
	struct store_backend counting;
	int statements;
} counted;

static void count_reset(struct statement *statement)
{
	counted.statements++;
	counted.real->reset(statement);
}

/* From now on, until count_end(), which says how many statements there were. */
static void count_begin(struct store *store)
{
	counted.real = store->backend;
	counted.counting = *store->backend;
	counted.counting.reset = count_reset;
	counted.statements = 0;
	store->backend = &counted.counting;
}

static int count_end(struct store *store)
{
	store->backend = counted.real;
	return counted.statements;
}

/* ---- what there is ---- */

static struct person_id add_person(struct estate *e, struct account_id booker, int n)
{
	struct person person = { .id = { 9000 + n },
				 .booker = booker,
				 .name = str_from(arena_printf(&e->arena, "Visitor %d", n)),
				 .born = { 1950 + n % 40, 1 + n % 12, 1 + n % 28 } };
	CHECK(store_person_insert(e->service.store, &person) == OK);
	return person.id;
}

/* The n-th has one to three visitors, each time others, and none of them in the order of their ids. */
static void add_visits(struct estate *e, const struct visit *like, int count)
{
	struct person_id persons[7];
	for (int i = 0; i < 7; i++)
		persons[i] = add_person(e, like->booker, i);
	for (int n = 0; n < count; n++) {
		struct visit visit = *like;
		visit.id.n = 7000 + (n * 37) % 1000;
		visit.start = wall_add_s(like->start, (n + 1) * 86400);
		visit.visitor_count = (size_t)(1 + n % 3);
		snprintf(visit.reference.text, sizeof visit.reference.text, "T%07u",
			 (unsigned)n % 10000000);
		for (int i = 0; i < (int)visit.visitor_count; i++)
			visit.visitors[i] =
			    (struct visit_visitor){ .person = persons[(n + 3 * (2 - i)) % 7],
						    .lead = i == n % 2,
						    .adult = i > 0 };
		CHECK(store_visit_insert(e->service.store, &visit) == OK);
	}
}

/* ---- visits and their visitors ---- */

static void check_same_visitors(const struct visit *a, const struct visit *b)
{
	assert_int_equal(a->visitor_count, b->visitor_count);
	for (size_t i = 0; i < a->visitor_count; i++) {
		const struct visit_visitor *x = &a->visitors[i], *y = &b->visitors[i];
		CHECK(x->person.n == y->person.n && str_equal(x->name, y->name));
		CHECK(date_compare(x->born, y->born) == 0 && x->lead == y->lead);
		CHECK(x->adult == y->adult && x->part == y->part && x->signs == y->signs);
	}
}

static void visits_have_the_visitors_that_each_has_alone(void **state)
{
	(void)state;
	struct estate e;
	struct visit sample;
	struct store_visits list = { 0 };
	estate_open(&e);
	struct store *store = e.service.store;
	CHECK(store_visit_find(store, &e.arena, e.sample.joinable, &sample) == OK);
	add_visits(&e, &sample, MANY);
	CHECK(store_settle(store) == OK);
	count_begin(store);
	CHECK(store_visit_list_for(store, &e.arena, sample.prisoner, MANY, &list) == OK);
	assert_int_equal(count_end(store), 1 + 3);
	assert_int_equal(list.count, MANY);
	for (size_t i = 0; i < list.count; i++) {
		struct visit alone;
		CHECK(store_visit_find_by_id(store, &e.arena, list.list[i].id, &alone) == OK);
		CHECK(alone.visitor_count > 0);
		check_same_visitors(&list.list[i], &alone);
	}
	list = (struct store_visits){ 0 };
	CHECK(store_visit_list_for(store, &e.arena, (struct prisoner_id){ 1 }, MANY, &list) == OK);
	assert_int_equal(list.count, 0);
	estate_close(&e);
}

/* ---- identities ---- */

static void begin_identity(struct estate *e, struct person_id person, int n)
{
	struct identity identity = { .person = person,
				     .state = (enum identity_state)(n % IDENTITY_STATE_COUNT),
				     .document = IDENTITY_PHOTO_CARD,
				     .sent_at = { 1000 + n } };
	if (identity.state == IDENTITY_ASKED_AGAIN) {
		identity.asked = IDENTITY_BOTH;
		identity.problem = IDENTITY_UNCLEAR;
	}
	CHECK(store_identity_insert(e->service.store, &identity) == OK);
	for (unsigned i = 0; i < IDENTITY_PICTURE_COUNT; i++)
		if ((unsigned)n >> (1 + i) & 1U)
			CHECK(store_picture_put(e->service.store, person, (enum identity_picture)i,
						bytes_from_text("sealed"), e->service.now,
						e->service.now) == OK);
}

static void check_same_identity(struct store *store, struct person_id person,
				const struct identity *listed)
{
	struct identity alone = { 0 };
	enum err err = store_identity_find(store, person, &alone);
	CHECK(err == OK || (err == ERR_NOT_FOUND && listed->person.n == 0));
	CHECK(alone.person.n == listed->person.n && alone.state == listed->state);
	CHECK(alone.document == listed->document && alone.held == listed->held);
	CHECK(alone.sent_at.s == listed->sent_at.s);
}

static void identities_are_those_that_each_has_alone(void **state)
{
	(void)state;
	struct estate e;
	struct person_id persons[MANY];
	struct identity listed[MANY];
	estate_open(&e);
	struct store *store = e.service.store;
	struct account_id booker = estate_family(&e, "ben@family.example").account;
	for (int i = 0; i < MANY; i++) {
		persons[i] = i % 11 == 10 ? persons[i - 1] : add_person(&e, booker, i);
		if (i % 3 != 0 && i % 11 != 10)
			begin_identity(&e, persons[i], i);
	}
	CHECK(store_settle(store) == OK);
	count_begin(store);
	CHECK(store_identity_list(store, persons, MANY, listed) == OK);
	assert_int_equal(count_end(store), 2 * 3);
	for (int i = 0; i < MANY; i++)
		check_same_identity(store, persons[i], &listed[i]);
	CHECK(store_identity_list(store, NULL, 0, NULL) == OK);
	estate_close(&e);
}

/* ---- accounts ---- */

static void accounts_come_in_their_order_or_not_at_all(void **state)
{
	(void)state;
	static const char *const emails[] = { "ben@family.example", "amina@family.example",
					      "farah@family.example" };
	struct estate e;
	struct account_id ids[MANY];
	struct account listed[MANY];
	estate_open(&e);
	for (size_t i = 0; i < MANY; i++)
		ids[i] = estate_family(&e, emails[i % ARRAY_LEN(emails)]).account;
	CHECK(store_account_list(e.service.store, &e.arena, ids, MANY, listed) == OK);
	for (size_t i = 0; i < MANY; i++)
		CHECK(str_is(listed[i].email, emails[i % ARRAY_LEN(emails)]));
	ids[MANY - 1].n = 1;
	CHECK(store_account_list(e.service.store, &e.arena, ids, MANY, listed) == ERR_NOT_FOUND);
	estate_close(&e);
}

/* ---- a list of requests ---- */

static int statements_of_requests(struct estate *e, size_t expected)
{
	struct actor authoriser = estate_staff(e, ROLE_CONTACTS_AUTHORISER, "WWI");
	struct contact_case_list cases;
	CHECK(store_settle(e->service.store) == OK);
	count_begin(e->service.store);
	CHECK(contacts_pending(&e->service, &authoriser, &e->arena, &cases) == OK);
	const struct contact **contacts = arena_new(&e->arena, cases.count, sizeof *contacts);
	struct identity_case *found = arena_new(&e->arena, cases.count, sizeof *found);
	for (size_t i = 0; i < cases.count; i++)
		contacts[i] = &cases.list[i].contact;
	CHECK(identity_cases_find(&e->service, &authoriser, &e->arena, contacts, cases.count,
				  found) == OK);
	int statements = count_end(e->service.store);
	assert_int_equal(cases.count, expected);
	for (size_t i = 0; i < cases.count; i++) {
		struct identity_case alone;
		CHECK(identity_case_find(&e->service, &authoriser, contacts[i], &alone) == OK);
		CHECK(alone.needed == found[i].needed && alone.begun == found[i].begun);
		CHECK(alone.visible == found[i].visible && alone.due.s == found[i].due.s);
		CHECK(str_is(cases.list[i].booker_name, "Ben Reed"));
	}
	return statements;
}

static void a_longer_list_of_requests_asks_no_more(void **state)
{
	(void)state;
	struct estate e;
	struct contact_list mine;
	estate_open(&e);
	struct actor ben = estate_family(&e, "ben@family.example");
	CHECK(contacts_mine(&e.service, &ben, &e.arena, &mine) == OK && mine.count == 1);
	(void)statements_of_requests(&e, 1); /* the rules are kept from now on */
	int one = statements_of_requests(&e, 1);
	for (int i = 0; i < SOME; i++) {
		struct contact contact = mine.list[0];
		contact.id.n = 5000 + i;
		contact.person.id = add_person(&e, ben.account, i);
		CHECK(store_contact_insert(e.service.store, &contact) == OK);
		if (i % 2)
			begin_identity(&e, contact.person.id, i);
	}
	assert_int_equal(statements_of_requests(&e, 1 + SOME), one);
	print_message("# %d statements for one request and for %d\n", one, 1 + SOME);
	estate_close(&e);
}

/* ---- what prisoners asked a family for ---- */

static void order(struct estate *e, const struct contact *contact)
{
	struct actor governor = estate_staff(e, ROLE_DUTY_GOVERNOR, "WWI");
	struct restriction_id id;
	struct restriction_new new = { .on = RESTRICTION_ON_PAIR,
				       .code = RESTRICTION_NO_CONTACT,
				       .prisoner = contact->prisoner.id,
				       .person = contact->person.id,
				       .comment = STR("Order"),
				       .authorised_by = STR("Helen Frost") };
	CHECK(restriction_add(&e->service, &governor, &new, &id) == OK);
}

/* Every third is not approved, every fourth must have no contact. */
static void add_asks(struct estate *e, const struct actor *family, const struct contact *like,
		     int from, int to)
{
	for (int i = from; i < to; i++) {
		struct contact contact = *like;
		contact.id.n = 6000 + i;
		contact.person.id = add_person(e, family->account, i);
		CHECK(store_contact_insert(e->service.store, &contact) == OK);
		if (i % 3 == 2)
			CHECK(store_contact_set_state(e->service.store, contact.id,
						      CONTACT_REJECTED, STR("No"), like->decided_by,
						      e->service.now) == OK);
		if (i % 4 == 3)
			order(e, &contact);
		struct visit_ask ask = { .id = { 8000 + i },
					 .prisoner = contact.prisoner.id,
					 .person = contact.person.id,
					 .state = ASK_OPEN,
					 .asked_at = { 1000 + i },
					 .lapses_at = wall_add_s(e->service.now, 86400) };
		CHECK(store_visit_ask_insert(e->service.store, &ask, (struct account_id){ 0 },
					     e->service.now) == OK);
	}
}

static int statements_of_asks(struct estate *e, const struct actor *family, size_t expected)
{
	struct visit_ask_list asks;
	CHECK(store_settle(e->service.store) == OK);
	count_begin(e->service.store);
	CHECK(asks_mine(&e->service, family, &e->arena, &asks) == OK);
	int statements = count_end(e->service.store);
	assert_int_equal(asks.count, expected);
	for (size_t i = 0; i < asks.count; i++) {
		int n = (int)asks.list[i].id.n - 8000;
		CHECK(n % 3 != 2 && n % 4 != 3);
		CHECK(i == 0 || asks.list[i - 1].asked_at.s < asks.list[i].asked_at.s);
	}
	return statements;
}

static void more_asks_of_a_family_cost_no_more(void **state)
{
	(void)state;
	struct estate e;
	struct contact_list mine;
	estate_open(&e);
	struct actor amina = estate_family(&e, "amina@family.example");
	CHECK(contacts_mine(&e.service, &amina, &e.arena, &mine) == OK && mine.count > 0);
	assert_int_equal(statements_of_asks(&e, &amina, 0), 1);
	add_asks(&e, &amina, &mine.list[0], 0, 1);
	assert_int_equal(statements_of_asks(&e, &amina, 1), 3);
	add_asks(&e, &amina, &mine.list[0], 1, 12); /* 0, 1, 4, 6, 9 and 10 stand */
	assert_int_equal(statements_of_asks(&e, &amina, 6), 3);
	estate_close(&e);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(visits_have_the_visitors_that_each_has_alone),
		TEST(identities_are_those_that_each_has_alone),
		TEST(accounts_come_in_their_order_or_not_at_all),
		TEST(a_longer_list_of_requests_asks_no_more),
		TEST(more_asks_of_a_family_cost_no_more),
	};
	return RUN("store/together", tests);
}
