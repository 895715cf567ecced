#include "domain/policy.h"

static const struct {
	const char *text;
	int64_t min;
	int64_t max;
	enum policy_unit unit;
} PARAMETERS[POLICY_COUNT] = {
	[POLICY_ALLOWANCE_MINUTES_MONTH] = { "allowance_minutes_month", 0, 10000, UNIT_MINUTES },
	[POLICY_NOTICE_HOURS] = { "notice_hours", 0, 24 * 60, UNIT_HOURS },
	[POLICY_WINDOW_DAYS] = { "window_days", 1, 366, UNIT_DAYS },
	[POLICY_PARTY_MAX] = { "party_max", 1, 4, UNIT_COUNT },
	[POLICY_ADULT_AGE] = { "adult_age", 16, 21, UNIT_YEARS },
	[POLICY_GRACE_MINUTES] = { "grace_minutes", 0, 60, UNIT_MINUTES },
	[POLICY_LOBBY_MINUTES] = { "lobby_minutes", 0, 60, UNIT_MINUTES },
	[POLICY_JOIN_MINUTES] = { "join_minutes", 0, 120, UNIT_MINUTES },
	[POLICY_OPEN_REQUESTS_MAX] = { "open_requests_max", 1, 50, UNIT_COUNT },
	[POLICY_MISMATCHES_DAY] = { "mismatches_day", 1, 50, UNIT_COUNT },
	[POLICY_CANCEL_REFUND_MINUTES] = { "cancel_refund_minutes", 0, 60 * 24 * 14, UNIT_MINUTES },
	/* Times and places. */
	[POLICY_SOCIAL_ON] = { "social_on", 0, 1, UNIT_SWITCH },
	[POLICY_LEGAL_ON] = { "legal_on", 0, 1, UNIT_SWITCH },
	[POLICY_OFFICIAL_ON] = { "official_on", 0, 1, UNIT_SWITCH },
	[POLICY_OPEN_FROM_DAY] = { "open_from_day", 0, 50000, UNIT_DATE },
	[POLICY_NOTICE_DAYS] = { "notice_days", 0, 30, UNIT_DAYS },
	[POLICY_NOTICE_DAYS_STAFF] = { "notice_days_staff", 0, 30, UNIT_DAYS },
	[POLICY_WINDOW_DAYS_STAFF] = { "window_days_staff", 1, 366, UNIT_DAYS },
	[POLICY_REVIEW_EXTRA_DAYS] = { "review_extra_days", 0, 14, UNIT_DAYS },
	[POLICY_HOLD_MINUTES] = { "hold_minutes", 1, 60, UNIT_MINUTES },
	[POLICY_HOLD_PURGE_MINUTES] = { "hold_purge_minutes", 60, 60 * 24 * 7, UNIT_MINUTES },
	[POLICY_SOCIAL_MINUTES_MIN] = { "social_minutes_min", 5, 240, UNIT_MINUTES },
	[POLICY_SOCIAL_MINUTES_MAX] = { "social_minutes_max", 5, 240, UNIT_MINUTES },
	[POLICY_LEGAL_MINUTES_MIN] = { "legal_minutes_min", 5, 240, UNIT_MINUTES },
	[POLICY_LEGAL_MINUTES_MAX] = { "legal_minutes_max", 5, 240, UNIT_MINUTES },
	[POLICY_OFFICIAL_MINUTES_MIN] = { "official_minutes_min", 5, 240, UNIT_MINUTES },
	[POLICY_OFFICIAL_MINUTES_MAX] = { "official_minutes_max", 5, 240, UNIT_MINUTES },
	[POLICY_SEAT_ADULT_AGE] = { "seat_adult_age", 5, 18, UNIT_YEARS },
	[POLICY_ADULTS_MAX] = { "adults_max", 1, 4, UNIT_COUNT },
	[POLICY_CHILDREN_MAX] = { "children_max", 0, 4, UNIT_COUNT },
	[POLICY_SUPPORTERS_MAX] = { "supporters_max", 0, 3, UNIT_COUNT },
	[POLICY_CLOSED_VISITS_MAX] = { "closed_visits_max", 0, 50, UNIT_COUNT },
	[POLICY_LINK_CALLS_MAX] = { "link_calls_max", 0, 500, UNIT_COUNT },
	[POLICY_LINK_CALLS_RESERVE] = { "link_calls_reserve", 0, 100, UNIT_COUNT },
	[POLICY_LINK_UP_KBIT] = { "link_up_kbit", 0, 4000000, UNIT_COUNT },
	[POLICY_LINK_DOWN_KBIT] = { "link_down_kbit", 0, 4000000, UNIT_COUNT },
	[POLICY_LINK_FIND] = { "link_find", 0, 1, UNIT_SWITCH },
	[POLICY_LINK_FOUND_UP_KBIT] = { "link_found_up_kbit", 0, 4000000, UNIT_COUNT },
	[POLICY_LINK_FOUND_DOWN_KBIT] = { "link_found_down_kbit", 0, 4000000, UNIT_COUNT },
	[POLICY_LINK_OTHER_KBIT] = { "link_other_kbit", 0, 4000000, UNIT_COUNT },
	[POLICY_LINK_RESERVE_PERCENT] = { "link_reserve_percent", 0, 90, UNIT_COUNT },
	[POLICY_LINK_PLAN_KBIT] = { "link_plan_kbit", 21, 5000, UNIT_COUNT },
	[POLICY_LINK_PLAN_SIGN_KBIT] = { "link_plan_sign_kbit", 21, 5000, UNIT_COUNT },
	[POLICY_TELEPHONE_NUMBER] = { "telephone_number", 0, 999999999999999, UNIT_COUNT },
	[POLICY_TELEPHONE_CODE] = { "telephone_code", 0, 9999999999, UNIT_COUNT },
	[POLICY_CANCEL_UNTIL_MINUTES] = { "cancel_until_minutes", 0, 60 * 24 * 14, UNIT_MINUTES },
	[POLICY_OUTCOME_DAYS] = { "outcome_days", 0, 366, UNIT_DAYS },
	[POLICY_REVIEW_DAYS] = { "review_days", 1, 30, UNIT_DAYS },
	/* People, orders and requests. */
	[POLICY_ORDER_VO_DAYS] = { "order_vo_days", 1, 366, UNIT_DAYS },
	[POLICY_ORDER_PVO_DAYS] = { "order_pvo_days", 1, 366, UNIT_DAYS },
	[POLICY_ORDER_ACCUMULATE_DAYS] = { "order_accumulate_days", 1, 366, UNIT_DAYS },
	[POLICY_ORDER_PVO_LIFE_DAYS] = { "order_pvo_life_days", 1, 366, UNIT_DAYS },
	[POLICY_ORDER_CAP] = { "order_cap", 1, 60, UNIT_COUNT },
	[POLICY_ORDER_REFUND_LIFE_DAYS] = { "order_refund_life_days", 0, 366, UNIT_DAYS },
	[POLICY_VIDEO_PAYS] = { "video_pays", VIDEO_PAYS_MINUTES, VIDEO_PAYS_BOTH, UNIT_CHOICE },
	[POLICY_REMAND_WEEK_MAX] = { "remand_week_max", 0, 50, UNIT_COUNT },
	[POLICY_REMAND_WEEK_START] = { "remand_week_start", 1, 7, UNIT_CHOICE },
	[POLICY_REVIEW_DECIDE_HOURS] = { "review_decide_hours", 0, 24 * 28, UNIT_HOURS },
	[POLICY_REVIEW_CLOSE_MINUTE] = { "review_close_minute", 0, 1439, UNIT_CLOCK },
	[POLICY_SOURCE_STALE_HOURS] = { "source_stale_hours", 1, 24 * 28, UNIT_HOURS },
	[POLICY_CHILD_AGE] = { "child_age", 1, 21, UNIT_YEARS },
	/* Waiting. */
	[POLICY_WAIT_HEARING_DAYS] = { "wait_hearing_days", 1, 20, UNIT_DAYS },
	[POLICY_WAIT_CUSTODY_HOURS] = { "wait_custody_hours", 0, 168, UNIT_HOURS },
	[POLICY_WAIT_URGENT_DAYS] = { "wait_urgent_days", 1, 20, UNIT_DAYS },
	[POLICY_WAIT_DATED_DAYS] = { "wait_dated_days", 1, 40, UNIT_DAYS },
	[POLICY_WAIT_DATED_BEFORE_DAYS] = { "wait_dated_before_days", 0, 20, UNIT_DAYS },
	[POLICY_WAIT_ROUTINE_DAYS] = { "wait_routine_days", 1, 60, UNIT_DAYS },
	[POLICY_WAIT_SOCIAL_DAYS] = { "wait_social_days", 1, 60, UNIT_DAYS },
	[POLICY_WAIT_PREPARE_DAYS] = { "wait_prepare_days", 0, 20, UNIT_DAYS },
	[POLICY_LEGAL_NOTICE_MINUTES] = { "legal_notice_minutes", 0, 10080, UNIT_MINUTES },
	[POLICY_TURN_MINUTES] = { "turn_minutes", 0, 30, UNIT_MINUTES },
	[POLICY_FENCE_ROUTINE_FAR] = { "fence_routine_far", 0, 80, UNIT_COUNT },
	[POLICY_FENCE_ROUTINE_NEAR] = { "fence_routine_near", 0, 80, UNIT_COUNT },
	[POLICY_FENCE_DATED_FAR] = { "fence_dated_far", 0, 80, UNIT_COUNT },
	[POLICY_FENCE_DATED_NEAR] = { "fence_dated_near", 0, 80, UNIT_COUNT },
	[POLICY_FENCE_FAR_DAYS] = { "fence_far_days", 1, 20, UNIT_DAYS },
	[POLICY_RELEASE_SOCIAL_HOURS] = { "release_social_hours", 0, 336, UNIT_HOURS },
	[POLICY_RELEASE_COURT_MINUTE] = { "release_court_minute", 0, 1439, UNIT_CLOCK },
	[POLICY_RELEASE_LEGAL_HOURS] = { "release_legal_hours", 0, 336, UNIT_HOURS },
	[POLICY_OFFER_ANSWER_MINUTES] = { "offer_answer_minutes", 5, 1440, UNIT_MINUTES },
	[POLICY_OFFER_SHORT_MINUTES] = { "offer_short_minutes", 5, 1440, UNIT_MINUTES },
	[POLICY_OFFER_FAR_HOURS] = { "offer_far_hours", 1, 336, UNIT_HOURS },
	[POLICY_OFFER_PARALLEL_HOURS] = { "offer_parallel_hours", 0, 48, UNIT_HOURS },
	[POLICY_OFFER_PARALLEL_MAX] = { "offer_parallel_max", 1, 20, UNIT_COUNT },
	[POLICY_OFFER_LAST_MINUTES] = { "offer_last_minutes", 5, 1440, UNIT_MINUTES },
	[POLICY_OFFER_FROM_MINUTE] = { "offer_from_minute", 0, 1439, UNIT_CLOCK },
	[POLICY_OFFER_UNTIL_MINUTE] = { "offer_until_minute", 1, 1440, UNIT_CLOCK },
	[POLICY_OFFERS_DAY] = { "offers_day", 1, 20, UNIT_COUNT },
	[POLICY_OFFER_GAIN_DAYS] = { "offer_gain_days", 0, 30, UNIT_DAYS },
	[POLICY_STANDBY_BOOTHS] = { "standby_booths", 1, 50, UNIT_COUNT },
	[POLICY_STANDBY_NO_SHOW_PERCENT] = { "standby_no_show_percent", 1, 100, UNIT_COUNT },
	[POLICY_STANDBY_MINUTES_MIN] = { "standby_minutes_min", 5, 240, UNIT_MINUTES },
	[POLICY_FIRM_ROUTINE_MAX] = { "firm_routine_max", 1, 50, UNIT_COUNT },
	[POLICY_FAIR_PERCENT] = { "fair_percent", 100, 1000, UNIT_COUNT },
	[POLICY_HOURS_FROM_MINUTE] = { "hours_from_minute", 0, 1439, UNIT_CLOCK },
	[POLICY_HOURS_UNTIL_MINUTE] = { "hours_until_minute", 1, 1440, UNIT_CLOCK },
	[POLICY_HOURS_DAYS] = { "hours_days", 1, 7, UNIT_COUNT },
	[POLICY_START_WITHIN_MINUTES] = { "start_within_minutes", 1, 60, UNIT_MINUTES },
	[POLICY_ESCORT_MINUTES] = { "escort_minutes", 5, 240, UNIT_MINUTES },
	[POLICY_ACKNOWLEDGE_HOURS] = { "acknowledge_hours", 1, 168, UNIT_HOURS },
	[POLICY_ACKNOWLEDGE_LAST_MINUTES] = { "acknowledge_last_minutes", 5, 720, UNIT_MINUTES },
	[POLICY_PUBLISH_DAYS] = { "publish_days", 1, 366, UNIT_DAYS },
	[POLICY_WAITING_MAX] = { "waiting_max", 1, 500, UNIT_COUNT },
	[POLICY_WAITING_KEEP_DAYS] = { "waiting_keep_days", 7, 366, UNIT_DAYS },
	[POLICY_PUBLISH_MIN] = { "publish_min", 2, 100, UNIT_COUNT },
	[POLICY_FAILED_WAITS] = { "failed_waits", 0, 2, UNIT_CHOICE },
	[POLICY_FAILED_HELD_PERCENT] = { "failed_held_percent", 1, 100, UNIT_COUNT },
	/* Who visitors are: no age below 10 can be set (no picture of a child under 10, ever). */
	[POLICY_IDENTITY_NEEDED] = { "identity_needed", 0, 1, UNIT_SWITCH },
	[POLICY_IDENTITY_AGE] = { "identity_age", 10, 21, UNIT_YEARS },
	[POLICY_CONTACT_ANSWER_DAYS] = { "contact_answer_days", 1, 30, UNIT_DAYS },
	[POLICY_IDENTITY_UNFINISHED_DAYS] = { "identity_unfinished_days", 1, 90, UNIT_DAYS },
	[POLICY_IDENTITY_UNDECIDED_DAYS] = { "identity_undecided_days", 14, 366, UNIT_DAYS },
	[POLICY_IDENTITY_DOCUMENT_DAYS] = { "identity_document_days", 0, 90, UNIT_DAYS },
	[POLICY_IDENTITY_PORTRAIT_DAYS] = { "identity_portrait_days", 0, 1100, UNIT_DAYS },
	[POLICY_LOST_ADDED_MINUTES] = { "lost_added_minutes", 0, 120, UNIT_MINUTES },
	/* Prisoners at a terminal. */
	[POLICY_PRISONER_ASKS] = { "prisoner_asks", 0, 2, UNIT_CHOICE },
	[POLICY_PRISONER_ASK_DAYS] = { "prisoner_ask_days", 1, 90, UNIT_DAYS },
	[POLICY_PIN_TRIES] = { "pin_tries", 3, 10, UNIT_COUNT },
	[POLICY_PIN_PAUSE_MINUTES] = { "pin_pause_minutes", 1, 24 * 60, UNIT_MINUTES },
	[POLICY_PIN_TRIES_MAX] = { "pin_tries_max", 3, 50, UNIT_COUNT },
	[POLICY_OVERSIGHT_WATCH] = { "oversight_watch", 0, 2, UNIT_CHOICE },
	[POLICY_OVERSIGHT_SHARE] = { "oversight_share", 0, 100, UNIT_COUNT },
	[POLICY_OVERSIGHT_RATIO] = { "oversight_ratio", 1, 16, UNIT_COUNT },
	[POLICY_OVERSIGHT_MISSING_MINUTES] = { "oversight_missing_minutes", 1, 30, UNIT_MINUTES },
	[POLICY_INCIDENT_APPEAL_DAYS] = { "incident_appeal_days", 1, 366, UNIT_DAYS },
	[POLICY_AUTHORISATION_DAYS] = { "authorisation_days", 1, 366, UNIT_DAYS },
	[POLICY_AUTHORISATION_REVIEW_DAYS] = { "authorisation_review_days", 1, 90, UNIT_DAYS },
	[POLICY_OVERSIGHT_MISSING_PAUSE] = { "oversight_missing_pause", 0, 1, UNIT_SWITCH },
	[POLICY_RECORDING_ON] = { "recording_on", 0, 1, UNIT_SWITCH },
	[POLICY_HINTS_ON] = { "hints_on", 0, 1, UNIT_SWITCH },
	[POLICY_RECORDING_DAYS] = { "recording_days", 1, 366, UNIT_DAYS },
	[POLICY_LOOKS_TOLD_DAYS] = { "looks_told_days", 0, 366, UNIT_DAYS },
	[POLICY_LEGAL_HOLD_DAYS] = { "legal_hold_days", 1, 90, UNIT_DAYS },
	/* What people are told. */
	[POLICY_REMIND_FIRST_HOURS] = { "remind_first_hours", 0, 24 * 14, UNIT_HOURS },
	[POLICY_REMIND_SECOND_HOURS] = { "remind_second_hours", 0, 24 * 14, UNIT_HOURS },
	[POLICY_REMIND_LAST_HOURS] = { "remind_last_hours", 0, 24 * 14, UNIT_HOURS },
	[POLICY_MESSAGE_KEEP_DAYS] = { "message_keep_days", 7, 366, UNIT_DAYS },
	[POLICY_PRISONER_KEEP_DAYS] = { "prisoner_keep_days", 366, 36525, UNIT_DAYS },
	[POLICY_LETTER_DAYS] = { "letter_days", 0, 14, UNIT_DAYS },
	[POLICY_TEXT_NOTICE_HOURS] = { "text_notice_hours", 0, 24 * 14, UNIT_HOURS },
};

