#include "simulate/report.h"

#include <stdio.h>

#include "base/assert.h"
#include "domain/waiting/plot.h"

struct sim_spread sim_result_spread(const struct sim_rows_result *result, enum sim_figure figure)
{
	int64_t values[SIM_SEEDS_MAX];
	ASSERT(result->seed_count <= SIM_SEEDS_MAX);
	for (size_t i = 0; i < result->seed_count; i++)
		values[i] = result->years[i].figures[figure];
	return sim_spread_of(values, result->seed_count);
}

static long long whole(int64_t milli)
{
	return (long long)(milli / 1000);
}

static long long tenth(int64_t milli)
{
	return (long long)(milli % 1000 / 100);
}

static void cell(struct buf *out, const struct sim_rows_result *r, enum sim_figure figure,
		 int divisor)
{
	struct sim_spread s = sim_result_spread(r, figure);
	int64_t mean = s.mean_milli / divisor, half = s.half_milli / divisor;
	char text[64];
	(void)snprintf(text, sizeof text, "%lld.%lld±%lld.%lld", whole(mean), tenth(mean),
		       whole(half), tenth(half));
	buf_printf(out, " %12s", text);
}

void sim_report_table(struct buf *out, const struct sim_rows_result *results, size_t count)
{
	buf_printf(out, "%-20s %11s %11s %11s %11s %11s %11s %11s %11s %11s\n", "practice",
		   "median", "P90", "urgent<=1", "missed %", "wasted %", "between %", "gave up %",
		   "useless %", "social");
	for (size_t i = 0; i < count; i++) {
		const struct sim_rows_result *r = &results[i];
		buf_printf(out, "%-20s", r->row->name);
		cell(out, r, FIGURE_MEDIAN, 1);
		cell(out, r, FIGURE_P90, 1);
		cell(out, r, FIGURE_URGENT_1, 10);
		cell(out, r, FIGURE_MISSED, 10);
		cell(out, r, FIGURE_WASTED, 10);
		cell(out, r, FIGURE_BETWEEN, 1);
		cell(out, r, FIGURE_GAVE_UP, 10);
		cell(out, r, FIGURE_USELESS, 10);
		cell(out, r, FIGURE_SOCIAL, 1);
		buf_char(out, '\n');
	}
	buf_text(out, "Waits in working days; per cent of requests or of legal minutes; "
		      "mean ± half of the 95 % interval over seeds.\n");
}

static void json_model(struct buf *out, const struct sim_model *m)
{
	const struct {
		const char *name;
		int value;
	} list[] = {
		{ "prisons", m->prisons },
		{ "reception_prisons", m->reception },
		{ "prisons_with_bad_lines", m->bad_lines },
		{ "requests_weekly_milli_reception", m->reception_weekly_milli },
		{ "requests_weekly_milli_other", m->other_weekly_milli },
		{ "size_percent_min", m->size_min },
		{ "size_percent_max", m->size_max },
		{ "load_spread_percent", m->load_spread },
		{ "urgent_percent", m->urgent },
		{ "dated_percent", m->dated },
		{ "need_15_percent", m->needs[0] },
		{ "need_30_percent", m->needs[1] },
		{ "need_45_percent", m->needs[2] },
		{ "need_60_percent", m->needs[3] },
		{ "urgent_deadline_days", m->urgent_deadline_days },
		{ "dated_deadline_days_min", m->dated_min },
		{ "dated_deadline_days_max", m->dated_max },
		{ "staff_answer_days_min", m->staff_days_min },
		{ "staff_answer_days_mean_more", m->staff_days_mean },
		{ "staff_answer_days_max", m->staff_days_max },
		{ "cancel_percent", m->cancel },
		{ "rebook_percent", m->rebook },
		{ "moved_per_100000_a_day", m->moved_per_100000 },
		{ "no_show_permille", m->no_show_milli },
		{ "no_show_permille_per_day", m->no_show_milli_day },
		{ "no_show_permille_max", m->no_show_milli_max },
		{ "no_shows_left_by_reminders_percent", m->reminded },
		{ "not_produced_permille", m->not_produced_milli },
		{ "offers_accepted_percent", m->accept },
		{ "booked_at_once_percent", m->automatic },
		{ "booked_at_once_given_back_percent", m->automatic_clash },
		{ "lawyer_busy_percent_of_hours", m->clash },
		{ "prisoner_busy_percent_of_hours", m->regime },
		{ "outage_days_per_10000", m->outage_per_10000 },
		{ "outage_days_per_10000_bad", m->outage_bad_per_10000 },
		{ "saved_by_fallback_percent", m->fallback },
		{ "give_up_days", m->give_up_days },
		{ "social_load_percent", m->social_load },
		{ "released_percent", m->released },
		{ "warm_up_days", m->warm_days },
		{ "counted_days", m->count_days },
	};
	buf_text(out, "\"parameters\":{");
	for (size_t i = 0; i < ARRAY_LEN(list); i++)
		buf_printf(out, "%s\"%s\":%d", i ? "," : "", list[i].name, list[i].value);
	buf_char(out, '}');
}

