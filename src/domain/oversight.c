#include "domain/oversight.h"

#include "base/assert.h"

static const char *const ACTS[ACT_COUNT] = {
	[ACT_PAUSE] = "PAUSE",
	[ACT_RESUME] = "RESUME",
	[ACT_MUTE] = "MUTE",
	[ACT_UNMUTE] = "UNMUTE",
	[ACT_BLANK] = "BLANK",
	[ACT_UNBLANK] = "UNBLANK",
	[ACT_WARN] = "WARN",
	[ACT_ACKNOWLEDGE] = "ACKNOWLEDGE",
	[ACT_EXTEND] = "EXTEND",
	[ACT_REPORT] = "REPORT",
	[ACT_NOT_PRIVATE] = "NOT_PRIVATE",
};

static const char *const SIDES[SIDE_COUNT] = {
	[SIDE_NONE] = "",
	[SIDE_PRISONER] = "PRISONER",
	[SIDE_VISITOR] = "VISITOR",
	[SIDE_BOTH] = "BOTH",
};

static const char *const ANSWERS[ACT_ANSWER_COUNT] = {
	[ACT_OK] = "OK",
	[ACT_NOT_RUNNING] = "NOT_RUNNING",
	[ACT_CONFIDENTIAL] = "CONFIDENTIAL",
	[ACT_SO_ALREADY] = "SO_ALREADY",
	[ACT_NO_SIDE] = "NO_SIDE",
	[ACT_NO_WORDS] = "NO_WORDS",
	[ACT_BAD_AMOUNT] = "BAD_AMOUNT",
	[ACT_TOO_MANY] = "TOO_MANY",
	[ACT_TIME_TAKEN] = "TIME_TAKEN",
};

static const char *const PURPOSES[PURPOSE_COUNT] = {
	[PURPOSE_ADMISSION] = "ADMISSION",
	[PURPOSE_ASSIGNMENT] = "ASSIGNMENT",
	[PURPOSE_SAMPLE] = "SAMPLE",
	[PURPOSE_INCIDENT] = "INCIDENT",
	[PURPOSE_AUTHORISATION] = "AUTHORISATION",
};

static const char *const WATCH_ANSWERS[WATCH_ANSWER_COUNT] = {
	[WATCH_OK] = "OK",
	[WATCH_NO_WORDS] = "NO_WORDS",
	[WATCH_BEGUN] = "BEGUN",
	[WATCH_NOT_DRAWN] = "NOT_DRAWN",
	[WATCH_NOT_ASSIGNED] = "NOT_ASSIGNED",
	[WATCH_RECORDED_ONLY] = "RECORDED_ONLY",
	[WATCH_NO_INCIDENT] = "NO_INCIDENT",
	[WATCH_NO_AUTHORISATION] = "NO_AUTHORISATION",
	[WATCH_TOO_MANY] = "TOO_MANY",
};

static bool find(const char *const *names, unsigned count, struct str name, unsigned *out)
{
	for (*out = 0; *out < count; (*out)++)
		if (str_is(name, names[*out]))
			return true;
	return false;
}

const char *act_name(enum act act)
{
	return ACTS[act < ACT_COUNT ? act : 0];
}

bool act_of(struct str name, enum act *out)
{
	unsigned i;
	bool known = find(ACTS, ACT_COUNT, name, &i);
	if (known)
		*out = (enum act)i;
	return known;
}

const char *side_name(enum side side)
{
	return SIDES[side < SIDE_COUNT ? side : 0];
}

bool side_of(struct str name, enum side *out)
{
	unsigned i;
	bool known = find(SIDES, SIDE_COUNT, name, &i);
	if (known)
		*out = (enum side)i;
	return known;
}

const char *act_answer_name(enum act_answer answer)
{
	return ANSWERS[answer < ACT_ANSWER_COUNT ? answer : ACT_NOT_RUNNING];
}

const char *purpose_name(enum purpose purpose)
{
	return PURPOSES[purpose < PURPOSE_COUNT ? purpose : 0];
}

bool purpose_of(struct str name, enum purpose *out)
{
	unsigned i;
	bool known = find(PURPOSES, PURPOSE_COUNT, name, &i);
	if (known)
		*out = (enum purpose)i;
	return known;
}

/* ---- the sum of the acts ---- */