enum policy_unit policy_unit(enum policy_name name)
{
	return PARAMETERS[name < POLICY_COUNT ? name : 0].unit;
}

const char *policy_unit_name(enum policy_unit unit)
{
	static const char *const NAMES[] = {
		[UNIT_COUNT] = "COUNT", [UNIT_MINUTES] = "MINUTES", [UNIT_HOURS] = "HOURS",
		[UNIT_DAYS] = "DAYS",   [UNIT_YEARS] = "YEARS",     [UNIT_SWITCH] = "SWITCH",
		[UNIT_DATE] = "DATE",   [UNIT_CLOCK] = "CLOCK",     [UNIT_CHOICE] = "CHOICE",
	};
	return NAMES[unit];
}

void policy_bounds(enum policy_name name, int64_t *min, int64_t *max)
{
	*min = PARAMETERS[name < POLICY_COUNT ? name : 0].min;
	*max = PARAMETERS[name < POLICY_COUNT ? name : 0].max;
}

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

const struct policy_row *policy_row_in_force(const struct policy_row *rows, size_t count,
					     enum policy_name name, int64_t at_s)
{
	const struct policy_row *chosen = NULL;
	for (size_t i = 0; i < count; i++)
		if (rows[i].name == name && rows[i].valid_from_s <= at_s &&
		    (!chosen || overrides(chosen, &rows[i])))
			chosen = &rows[i];
	return chosen;
}
