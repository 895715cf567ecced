/*
 * year_priv.h - a prison's year while it is played, for the files that play it (year.h is their door).
 *
 * year.c           the day of a visit, the days, and the year as a whole
 * year_events.c    luck, what comes next, and when it is
 * year_people.c    the prison's hours, and what lawyers and prisoners need and can
 * year_book.c      who asks, and is booked
 * year_freed.c     what is given back, and who is offered it
 */
#ifndef PVL_SIMULATE_YEAR_PRIV_H
#define PVL_SIMULATE_YEAR_PRIV_H

#include "simulate/year.h"

#include "domain/waiting/list.h"

enum {
	PERCENT = 100,
	WEEK = 7,
	WORK_WEEK = 5,
	OPEN_MINUTE = 9 * 60,
	CLOSE_MINUTE = 17 * 60,
	OPEN_STEPS = (CLOSE_MINUTE - OPEN_MINUTE) / DAY_STEP_MINUTES,
	OPEN_STEP = OPEN_MINUTE / DAY_STEP_MINUTES,
	HOUR_STEPS = 60 / DAY_STEP_MINUTES,
	HOURS = OPEN_STEPS / HOUR_STEPS,
	MORNING_MINUTE = 8 * 60,
	AFTERNOON_MINUTE = 16 * 60,
	NIGHT_MINUTE = 20 * 60,
	OFFERS_MAX = 256,
	CHAIN_MAX = 12, /* offers of one freed time */
	SOCIAL_MINUTES = 30,
	SOCIAL_LEAD_MAX = 14,
	WINDOW_LONG = 84, /* sixty working days */
	WINDOW_SHORT = 28,
	LATEST_FILL =
	    80, /* per cent of a day, below which visits without a date keep away from near days */
	ENTRY_ROOM = 4, /* entries for each that is expected */
	RELEASE_AHEAD = 3,
};

/* What happens, at a minute counted from the first day's midnight. */
enum event_kind {
	EVENT_NIGHT,   /* the day is counted; sorts before what begins the next */
	EVENT_MORNING, /* those without a time try again; released time is offered */
	EVENT_AFTERNOON,
	EVENT_ASK,
	EVENT_BOOK, /* an attempt to find a time */
	EVENT_CANCEL,
	EVENT_RETURN, /* what was booked for them at once does not suit them */
	EVENT_MOVE,
	EVENT_HOLD,
	EVENT_ANSWER,
	EVENT_EXPIRE,
};

struct event {
	int64_t at;
	int64_t order; /* the earlier made first */
	enum event_kind kind;
	size_t subject; /* entry or offer */
	int64_t turn;   /* of its booking or offer: an older event is stale */
	int chain;
};

struct asker {
	int64_t key; /* of its luck */
	int class;
	bool counted;
	bool social;
	bool automatic; /* has offers booked at once */
	int64_t turn;   /* bookings so far */
	int64_t booked_at;
	bool moved;  /* and nobody at the prison knows */
	bool asking; /* an attempt is due already */
};

struct year {
	const struct sim_model *model;
	const struct sim_row *row;
	const struct policy *policy;
	const struct sim_prison *prison;
	struct sim_counts *out;
	struct waiting_list *list;
	size_t day_count; /* that are played */
	size_t first_counted;
	size_t entry_max;
	size_t entries;
	struct asker *people;
	size_t event_count, event_max;
	struct event *events; /* a heap */
	int64_t orders;
	int64_t offer_turn[OFFERS_MAX];
	int64_t now;
	size_t giver;  /* gives a time back now, and is not asked for it; entry_max: nobody */
	size_t places; /* legal ones; the social place comes after */
	struct day_steps busy[FIT_DAYS_MAX];
};

