/*
 * test_site.c - six visits behind one line of a prison: all are held, none is robbed, none is cut for another's fault.
 */
#include <stdio.h>

#include "../unit/check.h"
#include "congestion/tiers.h"
#include "domain/line.h"
#include "domain/line_found.h"
#include "world.h"

enum {
	CALLS = 6,
	SITE = 7,
};

struct site {
	struct world *world;
	struct emulated_line up; /* of the prison, all terminals */
	struct emulated_line down;
	struct emulated_line visitor_up[CALLS];
	struct emulated_line visitor_down[CALLS];
	size_t prisoners[CALLS];
	size_t visitors[CALLS];
};

static void lay(struct emulated_line *line, const char *words, uint64_t seed, struct mono now)
{
	struct line_config config;
	char bad[32];
	CHECK(line_config_parse(words, &config, bad));
	emulated_line_init(line, &config, seed, now);
}

static void open_visit(struct site *site, size_t i, uint32_t up_bps, uint32_t down_bps, bool legal)
{
	struct world *world = site->world;
	world->visit.n = 1000 + (int64_t)i;
	world->routes = (struct media_routes){ .visit = world->visit };
	world_control(world, &(struct media_message){
				 .type = MEDIA_VISIT_OPEN,
				 .visit = {
				     .visit = world->visit,
				     .kind = legal ? MEDIA_LEGAL : MEDIA_SOCIAL,
				     .lifetime_s = 3600,
				     .site = SITE,
				     .site_up_bps = up_bps,
				     .site_down_bps = down_bps,
				     .weight = legal ? 30 : 10,
				 },
			     });
}

static void join(struct site *site, size_t i, const char *visitor)
{
	struct world *world = site->world;
	size_t a = site->prisoners[i] = world_join(world, 0, MEDIA_PRISONER, 2);
	size_t b = site->visitors[i] = world_join(world, 1, MEDIA_VISITOR, 2);
	lay(&site->visitor_up[i], visitor, 100 + i, world->now);
	lay(&site->visitor_down[i], visitor, 200 + i, world->now);
	world->clients[a].up_line = &site->up;
	world->clients[a].down_line = &site->down;
	world->clients[b].up_line = &site->visitor_up[i];
	world->clients[b].down_line = &site->visitor_down[i];
	world->clients[a].obeys = world->clients[a].asks = true;
	world->clients[b].obeys = world->clients[b].asks = true;
	CHECK(world_connect(world, a));
	CHECK(world_connect(world, b));
	world_route(world, 0, 1, true, true);
	world_route(world, 1, 0, true, true);
}

/* Six calls on 1 Mbit/s up and 8 down, of which the prison plans four fifths. */
static struct site *six(uint64_t seed, const char *sixth, bool first_is_legal)
{
	static struct site site;
	site = (struct site){ .world = world_new(seed, MEDIA_SOCIAL, 3600) };
	lay(&site.up, "rate=1000k queue=300 delay=20", seed, site.world->now);
	lay(&site.down, "rate=8000k queue=300 delay=20", seed + 1, site.world->now);
	for (size_t i = 0; i < CALLS; i++) {
		open_visit(&site, i, 800000, 6400000, first_is_legal && i == 0);
		join(&site, i, i + 1 == CALLS ? sixth : "delay=20");
	}
	return &site;
}

static char sends(const struct site *site, size_t call, bool prisoner)
{
	size_t at = prisoner ? site->prisoners[call] : site->visitors[call];
	return (char)site->world->clients[at].tier.send;
}

/* Pictures of which the last packet came. */
static size_t frames_of(const struct shown *shown)
{
	size_t frames = 0;
	for (uint64_t i = 0; shown->any && i <= shown->newest - shown->first && i < GOT_MAX; i++)
		frames += shown->got[i].here && shown->got[i].marker;
	return frames;
}

/* Whether 95 of 100 seconds had no packet that waited longer than 100 ms: 100; else 999. */
static uint32_t queue_p95_ms(const struct emulated_line *line, size_t from, size_t to)
{
	size_t over = 0;
	for (size_t s = from; s < to; s++)
		over += line->second[s].queue_ms_max > 100;
	return over * 20 > to - from ? 999 : 100;
}

