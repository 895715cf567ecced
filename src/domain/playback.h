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
	PLAYBACK_ASKED_DAYS = 28,     /* then what was asked is over */
	PLAYBACK_AGREED_HOURS = 24,   /* in which the viewing begins */
	PLAYBACK_VIEWING_S = 3600,    /* programs/vault/opening.h */
	PLAYBACK_REASON_MIN = 10,     /* characters */
	PLAYBACK_EXPORT_DAYS = 28,    /* after it was looked at, in which it may be handed out */
	PLAYBACK_HASH_LEN = 32,       /* SHA-256 */
	PLAYBACK_RECIPIENT_MAX = 200, /* bytes */
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

/* A copy that leaves the service: the third step, by a third person, after somebody looked. */
struct recording_export {
	struct export_id id;
	struct access_id access;
	struct visit_id visit;
	struct reference reference;
	struct prison_code prison;
	struct str recipient;
	struct str reason;
	struct account_id by;
	struct str by_name;
	enum role as;
	struct wall at;
	int64_t ask_seq; /* of the access */
	int64_t decide_seq;
	int64_t export_seq;
	struct str session;
};

/* One side of it, as it was sent. */
struct recording_export_file {
	struct export_id export;
	int seat;
	int64_t bytes;
	int64_t missing; /* pieces that could not be read */
	uint8_t hash[PLAYBACK_HASH_LEN];
	struct wall sent_at;
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
	PLAYBACK_NO_ROLE,       /* the role was taken away, or they are signed out */
	PLAYBACK_ANSWER_COUNT,
};

const char *playback_answer_name(enum playback_answer answer); /* "SAME_LINE" */

/* PLAYBACK_REASON_MIN characters of UTF-8 or more, without the white space around them. */
bool playback_reason_enough(struct str reason);
/* Whether anybody may see it. */
enum playback_answer playback_recording_allows(const struct recording *);

/* One who decides. */
struct decider {
	struct account_id account;
	struct str name;
	enum role role;
	bool watched; /* that visit */
};
/* Whoever wants something that takes two. */
struct first_person {
	struct account_id account;
	struct str name;
	enum role role;
};
/* PLAYBACK_SAME_HUMAN, _SAME_LINE, or _OK. */
enum playback_answer playback_second_person(const struct first_person *, const struct decider *);
enum playback_answer playback_may_decide(const struct access *, const struct decider *,
					 struct wall now);
enum playback_answer playback_may_open(const struct access *, struct account_id, struct wall now);
/* session: of the request, as text. */
enum playback_answer playback_may_look(const struct access *, struct account_id, struct str session,
				       struct wall now);
/* Somebody has looked at it, and whoever hands it out is neither who asked nor who agreed, nor of their lines. */
enum playback_answer playback_may_export(const struct access *, const struct decider *,
					 struct wall now);
/* For an hour, in one session, as a viewing. */
enum playback_answer playback_may_fetch(const struct recording_export *, struct account_id,
					struct str session, struct wall now);
struct wall playback_ends(const struct access *);

#endif
