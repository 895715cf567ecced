/*
 * places.h - the sample's visit with more adults on it, for tests of several devices.
 */
#ifndef PVL_TESTS_PLACES_H
#define PVL_TESTS_PLACES_H

#include "tests/store/estate.h"

#include "service/visit_link.h"
#include "store/contact.h"
#include "store/query.h"
#include "store/visit.h"

static const struct date GRACE_BORN = { 1961, 4, 2 };

static inline struct visit places_visit(struct estate *e)
{
	struct visit visit;
	CHECK(visit_find(&e->service, &SYSTEM_ACTOR, &e->arena, e->sample.joinable, &visit) == OK);
	return visit;
}

/* An approved person of that account. */
static inline struct person_id places_person(struct estate *e, struct account_id booker,
					     const char *name, struct date born)
{
	struct visit visit = places_visit(e);
	struct person person = { .id = { random_id(e->service.random) },
				 .booker = booker,
				 .name = str_from(name),
				 .born = born };
	struct contact contact = { .id = { random_id(e->service.random) },
				   .person = person,
				   .prisoner = { .id = visit.prisoner },
				   .relationship = STR("Relative"),
				   .requested_at = e->service.now };
	CHECK(store_person_insert(e->service.store, &person) == OK);
	CHECK(store_contact_insert(e->service.store, &contact) == OK);
	CHECK(store_contact_set_state(e->service.store, contact.id, CONTACT_APPROVED, STR("Known"),
				      estate_staff(e, ROLE_CONTACTS_AUTHORISER, "WWI").account,
				      e->service.now) == OK);
	return person.id;
}

/* One more adult on the sample's visit. */
static inline struct person_id places_add(struct estate *e, const char *name, struct date born)
{
	static const char ADD[] = "INSERT INTO visit_visitor (visit, kind, person, lead, "
				  "admitted_at, refused_reason, adult) "
				  "VALUES (?1, 'SOCIAL', ?2, 0, 0, '', 1)";
	struct visit visit = places_visit(e);
	struct person_id person = places_person(e, visit.booker, name, born);
	struct query q = query_of(e->service.store, ADD);
	query_int(&q, visit.id.n);
	query_int(&q, person.n);
	CHECK(query_change(&q) == OK);
	return person;
}

/* Whoever follows that link. */
static inline struct actor places_guest(struct estate *e, const char *code)
{
	struct visit_link_bearer bearer;
	struct account_session session;
	CHECK(visit_link_use(&e->service, str_from(code), &bearer) == OK);
	CHECK(account_session_find(&e->service, &e->arena, str_from(bearer.session.token),
				   &session) == OK);
	CHECK(session.actor.role == ROLE_GUEST && session.actor.account.n == 0);
	return session.actor;
}

static inline void places_enter(struct estate *e, const struct actor *actor)
{
	enum joining answer;
	CHECK(lobby_enter(&e->service, actor, e->sample.joinable, &answer) == OK);
	CHECK(answer == JOINING_OK);
}

#endif
