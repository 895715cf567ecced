#include "service/statistics.h"

#include <stddef.h>
#include <string.h>

#include "service/service_priv.h"
#include "store/prison.h"

enum {
	MAY_SEE = PRISON_STAFF | MAY(ROLE_HQ_ANALYST) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_INSPECTOR),
	VISIT_MONTHS = 2, /* visits of a month before the last are over, and settled */
};

/* ---- counting ---- */

static const struct wall FAR_AHEAD = { INT64_C(1) << 40 };

/* One prison, while it is counted. */
struct tally_sheet {
	struct service *service;
	struct arena *arena;
	struct prison_code prison;
	struct policy policy; /* the country's */
	int64_t month;        /* the present one */
	struct wait_tally waits[WAITING_CLASS_COUNT][STATISTICS_MONTHS];
	struct visit_figures visits[VISIT_KIND_COUNT][STATISTICS_MONTHS];
};

/* Months back from the present one; STATISTICS_MONTHS: too far. */
static int64_t months_back(const struct tally_sheet *sheet, struct wall at)
{
	int64_t back = sheet->month - local_month(at);
	return back >= 0 && back < STATISTICS_MONTHS ? back : STATISTICS_MONTHS;
}

static enum wait_outcome outcome_of(const struct wait_fact *fact, bool late)
{
	if (fact->held)
		return late ? WAIT_HELD_LATE : WAIT_HELD_IN_TIME;
	if (!fact->open)
		return WAIT_NOT_HELD;
	return late ? WAIT_WAITING_LATE : WAIT_WAITING_IN_TIME;
}

static void add_wait(struct tally_sheet *sheet, const struct wait_fact *fact)
{
	const struct waiting_need *need = &fact->need;
	struct date asked = local_date(need->asked_at);
	struct date until = local_date(fact->held ? fact->start : sheet->service->now);
	int64_t back = months_back(sheet, need->asked_at);
	if (back == STATISTICS_MONTHS)
		return;
	bool late = date_compare(until, waiting_due(need, &sheet->policy)) > 0;
	enum waiting_class class = waiting_class_on(need, &sheet->policy, asked);
	wait_tally_add(&sheet->waits[class][back], outcome_of(fact, late),
		       working_days_between(asked, until), 1);
}

/* A month at a time, so that no answer is too long; the last one takes what lies ahead too. */
static enum err count_waits(struct tally_sheet *sheet)
{
	enum err err = OK;
	for (int64_t back = STATISTICS_MONTHS - 1; back >= 0 && err == OK; back--) {
		struct store_wait_facts facts = { 0 };
		int64_t month = sheet->month - back;
		struct wall from = local_midnight(month_first(month));
		struct wall to = back ? local_midnight(month_first(month + 1)) : FAR_AHEAD;
		err = store_wait_facts(sheet->service->store, sheet->arena, sheet->prison, from, to,
				       &facts);
		for (size_t i = 0; err == OK && i < facts.count; i++)
			add_wait(sheet, &facts.list[i]);
	}
	return err;
}

/* A day at a time, so that no answer is too long. */
static enum err count_visits(struct tally_sheet *sheet)
{
	struct date today = local_date(sheet->service->now);
	enum err err = OK;
	for (struct date day = month_first(sheet->month - VISIT_MONTHS + 1);
	     err == OK && date_compare(day, today) <= 0; day = date_add_days(day, 1)) {
		struct store_visit_facts facts = { 0 };
		err = store_visit_facts(sheet->service->store, sheet->arena, sheet->prison,
					local_midnight(day), local_midnight(date_add_days(day, 1)),
					&facts);
		for (size_t i = 0; err == OK && i < facts.count; i++) {
			const struct visit_fact *fact = &facts.list[i];
			int64_t back = months_back(sheet, fact->start);
			if (back < VISIT_MONTHS)
				visit_figures_add(&sheet->visits[fact->kind][back], fact,
						  &sheet->policy);
		}
	}
	return err;
}

