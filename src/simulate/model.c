#include "simulate/model.h"

#include <string.h>

#include "base/assert.h"

struct sim_model sim_model_default(void)
{
	return (struct sim_model){
		.prisons = 110,
		.reception = 37,
		.bad_lines = 7,
		.reception_weekly_milli = 55000,
		.other_weekly_milli = 21000,
		.size_min = 60,
		.size_max = 140,
		.load_spread = 15,
		.urgent = 15,
		.dated = 45,
		.needs = { 20, 42, 10, 28, 0, 0 },
		.urgent_deadline_days = 3,
		.dated_min = 10,
		.dated_max = 29,
		.staff_days_min = 1,
		.staff_days_mean = 3,
		.staff_days_max = 15,
		.cancel = 10,
		.rebook = 60,
		.moved_per_100000 = 500,
		.no_show_milli = 40,
		.no_show_milli_day = 3,
		.no_show_milli_max = 150,
		.reminded = 60,
		.not_produced_milli = 30,
		.accept = 30,
		.automatic = 20,
		.automatic_clash = 5,
		.clash = 25,
		.regime = 10,
		.outage_per_10000 = 70,
		.outage_bad_per_10000 = 600,
		.fallback = 75,
		.give_up_days = 60,
		.social_load = 31,
		.released = 10,
		.warm_days = 130,
		.count_days = 260,
	};
}

#define PHONE  .phone = true, .fixed = true, .first_day = 2
#define ONLINE .first_day = 1
#define REFILL .window_28 = true, .refill = true, .reminders = true
#define FIRST  .fence = true, .fallback = true
#define ALL    REFILL, FIRST, .release = true

const struct sim_row SIM_ROWS[] = {
	{ "phone-80", "Telephone and e-mail, an hour each", PHONE, .load = 80 },
	{ "phone-90", "Telephone and e-mail, an hour each", PHONE, .load = 90 },
	{ "phone-100", "Telephone and e-mail, an hour each", PHONE, .load = 100 },
	{ "templates-90", "Fixed session templates, no waiting list", .fixed = true, .first_day = 2,
	  .window_28 = true, .load = 90 },
	{ "online-90", "Online, first come first served, an hour each", ONLINE, .fixed = true,
	  .load = 90 },
	{ "refill-90", "Online, and freed time offered on, an hour each", REFILL, .fixed = true,
	  .load = 90 },
	{ "deadline-90", "And deadlines first, an hour each", REFILL, FIRST, .fixed = true,
	  .load = 90 },
	{ "lengths-90", "Online, lengths by need", ONLINE, .load = 90 },
	{ "lengths-refill-90", "Lengths by need, and freed time offered on", REFILL, .load = 90 },
	{ "separate-90", "All but release: legal and social never shared", REFILL, FIRST,
	  .load = 90 },
	{ "all-80", "All of it", ALL, .load = 80 },
	{ "all-90", "All of it", ALL, .load = 90 },
	{ "all-100", "All of it", ALL, .load = 100 },
	{ "all-heavy-90", "All of it, long visits", ALL, .mix = MIX_HEAVY, .load = 90 },
	{ "all-heavy-100", "All of it, long visits", ALL, .mix = MIX_HEAVY, .load = 100 },
	{ "hour-90", "All but release, every visit an hour", REFILL, FIRST, .fixed = true,
	  .mix = MIX_HOUR, .load = 90 },
	{ "hour-release-90", "Every visit an hour, 10 % idle time released", ALL, .fixed = true,
	  .mix = MIX_HOUR, .load = 90 },
	{ "hour-release20-90", "Every visit an hour, 20 % idle time released", ALL, .fixed = true,
	  .mix = MIX_HOUR, .load = 90, .released = 20 },
	{ "hour-release-100", "Every visit an hour, 10 % idle time released", ALL, .fixed = true,
	  .mix = MIX_HOUR, .load = 100 },
	{ "all-accept8-90", "All of it, 8 % of offers accepted", ALL, .load = 90, .accept = 8 },
	{ "all-asked-90", "All of it, nobody has offers booked at once", ALL, .load = 90,
	  .automatic = NOBODY },
	{ "all-automatic50-90", "All of it, half have offers booked at once", ALL, .load = 90,
	  .automatic = 50 },
	{ "all-latest-90", "All of it, visits without a date on the latest day", ALL,
	  .latest = true, .load = 90 },
	{ "all-next-day-90", "All of it, failed visits asked for again the next day", ALL,
	  .next_day = true, .load = 90 },
	{ "all-no-shows-90", "All of it, who did not come waits again too", ALL, .all_wait = true,
	  .load = 90 },
	{ "all-clash5-90", "All of it, lawyers free 95 % of hours", ALL, .load = 90, .clash = 5 },
};

const size_t SIM_ROW_COUNT = ARRAY_LEN(SIM_ROWS);

const struct sim_row *sim_row_find(const char *name)
{
	for (size_t i = 0; i < SIM_ROW_COUNT; i++)
		if (strcmp(SIM_ROWS[i].name, name) == 0)
			return &SIM_ROWS[i];
	return NULL;
}
