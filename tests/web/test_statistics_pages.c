/*
 * The pages of statistics: a plot and its table, filters, and files; small numbers are not said.
 */
#include "tests/web/site.h"

#include "base/assert.h"
#include "service/statistics.h"
#include "store/query.h"

static void change(struct site *s, const char *sql)
{
	struct query q = query_of(s->estate.service.store, sql);
	CHECK(query_end(&q) == OK);
}

static void count_all(struct site *s)
{
	bool more = true;
	while (more)
		CHECK(statistics_count(&s->estate.service, &SYSTEM_ACTOR, &more) == OK);
}

/* September 2026 at Wandsworth and Leeds. */
static void publish(struct site *s)
{
	change(s, "INSERT INTO published_figure (month, prison, part, measure, value) VALUES "
		  "(24320, 'WWI', 'URGENT', 'REQUESTS', 40), (24320, 'WWI', 'URGENT', "
		  "'STILL_WAITING', -1), (24320, 'WWI', 'URGENT', 'MEDIAN_DAYS', 2), "
		  "(24320, 'LEI', 'URGENT', 'REQUESTS', -1), (24320, 'LEI', 'URGENT', "
		  "'MEDIAN_DAYS', -1), (24320, 'LEI', 'VISITS_LEGAL', 'VISITS_HELD', 1205)");
}

static void everybody_reads_what_is_published_and_no_small_number(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	struct answer page = ask(&s, "/statistics", NULL);
	CHECK(page.status == 200 && says(&page, "Nothing has been published yet"));
	publish(&s);
	page = ask(&s, "/statistics", NULL);
	CHECK(page.status == 200 && says(&page, "September 2026"));
	CHECK(says(&page, "Fewer than 5") && says(&page, "Too few to say"));
	CHECK(says(&page, "HMP Leeds") && says(&page, ">40<"));
	page = ask(&s, "/statistics?month=24320&part=VISITS_LEGAL", NULL);
	CHECK(page.status == 200 && says(&page, ">1,205<") && !says(&page, "HMP Wandsworth"));
	CHECK(says(&page, "<svg ") && says(&page, "aria-hidden=\"true\""));
	page = ask(&s, "/statistics/figures.csv?month=24320", NULL);
	CHECK(page.status == 200 && says(&page, "2026-09,WWI,URGENT,REQUESTS,40\r\n"));
	CHECK(says(&page, "2026-09,LEI,URGENT,MEDIAN_DAYS,few\r\n") && !says(&page, "-1"));
	page = ask(&s, "/statistics?month=99999999999999999999&part=%3Cb%3E", NULL);
	CHECK(page.status == 200 && !says(&page, "<b>"));
	site_close(&s);
}

static void staff_see_their_own_prison_with_a_plot_and_its_table(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "clerk@wandsworth.example");
	struct answer page = ask(&s, "/staff/statistics", NULL);
	CHECK(page.status == 200 && says(&page, "has not been counted yet"));
	change(&s, "INSERT INTO waiting (id, booker, prisoner, kind, cause, deadline, minutes, "
		   "asked_at, state, reference) SELECT 1, a.id, p.id, 'LEGAL', 'NONE', 0, 30, "
		   "1794787200, 'WAITING', '' FROM prisoner p, account a WHERE p.number = "
		   "'A1234BC' AND a.email = 'amina@family.example'");
	count_all(&s);
	page = ask(&s, "/staff/statistics?month=24322&class=ROUTINE", NULL);
	CHECK(page.status == 200 && says(&page, "Other legal visits"));
	CHECK(says(&page, "5 or more") && says(&page, "<svg ") && !says(&page, "id=\"prison\""));
	CHECK(ask(&s, "/staff/statistics?prison=LEI", NULL).status == 200); /* their own, still */
	CHECK(!says(&page, "HMP Leeds"));
	/* Where nothing happened there is a sentence, no column of noughts. */
	CHECK(says(&page, "Visits that did not take place") &&
	      says(&page, "There is nothing to count"));
	CHECK(!says(&page, "The visitor or lawyer did not come") &&
	      !says(&page, "Refused to come"));
	change(&s, "INSERT INTO visit_count (prison, kind, month, measure, value) VALUES "
		   "('WWI', 'SOCIAL', 24322, 'VISITOR_ABSENT', 7)");
	page = ask(&s, "/staff/statistics?month=24322", NULL);
	CHECK(says(&page, "The visitor or lawyer did not come") && !says(&page, "Refused to come"));
	page = ask(&s, "/staff/statistics/figures.csv?month=24322&class=ROUTINE", NULL);
	CHECK(page.status == 200 && says(&page, "waits,ROUTINE,still_waiting,1\r\n"));
	CHECK(says(&page, "waits,ROUTINE,median_days_at_least,5\r\n"));
	page = ask(&s, "/staff/statistics?month=-1&class=none", NULL);
	CHECK(page.status == 200 && says(&page, "The last 12 months"));
	site_close(&s);
}