enum luck {
	LUCK_CLASS,
	LUCK_DATE,
	LUCK_NEED,
	LUCK_STAFF,
	LUCK_CANCEL,
	LUCK_CANCEL_AT,
	LUCK_REBOOK,
	LUCK_MOVE,
	LUCK_SHOW,
	LUCK_PRODUCED,
	LUCK_OUTAGE,
	LUCK_SAVED,
	LUCK_ANSWER,
	LUCK_ANSWER_AT,
	LUCK_LAWYER,
	LUCK_REGIME,
	LUCK_SOCIAL,
	LUCK_SIZE,
	LUCK_LOAD,
	LUCK_MANY,
	LUCK_HOUR,
	LUCK_AUTOMATIC,
	LUCK_SUITS,
};

/* ---- year_events.c ---- */

/* 0 … below-1, the same for the same things. */
int64_t year_draw(const struct year *y, enum luck luck, int64_t a, int64_t b, int64_t below);
/* True in so many of so many cases, and always the same. */
bool year_chance(const struct year *y, enum luck luck, int64_t a, int64_t b, int64_t of,
		 int64_t in);
/* Of events of one minute, that comes first which was pushed first. */
void year_push(struct year *y, struct event e);
struct event year_pop(struct year *y);
/* Days count from the first, a Monday; minutes from its midnight. */
size_t year_today(const struct year *y);
bool year_is_working(size_t day);
size_t year_next_working(size_t day);
/* The working day so many working days later. */
size_t year_working_after(size_t day, int64_t days);
struct wall year_wall_of(const struct year *y, int64_t minute);
int64_t year_start_minute(const struct list_time *t);
/* Of the place's hours. */
int64_t year_minutes_of(const struct year *y, const struct list_time *t);

/* ---- year_people.c ---- */

/* Requests of lawyers a week, in thousandths. */
int64_t year_weekly_milli(const struct year *y);
void year_open_prison(struct year *y, struct arena *arena);
/* What a lawyer with this luck asks for, and how urgently. */
struct waiting_need year_need_of(const struct year *y, int64_t key, int *class);
/* The warm-up is over. */
bool year_is_counted(const struct year *y);
/* Whether that lawyer, or that prisoner, is elsewhere in this hour. */
bool year_cannot(const struct year *y, enum luck who, int64_t key, size_t day, int hour);
/* y->busy: the steps of the next days that do not suit. */
void year_fill_busy(struct year *y, int64_t key, size_t days, bool lawyer_too);
bool year_lawyer_can(const struct year *y, int64_t key, const struct list_time *t, int minutes);

/* ---- year_book.c ---- */

/* After an entry has its time: what may happen until it is held. */
void year_booked(struct year *y, size_t entry);
/* Books this time. */
void year_take(struct year *y, size_t entry, const struct list_time *time);
/* They look for a time again, so many working days later, or today. */
void year_ask_again(struct year *y, size_t entry, int64_t days);
void year_ask_today(struct year *y, size_t entry);
/* How long it waited. */
void year_count_end(struct year *y, size_t entry, size_t day, bool held);
/* An attempt to find a time, as the practice has it. */
void year_book(struct year *y, size_t entry);
size_t year_new_entry(struct year *y, const struct waiting_need *need, int64_t key, int class);
/* A lawyer asks. */
void year_ask(struct year *y, int64_t key);

/* ---- year_freed.c ---- */

/* What waits again is offered the earliest time at once, and its lawyer chooses; else they ask. */
void year_visit_failed(struct year *y, size_t entry, enum diagnosis_term term);
/* To whoever waits and has most of it; chain: how often that time was offered already. */
void year_offer_on(struct year *y, const struct list_time *time, int chain);
/* Part of the time that the accepted visit leaves is offered on too. */
void year_answered(struct year *y, const struct event *e);
void year_expired(struct year *y, const struct event *e);
/* A visit is given up in time. */
void year_cancelled(struct year *y, size_t entry);
/* They read of it, cannot come then, and look for another time at once. */
void year_returned(struct year *y, size_t entry);
/* The prisoner is at another prison. */
void year_moved(struct year *y, size_t entry);

#endif
