/*
 * reach.h - people say how they are reached: a mobile number, a postal address, text messages or none.
 *
 * A number is theirs once they typed the code that was sent to it.  The code is
 * an HMAC over account, number and time under a key that all programs share: it
 * stands in no row, and is made again when the message is written out.
 *
 * How often anybody may have codes sent, to one number and from one account, is
 * bounded here and by the web server's limits: text messages cost money, and
 * nobody is to be woken by a stranger.
 *
 * Whoever has no e-mail has no way to sign in; staff of the prison enter them,
 * and read their number back to them instead of a code.
 */
#ifndef PVL_SERVICE_REACH_H
#define PVL_SERVICE_REACH_H

#include "domain/contact.h"
#include "domain/reach.h"
#include "service/service.h"

enum {
	MOBILE_CODE_LEN = 6,         /* digits */
	MOBILE_CODE_S = 10 * 60,     /* that a code holds */
	MOBILE_CODE_TRIES = 5,       /* then a new one is needed: one in 200,000 guesses right */
	MOBILE_CODES_DAY = 5,        /* of one account */
	MOBILE_CODES_NUMBER_DAY = 3, /* accounts that may have the same number asked */
	MOBILE_CODE_AGAIN_S = 60,    /* before the next one */
};

struct reach_view {
	struct account account;
	struct reach reach;
	char asked[MOBILE_MAX + 1]; /* a number to which a code is on its way; empty: none */
	bool bounced; /* the last text message did not arrive: the number does not take it */
};

/* ROLE_FAMILY: their own. */
MUST_USE enum err reach_find(struct service *, const struct actor *, struct arena *,
			     struct reach_view *out);

enum mobile_asked {
	MOBILE_ASKED_SENT,
	MOBILE_ASKED_BAD,
	MOBILE_ASKED_LANDLINE,
	MOBILE_ASKED_TOO_SOON, /* the last one is less than MOBILE_CODE_AGAIN_S ago */
	MOBILE_ASKED_TOO_MANY, /* today */
	MOBILE_ASKED_COUNT,
};

const char *mobile_asked_name(enum mobile_asked asked); /* "too_soon": a word of the form */

/* Sends a code to a number, as typed; the one before it holds no longer. */
MUST_USE enum err mobile_ask(struct service *, const struct actor *, struct str typed,
			     enum mobile_asked *out);

enum mobile_confirmed {
	MOBILE_CONFIRMED,
	MOBILE_WRONG,
	MOBILE_OVER, /* none is on its way, it is too old, or was guessed at too often */
};

/* The number is theirs from now on, and takes text messages. */
MUST_USE enum err mobile_confirm(struct service *, const struct actor *, struct str typed,
				 enum mobile_confirmed *out);
/* For the message that tells it (ROLE_SYSTEM): until as the message's answer_by.
 * ERR_NOT_FOUND: it holds no longer, or another was asked for since. */
MUST_USE enum err mobile_code_tell(struct service *, const struct actor *, struct account_id,
				   struct wall until, char out[MOBILE_CODE_LEN + 1]);

/* What AUDIT_REACH_SET says was set. */
enum reach_part {
	REACH_MOBILE_END = 1,
	REACH_ADDRESS,
	REACH_ADDRESS_END,
	REACH_TEXTS,
	REACH_TEXTS_END,
	REACH_BY_STAFF,
	REACH_EMAIL_END, /* by staff, too */
};

MUST_USE enum err mobile_remove(struct service *, const struct actor *);
/* ERR_BAD: postal_acceptable() says no.  NULL: there is none any more. */
MUST_USE enum err address_set(struct service *, const struct actor *, const struct postal *);
/* ERR_CONFLICT: there is no number. */
MUST_USE enum err texts_choose(struct service *, const struct actor *, bool texts);

/* Codes of yesterday and before: nothing is counted by them any more.  ROLE_SYSTEM. */
MUST_USE enum err mobile_code_erase_due(struct service *, const struct actor *);

/* ---- for whoever has no e-mail; visits clerk, contacts authoriser, duty governor ---- */

struct visitor_entry {
	struct str name;
	struct date born;
	struct str relationship_code;
	struct str relationship; /* in words */
	enum language language;
	char mobile[MOBILE_MAX + 1]; /* as mobile_of() gives it; empty: none */
	struct postal postal;        /* empty: none */
};

/*
 * A visitor of a prisoner of theirs: an account without e-mail, a person, and a
 * request to be approved, which is decided as any other.
 * ERR_BAD: a name, date, relationship or address that is none, or neither
 * number nor address; ERR_CONFLICT: that prisoner has a contact of that name and birth.
 */
MUST_USE enum err visitor_enter(struct service *, const struct actor *, struct prisoner_id,
				const struct visitor_entry *, struct contact_id *out);

/* Of the booker of a contact; ERR_NOT_FOUND where they have e-mail: it is theirs to say. */
MUST_USE enum err visitor_reach_find(struct service *, const struct actor *, struct arena *,
				     struct contact_id, struct reach_view *out);
MUST_USE enum err visitor_reach_set(struct service *, const struct actor *, struct contact_id,
				    const char *mobile, const struct postal *);

/* The booker of a contact, who has e-mail; ERR_NOT_FOUND where they have none, or are no family. */
MUST_USE enum err visitor_email_find(struct service *, const struct actor *, struct arena *,
				     struct contact_id, struct account *out);
/*
 * They have told staff that they have no e-mail any more: from now on they are
 * told by text message or letter, and are signed out for good; staff book for
 * them.  Number and address are what they say now (ERR_BAD as above); what they
 * had given themselves is forgotten.
 */
MUST_USE enum err visitor_email_end(struct service *, const struct actor *, struct contact_id,
				    const char *mobile, const struct postal *);

#endif