static void headquarters_see_all_prisons_and_who_falls_behind(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	count_all(&s);
	change(&s, "INSERT INTO wait_count (prison, class, month, outcome, days, requests) VALUES "
		   "('WWI', 'URGENT', 24322, 'HELD_IN_TIME', 1, 900), "
		   "('CFI', 'URGENT', 24322, 'HELD_LATE', 60, 9), "
		   "('LEI', 'URGENT', 24322, 'HELD_LATE', 12, 20)");
	sign_in(&s, "analyst@hq.example");
	struct answer page = ask(&s, "/staff/statistics?month=24322", NULL);
	CHECK(page.status == 200 && says(&page, "href=\"/staff/statistics?prison=LEI\""));
	CHECK(says(&page, "Falls behind") && says(&page, "All together"));
	CHECK(says(&page, "Between prisons") && says(&page, "beyond 200 % of it: 1."));
	CHECK(says(&page, "href=\"/staff/waste?prison=LEI\"") && says(&page, ">12.0<"));
	CHECK(says(&page, "Fewer than 10") && says(&page, "Too few to say"));
	CHECK(!says(&page, "href=\"/staff/waste?prison=CFI\""));
	page = ask(&s, "/staff/statistics?month=24322&class=ROUTINE", NULL);
	CHECK(page.status == 200 && !says(&page, "Falls behind"));
	/* No table, no part of one and no file says how few they are at Cardiff, or what is left. */
	static const char *const OF_FEW[] = { "?month=24322", "?prison=CFI&month=24322",
					      "?prison=CFI&month=24322&class=URGENT" };
	change(&s, "UPDATE wait_count SET requests = 3 WHERE prison = 'CFI'");
	for (size_t i = 0; i < ARRAY_LEN(OF_FEW); i++) {
		page =
		    ask(&s, arena_printf(&s.estate.arena, "/staff/statistics%s", OF_FEW[i]), NULL);
		CHECK(page.status == 200 && says(&page, "Fewer than 5") && !says(&page, ">3<"));
		CHECK(!says(&page, ">923<") && !says(&page, ">60<"));
		page = ask(
		    &s, arena_printf(&s.estate.arena, "/staff/statistics/figures.csv%s", OF_FEW[i]),
		    NULL);
		CHECK(page.status == 200 && says(&page, ",requests,few\r\n"));
		CHECK(!says(&page, ",requests,3\r\n") && !says(&page, "waits,CFI,p90_days"));
		CHECK(!says(&page, "waits,CFI,median_days"));
	}
	page = ask(&s, "/staff/statistics/figures.csv?month=24322", NULL);
	CHECK(says(&page, "waits,WWI,requests,900\r\n") &&
	      says(&page, "waits,WWI,in_time_percent,100\r\n"));
	page = ask(&s, "/staff/statistics?prison=LEI&month=24322", NULL);
	CHECK(page.status == 200 && says(&page, "Urgent legal visits"));
	CHECK(!says(&page, "Between prisons")); /* one prison beside itself */
	CHECK(ask(&s, "/staff/statistics?prison=ZZZ", NULL).status == 404);
	site_close(&s);
}

