/*
 * oversight.h - what staff do in a running visit, and what its people tell staff.
 *
 * An act is a fact that is only ever added; how a visit stands is the sum of
 * its acts, in order.  Confidential visits (legal, official): staff can neither
 * hide, watch nor say anything; they may give more time, and each side can say
 * that it is not private.
 */
#ifndef PVL_DOMAIN_OVERSIGHT_H
#define PVL_DOMAIN_OVERSIGHT_H

#include "domain/policy.h"
#include "domain/visit.h"

enum act {
	ACT_PAUSE, /* neither side hears or sees the other, and the time is not counted */
	ACT_RESUME,
	ACT_MUTE, /* the other side does not hear that side */
	ACT_UNMUTE,
	ACT_BLANK, /* the other side does not see it */
	ACT_UNBLANK,
	ACT_WARN, /* words are shown and spoken at that side, or at both */
	ACT_ACKNOWLEDGE,
	ACT_EXTEND,
	ACT_REPORT,      /* a side asks staff to look */
	ACT_NOT_PRIVATE, /* a side of a confidential visit says that it is overheard */
	ACT_COUNT,
};

const char *act_name(enum act act); /* "PAUSE" */
bool act_of(struct str name, enum act *out);

enum side {
	SIDE_NONE,
	SIDE_PRISONER,
	SIDE_VISITOR,
	SIDE_BOTH,
	SIDE_COUNT,
};

const char *side_name(enum side side); /* "PRISONER"; "" */
bool side_of(struct str name, enum side *out);

enum {
	ACTS_MAX = 400,     /* of one visit */
	ACTS_SAID_MAX = 20, /* reports and the like of one side */
	EXTEND_STEP = 5,    /* minutes */
	EXTEND_MAX = 30,    /* of one act */
	EXTEND_SUM_MAX = 60,
	WARNING_MAX = 300, /* bytes */
};

struct visit_act {
	struct act_id id;
	int64_t seq;
	enum act act;
	enum side side; /* whom it is about; who says it */
	int64_t
	    amount; /* EXTEND: minutes; RESUME: seconds that it stood still; ACKNOWLEDGE: the warning */
	struct str words;    /* the reason, the warning, what is reported */
	struct str words_cy; /* of a prepared warning */
	struct wall at;
	struct account_id by; /* 0: the terminal, or the service by rule */
	struct str by_name;
};

/* The last warning at a side. */
struct side_warning {
	struct act_id id; /* 0: none */
	bool acknowledged;
	struct str words;
	struct str words_cy;
};

struct oversight {
	int64_t acts;          /* so far */
	struct wall paused_at; /* 0: it runs */
	bool paused_by_rule;   /* nobody watched; it goes on when somebody does */
	int paused_s;          /* of all pauses that are over */
	int extra_minutes;
	bool muted[SIDE_COUNT]; /* of SIDE_PRISONER and SIDE_VISITOR */
	bool blanked[SIDE_COUNT];
	struct side_warning warning[SIDE_COUNT];
	int said[SIDE_COUNT]; /* reports and the like */
	bool reported;
	bool not_private;
};

/* The next act in order; its text is borrowed. */
void oversight_add(struct oversight *, const struct visit_act *);
/* With the pause that is not over yet. */
int oversight_paused_s(const struct oversight *, struct wall now);

enum act_answer {
	ACT_OK,
	ACT_NOT_RUNNING,  /* the visit has not begun, or is over */
	ACT_CONFIDENTIAL, /* not in a visit of that kind */
	ACT_SO_ALREADY,
	ACT_NO_SIDE,
	ACT_NO_WORDS,
	ACT_BAD_AMOUNT,
	ACT_TOO_MANY,
	ACT_TIME_TAKEN, /* somebody needs the terminal, or one of the people */
	ACT_ANSWER_COUNT,
};

const char *act_answer_name(enum act_answer answer); /* "TIME_TAKEN" */
/* Rules alone; whether the time is free is the database's to say. */
enum act_answer act_allowed(const struct visit *, const struct oversight *,
			    const struct visit_act *);

/* Why somebody watches. */
enum purpose {
	PURPOSE_ADMISSION, /* compares picture and identity, until nobody waits and the visit is live */
	PURPOSE_ASSIGNMENT,
	PURPOSE_SAMPLE, /* the service drew this visit */
	PURPOSE_INCIDENT,
	PURPOSE_AUTHORISATION,
	PURPOSE_COUNT,
};

const char *purpose_name(enum purpose purpose); /* "SAMPLE" */
bool purpose_of(struct str name, enum purpose *out);

enum {
	PURPOSE_WORDS_MIN = 10, /* characters */
};

/* Values of POLICY_OVERSIGHT_WATCH. */
enum watch_rule {
	WATCH_NOBODY, /* nobody has to be watched */
	WATCH_SHARE,  /* those that are drawn */
	WATCH_ALL,
};

/*
 * Whether a visit is drawn: splitmix64 of seed XOR the visit's id, modulo 100,
 * lies below the share.  The seed is drawn once for a prison and a day, before
 * anybody can choose, and stands in the record.
 */
bool watch_drawn(int64_t seed, int share, struct visit_id visit);

enum watch_need {
	WATCH_FREE, /* need not be watched */
	WATCH_NEED_DRAWN,
	WATCH_NEED_RULE,   /* the prison watches all */
	WATCH_NEED_CLOSED, /* this visit is watched for itself */
};
enum watch_need watch_need(const struct visit *, const struct policy *, int64_t seed, int share);

/* What is known when somebody says why they watch a social visit. */
struct watch_facts {
	enum purpose purpose;
	enum watch_rule rule; /* of the prison */
	enum watch_need need; /* of this visit */
	bool begun;           /* it is live, and nobody waits to be admitted */
	bool assigned;        /* somebody else assigned this officer to this visit */
	bool incident;        /* one of this visit waits for its decision */
	bool authorised;      /* an authorisation of this prison for this prisoner holds */
	struct str words;
	int64_t watching; /* other visits that the officer watches now */
	int64_t ratio;    /* that the prison allows an officer */
};

enum watch_answer {
	WATCH_OK,
	WATCH_NO_WORDS,      /* too short */
	WATCH_BEGUN,         /* ADMISSION: say why you watch */
	WATCH_NOT_DRAWN,     /* SAMPLE: the service did not draw this visit */
	WATCH_NOT_ASSIGNED,  /* ASSIGNMENT: nobody assigned the officer, and no rule asks for it */
	WATCH_RECORDED_ONLY, /* the prison watches by incident or authorisation alone */
	WATCH_NO_INCIDENT,   /* none of this visit is open */
	WATCH_NO_AUTHORISATION, /* none holds: not granted, refused, revoked, or its time is over */
	WATCH_TOO_MANY,         /* the officer watches as many visits as the prison allows */
	WATCH_ANSWER_COUNT,
};

const char *watch_answer_name(enum watch_answer answer); /* "NO_WORDS" */
/*
 * Whether the purpose is one that exists.  An assignment is the duty governor's, of this officer
 * to this visit; where all visits are watched, or this one for itself, the rule assigns whoever is
 * at the desk.  What an officer types grounds nothing.
 */
enum watch_answer watch_allowed(const struct watch_facts *);

#endif