static enum err write_counts(const struct tally_sheet *sheet)
{
	struct store *store = sheet->service->store;
	enum err err =
	    store_wait_count_clear(store, sheet->prison, sheet->month - STATISTICS_MONTHS + 1);
	if (err == OK)
		err =
		    store_visit_count_clear(store, sheet->prison, sheet->month - VISIT_MONTHS + 1);
	for (unsigned c = 0; c < WAITING_CLASS_COUNT; c++)
		for (int64_t m = 0; m < STATISTICS_MONTHS && err == OK; m++)
			err = store_wait_count_insert(store, sheet->prison, (enum waiting_class)c,
						      sheet->month - m, &sheet->waits[c][m]);
	for (unsigned k = 0; k < VISIT_KIND_COUNT; k++)
		for (int64_t m = 0; m < VISIT_MONTHS && err == OK; m++)
			err = store_visit_count_insert(store, sheet->prison, (enum visit_kind)k,
						       sheet->month - m, &sheet->visits[k][m]);
	return err;
}

/* ---- publishing ---- */

static enum err publish_part(const struct tally_sheet *sheet, int64_t month, const char *part,
			     const struct published_figure *figures, size_t count)
{
	enum err err = OK;
	for (size_t i = 0; i < count && err == OK; i++)
		err = store_published_insert(sheet->service->store, month, sheet->prison, part,
					     &figures[i]);
	return err;
}

static enum err publish_waits_of(const struct tally_sheet *sheet, int64_t month)
{
	enum err err = OK;
	int64_t back = sheet->month - month;
	for (unsigned c = 0; c < WAITING_CLASS_COUNT && err == OK; c++) {
		struct published_figure figures[PUBLISH_FIGURES_MAX];
		struct wait_summary summary = wait_summary_of(&sheet->waits[c][back]);
		size_t n = publish_waits(&sheet->policy, &summary, figures);
		err = publish_part(sheet, month, waiting_class_name((enum waiting_class)c), figures,
				   n);
	}
	return err;
}

/* By what stands counted: the months before the last two are not counted anew. */
static enum err publish_visits_of(const struct tally_sheet *sheet, int64_t month)
{
	struct store_visit_groups groups = { 0 };
	const struct count_query query = {
		.prison = sheet->prison, .from_month = month, .to_month = month, .by = COUNT_BY_PART
	};
	enum err err = store_visit_groups(sheet->service->store, sheet->arena, &query, &groups);
	for (size_t i = 0; i < groups.count && err == OK; i++) {
		struct published_figure figures[PUBLISH_FIGURES_MAX];
		size_t n = publish_visits(&sheet->policy, &groups.list[i].figures, figures);
		const char *kind = arena_text(sheet->arena, groups.list[i].key);
		err = publish_part(sheet, month, arena_printf(sheet->arena, "VISITS_%s", kind),
				   figures, n);
	}
	return err;
}

/* Those whose time has come and that are not published yet. */
static enum err publish(const struct tally_sheet *sheet, struct statistics_run *run,
			int64_t *published)
{
	struct date today = local_date(sheet->service->now);
	enum err err = OK;
	int64_t month = sheet->month - STATISTICS_MONTHS + 1;
	*published = 0;
	if (run->published_month >= month)
		month = run->published_month + 1;
	for (; month < sheet->month && err == OK; month++) {
		struct date due = date_add_days(month_first(month + 1),
						sheet->policy.values[POLICY_PUBLISH_DAYS]);
		if (date_compare(today, due) < 0)
			break;
		err = publish_waits_of(sheet, month);
		if (err == OK)
			err = publish_visits_of(sheet, month);
		run->published_month = month;
		++*published;
	}
	return err;
}

