#include "domain/local_time.h"

#include <stdio.h>

enum {
	MONTHS_A_YEAR = 12,
	MARCH = 3,
	OCTOBER = 10,
	DAY_S = 86400,
	HOUR_S = 3600,
	CHANGE_UTC_S = 3600, /* both changes happen at 01:00 UTC */
};

/* Civil calendar arithmetic with years that begin in March, so that a leap day ends one. */
int64_t date_to_days(struct date d)
{
	int64_t y = d.month <= 2 ? d.year - 1 : d.year;
	int64_t era = (y >= 0 ? y : y - 399) / 400;
	int64_t year_of_era = y - era * 400;
	int64_t month = (d.month + 9) % 12;
	int64_t day_of_year = (153 * month + 2) / 5 + d.day - 1;
	int64_t day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
	return era * 146097 + day_of_era - 719468;
}

struct date date_of_days(int64_t days)
{
	days += 719468;
	int64_t era = (days >= 0 ? days : days - 146096) / 146097;
	int64_t doe = days - era * 146097;
	int64_t yoe = (doe - doe / 1460 + doe / 36524 - doe / 146096) / 365;
	int64_t doy = doe - (365 * yoe + yoe / 4 - yoe / 100);
	int64_t month = (5 * doy + 2) / 153;
	int64_t day = doy - (153 * month + 2) / 5 + 1;
	int64_t civil_month = month < 10 ? month + 3 : month - 9;
	int64_t year = yoe + era * 400 + (civil_month <= 2 ? 1 : 0);
	return (struct date){ .year = (int)year, .month = (int)civil_month, .day = (int)day };
}

bool date_valid(struct date d)
{
	if (d.year < 1800 || d.year > 9999 || d.month < 1 || d.month > 12 || d.day < 1)
		return false;
	return date_compare(date_of_days(date_to_days(d)), d) == 0;
}

int date_compare(struct date a, struct date b)
{
	if (a.year != b.year)
		return a.year < b.year ? -1 : 1;
	if (a.month != b.month)
		return a.month < b.month ? -1 : 1;
	return a.day == b.day ? 0 : a.day < b.day ? -1 : 1;
}

struct date date_add_days(struct date d, int64_t days)
{
	return date_of_days(date_to_days(d) + days);
}

int date_weekday(struct date d)
{
	/* 1970-01-01 was a Thursday. */
	int64_t w = (date_to_days(d) + 3) % 7;
	return (int)(w < 0 ? w + 7 : w) + 1;
}

int date_age(struct date born, struct date on)
{
	int age = on.year - born.year;
	bool had_birthday = on.month > born.month || (on.month == born.month && on.day >= born.day);
	return had_birthday ? age : age - 1;
}

void date_write(struct date d, char out[DATE_TEXT_ROOM])
{
	(void)snprintf(out, DATE_TEXT_ROOM, "%04u-%02u-%02u", (unsigned)d.year % 10000U,
		       (unsigned)d.month % 100U, (unsigned)d.day % 100U);
}

bool date_of(struct str text, struct date *out)
{
	uint64_t year, month, day;
	if (text.len != 10 || text.at[4] != '-' || text.at[7] != '-')
		return false;
	if (!str_u64(str_of(text.at, 4), 9999, &year) ||
	    !str_u64(str_of(text.at + 5, 2), 12, &month) ||
	    !str_u64(str_of(text.at + 8, 2), 31, &day))
		return false;
	struct date d = { .year = (int)year, .month = (int)month, .day = (int)day };
	if (!date_valid(d))
		return false;
	*out = d;
	return true;
}

static int64_t days_of(int64_t s)
{
	return (s >= 0 ? s : s - (DAY_S - 1)) / DAY_S;
}

/* The second at which the clocks change in that month (March or October): of its last Sunday. */
static int64_t change_at(int year, int month)
{
	struct date last = { .year = year, .month = month, .day = 31 };
	int64_t after_sunday = date_weekday(last) % 7;
	return (date_to_days(last) - after_sunday) * DAY_S + CHANGE_UTC_S;
}

static bool summer(int64_t s)
{
	struct date day = date_of_days(days_of(s));
	if (day.month != MARCH && day.month != OCTOBER)
		return day.month > MARCH && day.month < OCTOBER;
	bool changed = s >= change_at(day.year, day.month);
	return changed == (day.month == MARCH);
}

struct local_time local_of(struct wall at)
{
	int offset_s = summer(at.s) ? HOUR_S : 0;
	int64_t s = at.s + offset_s;
	int64_t days = days_of(s);
	int64_t of_day = s - days * DAY_S;
	return (struct local_time){ .date = date_of_days(days),
				    .minute = (int)(of_day / 60),
				    .second = (int)(of_day % 60),
				    .offset_min = offset_s / 60 };
}

enum local_naming local_to_wall(struct date date, int minute, struct wall *out)
{
	int64_t as_utc = date_to_days(date) * DAY_S + (int64_t)minute * 60;
	bool in_summer = summer(as_utc - HOUR_S); /* read as summer time, it is summer */
	bool in_winter = !summer(as_utc);         /* read as winter time, it is winter */
	if (in_summer) {
		*out = (struct wall){ as_utc - HOUR_S };
		return in_winter ? LOCAL_TWICE : LOCAL_ONCE;
	}
	*out = (struct wall){ as_utc };
	return in_winter ? LOCAL_ONCE : LOCAL_GAP;
}

struct wall local_midnight(struct date date)
{
	struct wall at;
	(void)local_to_wall(date, 0, &at);
	return at;
}

struct date local_date(struct wall at)
{
	return local_of(at).date;
}

int64_t local_month(struct wall at)
{
	struct date d = local_date(at);
	return (int64_t)d.year * MONTHS_A_YEAR + d.month - 1;
}

struct date month_first(int64_t month)
{
	return (struct date){ (int)(month / MONTHS_A_YEAR), (int)(month % MONTHS_A_YEAR) + 1, 1 };
}
