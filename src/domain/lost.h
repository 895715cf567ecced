/*
 * lost.h - seconds of a visit in which the two sides could not hear each other, and why.
 *
 * The clock of a visit stands still in them, so they cost nothing; they are also
 * added at the end while nobody needs the terminal (visit_window_of()), and shown
 * with their cause to both sides and to staff.  The cause is judged from what
 * came to us from each end in that second, not from what anybody says.  Pure.
 */
#ifndef PVL_DOMAIN_LOST_H
#define PVL_DOMAIN_LOST_H

#include <stdint.h>

#include "base/str.h"

enum lost_cause {
	LOST_PRISON_LINE,
	LOST_TERMINAL,     /* the prison's device: its microphone, its page, its power */
	LOST_VISITOR_LINE, /* the visitor's line or device: it cannot be told apart from here */
	LOST_SERVICE,      /* our own programs or line */
	LOST_STAFF,        /* staff held the visit */
	LOST_NOBODY,       /* somebody went away of their own will; nothing is made up for */
	LOST_CAUSE_COUNT,
};

const char *lost_cause_name(enum lost_cause cause); /* "PRISON_LINE" */
bool lost_cause_of(struct str name, enum lost_cause *out);
/* Whether such seconds are added at the end. */
bool lost_is_made_up_for(enum lost_cause cause);

/* What one end did in a second. */
struct lost_end {
	bool there;   /* its connection stands */
	bool left;    /* it pressed Leave */
	bool packets; /* something came from it */
	bool sound;   /* sound among it */
	bool deaf;    /* what we sent did not arrive */
};

/* A second in which they did not both hear. */
struct lost_second {
	bool service_down; /* the visit stands on no media process */
	bool held;         /* staff keep them apart */
	bool others_gone;  /* another visit over the prison's line lost its terminal too */
	struct lost_end prisoner;
	struct lost_end visitor;
};

enum lost_cause lost_judge(const struct lost_second *second);

/*
 * Counts seconds as they are told.  That somebody no longer hears is known a
 * second late, so the first second of a loss may take back what counted as heard.
 */
struct lost_clock {
	int apart_s; /* of the loss that goes on, counted; 0: none does */
};

struct lost_step {
	int heard_s; /* 1, 0, or what is taken back */
	int lost_s;
};

/* One second more.  apart_ms: since they last heard each other; 0: not known. */
struct lost_step lost_clock_second(struct lost_clock *clock, bool both_hear, uint32_t apart_ms);

/* Seconds by cause. */
struct lost_time {
	int s[LOST_CAUSE_COUNT];
};

/* Those that are made up for. */
int lost_made_up_s(const struct lost_time *time);
/* The one with the most of these; LOST_NOBODY: none. */
enum lost_cause lost_main_cause(const struct lost_time *time);

#endif