static enum err count_one(struct service *service, const struct actor *actor, struct arena *arena,
			  struct statistics_run *run)
{
	int64_t published = 0;
	struct tally_sheet *sheet = arena_new(arena, 1, sizeof *sheet);
	sheet->service = service;
	sheet->arena = arena;
	sheet->prison = run->prison;
	sheet->month = local_month(service->now);
	enum err err = policy_load(service, (struct prison_code){ 0 }, &sheet->policy);
	if (err == OK)
		err = count_waits(sheet);
	if (err == OK)
		err = count_visits(sheet);
	if (err == OK)
		err = write_counts(sheet);
	if (err == OK)
		err = publish(sheet, run, &published);
	run->counted_at = service->now;
	if (err == OK)
		err = store_statistics_run_set(service->store, run);
	if (err != OK)
		return err;
	return audit_write(service, actor,
			   &(struct audit_what){ .verb = AUDIT_STATISTICS_COUNT,
						 .object = AUDIT_ON_PRISON,
						 .amount = published,
						 .prison = run->prison });
}

enum err statistics_count(struct service *service, const struct actor *actor, bool *counted)
{
	struct statistics_run run = { 0 };
	*counted = false;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	enum err err = store_statistics_oldest(service->store, &run);
	if (err == ERR_NOT_FOUND)
		return OK;
	if (err != OK)
		return err;
	if (run.counted_at.s &&
	    date_compare(local_date(run.counted_at), local_date(service->now)) >= 0)
		return OK;
	struct use_case use;
	struct arena arena;
	arena_init(&arena);
	err = use_case_begin(service, &use);
	if (err == OK)
		err = count_one(service, actor, &arena, &run);
	arena_clear(&arena);
	err = use_case_end(&use, err);
	*counted = err == OK;
	return err;
}

/* ---- showing ---- */

static enum err may_see(const struct actor *actor, struct prison_code prison)
{
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	return prison_code_empty(prison) ? prison_code_empty(actor->prison) ? OK : ERR_NOT_FOUND
	       : actor_works_at(actor, prison) ? OK
					       : ERR_NOT_FOUND;
}

static enum err find_waits(struct service *service, struct arena *arena,
			   const struct count_query *query, struct statistics *out)
{
	struct store_wait_groups groups = { 0 };
	struct wait_tally *all = arena_new(arena, 1, sizeof *all);
	enum err err = store_wait_groups(service->store, arena, query, &groups);
	if (err != OK)
		return err;
	out->wait_count = groups.count;
	out->waits = arena_new(arena, groups.count + 1, sizeof *out->waits);
	for (size_t i = 0; i < groups.count; i++) {
		wait_tally_sum(all, &groups.list[i].tally);
		out->waits[i] = (struct wait_line){ groups.list[i].key,
						    wait_summary_of(&groups.list[i].tally) };
	}
	out->all_waits = wait_summary_of(all);
	return OK;
}

/* A count of all requests: of what is said of each line. */
static int64_t sum_of(struct arena *arena, const struct statistics *s, size_t offset)
{
	int64_t *said = arena_new(arena, s->wait_count + 1, sizeof *said);
	for (size_t i = 0; i < s->wait_count; i++)
		memcpy(&said[i], (const char *)&s->waits[i].summary + offset, sizeof said[i]);
	return publish_sum(said, s->wait_count);
}

static void say_no_small_wait(struct arena *arena, const struct policy *policy,
			      struct statistics *out)
{
	struct wait_summary all = publish_summary(policy, &out->all_waits);
	for (size_t i = 0; i < out->wait_count; i++)
		out->waits[i].summary = publish_summary(policy, &out->waits[i].summary);
	all.requests = sum_of(arena, out, offsetof(struct wait_summary, requests));
	all.held = sum_of(arena, out, offsetof(struct wait_summary, held));
	all.waiting = sum_of(arena, out, offsetof(struct wait_summary, waiting));
	all.not_held = sum_of(arena, out, offsetof(struct wait_summary, not_held));
	out->all_waits = all;
}