/* Cardiff: 3 of 4 visits held; Leeds: enough of them. What a sum would tell of Cardiff is in none. */
static void headquarters_read_no_small_number_of_visits_and_the_prison_its_own(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	count_all(&s);
	change(&s, "INSERT INTO visit_count (prison, kind, month, measure, value) VALUES "
		   "('CFI', 'LEGAL', 24320, 'PLANNED', 4), ('CFI', 'LEGAL', 24320, 'HELD', 3), "
		   "('CFI', 'LEGAL', 24320, 'PLANNED_MINUTES', 124), "
		   "('CFI', 'LEGAL', 24320, 'DELIVERED_S', 5460), "
		   "('CFI', 'LEGAL', 24320, 'PRISONER_ABSENT', 1), "
		   "('LEI', 'LEGAL', 24320, 'PLANNED', 48), ('LEI', 'LEGAL', 24320, 'HELD', 46), "
		   "('LEI', 'LEGAL', 24320, 'PLANNED_MINUTES', 1441), "
		   "('LEI', 'LEGAL', 24320, 'DELIVERED_S', 82860), "
		   "('LEI', 'LEGAL', 24320, 'VISITOR_ABSENT', 2)");
	sign_in(&s, "analyst@hq.example");
	static const char *const OF[] = { "?month=24320", "?prison=CFI&month=24320" };
	static const char *const NEVER[] = {
		">3<",  ">4<",         ">124<",          ">91<",    ">1,565<",  ">1,472<", ">52<",
		">49<", ",HELD,3\r\n", ",PLANNED,4\r\n", "124\r\n", "5460\r\n", "-1"
	};
	for (size_t i = 0; i < ARRAY_LEN(OF); i++) {
		struct answer page =
		    ask(&s, arena_printf(&s.estate.arena, "/staff/statistics%s", OF[i]), NULL);
		struct answer file =
		    ask(&s, arena_printf(&s.estate.arena, "/staff/statistics/figures.csv%s", OF[i]),
			NULL);
		CHECK(page.status == 200 && file.status == 200);
		CHECK(says(&page, "Fewer than 5") && says(&page, "Too few to say"));
		CHECK(says(&page, "Numbers from 1 to below 5 are not given."));
		CHECK(says(&file, ",HELD,few\r\n") && says(&file, ",DELIVERED_S,few\r\n"));
		for (size_t n = 0; n < ARRAY_LEN(NEVER); n++) {
			const char *visits = strstr(page.html, "Visits and minutes");
			CHECK(visits != NULL && strstr(visits, NEVER[n]) == NULL);
			CHECK(strstr(file.html, NEVER[n]) == NULL);
		}
	}
	struct answer page = ask(&s, "/staff/statistics?month=24320", NULL);
	CHECK(says(&page, ">50<") && says(&page, ">45<")); /* Leeds alone, and all together */
	CHECK(says(&page, ">1,440<") && says(&page, ">1,380<"));
	/* No cause is one too few, and how many did not come. */
	page = ask(&s, "/staff/statistics?prison=LEI&month=24320", NULL);
	CHECK(!says(&page, ">2<") && says(&page, ">1,440<"));
	sign_in(&s, "staff@leeds.example");
	page = ask(&s, "/staff/statistics?month=24320", NULL);
	CHECK(page.status == 200 && says(&page, ">48<") && says(&page, ">46<"));
	CHECK(says(&page, ">1,441<") && !says(&page, "Numbers from 1 to below"));
	site_close(&s);
}

