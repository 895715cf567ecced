#include "tests/unit/check.h"

#include "simulate/country.h"
#include "simulate/report.h"
#include "tests/unit/domain/waiting.h"

static struct sim_model small(void)
{
	struct sim_model m = sim_model_default();
	m.prisons = 4;
	m.reception = 1;
	m.bad_lines = 1;
	m.warm_days = 20;
	m.count_days = 40;
	return m;
}

static void a_year_is_the_same_for_the_same_seed_and_another_for_another(void **state)
{
	static struct sim_country a, b, c;
	const struct policy policy = waiting_policy();
	const struct sim_model model = small();
	const struct sim_row *row = sim_row_find("all-90");
	(void)state;
	sim_country_run(&model, row, &policy, 1, &a);
	sim_country_run(&model, row, &policy, 1, &b);
	sim_country_run(&model, row, &policy, 2, &c);
	assert_memory_equal(&a, &b, sizeof a);
	assert_memory_not_equal(&a, &c, sizeof a);
}

/* Every practice is given the same minutes, and every one of them is accounted for. */
static void all_practices_of_a_load_share_out_the_same_minutes(void **state)
{
	static struct sim_country first, other;
	const struct policy policy = waiting_policy();
	const struct sim_model model = small();
	(void)state;
	sim_country_run(&model, sim_row_find("phone-90"), &policy, 3, &first);
	CHECK(first.figures[FIGURE_LEGAL_MINUTES] > 0);
	for (size_t i = 0; i < SIM_ROW_COUNT; i++) {
		if (SIM_ROWS[i].load != 90)
			continue;
		sim_country_run(&model, &SIM_ROWS[i], &policy, 3, &other);
		assert_int_equal(other.figures[FIGURE_LEGAL_MINUTES],
				 first.figures[FIGURE_LEGAL_MINUTES]);
	}
}

static void every_request_is_counted_once_whether_it_was_held_or_still_waits(void **state)
{
	const struct policy policy = waiting_policy();
	const struct sim_model model = small();
	static const char *const ROWS[] = { "phone-90", "all-90", "hour-release-90" };
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		static struct sim_counts counts;
		struct arena arena;
		const struct sim_prison prison = { .number = 0, .seed = 5 };
		int64_t waits = 0;
		memset(&counts, 0, sizeof counts);
		arena_init(&arena);
		sim_year_run(&arena, &model, sim_row_find(ROWS[i]), &policy, &prison, &counts);
		arena_clear(&arena);
		for (int c = 0; c < SIM_CLASSES; c++)
			for (int w = 0; w <= SIM_WAIT_MAX; w++)
				waits += counts.waits[c][w];
		/* Those who called it off for good were served: they are not waits. */
		CHECK(waits <= counts.asked);
		CHECK(waits * 100 >= counts.asked * 90);
		CHECK(counts.urgent_1 <= counts.urgent_2 && counts.urgent_2 <= counts.urgent);
		CHECK(counts.accepted <= counts.offers);
	}
}

static void waits_fall_with_each_part_that_is_added(void **state)
{
	static struct sim_country phone, lengths, all;
	const struct policy policy = waiting_policy();
	const struct sim_model model = small();
	(void)state;
	sim_country_run(&model, sim_row_find("phone-90"), &policy, 7, &phone);
	sim_country_run(&model, sim_row_find("lengths-90"), &policy, 7, &lengths);
	sim_country_run(&model, sim_row_find("all-90"), &policy, 7, &all);
	CHECK(lengths.figures[FIGURE_MEDIAN] < phone.figures[FIGURE_MEDIAN]);
	CHECK(all.figures[FIGURE_URGENT_1] > lengths.figures[FIGURE_URGENT_1]);
	CHECK(all.figures[FIGURE_WASTED] < phone.figures[FIGURE_WASTED]);
	CHECK(all.figures[FIGURE_SOCIAL] >= phone.figures[FIGURE_SOCIAL]);
}

