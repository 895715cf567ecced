#include "service/import_priv.h"

#include <string.h>

#include "base/assert.h"
#include "service/place.h"
#include "service/safeguard.h"
#include "store/regime.h"
#include "store/restriction.h"

/* ---- alerts ---- */

enum {
	ALERT_PRISONER,
	ALERT_CODE,
	ALERT_FROM,
	ALERT_TO,
	ALERT_COMMENT,
	ALERT_END_REASON,
};

static enum err read_alert(struct import *im, struct prisoner *prisoner, struct alert_new *says)
{
	enum err err = import_prisoner(im, ALERT_PRISONER, prisoner);
	says->prisoner = prisoner->id;
	if (!alert_code_of(import_text(im, ALERT_CODE), &says->code))
		import_fault(im, ALERT_CODE, "no code of an alert: 1 to 12 letters and digits");
	(void)import_date(im, ALERT_FROM, &says->from);
	if (import_date(im, ALERT_TO, &says->to) && !im->bad &&
	    date_compare(says->from, says->to) > 0)
		import_fault(im, ALERT_TO, "before the first day");
	says->comment = import_text(im, ALERT_COMMENT);
	return err;
}

/* The one that stands and is meant by the line; .id 0: none. */
static enum err standing_alert(struct import *im, const struct alert_new *says, struct alert *out)
{
	struct alert_list list = { 0 };
	enum err err = store_alert_list_of(im->service->store, im->arena, says->prisoner, &list);
	for (size_t i = 0; i < list.count && err == OK; i++)
		if (!strcmp(list.list[i].code.text, says->code.text) &&
		    date_compare(list.list[i].from, says->from) == 0)
			*out = list.list[i];
	return err;
}

static enum err end_standing_alert(struct import *im, const struct alert *is, struct str why)
{
	if (im->looking || !is->id.n)
		return OK;
	return import_answer(im, alert_end(im->service, &im->actor, is->id, why), ALERT_END_REASON,
			     "it cannot be ended so");
}

static enum err save_alert(struct import *im, struct alert_new *says, const struct alert *is,
			   enum import_outcome *out)
{
	struct alert_id id;
	if (str_empty(says->comment))
		says->comment = is->id.n ? is->comment : IMPORTED;
	if (is->id.n && date_compare(is->to, says->to) == 0 &&
	    str_equal(is->comment, says->comment))
		return OK;
	*out = is->id.n ? IMPORTED_CHANGED : IMPORTED_NEW;
	enum err err = end_standing_alert(im, is, REPLACED);
	if (err != OK || im->bad || im->looking)
		return err;
	return import_answer(im, alert_add(im->service, &im->actor, says, &id), ALERT_COMMENT,
			     "it cannot be entered so: look at the comment");
}

static enum err alert_line(struct import *im, enum import_outcome *out)
{
	struct alert is = { 0 };
	struct alert_new says = { 0 };
	struct prisoner prisoner = { 0 };
	struct str why = import_text(im, ALERT_END_REASON);
	enum err err = read_alert(im, &prisoner, &says);
	struct str parts[] = { str_from(prisoner.number.text), str_from(says.code.text),
			       import_text(im, ALERT_FROM) };
	if (err == OK && !im->bad)
		import_once(im, -1, parts, ARRAY_LEN(parts));
	if (err == OK && !im->bad)
		err = standing_alert(im, &says, &is);
	if (err != OK || im->bad)
		return err;
	if (str_empty(why))
		return save_alert(im, &says, &is, out);
	*out = is.id.n ? IMPORTED_CHANGED : IMPORTED_SAME;
	return end_standing_alert(im, &is, why);
}

const struct import_table IMPORT_OF_ALERTS = {
	.kind = IMPORT_ALERTS,
	.columns = { [ALERT_PRISONER] = { "prisoner", true },
		     [ALERT_CODE] = { "code", true },
		     [ALERT_FROM] = { "from", true },
		     [ALERT_TO] = { "to", false },
		     [ALERT_COMMENT] = { "comment", false },
		     [ALERT_END_REASON] = { "end_reason", false } },
	.read_past = "",
	.line = alert_line,
};

/* ---- regime events: what a prisoner has to do at a time ---- */

enum {
	REGIME_PRISONER,
	REGIME_CODE,
	REGIME_DATE,
	REGIME_START,
	REGIME_END,
	REGIME_CANCELLED,
};