static void the_week_says_where_the_time_went_and_what_would_help(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "governor@wandsworth.example");
	struct answer page = ask(&s, "/staff/waste", NULL);
	CHECK(page.status == 200 && says(&page, "Where the time goes") && says(&page, "<svg "));
	CHECK(says(&page, "All that could be offered") && says(&page, "100.0 %"));
	CHECK(says(&page, "What would help") && says(&page, "The week after"));
	CHECK(!says(&page, "is rounded to"));
	page = ask(&s, "/staff/waste?week=2026-11-23", NULL);
	CHECK(page.status == 200 && says(&page, "only what is past is counted"));
	CHECK(!says(&page, "The week after"));
	CHECK(ask(&s, "/staff/waste?week=2030-01-01", NULL).status ==
	      200); /* the last that is over */
	CHECK(ask(&s, "/staff/waste?week=x%22%3E", NULL).status == 200);
	sign_in(&s, "inspector@hq.example");
	page = ask(&s, "/staff/waste?prison=CFI", NULL);
	CHECK(page.status == 200 && says(&page, "is rounded to 150 minutes"));
	CHECK(ask(&s, "/staff/waste?prison=NONE", NULL).status == 404);
	site_close(&s);
}

static void headquarters_see_which_prisons_are_ready_and_what_is_missing(void **state)
{
	(void)state;
	struct site s;
	site_open(&s);
	sign_in(&s, "analyst@hq.example");
	struct answer page = ask(&s, "/staff/readiness", NULL);
	CHECK(page.status == 200 && says(&page, "HMP Hollesley Bay"));
	CHECK(says(&page, "The broadband line is being upgraded."));
	CHECK(says(&page, "Terminals enrolled: 0 of "));
	/* The terminal of Wandsworth is heard of; the prison stops holding visits a moment later. */
	change(&s, "UPDATE terminal SET public_key = code_hash, last_seen = 1795428400 "
		   "WHERE prison = 'WWI'");
	page = ask(&s, "/staff/readiness?show=not_ready", NULL);
	CHECK(page.status == 200 && !says(&page, "HMP Wandsworth"));
	struct actor admin = estate_staff(&s.estate, ROLE_PRISON_ADMIN, "WWI");
	CHECK(prison_set_ready(&s.estate.service, &admin, admin.prison, false, STR("Flooded"),
			       STR("")) == OK);
	page = ask(&s, "/staff/readiness?show=not_ready", NULL);
	CHECK(page.status == 200 && says(&page, "Flooded"));
	CHECK(says(&page, "Since: 23 November 2026"));
	/* What its line showed stands beside what it should carry, and counts. */
	change(&s,
	       "INSERT INTO prison_policy (seq, prison, name, value, valid_from, author, "
	       "reason) SELECT (SELECT MAX(seq) FROM prison_policy) + n, 'WWI', name, value, 0, "
	       "NULL, 'Test' FROM (SELECT 1 AS n, 'link_up_kbit' AS name, 2000 AS value UNION ALL "
	       "SELECT 2, 'link_found_up_kbit', 400 UNION ALL SELECT 3, 'link_found_down_kbit', "
	       "900) AS rules");
	page = ask(&s, "/staff/readiness", NULL);
	CHECK(says(&page, "Visits at once: 2"));
	CHECK(says(&page, "it carried 400 kbit/s when it was full; it should carry 2000"));
	CHECK(says(&page, "To the prison it carried 900 kbit/s when it was full<"));
	sign_in(&s, "clerk@wandsworth.example");
	CHECK(ask(&s, "/staff/readiness", NULL).status == 403);
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(everybody_reads_what_is_published_and_no_small_number),
		TEST(staff_see_their_own_prison_with_a_plot_and_its_table),
		TEST(headquarters_see_all_prisons_and_who_falls_behind),
		TEST(headquarters_read_no_small_number_of_visits_and_the_prison_its_own),
		TEST(the_week_says_where_the_time_went_and_what_would_help),
		TEST(headquarters_see_which_prisons_are_ready_and_what_is_missing),
	};
	return RUN("web/statistics_pages", tests);
}
