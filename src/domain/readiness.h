/*
 * readiness.h - whether a prison can hold visits by video, and what is missing.
 *
 * Lamps, as the prison service looks at a site: what its governor has declared,
 * the equipment, the line, the timetable, and legal visits apart.  Each says what is
 * so and since when; none names anybody.  Pure.
 */
#ifndef PVL_DOMAIN_READINESS_H
#define PVL_DOMAIN_READINESS_H

#include "base/clock.h"
#include "base/str.h"

enum readiness_lamp {
	LAMP_DECLARED,  /* the prison says that it holds visits */
	LAMP_EQUIPMENT, /* a terminal is enrolled and was heard of within a day */
	LAMP_LINE,      /* what the line carries is known, and is enough for a visit */
	LAMP_TIMETABLE, /* a session for families is in force */
	LAMP_LEGAL,     /* legal visits are held, and a session is for them */
	LAMP_COUNT,
};

const char *readiness_lamp_name(enum readiness_lamp lamp); /* "EQUIPMENT" */

enum lamp_state {
	LAMP_FINE,
	LAMP_UNKNOWN, /* nobody has measured, or said */
	LAMP_MISSING,
	LAMP_STATE_COUNT,
};

const char *lamp_state_name(enum lamp_state state); /* "MISSING" */

struct readiness_facts {
	bool declared;
	struct wall declared_at; /* 0: not known */
	int terminals;           /* in use */
	int enrolled;            /* of these */
	struct wall last_seen;   /* of any of them; 0: never */
	bool line_known;
	int calls; /* that the line and the rules bear at once */
	/* What the line should carry from and to the prison, and what it showed to; 0: not known. */
	int up_kbit, down_kbit;
	int found_up_kbit, found_down_kbit;
	struct wall line_at;
	bool social_session;
	bool legal_on;
	bool legal_session;
};

struct lamp {
	enum lamp_state state;
	struct wall since; /* 0: not known */
};

struct readiness {
	struct lamp lamps[LAMP_COUNT];
	bool can_hold; /* social visits, now */
	bool can_hold_legal;
};

struct readiness readiness_of(const struct readiness_facts *facts, struct wall now);

#endif
