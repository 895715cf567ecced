/*
 * line_memory.h - what the line of a household, or of a prison, carried when it was last used.
 *
 * So that a visit need not begin as on the thinnest line.  In memory alone, of fixed size, a number for each;
 * which household it is cannot be told from it.  Forgotten after LINE_MEMORY_DAYS, with the process, or when
 * others need the room.
 */
#ifndef PVL_WEB_LINE_MEMORY_H
#define PVL_WEB_LINE_MEMORY_H

#include "base/clock.h"
#include "base/random.h"
#include "base/str.h"

enum {
	LINE_MEMORY_DAYS = 30,
};

struct line_memory;

struct line_memory *line_memory_new(struct random *random);
void line_memory_free(struct line_memory *memory);

/* What is remembered under a name, now so much. */
void line_memory_note(struct line_memory *memory, struct str name, uint32_t bps, struct wall now);
/* 0: nothing is. */
uint32_t line_memory_bps(const struct line_memory *memory, struct str name, struct wall now);

/* Of the seconds of one visit, about what three quarters of them had at least: what can be relied on. */
struct line_usual {
	uint32_t bps;     /* 0: no second yet */
	uint32_t seconds; /* that had a rate */
};

void line_usual_second(struct line_usual *usual, uint32_t bps);

#endif
