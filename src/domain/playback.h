/*
 * playback.h - who may see a recording: one asks, another of another line of command agrees.
 *
 * Pure.  Who agrees is never the one who asked, in whatever role; never the same
 * human by another account (of the same name); never one who watched that visit.
 */
#ifndef PVL_DOMAIN_PLAYBACK_H
#define PVL_DOMAIN_PLAYBACK_H

#include "base/clock.h"
#include "base/id.h"
#include "domain/recording.h"
#include "domain/role.h"

enum {
	PLAYBACK_ASKED_DAYS = 28,   /* then what was asked is over */
	PLAYBACK_AGREED_HOURS = 24, /* in which the viewing begins */
	PLAYBACK_VIEWING_S = 3600,  /* programs/vault/opening.h */
	PLAYBACK_REASON_MIN = 10,   /* characters */
};

/* To whom somebody answers. */
enum line_of_command {
	LINE_NONE,
	LINE_VISITS,
	LINE_SECURITY,
	LINE_GOVERNOR,
};

enum line_of_command role_line(enum role role);

enum access_state {
	ACCESS_ASKED,
	ACCESS_AGREED,
	ACCESS_REFUSED,
	ACCESS_OPENED,
	ACCESS_STATE_COUNT,
};

const char *access_state_name(enum access_state state); /* "ASKED" */
bool access_state_of(struct str name, enum access_state *out);

struct access {
	struct access_id id;
	struct visit_id visit;
	struct reference reference;
	struct prison_code prison;
	enum access_state state;
	struct account_id asked_by;
	struct str asked_name;
	enum role asked_as;
	struct str reason;
	struct wall asked_at;
	int64_t ask_seq;
	struct account_id decided_by;
	struct str decided_name;
	enum role decided_as;
	struct str decided_reason;
	struct wall decided_at;
	int64_t decide_seq;
	struct wall opened_at;
	int64_t open_seq;
	struct str session;
};

enum playback_answer {
	PLAYBACK_OK,
	PLAYBACK_LOCKED,     /* privileged by mistake: nobody */
	PLAYBACK_ERASED,     /* its time is over */
	PLAYBACK_NO_WORDS,   /* the reason is too short */
	PLAYBACK_WAITS,      /* the same person has asked already */
	PLAYBACK_SAME_HUMAN, /* nobody agrees to what they asked themselves */
	PLAYBACK_SAME_LINE,  /* of the same line of command */
	PLAYBACK_MONITOR,    /* they watched that visit */
	PLAYBACK_DECIDED,    /* somebody has decided already */
	PLAYBACK_TOO_LATE,   /* it was asked, or agreed, too long ago */
	PLAYBACK_NOT_ASKER,  /* it was agreed to for somebody else */
	PLAYBACK_NOT_AGREED,
	PLAYBACK_OTHER_SESSION, /* opened in another session of theirs */
	PLAYBACK_OVER,          /* the viewing's time is over */
	PLAYBACK_ANSWER_COUNT,
};

const char *playback_answer_name(enum playback_answer answer); /* "SAME_LINE" */

/* Whether anybody may see it. */
enum playback_answer playback_recording_allows(const struct recording *);

/* One who decides. */
struct decider {
	struct account_id account;
	struct str name;
	enum role role;
	bool watched; /* that visit */
};
enum playback_answer playback_may_decide(const struct access *, const struct decider *,
					 struct wall now);
enum playback_answer playback_may_open(const struct access *, struct account_id, struct wall now);
/* session: of the request, as text. */
enum playback_answer playback_may_look(const struct access *, struct account_id, struct str session,
				       struct wall now);
struct wall playback_ends(const struct access *);

#endif