static void warn(struct oversight *o, const struct visit_act *act)
{
	for (unsigned side = SIDE_PRISONER; side <= SIDE_VISITOR; side++)
		if (act->side == side || act->side == SIDE_BOTH)
			o->warning[side] = (struct side_warning){ .id = act->id,
								  .words = act->words,
								  .words_cy = act->words_cy };
}

static void acknowledge(struct oversight *o, const struct visit_act *act)
{
	struct side_warning *warning = &o->warning[act->side];
	if (warning->id.n == act->amount)
		warning->acknowledged = true;
}

void oversight_add(struct oversight *o, const struct visit_act *act)
{
	o->acts++;
	switch (act->act) {
	case ACT_PAUSE:
		o->paused_at = act->at;
		o->paused_by_rule = act->by.n == 0;
		break;
	case ACT_RESUME:
		o->paused_s += (int)act->amount;
		o->paused_at = (struct wall){ 0 };
		o->paused_by_rule = false;
		break;
	case ACT_MUTE:
	case ACT_UNMUTE:
		o->muted[act->side] = act->act == ACT_MUTE;
		break;
	case ACT_BLANK:
	case ACT_UNBLANK:
		o->blanked[act->side] = act->act == ACT_BLANK;
		break;
	case ACT_WARN:
		warn(o, act);
		break;
	case ACT_ACKNOWLEDGE:
		acknowledge(o, act);
		break;
	case ACT_EXTEND:
		o->extra_minutes += (int)act->amount;
		break;
	case ACT_REPORT:
		o->said[act->side]++;
		o->reported = true;
		break;
	case ACT_NOT_PRIVATE:
		o->said[act->side]++;
		o->not_private = true;
		break;
	case ACT_COUNT:
		break;
	}
}

int oversight_paused_s(const struct oversight *o, struct wall now)
{
	int64_t open = o->paused_at.s && now.s > o->paused_at.s ? now.s - o->paused_at.s : 0;
	return o->paused_s + (int)open;
}

/* ---- what is allowed ---- */

static bool is_one_side(enum side side)
{
	return side == SIDE_PRISONER || side == SIDE_VISITOR;
}

static bool needs_words(enum act act)
{
	return act == ACT_PAUSE || act == ACT_MUTE || act == ACT_BLANK || act == ACT_WARN ||
	       act == ACT_EXTEND;
}

/* Nobody stays cut off because too much was done. */
static bool gives_back(enum act act)
{
	return act == ACT_RESUME || act == ACT_UNMUTE || act == ACT_UNBLANK;
}

static enum act_answer side_fits(const struct visit_act *act)
{
	switch (act->act) {
	case ACT_PAUSE:
	case ACT_RESUME:
	case ACT_EXTEND:
		return act->side == SIDE_NONE ? ACT_OK : ACT_NO_SIDE;
	case ACT_WARN:
		return act->side != SIDE_NONE ? ACT_OK : ACT_NO_SIDE;
	case ACT_MUTE:
	case ACT_UNMUTE:
	case ACT_BLANK:
	case ACT_UNBLANK:
	case ACT_ACKNOWLEDGE:
	case ACT_REPORT:
	case ACT_NOT_PRIVATE:
	case ACT_COUNT:
		break;
	}
	return is_one_side(act->side) ? ACT_OK : ACT_NO_SIDE;
}

static enum act_answer may_extend(const struct oversight *o, int64_t minutes)
{
	bool step = minutes > 0 && minutes <= EXTEND_MAX && minutes % EXTEND_STEP == 0;
	return step && o->extra_minutes + minutes <= EXTEND_SUM_MAX ? ACT_OK : ACT_BAD_AMOUNT;
}

static enum act_answer changes_something(const struct oversight *o, const struct visit_act *act)
{
	const struct side_warning *warning = &o->warning[act->side];
	bool changes = true;
	switch (act->act) {
	case ACT_PAUSE:
	case ACT_RESUME:
		changes = (o->paused_at.s != 0) != (act->act == ACT_PAUSE);
		break;
	case ACT_MUTE:
	case ACT_UNMUTE:
		changes = o->muted[act->side] != (act->act == ACT_MUTE);
		break;
	case ACT_BLANK:
	case ACT_UNBLANK:
		changes = o->blanked[act->side] != (act->act == ACT_BLANK);
		break;
	case ACT_ACKNOWLEDGE:
		changes = warning->id.n == act->amount && !warning->acknowledged;
		break;
	case ACT_EXTEND:
		return may_extend(o, act->amount);
	case ACT_REPORT:
	case ACT_NOT_PRIVATE:
		return o->said[act->side] < ACTS_SAID_MAX ? ACT_OK : ACT_TOO_MANY;
	case ACT_WARN:
	case ACT_COUNT:
		break;
	}
	return changes ? ACT_OK : ACT_SO_ALREADY;
}