static void six_calls_share_one_line_evenly(void **state)
{
	(void)state;
	struct site *site = six(1, "delay=20", false);
	world_run(site->world, 8000);
	size_t from = site->up.seconds;
	size_t before[CALLS];
	for (size_t i = 0; i < CALLS; i++)
		before[i] = frames_of(&site->world->clients[site->visitors[i]].shown[1]);
	world_run(site->world, 10000);
	double sum = 0, squares = 0;
	for (size_t i = 0; i < CALLS; i++) {
		size_t frames =
		    frames_of(&site->world->clients[site->visitors[i]].shown[1]) - before[i];
		sum += (double)frames;
		squares += (double)frames * (double)frames;
		if (sends(site, i, true) != 'B')
			fail_msg("call %zu sends tier %c", i, sends(site, i, true));
	}
	CHECK(sum / CALLS / 10 >= 13);
	CHECK(sum * sum / (CALLS * squares) >= 0.95); /* Jain */
	world_run(site->world, 30000);
	assert_int_equal(queue_p95_ms(&site->up, from, site->up.seconds - 1), 100);
	CHECK(sends(site, 0, false) >= 'A' && sends(site, 0, false) <= 'F');
	world_free(site->world);
}

/* A visitor whose line is thin gets less, and nobody else does. */
static void one_bad_line_lowers_nobody_else(void **state)
{
	(void)state;
	struct site *site = six(2, "rate=70k queue=300 delay=40 loss=2%", false);
	world_run(site->world, 45000);
	CHECK(sends(site, CALLS - 1, true) == 'D' || sends(site, CALLS - 1, true) == 'G');
	for (size_t i = 0; i + 1 < CALLS; i++)
		if (sends(site, i, true) != 'B' && sends(site, i, true) != 'A')
			fail_msg("call %zu sends tier %c", i, sends(site, i, true));
	world_free(site->world);
}

/* What is left beyond the least picture goes to the legal visit first. */
static void a_legal_visit_comes_first(void **state)
{
	(void)state;
	struct site *site = six(3, "delay=20", true);
	for (size_t i = 0; i < CALLS; i++)
		open_visit(site, i, 400000, 6400000, i == 0);
	world_run(site->world, 30000);
	CHECK(sends(site, 0, true) == 'B' || sends(site, 0, true) == 'C');
	for (size_t i = 1; i < CALLS; i++)
		CHECK(sends(site, i, true) == 'D');
	world_free(site->world);
}

/* Configured for more than it is: it shows, is cut once, and sound holds. */
static void a_line_that_is_less_than_it_says_is_found_out(void **state)
{
	(void)state;
	struct site *site = six(4, "delay=20", false);
	lay(&site->up, "rate=500k queue=300 delay=20", 9, site->world->now);
	struct line_way found = { 0 };
	for (int s = 0; s < 40; s++) {
		world_run(site->world, 1000);
		if (s >= 5) /* until then the pictures have not begun */
			line_way_second(&found, site->world->line.up_bps,
					site->world->line.up_full);
	}
	/* Full until it was cut; what pvl-web was told of it then is what it carries. */
	CHECK(found.full_s >= 1 && found.full_s < 20);
	if (found.full_kbit < 400 * found.full_s || found.full_kbit > 510 * found.full_s)
		fail_msg("%lld kbit in %lld s", (long long)found.full_kbit,
			 (long long)found.full_s);
	CHECK(found.most_kbit <= 500);
	CHECK(!site->world->line.down_full);
	size_t lost = 0;
	for (size_t i = 0; i < CALLS; i++) {
		const struct shown *audio = &site->world->clients[site->visitors[i]].shown[0];
		lost += shown_missing(audio);
		CHECK(sends(site, i, true) != 'A');
	}
	CHECK(lost < 400); /* of 14,000 */
	world_free(site->world);
}