static int64_t no_cause_of(const struct visit_figures *figures)
{
	int64_t left =
	    figures->value[MEASURE_PRISONER_ABSENT] + figures->value[MEASURE_BOTH_ABSENT];
	for (unsigned c = 0; c < NOT_PRODUCED_COUNT; c++)
		left -= figures->value[MEASURE_NOT_PRODUCED + c];
	return left;
}

static void say_no_small_visit(struct arena *arena, const struct policy *policy,
			       struct statistics *out)
{
	int64_t *said = arena_new(arena, out->visit_count + 1, sizeof *said);
	for (size_t i = 0; i < out->visit_count; i++) {
		struct visit_figures *figures = &out->visits[i].figures;
		said[i] = publish_count(policy, no_cause_of(figures));
		*figures = publish_figures(policy, figures);
	}
	out->no_cause = publish_sum(said, out->visit_count);
	for (unsigned m = 0; m < VISIT_MEASURE_COUNT; m++) {
		for (size_t i = 0; i < out->visit_count; i++)
			said[i] = out->visits[i].figures.value[m];
		out->all_visits.value[m] = publish_sum(said, out->visit_count);
	}
}

/* Whoever works at a prison meets the people behind its numbers anyway. */
static enum err protect(struct service *service, const struct actor *actor, struct arena *arena,
			struct statistics *out)
{
	struct policy policy;
	if (!prison_code_empty(actor->prison))
		return OK;
	enum err err = policy_load(service, (struct prison_code){ 0 }, &policy);
	if (err != OK)
		return err;
	say_no_small_wait(arena, &policy, out);
	say_no_small_visit(arena, &policy, out);
	out->few = policy.values[POLICY_PUBLISH_MIN];
	return OK;
}

static enum err find_visits(struct service *service, struct arena *arena,
			    const struct count_query *query, struct statistics *out)
{
	struct store_visit_groups groups = { 0 };
	enum err err = store_visit_groups(service->store, arena, query, &groups);
	if (err != OK)
		return err;
	out->visit_count = groups.count;
	out->visits = groups.list;
	for (size_t i = 0; i < groups.count; i++)
		for (unsigned m = 0; m < VISIT_MEASURE_COUNT; m++)
			out->all_visits.value[m] += groups.list[i].figures.value[m];
	out->no_cause = no_cause_of(&out->all_visits);
	return OK;
}

enum err statistics_find(struct service *service, const struct actor *actor, struct arena *arena,
			 const struct statistics_query *asked, struct statistics *out)
{
	struct count_query query = { .prison = asked->prison,
				     .part = asked->part,
				     .from_month = asked->from_month,
				     .to_month = asked->to_month,
				     .by = asked->by };
	struct statistics found = { 0 };
	enum err err = may_see(actor, asked->prison);
	if (err == OK)
		err = find_waits(service, arena, &query, &found);
	query.part = STR("");
	if (err == OK)
		err = find_visits(service, arena, &query, &found);
	if (err == OK)
		err = protect(service, actor, arena, &found);
	if (err == OK)
		err = store_statistics_counted_at(service->store, asked->prison, &found.counted_at);
	if (err != OK)
		return err;
	*out = found;
	return OK;
}

const char *published_part_name(struct arena *arena, unsigned part)
{
	if (part < WAITING_CLASS_COUNT)
		return waiting_class_name((enum waiting_class)part);
	return arena_printf(arena, "VISITS_%s",
			    visit_kind_name((enum visit_kind)(part - WAITING_CLASS_COUNT)));
}

enum err published_months_find(struct service *service, struct arena *arena,
			       struct store_editions *out)
{
	return store_published_months(service->store, arena, out);
}

enum err published_find(struct service *service, struct arena *arena, int64_t month,
			struct str part, struct store_published *out)
{
	return store_published_list(service->store, arena, month, part, out);
}
