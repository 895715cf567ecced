/*
 * date_words.h - dates as people type them.
 *
 * Pure.  English and Welsh, upper or lower case:
 *	5/12  5.12.26  05-12-2026  2026-12-05      day first; ISO year first
 *	5 dec  5 December 2026  dec 5  5 rhagfyr
 *	today  tomorrow  heddiw  yfory
 *	friday  next friday  dydd Gwener           the first one after today; "next": of the week after this one
 * Without a year: the next such day, today included.  Years of two digits are 20..
 */
#ifndef PVL_DOMAIN_DATE_WORDS_H
#define PVL_DOMAIN_DATE_WORDS_H

#include "domain/local_time.h"

/* False where it is no date; a day that does not exist (31/2) is none. */
bool date_words_of(struct str text, struct date today, struct date *out);
/* "9", "9am", "9:30", "14.30", "2.30pm", "noon": minutes after midnight, "24:00" 1440. */
bool clock_words_of(struct str text, int *minute);

#endif
