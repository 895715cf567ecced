/*
 * model.h - the country that pvl simulate plays, and the practices it compares.
 *
 * Figures of demand and behaviour are inputs: [S] from published numbers, [A]
 * assumed, to be replaced by a prison's own as soon as there are any
 * (docs/operating/simulate.md).  The rules themselves are not here: they are the
 * policy rows that the service runs by.
 */
#ifndef PVL_SIMULATE_MODEL_H
#define PVL_SIMULATE_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	SIM_PRISONS_MAX = 200,
	SIM_NEEDS = 6, /* lengths, as WAITING_LENGTHS */
};

struct sim_model {
	int prisons;                /* 110 [S] */
	int reception;              /* of these, 37 [S] */
	int bad_lines;              /* 7 [S] */
	int reception_weekly_milli; /* legal requests a week at an average one: 55 [A] */
	int other_weekly_milli;     /* 21 [A] */
	int size_min, size_max;     /* per cent of the average, uniform: 60 … 140 [A] */
	int load_spread;      /* the load of a prison is the country's ± so many per cent [A] */
	int urgent, dated;    /* per cent of requests: 15, 45 [A] */
	int needs[SIM_NEEDS]; /* per cent by length [A] */
	int urgent_deadline_days; /* 3 working days [A] */
	int dated_min, dated_max; /* 10 … 29 working days [A] */
	int staff_days_min;       /* the answer to a telephone call: 1 + Exp(3), at most 15 [A] */
	int staff_days_mean;
	int staff_days_max;
	int cancel;             /* per cent of bookings, uniform over the lead: 10 [A] */
	int rebook;             /* of these: 60 [A] */
	int moved_per_100000;   /* a day: 500 [A]; releases alone are 170 [S] */
	int no_show_milli;      /* 40 [A] */
	int no_show_milli_day;  /* more for each day of lead: 3 [A] */
	int no_show_milli_max;  /* 150 [A] */
	int reminded;           /* per cent of no-shows that reminders leave: 60 [A] */
	int not_produced_milli; /* 30 [A] */
	int accept;             /* per cent of offers: 30 [A]; sensitivity 8 [S] */
	int automatic;          /* per cent of lawyers who have offers booked at once: 20 [A] */
	int automatic_clash;    /* of times booked so, per cent that they give back: 5 [A] */
	int clash;              /* per cent of hours in which a lawyer cannot: 25 [A] */
	int regime; /* per cent of hours in which a prisoner cannot (court, work): 10 [A] */
	int outage_per_10000;     /* days lost at a good site: 70 [A]; 7 sites are known [S] */
	int outage_bad_per_10000; /* at a bad one: 600 [A] */
	int fallback;     /* per cent of visits on such a day saved by lower tiers: 75 [A] */
	int give_up_days; /* working days: 60 [A]; ten weeks were seen [S] */
	int social_load;  /* per cent of the shared social place's time: 31 [A] */
	int released;     /* its idle time, per cent of the legal time: 10 [A] */
	int warm_days, count_days; /* working days: 130, 260 */
};

/* The figures above. */
struct sim_model sim_model_default(void);

enum sim_mix {
	MIX_MODEL, /* the model's needs */
	MIX_HEAVY, /* 5, 25, 20, 50 per cent of 15, 30, 45, 60 minutes */
	MIX_HOUR,  /* all 60 */
	MIX_COUNT,
};

enum {
	NOBODY = -1,
};

/* A practice: what is done, in the order in which it is added. */
struct sim_row {
	const char *name;
	const char *sentence;
	bool phone;     /* staff book, days later, one time a day */
	bool fixed;     /* every visit takes an hour */
	bool window_28; /* times are found four weeks ahead, else sixty working days */
	int first_day;  /* days until the first time that is offered; 0: today */
	bool refill;    /* freed and released time is offered on; transfers free at once */
	bool reminders;
	bool fence;    /* urgent and dated first */
	bool fallback; /* lower tiers on days of a bad line */
	bool release;  /* unused social time goes to lawyers */
	bool next_day; /* whoever hears of a failed visit asks again then, whatever the rules */
	bool all_wait; /* visits to which nobody came wait again as those that failed do */
	bool latest;   /* visits without a date on the latest day within their level */
	enum sim_mix mix;
	int load;      /* per cent */
	int accept;    /* 0: the model's */
	int automatic; /* 0: the model's; NOBODY: none */
	int released;  /* 0: the model's */
	int clash;     /* 0: the model's */
};

extern const struct sim_row SIM_ROWS[];
extern const size_t SIM_ROW_COUNT;
/* NULL: there is none of that name. */
const struct sim_row *sim_row_find(const char *name);

#endif
