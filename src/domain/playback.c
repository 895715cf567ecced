#include "domain/playback.h"

enum {
	DAY_S = 86400,
	HOUR_S = 3600,
};

static const char *const STATES[ACCESS_STATE_COUNT] = {
	[ACCESS_ASKED] = "ASKED",
	[ACCESS_AGREED] = "AGREED",
	[ACCESS_REFUSED] = "REFUSED",
	[ACCESS_OPENED] = "OPENED",
};

static const char *const ANSWERS[PLAYBACK_ANSWER_COUNT] = {
	[PLAYBACK_OK] = "OK",
	[PLAYBACK_LOCKED] = "LOCKED",
	[PLAYBACK_ERASED] = "ERASED",
	[PLAYBACK_NO_WORDS] = "NO_WORDS",
	[PLAYBACK_WAITS] = "WAITS",
	[PLAYBACK_SAME_HUMAN] = "SAME_HUMAN",
	[PLAYBACK_SAME_LINE] = "SAME_LINE",
	[PLAYBACK_MONITOR] = "MONITOR",
	[PLAYBACK_DECIDED] = "DECIDED",
	[PLAYBACK_TOO_LATE] = "TOO_LATE",
	[PLAYBACK_NOT_ASKER] = "NOT_ASKER",
	[PLAYBACK_NOT_AGREED] = "NOT_AGREED",
	[PLAYBACK_OTHER_SESSION] = "OTHER_SESSION",
	[PLAYBACK_OVER] = "OVER",
	[PLAYBACK_NO_ROLE] = "NO_ROLE",
};

const char *access_state_name(enum access_state state)
{
	return STATES[state < ACCESS_STATE_COUNT ? state : ACCESS_REFUSED];
}

bool access_state_of(struct str name, enum access_state *out)
{
	for (unsigned i = 0; i < ACCESS_STATE_COUNT; i++) {
		if (!str_is(name, STATES[i]))
			continue;
		*out = (enum access_state)i;
		return true;
	}
	return false;
}

const char *playback_answer_name(enum playback_answer answer)
{
	return ANSWERS[answer < PLAYBACK_ANSWER_COUNT ? answer : PLAYBACK_NOT_AGREED];
}

enum line_of_command role_line(enum role role)
{
	switch (role) {
	case ROLE_VISITS_CLERK:
	case ROLE_MONITOR:
	case ROLE_PRISON_ADMIN:
		return LINE_VISITS;
	case ROLE_CONTACTS_AUTHORISER:
		return LINE_SECURITY;
	case ROLE_DUTY_GOVERNOR:
		return LINE_GOVERNOR;
	case ROLE_NOBODY:
	case ROLE_FAMILY:
	case ROLE_TERMINAL:
	case ROLE_HQ_ANALYST:
	case ROLE_HQ_ADMIN:
	case ROLE_OPERATOR:
	case ROLE_INSPECTOR:
	case ROLE_GUEST:
	case ROLE_SYSTEM:
	case ROLE_COUNT:
		break;
	}
	return LINE_NONE;
}

bool playback_reason_enough(struct str reason)
{
	size_t characters = 0;
	reason = str_trim(reason);
	for (size_t i = 0; i < reason.len; i++)
		characters += ((unsigned char)reason.at[i] & 0xc0) != 0x80;
	return characters >= PLAYBACK_REASON_MIN;
}

enum playback_answer playback_recording_allows(const struct recording *recording)
{
	if (recording->locked_at.s != 0)
		return PLAYBACK_LOCKED;
	return recording->erased_at.s != 0 ? PLAYBACK_ERASED : PLAYBACK_OK;
}

/* One account, or two of one name: somebody else is asked, who is surely another. */
enum playback_answer playback_second_person(const struct first_person *first,
					    const struct decider *decider)
{
	enum line_of_command line = role_line(decider->role);
	if (first->account.n == decider->account.n ||
	    str_equal_nocase(str_trim(first->name), str_trim(decider->name)))
		return PLAYBACK_SAME_HUMAN;
	return line == LINE_NONE || line == role_line(first->role) ? PLAYBACK_SAME_LINE
								   : PLAYBACK_OK;
}

enum playback_answer playback_may_decide(const struct access *access, const struct decider *decider,
					 struct wall now)
{
	if (access->state != ACCESS_ASKED)
		return PLAYBACK_DECIDED;
	if (now.s >= access->asked_at.s + PLAYBACK_ASKED_DAYS * DAY_S)
		return PLAYBACK_TOO_LATE;
	struct first_person first = { access->asked_by, access->asked_name, access->asked_as };
	enum playback_answer answer = playback_second_person(&first, decider);
	if (answer != PLAYBACK_OK)
		return answer;
	return decider->watched ? PLAYBACK_MONITOR : PLAYBACK_OK;
}

enum playback_answer playback_may_open(const struct access *access, struct account_id account,
				       struct wall now)
{
	if (access->asked_by.n != account.n)
		return PLAYBACK_NOT_ASKER;
	if (access->state == ACCESS_OPENED)
		return PLAYBACK_DECIDED;
	if (access->state != ACCESS_AGREED)
		return PLAYBACK_NOT_AGREED;
	bool late = now.s >= access->decided_at.s + PLAYBACK_AGREED_HOURS * HOUR_S;
	return late ? PLAYBACK_TOO_LATE : PLAYBACK_OK;
}

struct wall playback_ends(const struct access *access)
{
	return wall_add_s(access->opened_at, PLAYBACK_VIEWING_S);
}

enum playback_answer playback_may_look(const struct access *access, struct account_id account,
				       struct str session, struct wall now)
{
	if (access->asked_by.n != account.n)
		return PLAYBACK_NOT_ASKER;
	if (access->state != ACCESS_OPENED)
		return PLAYBACK_NOT_AGREED;
	if (now.s >= playback_ends(access).s)
		return PLAYBACK_OVER;
	return str_equal(access->session, session) ? PLAYBACK_OK : PLAYBACK_OTHER_SESSION;
}

enum playback_answer playback_may_export(const struct access *access,
					 const struct decider *exporter, struct wall now)
{
	const struct first_person before[] = {
		{ access->asked_by, access->asked_name, access->asked_as },
		{ access->decided_by, access->decided_name, access->decided_as },
	};
	if (access->state != ACCESS_OPENED)
		return PLAYBACK_NOT_AGREED;
	if (now.s >= access->opened_at.s + PLAYBACK_EXPORT_DAYS * DAY_S)
		return PLAYBACK_TOO_LATE;
	for (size_t i = 0; i < 2; i++) {
		enum playback_answer answer = playback_second_person(&before[i], exporter);
		if (answer != PLAYBACK_OK)
			return answer;
	}
	return PLAYBACK_OK;
}

enum playback_answer playback_may_fetch(const struct recording_export *export,
					struct account_id account, struct str session,
					struct wall now)
{
	if (export->by.n != account.n)
		return PLAYBACK_NOT_ASKER;
	if (now.s >= export->at.s + PLAYBACK_VIEWING_S)
		return PLAYBACK_OVER;
	return str_equal(export->session, session) ? PLAYBACK_OK : PLAYBACK_OTHER_SESSION;
}