enum act_answer act_allowed(const struct visit *visit, const struct oversight *o,
			    const struct visit_act *act)
{
	bool social = visit->kind == VISIT_SOCIAL;
	bool confidential = act->act == ACT_EXTEND || act->act == ACT_NOT_PRIVATE;
	if (!(social ? act->act != ACT_NOT_PRIVATE : confidential))
		return ACT_CONFIDENTIAL;
	if (visit->state != VISIT_LIVE && visit->state != VISIT_LOBBY)
		return ACT_NOT_RUNNING;
	enum act_answer answer = side_fits(act);
	if (answer != ACT_OK)
		return answer;
	if (needs_words(act->act) && str_empty(str_trim(act->words)))
		return ACT_NO_WORDS;
	if (o->acts >= ACTS_MAX && !gives_back(act->act))
		return ACT_TOO_MANY;
	return changes_something(o, act);
}

/* ---- who is watched ---- */

/* Steele, Lea, Flood: Fast splittable pseudorandom number generators (2014). */
static uint64_t splitmix64(uint64_t x)
{
	x += 0x9e3779b97f4a7c15;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9;
	x = (x ^ (x >> 27)) * 0x94d049bb133111eb;
	return x ^ (x >> 31);
}

bool watch_drawn(int64_t seed, int share, struct visit_id visit)
{
	return (int)(splitmix64((uint64_t)(seed ^ visit.n)) % 100) < share;
}

enum watch_need watch_need(const struct visit *visit, const struct policy *policy, int64_t seed,
			   int share)
{
	if (visit->kind != VISIT_SOCIAL)
		return WATCH_FREE;
	if (visit->watched)
		return WATCH_NEED_CLOSED;
	int64_t rule = policy->values[POLICY_OVERSIGHT_WATCH];
	if (rule == WATCH_ALL)
		return WATCH_NEED_RULE;
	bool drawn = rule == WATCH_SHARE && watch_drawn(seed, share, visit->id);
	return drawn ? WATCH_NEED_DRAWN : WATCH_FREE;
}

/* ---- who may watch ---- */

const char *watch_answer_name(enum watch_answer answer)
{
	return WATCH_ANSWERS[answer < WATCH_ANSWER_COUNT ? answer : WATCH_NO_WORDS];
}

static enum watch_answer may_be_assigned(const struct watch_facts *f)
{
	if (f->need == WATCH_NEED_RULE || f->need == WATCH_NEED_CLOSED)
		return WATCH_OK;
	if (f->rule == WATCH_NOBODY)
		return WATCH_RECORDED_ONLY;
	return f->assigned ? WATCH_OK : WATCH_NOT_ASSIGNED;
}

static enum watch_answer is_grounded(const struct watch_facts *f)
{
	switch (f->purpose) {
	case PURPOSE_SAMPLE:
		if (f->need == WATCH_NEED_DRAWN)
			return WATCH_OK;
		return f->rule == WATCH_NOBODY ? WATCH_RECORDED_ONLY : WATCH_NOT_DRAWN;
	case PURPOSE_ASSIGNMENT:
		return may_be_assigned(f);
	case PURPOSE_INCIDENT:
		return f->incident ? WATCH_OK : WATCH_NO_INCIDENT;
	case PURPOSE_AUTHORISATION:
	case PURPOSE_ADMISSION:
	case PURPOSE_COUNT:
		break;
	}
	return f->authorised ? WATCH_OK : WATCH_NO_AUTHORISATION;
}

static bool is_long_enough(struct str words)
{
	size_t characters = 0;
	words = str_trim(words);
	for (size_t i = 0; i < words.len; i++)
		characters += ((unsigned char)words.at[i] & 0xc0) != 0x80;
	return characters >= PURPOSE_WORDS_MIN;
}

enum watch_answer watch_allowed(const struct watch_facts *f)
{
	if (f->purpose == PURPOSE_ADMISSION)
		return f->begun ? WATCH_BEGUN : WATCH_OK;
	if (!is_long_enough(f->words))
		return WATCH_NO_WORDS;
	enum watch_answer answer = is_grounded(f);
	if (answer != WATCH_OK)
		return answer;
	return f->watching < f->ratio ? WATCH_OK : WATCH_TOO_MANY;
}
