/*
 * audit.h - what is written down about every change of state.
 *
 * A record holds no personal data: ids are random, and what was said or typed
 * (a reason) stands in it as a commitment, HMAC-SHA-256 under a salt that is
 * kept elsewhere and can be erased.  Its canonical text is what is hashed.
 */
#ifndef PVL_DOMAIN_AUDIT_H
#define PVL_DOMAIN_AUDIT_H

#include "base/buf.h"
#include "base/clock.h"
#include "base/id.h"
#include "domain/prison.h"
#include "domain/role.h"

enum audit_verb {
	AUDIT_ACCOUNT_CREATE,
	AUDIT_ACCOUNT_REHASH,
	AUDIT_ROLE_GRANT,
	AUDIT_SIGN_IN,
	AUDIT_SIGN_IN_FAILED,
	AUDIT_SIGN_OUT,
	AUDIT_ROLE_CHOOSE,
	AUDIT_PERSON_ADD,
	AUDIT_CONTACT_REQUEST,
	AUDIT_CONTACT_MISMATCH,
	AUDIT_CONTACT_APPROVE,
	AUDIT_CONTACT_REJECT,
	AUDIT_VISIT_BOOK,
	AUDIT_VISIT_CANCEL,
	AUDIT_LOBBY_ENTER,
	AUDIT_VISITOR_ADMIT,
	AUDIT_VISITOR_REFUSE,
	AUDIT_VISIT_LIVE,
	AUDIT_VISIT_HEARD, /* more seconds were counted */
	AUDIT_VISIT_LOST,  /* seconds were lost, by the cause that the words name */
	AUDIT_VISIT_END,
	AUDIT_TERMINAL_ADD,
	AUDIT_TERMINAL_CODE,
	AUDIT_TERMINAL_ENROL,
	AUDIT_TERMINAL_PROVE,
	AUDIT_TERMINAL_RETIRE,
	AUDIT_POLICY_SET,
	AUDIT_PRISON_ADD,
	AUDIT_PRISON_READY,
	AUDIT_PRISONER_ADD,
	AUDIT_ROOM_ADD,
	AUDIT_SESSION_ADD,
	AUDIT_LANGUAGE_CHOOSE,
	/* Times and places. */
	AUDIT_VISIT_MOVE,
	AUDIT_HOLD_TAKE,
	AUDIT_HOLD_EXPIRE,
	AUDIT_HOLD_PURGE,
	AUDIT_SESSION_CHANGE,
	AUDIT_SESSION_END,
	AUDIT_EXCLUDE_ADD,
	AUDIT_EXCLUDE_REMOVE,
	AUDIT_BLOCK_ADD,
	AUDIT_BLOCK_REMOVE,
	AUDIT_ROOM_USE,
	AUDIT_ROOM_HOURS,
	AUDIT_REGIME_ADD,
	AUDIT_REGIME_REMOVE,
	AUDIT_REVIEW_DECIDE,
	/* People. */
	AUDIT_VISIT_REQUEST,
	AUDIT_REQUEST_APPROVE,
	AUDIT_REQUEST_REJECT,
	AUDIT_REQUEST_EXPIRE,
	AUDIT_VISIT_FLAG,
	AUDIT_ORDERS_RUN,
	AUDIT_ALLOWANCE_ADJUST,
	AUDIT_INCENTIVE_SET,
	AUDIT_RESTRICTION_ADD,
	AUDIT_RESTRICTION_END,
	AUDIT_ALERT_ADD,
	AUDIT_ALERT_END,
	AUDIT_ALERT_RULE,
	AUDIT_CHILD_DECIDE,
	AUDIT_NON_ASSOCIATION_ADD,
	AUDIT_NON_ASSOCIATION_END,
	AUDIT_PRISONER_MOVE,
	AUDIT_PRISONER_MERGE,
	AUDIT_PRISONER_STATUS,
	AUDIT_SOURCE_SET,
	/* Imports. */
	AUDIT_PRISON_CHANGE,
	AUDIT_PRISONER_CHANGE,
	AUDIT_CONTACT_LIST, /* the prison has the visitor on its list; amount: 1 approved */
	AUDIT_REFERENCE_SET,
	/* Machines. */
	AUDIT_KEY_CREATE,
	AUDIT_KEY_REVOKE,
	/* Who visitors are. */
	AUDIT_IDENTITY_PICTURE, /* amount: enum identity_picture */
	AUDIT_IDENTITY_SEND,
	AUDIT_IDENTITY_LOOK,  /* somebody of staff looked at a picture; amount: which */
	AUDIT_IDENTITY_AGAIN, /* amount: bits of what is asked for */
	AUDIT_IDENTITY_ERASE, /* amount: which */
	/* Several devices. */
	AUDIT_DEVICE_CHOOSE, /* who sits at a device; amount: how many */
	AUDIT_LINK_MAKE,     /* amount: for whom */
	AUDIT_LINK_REVOKE,
	AUDIT_LINK_USE,
	AUDIT_PIN_SET,
	AUDIT_PRISONER_SIGN_IN,
	AUDIT_PRISONER_SIGN_IN_FAILED,
	AUDIT_PRISONER_SIGN_OUT,
	AUDIT_ASK_VISIT,
	AUDIT_ASK_CONTACT,
	AUDIT_ASK_DECIDE, /* by staff or the family; amount: the state it came to */
	/* Oversight; amount: enum side, unless it says otherwise. */
	AUDIT_VISIT_PAUSE,
	AUDIT_VISIT_RESUME, /* amount: seconds that it stood still */
	AUDIT_VISIT_MUTE,
	AUDIT_VISIT_UNMUTE,
	AUDIT_VISIT_BLANK,
	AUDIT_VISIT_UNBLANK,
	AUDIT_VISIT_WARN,
	AUDIT_VISIT_ACKNOWLEDGE,
	AUDIT_VISIT_EXTEND, /* amount: minutes */
	AUDIT_VISIT_REPORT,
	AUDIT_VISIT_NOT_PRIVATE,
	AUDIT_MONITOR_BEGIN, /* amount: enum purpose */
	AUDIT_MONITOR_TOLD,  /* amount: 1 both ends said so */
	AUDIT_MONITOR_END,
	AUDIT_WATCH_DRAW,           /* object: the seed; amount: the share */
	AUDIT_WATCH_ASSIGN,         /* object: the visit; amount: the officer's account */
	AUDIT_WATCH_ASSIGNMENT_END, /* object: the visit; amount: the assignment */
	AUDIT_WARNING_ADD,
	AUDIT_WARNING_RETIRE,
	AUDIT_INCIDENT_OPEN,   /* amount: the visit */
	AUDIT_INCIDENT_DECIDE, /* amount: enum incident_outcome */
	AUDIT_INCIDENT_APPEAL, /* amount: enum appeal, and 10 times whose: enum appellant */
	AUDIT_AUTHORISATION_REQUEST,
	AUDIT_AUTHORISATION_DECIDE, /* amount: enum authorisation_state */
	/* Registers, as files; object: a prison; amount: rows. */
	AUDIT_AUTHORISATIONS_TAKE,
	AUDIT_DISCLOSURES_TAKE, /* recordings and copies of data that were handed out */
	/* Statistics and movements. */
	AUDIT_ESCORT_ACKNOWLEDGE, /* the wing knows of a list; amount: how many */
	AUDIT_NOT_PRODUCED,       /* amount: enum not_produced */
	AUDIT_VISIT_OUTCOME,      /* what staff say became of it; amount: enum visit_outcome */
	AUDIT_STATISTICS_COUNT,   /* of a prison; amount: months that were published with it */
	/* What people are told. */
	AUDIT_MESSAGES_TAKE,  /* handed to the sender; amount: how many */
	AUDIT_MESSAGE_ANSWER, /* amount: enum message_state */
	AUDIT_MESSAGES_BACK,  /* no answer came: they wait again; amount: how many */
	AUDIT_MESSAGES_ASK,   /* the provider is asked whether they arrived; amount: how many */
	AUDIT_MESSAGES_ERASE, /* amount: how many */
	/* Lawyers, and what waits. */
	AUDIT_PROFESSIONAL_ASK,
	AUDIT_PROFESSIONAL_APPROVE, /* amount: 1 the first, 2 the second */
	AUDIT_PROFESSIONAL_END,
	AUDIT_CLIENT_ADD,
	AUDIT_WAITING_ADD,    /* amount: minutes */
	AUDIT_WAITING_CHANGE, /* what it wishes; amount: 1 it would have an earlier time */
	AUDIT_WAITING_END,    /* amount: 1 by whoever waited, 0 by its time */
	AUDIT_FREED_FIND,     /* a free time that would serve somebody; amount: minutes */
	AUDIT_FREED_END,      /* amount: 1 taken, 0 nobody could have it */
	AUDIT_OFFER_MAKE,     /* amount: 1 the time is kept for it */
	AUDIT_OFFER_END,      /* amount: enum offer_state */
	AUDIT_STANDBY_ASK,    /* somebody is asked to stand by; amount: 1 they had agreed before */
	AUDIT_STANDBY_END,    /* answered or over; amount: enum standby_state */
	/* What visitors need. */
	AUDIT_ADJUSTMENT_ASK,
	AUDIT_ADJUSTMENT_WITHDRAW,
	AUDIT_ADJUSTMENT_DECIDE, /* amount: minutes, of more time that is agreed */
	/* Recordings. */
	AUDIT_RECORDING_NOTES, /* of segments and gaps; amount: how many; the words are their hash */
	AUDIT_RECORDING_ASK,   /* somebody asks to see it; object: the visit's; so with all below */
	AUDIT_RECORDING_AGREE, /* amount: the seq of what was asked */
	AUDIT_RECORDING_REFUSE,
	AUDIT_RECORDING_OPEN, /* a viewing begins; amount: the seq of what was agreed */
	AUDIT_RECORDING_LOOK, /* a segment was shown; amount: its beginning, in seconds from the first */
	AUDIT_RECORDING_LOCK,   /* privileged by mistake */
	AUDIT_RECORDING_SETTLE, /* a privilege officer has seen to that */
	AUDIT_RECORDING_ERASE, /* its keys were destroyed; amount: how many; the words are their hash */
	AUDIT_RECORDING_EXPORT, /* it is handed out; amount: the seq of what was agreed */
	AUDIT_RECORDING_FILE, /* one file of that was sent; amount: bytes; the words are its hash */
	AUDIT_LEGAL_HOLD_ASK, /* object: the recording; so with the next */
	AUDIT_LEGAL_HOLD_DECIDE, /* amount: enum legal_hold_state */
	AUDIT_LEGAL_HOLD_REVIEW, /* amount: enum legal_hold_state */
	/* The rights of people whose data these are; object: the account or prisoner. */
	AUDIT_DATA_COPY,  /* somebody got a copy; amount: rows; by staff: the words are its hash */
	AUDIT_DATA_LOOK,  /* staff or a machine read it; also of a visit; amount: rows */
	AUDIT_DATA_ERASE, /* names, addresses, words and photos are gone; amount: rows */
	AUDIT_PASSWORD_LINK, /* a link with which a password may be chosen was asked for, or made */
	AUDIT_PASSWORD_SET,
	AUDIT_ROLE_REVOKE,
	/* Lists that name people, read by the JSON API; object: a list of that prison; amount: rows. */
	AUDIT_LIST_CONTACT_REQUESTS,
	AUDIT_LIST_VISIT_REQUESTS,
	AUDIT_LIST_NOTIFICATIONS, /* booked visits that something speaks against */
	AUDIT_LIST_OUTCOMES,      /* visits of a day that are over */
	AUDIT_LIST_TOUCHED,       /* booked visits that a rule would touch */
	AUDIT_LIST_WAITS,
	AUDIT_LIST_PROFESSIONALS,
	/* Other systems. */
	AUDIT_WEBHOOK_ADD,
	AUDIT_WEBHOOK_END,
	AUDIT_WEBHOOK_AGAIN,  /* what failed is tried again; amount: how many */
	AUDIT_WEBHOOK_TAKE,   /* handed to the sender; amount: how many */
	AUDIT_WEBHOOK_ANSWER, /* amount: enum event_state */
	AUDIT_WEBHOOK_BACK,   /* no answer came: they wait again; amount: how many */
	AUDIT_WEBHOOK_ERASE,  /* amount: how many */
	AUDIT_ROOM_FEED_MAKE, /* an address for calendars */
	AUDIT_ROOM_FEED_REVOKE,
	/* Who keeps the heads of this log. */
	AUDIT_WITNESS_ADD,
	AUDIT_WITNESS_END,
	/* How people are reached; object: the account. */
	AUDIT_MOBILE_ASK,     /* a code was sent to a number */
	AUDIT_MOBILE_CONFIRM, /* amount: 1 it is theirs, 0 the code was wrong */
	AUDIT_REACH_SET,      /* amount: enum reach_part */
	AUDIT_REACH_ERASE,    /* codes are gone; amount: how many */
	AUDIT_VISITOR_ENTER,  /* staff entered somebody without e-mail; object: the contact */
	/* What a machine found odd in a picture; object: the visit. */
	AUDIT_HINT_MAKE,   /* amount: enum hint_kind */
	AUDIT_HINT_ANSWER, /* amount: 1 it was right, 0 wrong */
	AUDIT_HINT_ERASE,  /* their time is over; object: nothing, amount: how many */
	AUDIT_VERB_COUNT,
};

