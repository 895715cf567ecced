/*
 * writers.h - several programs that book and cancel on one database.
 *
 * What was acknowledged to anybody is written into a pipe before the next step, so that
 * the parent knows it even of a program that was killed.
 */
#ifndef PVL_TESTS_WRITERS_H
#define PVL_TESTS_WRITERS_H

#include "tests/store/estate.h"
#include "tests/store/promises.h"

#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>

#include "base/assert.h"

enum {
	WRITERS = 4,
	STEPS = 60,
	FAMILIES = 3,
	SLOTS = 6,
};

struct acknowledged {
	char what; /* '+' booked, '-' cancelled, '.' one that ended */
	struct reference visit;
};

struct family {
	struct actor actor;
	struct visit_request request;
};

struct scene {
	struct estate estate;
	struct family families[FAMILIES];
	int pipe[2];
	pid_t writers[WRITERS];
};

static const char *const EMAILS[FAMILIES] = { "amina@family.example", "farah@family.example",
					      "ben@family.example" };

static inline void prepare_family(struct scene *s, size_t i)
{
	struct estate *e = &s->estate;
	struct family *f = &s->families[i];
	struct contact_list contacts;
	struct actor governor = estate_staff(e, ROLE_DUTY_GOVERNOR, "WWI");
	f->actor = estate_family(e, EMAILS[i]);
	CHECK(contacts_mine(&e->service, &f->actor, &e->arena, &contacts) == OK);
	f->request =
	    (struct visit_request){ .prisoner = contacts.list[0].prisoner.id, .minutes = 30 };
	for (size_t c = 0; c < contacts.count; c++) {
		if (contacts.list[c].state == CONTACT_REQUESTED)
			CHECK(contact_decide(&e->service, &governor, contacts.list[c].id,
					     CONTACT_APPROVED, STR("")) == OK);
		f->request.persons[f->request.person_count++] = contacts.list[c].person.id;
	}
}

static inline void scene_open(struct scene *s)
{
	*s = (struct scene){ 0 };
	estate_open_shared(&s->estate, ESTATE_NOW, 1);
	for (size_t i = 0; i < FAMILIES; i++)
		prepare_family(s, i);
	CHECK(pipe(s->pipe) == 0);
}

static inline void tell(const struct scene *s, char what, struct reference visit)
{
	struct acknowledged a = { .what = what, .visit = visit };
	if (write(s->pipe[1], &a, sizeof a) != sizeof a)
		_exit(2);
}

/* In a turn, as pvl-web does: nobody is told before the commit. */
static inline bool book(const struct scene *s, struct service *service, struct random *dice,
			struct reference *out, size_t *who)
{
	struct verdict verdict = { 0 };
	*who = (size_t)random_below(dice, FAMILIES);
	struct visit_request request = s->families[*who].request;
	int64_t slot = ESTATE_NOW.s / 1800 + 48 + (int64_t)random_below(dice, SLOTS);
	request.start = (struct wall){ slot * 1800 };
	if (store_enter(service->store) != OK) {
		(void)poll(NULL, 0, 20); /* no server */
		return false;
	}
	enum err err = visit_book(service, &s->families[*who].actor, &request, &verdict, out);
	enum err left = store_leave(service->store, err == OK);
	if (err != OK || left != OK)
		return false;
	if (verdict_clean(verdict))
		tell(s, '+', *out);
	return verdict_clean(verdict);
}

static inline void cancel(const struct scene *s, struct service *service, struct reference visit,
			  size_t who)
{
	if (store_enter(service->store) != OK)
		return;
	enum err err = visit_cancel(service, &s->families[who].actor, visit, STR(""));
	enum err left = store_leave(service->store, err == OK);
	if (err == OK && left == OK)
		tell(s, '-', visit);
}

/* Somebody's visit, whoever booked it: those of writers that were killed too. */
static inline void cancel_one(const struct scene *s, struct service *service, struct random *dice)
{
	struct visit_list list = { 0 };
	struct arena arena;
	size_t who = (size_t)random_below(dice, FAMILIES);
	arena_init(&arena);
	enum err err = visits_mine(service, &s->families[who].actor, &arena, &list);
	for (size_t i = 0; err == OK && i < list.count; i++)
		if (list.list[i].state == VISIT_BOOKED && random_below(dice, 2)) {
			cancel(s, service, list.list[i].reference, who);
			break;
		}
	arena_clear(&arena);
}

static _Noreturn inline void write_on(const struct scene *s, uint64_t seed, int steps)
{
	struct random random = random_seeded(seed);
	struct random dice = random_seeded(seed + 1000);
	struct service service = { .now = ESTATE_NOW, .random = &random };
	struct reference booked = { 0 };
	size_t who = 0;
	if (store_open(s->estate.fresh.where, NULL, &service.store) != OK)
		_exit(3);
	for (int i = 0; i < steps; i++) {
		if (random_below(&dice, 3) == 0)
			cancel_one(s, &service, &dice);
		else
			(void)book(s, &service, &dice, &booked, &who);
	}
	tell(s, '.', booked);
	store_close(service.store);
	_exit(0);
}

static inline pid_t start_writer(const struct scene *s, uint64_t seed, int steps)
{
	pid_t child = fork();
	CHECK(child >= 0);
	if (!child) {
		(void)prctl(PR_SET_PDEATHSIG, SIGKILL);
		(void)alarm(60); /* for good measure */
		write_on(s, seed, steps);
	}
	return child;
}

static inline bool hear(struct scene *s, struct acknowledged *out, int wait_ms)
{
	struct pollfd fd = { .fd = s->pipe[0], .events = POLLIN };
	return poll(&fd, 1, wait_ms) == 1 && read(s->pipe[0], out, sizeof *out) == sizeof *out;
}

/* What was said is so: booked ones are there, cancelled ones are cancelled. */
static inline void check_acknowledged(struct scene *s, const struct acknowledged *a)
{
	struct visit visit;
	if (a->what == '.')
		return;
	CHECK(visit_find(&s->estate.service, &SYSTEM_ACTOR, &s->estate.arena, a->visit, &visit) ==
	      OK);
	if (a->what == '-')
		assert_int_equal(visit.state, VISIT_CANCELLED);
}

static inline void check_promises(struct scene *s)
{
	promise_places(s->estate.service.store);
	promise_ledger(s->estate.service.store);
	promise_log(&s->estate.service);
}

static inline void scene_close(struct scene *s)
{
	close(s->pipe[0]);
	close(s->pipe[1]);
	estate_close(&s->estate);
}

/* ---- the same from the parent ---- */

static inline bool can_book(struct scene *s)
{
	struct reference out;
	struct random dice = random_seeded((uint64_t)random_u64(&s->estate.random));
	size_t who;
	struct acknowledged a;
	bool booked = book(s, &s->estate.service, &dice, &out, &who);
	if (booked)
		CHECK(hear(s, &a, 1000));
	if (booked)
		cancel(s, &s->estate.service, out, who);
	return booked && hear(s, &a, 1000);
}

static inline void stop_writers(struct scene *s)
{
	for (int i = 0; i < WRITERS; i++) {
		CHECK(kill(s->writers[i], SIGKILL) == 0);
		CHECK(waitpid(s->writers[i], NULL, 0) == s->writers[i]);
	}
}

#endif