/* Of a direction that nobody has measured nothing is shared out. */
static void an_unknown_direction_is_left_alone(void **state)
{
	(void)state;
	struct site *site = six(5, "delay=20", false);
	for (size_t i = 0; i < CALLS; i++)
		open_visit(site, i, 800000, 0, false);
	world_run(site->world, 15000);
	for (size_t i = 0; i < CALLS; i++) {
		CHECK(sends(site, i, true) == 'B');
		CHECK(sends(site, i, false) == 'A' || sends(site, i, false) == 'F');
	}
	world_free(site->world);
}

/* It begins with sound alone, and nobody else loses any of theirs. */
static void a_call_that_begins_on_a_full_line_takes_nobodys_sound(void **state)
{
	(void)state;
	struct site site = { .world = world_new(8, MEDIA_SOCIAL, 3600) };
	size_t missed[CALLS];
	assert_int_equal(LINE_SOUND_BPS, tier_numbers(LADDER_TALK, TIER_G)->wire_bps);
	lay(&site.up, "rate=300k queue=300 delay=20", 8, site.world->now);
	lay(&site.down, "rate=8000k queue=300 delay=20", 9, site.world->now);
	for (size_t i = 0; i + 1 < CALLS; i++) {
		open_visit(&site, i, (CALLS - 1) * LINE_SOUND_BPS, 6400000, false);
		join(&site, i, "delay=20");
	}
	world_run(site.world, 8000);
	for (size_t i = 0; i + 1 < CALLS; i++)
		missed[i] = shown_missing(&site.world->clients[site.visitors[i]].shown[0]);
	open_visit(&site, CALLS - 1, (CALLS - 1) * LINE_SOUND_BPS, 6400000, false);
	join(&site, CALLS - 1, "delay=20");
	world_run(site.world, 2000);
	for (size_t i = 0; i < CALLS; i++)
		CHECK(sends(&site, i, true) == 'G');
	world_run(site.world, 8000);
	for (size_t i = 0; i + 1 < CALLS; i++)
		assert_int_equal(shown_missing(&site.world->clients[site.visitors[i]].shown[0]),
				 missed[i]);
	CHECK(site.world->clients[site.visitors[CALLS - 1]].shown[0].any);
	world_free(site.world);
}

struct beginning {
	char second;   /* what the prisoner sends after the first second */
	size_t missed; /* packets that did not fit into the visitor's line in four seconds */
};

/* Of a visit with a visitor on such a line, of which pvl-web knows so much. */
static struct beginning begin(const char *line, uint32_t known_bps)
{
	struct site site = { .world = world_new(6, MEDIA_SOCIAL, 3600) };
	struct beginning out = { 0 };
	lay(&site.up, "delay=20", 6, site.world->now);
	lay(&site.down, "delay=20", 7, site.world->now);
	open_visit(&site, 0, 0, 0, false);
	site.world->known_bps = known_bps;
	join(&site, 0, line);
	world_run(site.world, 1000);
	out.second = sends(&site, 0, true);
	world_run(site.world, 3000);
	for (size_t i = 0; i < site.visitor_down[0].seconds; i++)
		out.missed += site.visitor_down[0].second[i].dropped;
	world_free(site.world);
	return out;
}

static void a_line_begins_at_what_is_known_of_it(void **state)
{
	(void)state;
	static const char THIN[] = "rate=40k queue=600 delay=40";
	static const char FAR[] = "rate=150k queue=300 delay=300";
	assert_int_equal(begin(FAR, 130000).second, 'B');
	CHECK(begin(FAR, 0).second != 'B');
	CHECK(2 * begin(THIN, 38000).missed < begin(THIN, 0).missed);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(six_calls_share_one_line_evenly),
		TEST(one_bad_line_lowers_nobody_else),
		TEST(a_legal_visit_comes_first),
		TEST(a_call_that_begins_on_a_full_line_takes_nobodys_sound),
		TEST(an_unknown_direction_is_left_alone),
		TEST(a_line_that_is_less_than_it_says_is_found_out),
		TEST(a_line_begins_at_what_is_known_of_it),
	};
	return RUN("flow/site", tests);
}