const char *audit_verb_name(enum audit_verb verb); /* "visit.book" */
bool audit_verb_of(struct str name, enum audit_verb *out);
/* What must stand under a signed head at once, not within a minute: who may do what, who may not
 * meet whom, and that a visit ended. */
bool audit_verb_is_urgent(enum audit_verb verb);

enum audit_object {
	AUDIT_NOTHING,
	AUDIT_ON_ACCOUNT,
	AUDIT_ON_PERSON,
	AUDIT_ON_CONTACT,
	AUDIT_ON_VISIT,
	AUDIT_ON_TERMINAL,
	AUDIT_ON_PRISON,
	AUDIT_ON_PRISONER,
	AUDIT_ON_ROOM,
	AUDIT_ON_SESSION,
	AUDIT_ON_APPLICATION,
	AUDIT_ON_EXCLUDE_DATE,
	AUDIT_ON_BLOCK,
	AUDIT_ON_REGIME,
	AUDIT_ON_REVIEW,
	AUDIT_ON_RESTRICTION,
	AUDIT_ON_ALERT,
	AUDIT_ON_NON_ASSOCIATION,
	AUDIT_ON_SOURCE,
	AUDIT_ON_KEY,
	AUDIT_ON_LINK,
	AUDIT_ON_ASK,
	AUDIT_ON_INCIDENT,
	AUDIT_ON_AUTHORISATION,
	AUDIT_ON_MESSAGE,
	AUDIT_ON_ADJUSTMENT,
	AUDIT_ON_RECORDING,
	AUDIT_ON_WEBHOOK,
	AUDIT_ON_WAITING,
	AUDIT_ON_FREED,
	AUDIT_ON_OFFER,
	AUDIT_ON_STANDBY,
	AUDIT_ON_WITNESS,
	AUDIT_ON_LIST,
	AUDIT_OBJECT_COUNT,
};

const char *audit_object_name(enum audit_object object); /* "visit" */
bool audit_object_of(struct str name, enum audit_object *out);

enum {
	AUDIT_HASH_LEN = 32,
	AUDIT_SALT_LEN = 16,
	AUDIT_CANONICAL_MAX = 512,
};

struct audit_record {
	int64_t seq; /* 1, 2, 3 … without a gap */
	struct wall at;
	enum role role;
	struct account_id account;   /* 0: none */
	struct terminal_id terminal; /* 0: none */
	struct prison_code prison;
	enum audit_verb verb;
	enum audit_object object;
	int64_t object_id;
	int64_t amount;                     /* minutes, seconds, a state: as the verb has it */
	uint8_t commitment[AUDIT_HASH_LEN]; /* of the words given; zeros: none */
	uint8_t leaf[AUDIT_HASH_LEN];
};

/* A record from that text, but for its leaf; false: it is not exactly what audit_canonical() writes. */
bool audit_read(struct str text, struct audit_record *out);
/* The text whose SHA-256, after a byte 0x00, is the leaf hash: one line per field. */
void audit_canonical(const struct audit_record *record, struct buf *out);

#endif
