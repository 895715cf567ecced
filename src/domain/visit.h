/*
 * visit.h - a visit, what it can be and what it can become.
 *
 *	REQUESTED → BOOKED | CANCELLED        (REQUESTED: waits for staff)
 *	BOOKED    → LOBBY | CANCELLED | NO_SHOW
 *	LOBBY     → LIVE | CANCELLED | NO_SHOW  (somebody is waiting; it can still be called off)
 *	LIVE      → COMPLETED
 *
 * COMPLETED, CANCELLED and NO_SHOW are final.  The kind never changes.
 */
#ifndef PVL_DOMAIN_VISIT_H
#define PVL_DOMAIN_VISIT_H

#include "domain/contact.h"
#include "domain/lost.h"
#include "domain/reference.h"

enum visit_kind {
	VISIT_SOCIAL,
	VISIT_LEGAL,
	VISIT_OFFICIAL,
	VISIT_KIND_COUNT,
};

const char *visit_kind_name(enum visit_kind kind); /* "SOCIAL" */
bool visit_kind_of(struct str name, enum visit_kind *out);

enum visit_state {
	VISIT_REQUESTED,
	VISIT_BOOKED,
	VISIT_LOBBY,
	VISIT_LIVE,
	VISIT_COMPLETED,
	VISIT_CANCELLED,
	VISIT_NO_SHOW,
	VISIT_STATE_COUNT,
};

const char *visit_state_name(enum visit_state state); /* "BOOKED" */
bool visit_state_of(struct str name, enum visit_state *out);
bool visit_may_become(enum visit_state from, enum visit_state to);
bool visit_is_over(enum visit_state state);

/* Why a visit ended or did not happen. */
enum visit_end {
	END_NONE,  /* not over */
	END_LEFT,  /* both sides left */
	END_TIME,  /* the slot and its grace were over */
	END_STAFF, /* an officer ended it, with a reason */
	END_CANCELLED_BY_BOOKER,
	END_CANCELLED_BY_PRISON,
	END_PRISONER_ABSENT,
	END_VISITOR_ABSENT,
	END_BOTH_ABSENT,
	END_REFUSED,        /* staff admitted nobody */
	END_FAULT,          /* our equipment or line */
	END_MOVED,          /* held at another time: another row has its reference */
	END_REJECTED,       /* staff said no to the request */
	END_AUTO_REJECTED,  /* nobody decided in time, or the prisoner left the prison */
	END_WITHDRAWN,      /* the booker took the request back */
	END_PRISONER_MOVED, /* to another prison: its request waits there */
	END_COUNT,
};

const char *visit_end_name(enum visit_end end); /* "STAFF" */
bool visit_end_of(struct str name, enum visit_end *out);

enum {
	PARTY_MAX = 4,
	QUANTUM_S = 300, /* slots are kept in steps of five minutes */
};

struct visit_visitor {
	struct person_id person;
	struct str name;
	struct date born;
	enum contact_part part; /* as they are approved for this prisoner */
	bool signs;             /* as it is agreed now */
	bool lead;              /* the main visitor: an adult */
	bool adult;             /* may join from a device of their own */
	struct person_id
	    sits_with;           /* whose device they sit at, their own or another's; 0: not said */
	struct wall came_at;     /* their own device was in the lobby first; 0: it was not */
	struct wall admitted_at; /* 0: not admitted */
	struct account_id admitted_by;
	struct str refused_reason; /* empty: not refused */
};

struct visit {
	struct visit_id id;
	struct reference reference;
	enum visit_kind kind;
	enum visit_state state;
	struct prison_code prison;
	struct str prison_name;
	struct prisoner_id prisoner;
	struct prisoner_number prisoner_number;
	struct str prisoner_name;
	struct terminal_id terminal;
	struct str terminal_name;
	struct str room_name;
	struct account_id booker;
	struct wall start;
	int minutes;            /* of the slot */
	int free_minutes;       /* of these, that an adjustment adds and no allowance pays for */
	int64_t policy_version; /* the rules it was booked under */
	bool closed;            /* no physical contact; watched for itself */
	bool watched;           /* staff watch all the time */
	struct session_template_id session; /* whose places it takes; 0: none */
	int revision;                       /* how often its entry in calendars has changed */
	struct wall booked_at;
	struct wall lobby_at;  /* somebody entered the lobby first; 0: nobody yet */
	bool visitor_seen;     /* the visitor has been in the lobby */
	bool prisoner_seen;    /* so has the prisoner */
	struct wall live_from; /* both sides could hear each other first; 0: never */
	struct wall ended_at;  /* 0: not over */
	int used_s;            /* seconds in which both sides could hear each other */
	struct lost_time lost; /* seconds in which they could not, once it was live */
	int counted_minutes;   /* taken from the allowance in the end */
	enum visit_end end;
	struct str end_reason; /* the officer's words; for staff and the booker */
	size_t visitor_count;
	struct visit_visitor visitors[PARTY_MAX]; /* the lead first */
};

struct wall visit_slot_end(const struct visit *visit);
/* Those that count against an allowance, if all are used. */
int visit_paid_minutes(const struct visit *visit);

#endif
