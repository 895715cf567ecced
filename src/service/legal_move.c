#include <string.h>

#include "service/booking_priv.h"
#include "service/hold.h"
#include "service/legal_priv.h"
#include "service/refill_priv.h"
#include "store/prisoner.h"
#include "store/visit.h"

/* A visit that is moved, and what it is for. */
struct moving {
	struct visit visit;
	struct policy policy;
	struct waiting waiting; /* .id 0: nobody asked for it; it was booked for them */
	struct waiting_need need;
	enum waiting_class class;
};

static enum err find_moving(struct service *service, const struct actor *actor, struct arena *arena,
			    struct reference reference, struct moving *out)
{
	enum err err = visit_load(service, actor, arena, reference, &out->visit);
	const struct visit *visit = &out->visit;
	if (err == OK && (visit->kind != VISIT_LEGAL || visit->booker.n != actor->account.n))
		err = ERR_NOT_FOUND;
	if (err == OK)
		err = policy_load(service, visit->prison, &out->policy);
	if (err != OK)
		return err;
	out->need = (struct waiting_need){ .kind = VISIT_LEGAL, .asked_at = visit->booked_at };
	err = store_waiting_find(service->store, arena, reference, &out->waiting);
	if (err == OK)
		out->need = out->waiting.need;
	out->need.minutes = visit->minutes;
	out->class = waiting_class_on(&out->need, &out->policy, local_date(service->now));
	return err == ERR_NOT_FOUND ? OK : err;
}

/* What is offered for it counts as free too: whoever chooses for themselves needs no offer. */
static enum err set_aside(struct service *service, const struct actor *actor, struct arena *arena,
			  const struct moving *m)
{
	enum err err = m->waiting.id ? waiting_close_offer(service, &m->waiting) : OK;
	return err == OK ? booking_set_aside(service, actor, arena, m->visit.reference) : err;
}

/* Once the visit is set aside. */
static enum err fill(struct service *service, const struct actor *actor, struct arena *arena,
		     const struct moving *m, struct legal_times *out)
{
	for (size_t i = 0; i < m->visit.visitor_count; i++)
		out->persons[out->person_count++] = m->visit.visitors[i].person;
	out->need = m->need;
	out->class = m->class;
	out->due = waiting_due(&m->need, &m->policy);
	enum err err =
	    store_prisoner_find(service->store, arena, m->visit.prisoner, &out->prisoner);
	if (err == OK)
		err = legal_fill_times(service, actor, arena, &m->policy, (struct visit_id){ 0 },
				       out);
	return err;
}

static bool past_date(const struct moving *m, struct wall start)
{
	return m->need.deadline.year && date_compare(local_date(start), m->need.deadline) > 0;
}

/* Neither the time that it has, nor one that comes too late for it. */
static void drop_useless(const struct moving *m, struct legal_times *found)
{
	size_t kept = 0;
	for (size_t i = 0; i < found->count; i++)
		if (found->times[i].start.s != m->visit.start.s &&
		    !past_date(m, found->times[i].start))
			found->times[kept++] = found->times[i];
	found->count = kept;
}

enum err legal_move_times(struct service *service, const struct actor *actor, struct arena *arena,
			  struct reference reference, struct date from, struct wall wanted,
			  struct legal_times *out)
{
	struct moving *m = arena_new(arena, 1, sizeof *m);
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	*out = (struct legal_times){ .from = from, .wanted = wanted };
	enum err err = find_moving(service, actor, arena, reference, m);
	if (err == OK)
		err = store_enter(service->store);
	if (err != OK)
		return err;
	err = set_aside(service, actor, arena, m);
	if (err == OK)
		err = fill(service, actor, arena, m, out);
	enum err left = store_leave(service->store, false); /* it was only a look */
	if (err == OK)
		drop_useless(m, out);
	return err == OK ? left : err;
}

static enum err move(struct service *service, const struct actor *actor, struct arena *arena,
		     struct reference reference, struct legal_time time, enum legal_answer *answer,
		     struct verdict *verdict)
{
	struct moving *m = arena_new(arena, 1, sizeof *m);
	enum err err = find_moving(service, actor, arena, reference, m);
	if (err != OK)
		return err;
	if (past_date(m, time.start)) {
		*answer = LEGAL_PAST_DATE;
		return ERR_DENIED;
	}
	const struct visit_move asked = { .reference = reference,
					  .start = time.start,
					  .minutes = m->visit.minutes,
					  .preferred = time.terminal,
					  .need = m->need };
	err = m->waiting.id ? waiting_close_offer(service, &m->waiting) : OK;
	return err == OK ? booking_move_noted(service, actor, arena, &asked, verdict) : err;
}

enum err legal_move(struct service *service, const struct actor *actor, struct reference reference,
		    struct legal_time time, enum legal_answer *answer, struct verdict *verdict)
{
	struct use_case use;
	struct arena arena;
	*answer = LEGAL_FINE;
	*verdict = (struct verdict){ 0 };
	if (actor->role != ROLE_FAMILY)
		return ERR_DENIED;
	enum err err = holds_sweep(service);
	if (err != OK)
		return err;
	arena_init(&arena);
	err = use_case_begin(service, &use);
	if (err == OK)
		err = move(service, actor, &arena, reference, time, answer, verdict);
	arena_clear(&arena);
	err = legal_answered(use_case_end(&use, err), answer, verdict);
	return err == ERR_CLOSED ? ERR_CONFLICT : err;
}
