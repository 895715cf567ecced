/*
 * message.h - what a person with an account is told, and how far it has come.
 *
 *	WAITING → SENDING → SENT → DELIVERED | BOUNCED | FAILED
 *	           │  └→ WAITING (tried again later) | BOUNCED | FAILED
 *	WAITING → WITHDRAWN   (a reminder of a visit that is off; what came too late to be of use)
 *
 * A message holds no name and no address: numbers, times and codes, from which
 * the text is made when it is sent, in the language of whom it is for.  One who
 * is told of a change is told once: kind, account, object, occasion and channel
 * together are unique.
 *
 * A new kind is a value here, its name in message.c, and words in
 * front/words/<language>/messages.json.
 */
#ifndef PVL_DOMAIN_MESSAGE_H
#define PVL_DOMAIN_MESSAGE_H

#include "base/random.h"
#include "domain/account.h"
#include "domain/reference.h"

enum message_kind {
	MESSAGE_REQUESTED, /* the prison looks at it first; answer_by: until when */
	MESSAGE_BOOKED,
	MESSAGE_APPROVED,  /* the prison said yes to what was requested */
	MESSAGE_MOVED,     /* was: the time before */
	MESSAGE_CANCELLED, /* why: visit_end_name(); of requests, too */
	MESSAGE_ENDED,     /* before its time; number: minutes that came back */
	MESSAGE_NOT_HELD,  /* why: visit_end_name(); number: minutes that came back */
	MESSAGE_REMINDER,
	MESSAGE_CONTACT_APPROVED,  /* object: the contact */
	MESSAGE_CONTACT_REJECTED,  /* why: contact_why_name() */
	MESSAGE_PHOTO_AGAIN,       /* object: the person */
	MESSAGE_ADJUSTMENT_AGREED, /* object: the adjustment */
	MESSAGE_ADJUSTMENT_REFUSED,
	MESSAGE_INCIDENT, /* a decision about a visit may be read; answer_by: until when they may appeal; object: the incident */
	MESSAGE_APPEAL,   /* why: appeal_name(); object: the incident */
	MESSAGE_OFFER, /* a time is offered; answer_by: until when; object: the offer; why: KEPT, or FIRST where others are asked too */
	MESSAGE_STANDBY, /* asked to stand by; answer_by: until when; object: the standby; number: minutes after start by which they know */
	MESSAGE_STANDBY_AGREED, /* they had asked to be booked without being asked; else the same */
	MESSAGE_STANDBY_CALLED, /* their visit begins now; object: the visit */
	MESSAGE_STANDBY_ENDED, /* why: NOT_NEEDED, or GONE where they could no longer have the time */
	MESSAGE_PASSWORD,     /* somebody asked for a new one; answer_by: how long its link holds */
	MESSAGE_PASSWORD_SET, /* it was changed: in case it was somebody else */
	MESSAGE_STAFF_ACCOUNT, /* the first password of somebody who works here; answer_by likewise */
	MESSAGE_WAITING_ENDED, /* a place on the waiting list; object: the request */
	MESSAGE_WAITING_AGAIN, /* what a visit was asked for waits again; object: the request */
	MESSAGE_PROFESSIONAL_VERIFIED, /* may take part in legal visits; object: the account */
	MESSAGE_PROFESSIONAL_ENDED,    /* may not, or no longer */
	MESSAGE_RECORDING_PRIVILEGED, /* to privilege officers: one was closed; object: the visit */
	MESSAGE_CODE, /* shows whose a mobile number is; answer_by: how long it holds */
	MESSAGE_KIND_COUNT,
};

const char *message_kind_name(enum message_kind kind); /* "BOOKED" */
bool message_kind_of(struct str name, enum message_kind *out);
/* The why of messages to those whom a lawyer named for a visit: it is not theirs to cancel. */
#define MESSAGE_WHY_NAMED "NAMED"

/* With a calendar file: that visit stands, or stands no more. */
bool message_has_calendar(enum message_kind kind);

enum message_channel {
	MESSAGE_EMAIL,
	MESSAGE_SMS,
	MESSAGE_LETTER,
	MESSAGE_CHANNEL_COUNT,
};

const char *message_channel_name(enum message_channel channel); /* "EMAIL" */
bool message_channel_of(struct str name, enum message_channel *out);

enum message_state {
	MESSAGE_WAITING,
	MESSAGE_SENDING, /* handed to the sender, which has not answered yet */
	MESSAGE_SENT,    /* the provider has taken it */
	MESSAGE_DELIVERED,
	MESSAGE_BOUNCED,   /* the address does not take it */
	MESSAGE_FAILED,    /* tried until it was of no use, or refused for good */
	MESSAGE_WITHDRAWN, /* of no use any more, or no longer an address to send it to */
	MESSAGE_STATE_COUNT,
};

const char *message_state_name(enum message_state state); /* "WAITING" */
bool message_state_of(struct str name, enum message_state *out);
bool message_may_become(enum message_state from, enum message_state to);

/* Who took it. */
enum message_provider {
	MESSAGE_BY_NOBODY,
	MESSAGE_BY_LOCAL, /* the mailbox page of the demo */
	MESSAGE_BY_SMTP,
	MESSAGE_BY_NOTIFY, /* GOV.UK Notify: tells later whether it arrived */
	MESSAGE_PROVIDER_COUNT,
};

const char *message_provider_name(enum message_provider provider); /* "SMTP"; "" for nobody */
bool message_provider_of(struct str name, enum message_provider *out);

enum {
	MESSAGE_WHY_MAX = 24,
	MESSAGE_PROVIDER_ID_MAX = 64,
	MESSAGE_PROBLEM_MAX = 40,
	MESSAGE_ATTEMPTS_MAX = 60, /* with the back-off below: about two days and a half */
};

struct message_id {
	int64_t n;
};

struct message {
	struct message_id id;
	int64_t seq; /* in the order of writing; given by the store */
	enum message_kind kind;
	enum message_channel channel;
	struct account_id account;
	struct prison_code prison;  /* empty: none */
	int64_t object;             /* the visit, contact, person or offer */
	int64_t occasion;           /* tells apart what may happen to an object more than once */
	struct reference reference; /* of the visit; empty: none */
	struct wall start;
	int minutes;
	struct wall was; /* 0: none */
	int revision;    /* of the visit's calendar entry: 0, then one more with each change */
	int number;
	char why[MESSAGE_WHY_MAX + 1];
	struct wall answer_by; /* 0: none */
	struct wall made_at;
	struct wall no_use_after; /* 0: always of use */
	enum message_state state;
	int attempts;
	struct wall next_at; /* not before; of SENT: when to ask whether it arrived, 0: never */
	struct wall changed_at;
	enum message_provider provider;
	char provider_id[MESSAGE_PROVIDER_ID_MAX + 1];
	char problem[MESSAGE_PROBLEM_MAX + 1]; /* a code such as "SMTP_550"; no personal data */
};

/*
 * How long to wait before the next try after so many that failed: half a minute
 * doubled each time, an hour at most, and a random half of it on top or off, so
 * that what an outage has held up does not come back all at once.  at_least_s: as
 * the provider asked (Retry-After); 0: it did not.
 */
int64_t message_wait_s(int attempts, int64_t at_least_s, struct random *random);
/* When to ask the provider again whether it arrived: sooner, then later; 0: never again. */
int64_t message_ask_again_s(int64_t since_sent_s);

#endif
