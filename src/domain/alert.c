#include "domain/alert.h"

#include <string.h>

bool alert_code_of(struct str text, struct alert_code *out)
{
	struct alert_code code = { 0 };
	text = str_trim(text);
	if (!text.len || text.len > ALERT_CODE_MAX)
		return false;
	for (size_t i = 0; i < text.len; i++) {
		char c = text.at[i];
		if (c >= 'a' && c <= 'z')
			c = (char)(c - 'a' + 'A');
		if (!(c >= 'A' && c <= 'Z') && !(c >= '0' && c <= '9'))
			return false;
		code.text[i] = c;
	}
	*out = code;
	return true;
}

bool alert_holds(const struct alert *alert, struct date day)
{
	if (alert->ended_at.s || date_compare(day, alert->from) < 0)
		return false;
	return !alert->to.year || date_compare(day, alert->to) <= 0;
}

struct alert_effect alerts_on_day(const struct alert *list, size_t count, struct date day)
{
	struct alert_effect all = { 0 };
	for (size_t i = 0; i < count; i++) {
		if (!alert_holds(&list[i], day))
			continue;
		all.review |= list[i].forces_review || !list[i].known;
		all.child |= list[i].child;
	}
	return all;
}