static void json_rules(struct buf *out, const struct policy *policy)
{
	buf_text(out, ",\n\"rules\":{");
	for (unsigned i = 0; i < POLICY_COUNT; i++)
		buf_printf(out, "%s\"%s\":%lld", i ? "," : "",
			   policy_name_text((enum policy_name)i), (long long)policy->values[i]);
	buf_char(out, '}');
}

static void json_figure(struct buf *out, const struct sim_rows_result *r, enum sim_figure figure)
{
	struct sim_spread s = sim_result_spread(r, figure);
	buf_printf(out, "\"%s\":{\"mean_milli\":%lld,\"half_milli\":%lld,\"seeds\":[",
		   sim_figure_name(figure), (long long)s.mean_milli, (long long)s.half_milli);
	for (size_t i = 0; i < r->seed_count; i++)
		buf_printf(out, "%s%lld", i ? "," : "", (long long)r->years[i].figures[figure]);
	buf_text(out, "]}");
}

void sim_report_json(struct buf *out, const struct sim_model *model, const struct policy *policy,
		     const struct sim_rows_result *results, size_t count)
{
	buf_char(out, '{');
	json_model(out, model);
	json_rules(out, policy);
	buf_text(out, ",\n\"rows\":[");
	for (size_t i = 0; i < count; i++) {
		const struct sim_rows_result *r = &results[i];
		buf_printf(out, "%s\n{\"name\":\"%s\",\"sentence\":\"%s\",\"load\":%d",
			   i ? "," : "", r->row->name, r->row->sentence, r->row->load);
		for (unsigned f = 0; f < FIGURE_COUNT; f++) {
			buf_char(out, ',');
			json_figure(out, r, (enum sim_figure)f);
		}
		buf_char(out, '}');
	}
	buf_text(out, "\n]}\n");
}

void sim_report_plot(struct buf *out, struct str title, enum sim_figure figure,
		     const struct sim_rows_result *results, size_t count)
{
	struct plot_bar bars[PLOT_BARS_MAX];
	char texts[PLOT_BARS_MAX][32];
	count = count < PLOT_BARS_MAX ? count : PLOT_BARS_MAX;
	for (size_t i = 0; i < count; i++) {
		struct sim_spread s = sim_result_spread(&results[i], figure);
		(void)snprintf(texts[i], sizeof texts[i], "%lld.%lld", whole(s.mean_milli),
			       tenth(s.mean_milli));
		bars[i] = (struct plot_bar){ .label = str_from(results[i].row->name),
					     .text = str_from(texts[i]),
					     .value = s.mean_milli,
					     .half = s.half_milli };
	}
	plot_bars(out, title, bars, count);
}