static void whoever_has_offers_booked_at_once_accepts_more_of_them(void **state)
{
	static struct sim_counts asked, half;
	const struct policy policy = waiting_policy();
	const struct sim_model model = small();
	const struct sim_prison prison = { .number = 0, .seed = 5 };
	struct arena arena;
	(void)state;
	arena_init(&arena);
	sim_year_run(&arena, &model, sim_row_find("all-asked-90"), &policy, &prison, &asked);
	sim_year_run(&arena, &model, sim_row_find("all-automatic50-90"), &policy, &prison, &half);
	arena_clear(&arena);
	CHECK(asked.offers > 0 && asked.asked == half.asked);
	CHECK(half.accepted * asked.offers > asked.accepted * half.offers);
}

static void a_spread_is_students_interval(void **state)
{
	static const int64_t SAME[] = { 5, 5, 5 }, VALUES[] = { 1, 2, 3, 4, 5 };
	static const int64_t BETWEEN[] = { 2, 2, 2, 2, 1 }; /* their mean is no whole number */
	(void)state;
	assert_int_equal(sim_spread_of(SAME, 3).half_milli, 0);
	assert_int_equal(sim_spread_of(SAME, 1).mean_milli, 5000);
	struct sim_spread s = sim_spread_of(VALUES, 5); /* 3 ± 2.776 × √(2.5 / 5) */
	assert_int_equal(s.mean_milli, 3000);
	CHECK(s.half_milli > 1950 && s.half_milli < 1970);
	s = sim_spread_of(BETWEEN, 5); /* 1.8 ± 2.776 × √(0.2 / 5) */
	assert_int_equal(s.mean_milli, 1800);
	CHECK(s.half_milli > 550 && s.half_milli < 560);
}

static void a_report_has_a_line_a_figure_and_a_bar_for_each_practice(void **state)
{
	static struct sim_country years[2];
	const struct policy policy = waiting_policy();
	const struct sim_model model = small();
	struct sim_rows_result results[2] = {
		{ .row = sim_row_find("phone-90"), .seed_count = 1, .years = &years[0] },
		{ .row = sim_row_find("all-90"), .seed_count = 1, .years = &years[1] },
	};
	struct buf table = buf_of(1 << 16), json = buf_of(1 << 16), svg = buf_of(1 << 16);
	(void)state;
	years[0].figures[FIGURE_MEDIAN] = 25;
	years[1].figures[FIGURE_MEDIAN] = 1;
	sim_report_table(&table, results, 2);
	CHECK(strstr(buf_cstr(&table), "25.0±0.0"));
	sim_report_json(&json, &model, &policy, results, 2);
	CHECK(strstr(buf_cstr(&json), "\"median_days\":{\"mean_milli\":25000,\"half_milli\":0"));
	CHECK(strstr(buf_cstr(&json), "\"offers_accepted_percent\":30"));
	CHECK(strstr(buf_cstr(&json), "\"booked_at_once_percent\":20"));
	sim_report_plot(&svg, STR("Waits < 2 & more"), FIGURE_MEDIAN, results, 2);
	CHECK(strstr(buf_cstr(&svg), "Waits &lt; 2 &amp; more"));
	CHECK(strstr(buf_cstr(&svg), "all-90"));
	buf_clear(&table);
	buf_clear(&json);
	buf_clear(&svg);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(a_year_is_the_same_for_the_same_seed_and_another_for_another),
		TEST(all_practices_of_a_load_share_out_the_same_minutes),
		TEST(every_request_is_counted_once_whether_it_was_held_or_still_waits),
		TEST(waits_fall_with_each_part_that_is_added),
		TEST(whoever_has_offers_booked_at_once_accepts_more_of_them),
		TEST(a_spread_is_students_interval),
		TEST(a_report_has_a_line_a_figure_and_a_bar_for_each_practice),
	};
	return RUN("simulate/country", tests);
}