/* As the list has it, or a fault. */
static enum err read_regime_code(struct import *im, struct regime_event *says)
{
	struct str text = import_text(im, REGIME_CODE);
	struct regime_code_list codes = { 0 };
	enum err err = regime_codes(im->service, im->arena, &codes);
	for (size_t i = 0; i < codes.count && err == OK; i++) {
		if (!str_equal_nocase(text, str_from(codes.list[i].code)))
			continue;
		memcpy(says->code, codes.list[i].code, sizeof says->code);
		return OK;
	}
	if (err == OK)
		import_fault(im, REGIME_CODE, "no code of the list of regime events");
	return err;
}

static enum err read_regime(struct import *im, struct prisoner *prisoner, struct regime_event *says)
{
	struct date date = { 0 };
	int start = 0, end = 0;
	enum err err = import_prisoner(im, REGIME_PRISONER, prisoner);
	if (err == OK)
		err = read_regime_code(im, says);
	says->prisoner = prisoner->id;
	(void)import_date(im, REGIME_DATE, &date);
	(void)import_minute(im, REGIME_START, &start);
	if (import_minute(im, REGIME_END, &end) && !im->bad && end <= start)
		import_fault(im, REGIME_END, "not after the start");
	if (err != OK || im->bad)
		return err;
	(void)local_to_wall(date, start, &says->from);
	(void)local_to_wall(date, end, &says->to);
	return OK;
}

/* The one that stands, of that code and beginning; .id 0: none. */
static enum err standing_event(struct import *im, const struct regime_event *says,
			       struct regime_event *out)
{
	struct store_regime_events events = { 0 };
	enum err err = store_regime_event_list(im->service->store, im->arena, says->prisoner,
					       says->from, wall_add_s(says->from, 1), &events);
	for (size_t i = 0; i < events.count && err == OK; i++)
		if (events.list[i].from.s == says->from.s &&
		    !strcmp(events.list[i].code, says->code))
			*out = events.list[i];
	return err;
}

static enum err remove_event(struct import *im, const struct regime_event *is)
{
	if (im->looking || !is->id.n)
		return OK;
	return regime_remove(im->service, &im->actor, im->arena, is->prisoner, is->id);
}

static enum err save_event(struct import *im, const struct regime_event *says,
			   const struct regime_event *is, enum import_outcome *out)
{
	struct effect_list effects;
	if (is->id.n && is->to.s == says->to.s)
		return OK;
	*out = is->id.n ? IMPORTED_CHANGED : IMPORTED_NEW;
	enum err err = remove_event(im, is);
	if (err != OK || im->looking)
		return err;
	return import_answer(
	    im, regime_add(im->service, &im->actor, im->arena, says, CHANGE_SAVE, &effects), -1,
	    "it cannot be entered so");
}

static enum err regime_line(struct import *im, enum import_outcome *out)
{
	struct regime_event says = { 0 }, is = { 0 };
	struct prisoner prisoner = { 0 };
	bool cancelled = false;
	enum err err = read_regime(im, &prisoner, &says);
	(void)import_yes(im, REGIME_CANCELLED, &cancelled);
	struct str parts[] = { str_from(prisoner.number.text), str_from(says.code),
			       str_from(arena_printf(im->arena, "%lld", (long long)says.from.s)) };
	if (err == OK && !im->bad)
		import_once(im, -1, parts, ARRAY_LEN(parts));
	if (err != OK || im->bad)
		return err;
	if (says.to.s <= im->service->now.s) {
		*out = IMPORTED_LEFT_OUT;
		return OK;
	}
	err = standing_event(im, &says, &is);
	if (err != OK)
		return err;
	if (!cancelled)
		return save_event(im, &says, &is, out);
	*out = is.id.n ? IMPORTED_CHANGED : IMPORTED_SAME;
	return remove_event(im, &is);
}

const struct import_table IMPORT_OF_REGIME_EVENTS = {
	.kind = IMPORT_REGIME_EVENTS,
	.columns = { [REGIME_PRISONER] = { "prisoner", true },
		     [REGIME_CODE] = { "code", true },
		     [REGIME_DATE] = { "date", true },
		     [REGIME_START] = { "start", true },
		     [REGIME_END] = { "end", true },
		     [REGIME_CANCELLED] = { "cancelled", false } },
	.read_past = "",
	.line = regime_line,
};
