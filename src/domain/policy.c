#include "domain/policy.h"

static const struct {
	const char *text;
	int64_t min;
	int64_t max;
} PARAMETERS[POLICY_COUNT] = {
	[POLICY_ALLOWANCE_MINUTES_MONTH] = { "allowance_minutes_month", 0, 10000 },
	[POLICY_NOTICE_HOURS] = { "notice_hours", 0, 24 * 60 },
	[POLICY_WINDOW_DAYS] = { "window_days", 1, 366 },
	[POLICY_PARTY_MAX] = { "party_max", 1, 4 },
	[POLICY_ADULT_AGE] = { "adult_age", 16, 21 },
	[POLICY_GRACE_MINUTES] = { "grace_minutes", 0, 60 },
	[POLICY_LOBBY_MINUTES] = { "lobby_minutes", 0, 60 },
	[POLICY_JOIN_MINUTES] = { "join_minutes", 0, 120 },
	[POLICY_OPEN_REQUESTS_MAX] = { "open_requests_max", 1, 50 },
	[POLICY_MISMATCHES_DAY] = { "mismatches_day", 1, 50 },
	[POLICY_CANCEL_REFUND_MINUTES] = { "cancel_refund_minutes", 0, 60 * 24 * 14 },
	[POLICY_ORDER_VO_DAYS] = { "order_vo_days", 1, 366 },
	[POLICY_ORDER_PVO_DAYS] = { "order_pvo_days", 1, 366 },
	[POLICY_ORDER_ACCUMULATE_DAYS] = { "order_accumulate_days", 1, 366 },
	[POLICY_ORDER_PVO_LIFE_DAYS] = { "order_pvo_life_days", 1, 366 },
	[POLICY_ORDER_CAP] = { "order_cap", 1, 60 },
	[POLICY_ORDER_REFUND_LIFE_DAYS] = { "order_refund_life_days", 0, 366 },
	[POLICY_VIDEO_PAYS] = { "video_pays", VIDEO_PAYS_MINUTES, VIDEO_PAYS_BOTH },
	[POLICY_REMAND_WEEK_MAX] = { "remand_week_max", 0, 50 },
	[POLICY_REMAND_WEEK_START] = { "remand_week_start", 1, 7 },
	[POLICY_REVIEW_DECIDE_HOURS] = { "review_decide_hours", 0, 24 * 28 },
	[POLICY_REVIEW_CLOSE_MINUTE] = { "review_close_minute", 0, 1439 },
	[POLICY_SOURCE_STALE_HOURS] = { "source_stale_hours", 1, 24 * 28 },
	[POLICY_CHILD_AGE] = { "child_age", 1, 21 },
};

const char *policy_name_text(enum policy_name name)
{
	return PARAMETERS[name < POLICY_COUNT ? name : 0].text;
}

bool policy_name_of(struct str text, enum policy_name *out)
{
	for (unsigned i = 0; i < POLICY_COUNT; i++) {
		if (str_is(text, PARAMETERS[i].text)) {
			*out = (enum policy_name)i;
			return true;
		}
	}
	return false;
}

bool policy_value_acceptable(enum policy_name name, int64_t value)
{
	return name < POLICY_COUNT && value >= PARAMETERS[name].min &&
	       value <= PARAMETERS[name].max;
}

/* Whether row b stands before row a for the same parameter. */
static bool overrides(const struct policy_row *a, const struct policy_row *b)
{
	if (a->national != b->national)
		return a->national;
	if (a->valid_from_s != b->valid_from_s)
		return b->valid_from_s > a->valid_from_s;
	return b->seq > a->seq;
}

bool policy_in_force(const struct policy_row *rows, size_t count, int64_t at_s, struct policy *out)
{
	const struct policy_row *chosen[POLICY_COUNT] = { 0 };
	struct policy policy = { 0 };
	for (size_t i = 0; i < count; i++) {
		const struct policy_row *row = &rows[i];
		if (row->valid_from_s > at_s || row->name >= POLICY_COUNT)
			continue;
		if (!chosen[row->name] || overrides(chosen[row->name], row))
			chosen[row->name] = row;
		if (row->seq > policy.version)
			policy.version = row->seq;
	}
	for (unsigned i = 0; i < POLICY_COUNT; i++) {
		if (!chosen[i])
			return false;
		policy.values[i] = chosen[i]->value;
	}
	*out = policy;
	return true;
}
