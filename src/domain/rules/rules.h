/*
 * rules.h - the rules of booking, one a file; booking.c puts them in order.
 */
#ifndef PVL_DOMAIN_RULES_RULES_H
#define PVL_DOMAIN_RULES_RULES_H

#include "domain/booking.h"
#include "domain/session.h"

enum rule_flag {
	RULE_STOPS = 1 << 0,           /* broken, it keeps the rules after it silent */
	RULE_STAFF_MAY_WAIVE = 1 << 1, /* with a reason, which is written down */
	RULE_OF_PARTY = 1 << 2,        /* looks at the people alone: booking_party() asks it */
	RULE_OF_VISIT = 1 << 3,        /* holds for a visit that is booked too: booking_recheck() */
	RULE_REVIEWS = 1 << 4,         /* broken, it does not forbid: staff look at it first */
	RULE_ON_PEOPLE = 1 << 5,       /* so do facts about people: booking_recheck_people() */
};

struct booking_rule {
	enum booking code;
	const char *name;
	const char *staff;      /* one sentence */
	const char *family_key; /* "booking.…" */
	unsigned flags;
	bool (*broken)(const struct booking_facts *facts);
};

/* The prison, the time and the place. */
extern const struct booking_rule rule_prison_ready;
extern const struct booking_rule rule_kind_on;
extern const struct booking_rule rule_open_from;
extern const struct booking_rule rule_notice;
extern const struct booking_rule rule_window;
extern const struct booking_rule rule_day_excluded;
extern const struct booking_rule rule_session;
extern const struct booking_rule rule_session_excluded;
extern const struct booking_rule rule_session_kind;
extern const struct booking_rule rule_session_client;
extern const struct booking_rule rule_session_admits;
extern const struct booking_rule rule_length;
extern const struct booking_rule rule_session_full;
extern const struct booking_rule rule_closed_full;
extern const struct booking_rule rule_link;
extern const struct booking_rule rule_place_open;
extern const struct booking_rule rule_terminal;
extern const struct booking_rule rule_kept;
extern const struct booking_rule rule_turn_round;
/* The party. */
extern const struct booking_rule rule_visitors;
extern const struct booking_rule rule_party_size;
extern const struct booking_rule rule_adult;
extern const struct booking_rule rule_adults;
extern const struct booking_rule rule_children;
/* The people, and what they are allowed. */
extern const struct booking_rule rule_approved;
extern const struct booking_rule rule_official;
extern const struct booking_rule rule_allowance;
extern const struct booking_rule rule_prisoner_busy;
extern const struct booking_rule rule_regime;
extern const struct booking_rule rule_visitor_busy;
extern const struct booking_rule rule_prisoner_away;
extern const struct booking_rule rule_no_contact;
extern const struct booking_rule rule_banned;
extern const struct booking_rule rule_child_refused;
extern const struct booking_rule rule_non_association;
extern const struct booking_rule rule_order;
extern const struct booking_rule rule_remand_week;
/* What staff look at first. */
extern const struct booking_rule rule_review_source;
extern const struct booking_rule rule_review_alert;
extern const struct booking_rule rule_review_prisoner;
extern const struct booking_rule rule_review_visitor;
extern const struct booking_rule rule_review_child;
extern const struct booking_rule rule_review_time;

#endif
