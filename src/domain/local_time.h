/*
 * local_time.h - what the clock on the wall says in England and Wales.
 *
 * The rule is fixed here, not taken from the machine: summer time runs from
 * 01:00 UTC on the last Sunday of March to 01:00 UTC on the last Sunday of
 * October (Summer Time Order 2002, SI 2002/262).  Pure: no zone files, no TZ.
 */
#ifndef PVL_DOMAIN_LOCAL_TIME_H
#define PVL_DOMAIN_LOCAL_TIME_H

#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"

struct date {
	int year;
	int month; /* 1 … 12 */
	int day;   /* 1 … 31 */
};

/* By the clock on the wall; two days a year are an hour shorter or longer. */
enum {
	DAY_MINUTES = 24 * 60
};

/* Days since 1970-01-01 and back; any Gregorian date. */
int64_t date_to_days(struct date d);
struct date date_of_days(int64_t days);
bool date_valid(struct date d);
/* a before b: negative; equal: 0. */
int date_compare(struct date a, struct date b);
struct date date_add_days(struct date d, int64_t days);
/* 1 Monday … 7 Sunday (ISO 8601). */
int date_weekday(struct date d);
/* Whole years lived on that day; born on 29 February counts from 1 March. */
int date_age(struct date born, struct date on);
/* "2026-11-23" and back. */
enum {
	DATE_TEXT_ROOM = 16
};
void date_write(struct date d, char out[DATE_TEXT_ROOM]);
bool date_of(struct str text, struct date *out);

struct local_time {
	struct date date;
	int minute; /* after local midnight by the clock on the wall, 0 … 1439 */
	int second;
	int offset_min; /* ahead of UTC: 0 or 60 */
};

struct local_time local_of(struct wall at);

/* Whether a time on the wall names an instant. */
enum local_naming {
	LOCAL_ONCE,
	LOCAL_GAP,   /* clocks jumped over it: the instant as far after the jump */
	LOCAL_TWICE, /* it came twice: the first instant (summer time) */
};

/* The instant of a wall time; minute may be 1440, the midnight that ends the day. */
enum local_naming local_to_wall(struct date date, int minute, struct wall *out);
struct wall local_midnight(struct date date);
struct date local_date(struct wall at);
/* Months since year 0: the month of an allowance, in local time. */
int64_t local_month(struct wall at);
/* Its first day. */
struct date month_first(int64_t month);

#endif
