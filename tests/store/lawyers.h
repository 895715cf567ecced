/*
 * lawyers.h - lawyers of the sample estate for tests: verified, with a client, with a visit.
 */
#ifndef PVL_TESTS_LAWYERS_H
#define PVL_TESTS_LAWYERS_H

#include "tests/store/estate.h"

#include "service/legal.h"

static inline struct actor lawyer_of(struct estate *e, const char *email,
				     enum profession profession)
{
	struct account_new account = { .email = str_from(email),
				       .name = STR("Lena Marsh"),
				       .password_hash = STR("$argon2id$none") };
	struct actor actor = { .role = ROLE_FAMILY };
	CHECK(account_create(&e->service, &account, &actor.account) == OK);
	const struct professional_new new = { .firm = STR("Marsh and Lowe"),
					      .profession = profession,
					      .regulator_id = STR("SRA 123456"),
					      .born = { 1980, 5, 2 } };
	CHECK(professional_ask(&e->service, &actor, &new) == OK);
	return actor;
}

static inline struct actor officer(struct estate *e, const char *email, enum role role)
{
	struct actor actor = estate_family(e, email);
	actor.role = role;
	if (role != ROLE_HQ_ADMIN)
		CHECK(prison_code_of(STR("WWI"), &actor.prison));
	return actor;
}

static inline void verify(struct estate *e, struct actor lawyer)
{
	struct actor first = officer(e, "contacts@wandsworth.example", ROLE_CONTACTS_AUTHORISER);
	struct actor second = officer(e, "governor@wandsworth.example", ROLE_DUTY_GOVERNOR);
	enum approval_answer answer;
	CHECK(professional_say_yes(&e->service, &first, lawyer.account, &answer) == OK);
	CHECK(professional_say_yes(&e->service, &second, lawyer.account, &answer) == OK);
	assert_int_equal(answer, APPROVAL_COMPLETE);
}

/* Daniel Okoro, Wandsworth: bail, in a week. */
static inline struct legal_ask asking(void)
{
	return (struct legal_ask){ .prisoner_number = STR("A1234BC"),
				   .prisoner_born = { 1988, 4, 12 },
				   .cause = WAITING_FOR_BAIL,
				   .deadline = { 2026, 11, 30 },
				   .minutes = 45 };
}

/* At the earliest time. */
static inline struct reference booked(struct estate *e, struct actor lawyer,
				      const struct legal_ask *ask)
{
	static struct legal_times times;
	enum legal_answer answer;
	struct verdict verdict;
	struct reference reference;
	CHECK(legal_times_find(&e->service, &lawyer, &e->arena, ask, &times) == OK);
	assert_int_equal(times.answer, LEGAL_FINE);
	CHECK(times.count > 0);
	CHECK(legal_book(&e->service, &lawyer, ask, times.times[0], &answer, &verdict,
			 &reference) == OK);
	assert_int_equal(answer, LEGAL_FINE);
	CHECK(verdict_clean(verdict));
	return reference;
}

#endif
