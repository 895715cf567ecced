#include "service/fairness.h"

#include <stdlib.h>
#include <string.h>

#include "domain/waiting/watch.h"
#include "service/service_priv.h"
#include "service/waste.h"

enum {
	MAY_SEE = MAY(ROLE_HQ_ANALYST) | MAY(ROLE_HQ_ADMIN) | MAY(ROLE_INSPECTOR),
	PERCENT = 100,
	WEEK_DAYS = 7,
	HOUR_MINUTES = 60,
};

/* Whole weeks, at least one, that have passed of the months asked for. */
static int64_t weeks_of(const struct statistics_query *asked, struct wall now)
{
	struct date from = month_first(asked->from_month), to = month_first(asked->to_month + 1);
	struct date today = local_date(now);
	to = date_compare(today, to) < 0 ? today : to;
	int64_t days = date_to_days(to) - date_to_days(from);
	return days < WEEK_DAYS ? 1 : days / WEEK_DAYS;
}

/* How long a visit of the prison is planned, on average. */
static int64_t length_of(const struct store_visit_groups *visits, struct str prison)
{
	for (size_t i = 0; i < visits->count; i++) {
		const int64_t *value = visits->list[i].figures.value;
		if (str_equal(visits->list[i].key, prison) && value[MEASURE_PLANNED] > 0)
			return value[MEASURE_PLANNED_MINUTES] / value[MEASURE_PLANNED];
	}
	return HOUR_MINUTES;
}

static int by_wait(const void *a, const void *b)
{
	const struct fairness_line *x = a, *y = b;
	if (x->few != y->few)
		return x->few ? 1 : -1;
	if (x->p90.days != y->p90.days)
		return x->p90.days > y->p90.days ? -1 : 1;
	return strcmp(x->prison.text, y->prison.text);
}

/* What the last week that is over says is missing. */
static enum err diagnose(struct service *service, const struct actor *actor, struct arena *arena,
			 struct fairness_line *line)
{
	struct waste waste;
	struct date day = date_add_days(local_date(service->now), -WEEK_DAYS);
	enum err err = waste_find(service, actor, arena, line->prison, day, &waste);
	if (err == ERR_NOT_FOUND) /* it has no rules */
		return OK;
	if (err != OK)
		return err;
	line->diagnosed = true;
	line->remedy = waste.diagnosis.remedy;
	return OK;
}

static struct fairness_line line_of(const struct fairness *f, const struct policy *policy,
				    const struct wait_group *group,
				    const struct store_visit_groups *visits, int64_t weeks)
{
	struct wait_summary s = wait_summary_of(&group->tally);
	struct fairness_line line = { .few = s.held + s.waiting < f->enough };
	(void)prison_code_of(group->key, &line.prison);
	if (line.few)
		return line;
	line.requests = s.requests;
	line.p90 = s.p90;
	if (f->country.days > 0)
		line.of_country_percent = (int64_t)s.p90.days * PERCENT / f->country.days;
	line.behind = fairness_alert(policy, s.p90.days, f->country.days);
	if (line.behind) {
		int limit = (int)(f->country.days * f->fair_percent / PERCENT);
		int64_t missing = wait_tally_missing(&group->tally, limit);
		line.add_minutes = (missing * length_of(visits, group->key) + weeks - 1) / weeks;
	}
	return line;
}

static struct wait_quantile country_of(const struct store_wait_groups *groups, struct arena *arena)
{
	struct wait_tally *all = arena_new(arena, 1, sizeof *all);
	for (size_t i = 0; i < groups->count; i++)
		wait_tally_sum(all, &groups->list[i].tally);
	return wait_summary_of(all).p90;
}

static enum err load(struct service *service, struct arena *arena,
		     const struct statistics_query *asked, struct policy *policy,
		     struct store_wait_groups *waits, struct store_visit_groups *visits)
{
	struct count_query query = { .part = asked->part,
				     .from_month = asked->from_month,
				     .to_month = asked->to_month,
				     .by = COUNT_BY_PRISON };
	enum err err = policy_load(service, (struct prison_code){ 0 }, policy);
	if (err == OK)
		err = store_wait_groups(service->store, arena, &query, waits);
	if (str_is(query.part, waiting_class_name(WAITING_SOCIAL)))
		query.part = str_from(visit_kind_name(VISIT_SOCIAL));
	else if (!str_empty(query.part))
		query.part = str_from(visit_kind_name(VISIT_LEGAL));
	if (err == OK)
		err = store_visit_groups(service->store, arena, &query, visits);
	return err;
}

enum err fairness_find(struct service *service, const struct actor *actor, struct arena *arena,
		       const struct statistics_query *asked, struct fairness *out)
{
	struct policy policy;
	struct store_wait_groups waits = { 0 };
	struct store_visit_groups visits = { 0 };
	if (!actor_is_one_of(actor, MAY_SEE))
		return ERR_DENIED;
	enum err err = load(service, arena, asked, &policy, &waits, &visits);
	if (err != OK)
		return err;
	struct fairness f = { .country = country_of(&waits, arena),
			      .fair_percent = policy.values[POLICY_FAIR_PERCENT],
			      .enough = publish_p90_needs(&policy),
			      .count = waits.count };
	int64_t weeks = weeks_of(asked, service->now);
	f.list = arena_new(arena, waits.count + 1, sizeof *f.list);
	for (size_t i = 0; i < waits.count; i++) {
		f.list[i] = line_of(&f, &policy, &waits.list[i], &visits, weeks);
		f.behind += f.list[i].behind;
	}
	qsort(f.list, f.count, sizeof *f.list, by_wait);
	for (size_t i = 0, looked = 0; i < f.count && looked < FAIRNESS_DIAGNOSED_MAX; i++) {
		if (!f.list[i].behind)
			continue;
		looked++;
		err = diagnose(service, actor, arena, &f.list[i]);
		if (err != OK)
			return err;
	}
	*out = f;
	return OK;
}
