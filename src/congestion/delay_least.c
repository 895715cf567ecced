#include "congestion/delay_least.h"

struct delay_least delay_least_none(void)
{
	return (struct delay_least){ .now_us = INT64_MAX, .before_us = INT64_MAX };
}

void delay_least_take(struct delay_least *least, int64_t span_us, int64_t at_us, int64_t took_us)
{
	int64_t passed_us = at_us - least->begun_us;
	if (passed_us > span_us) {
		least->before_us = passed_us > 2 * span_us ? INT64_MAX : least->now_us;
		least->now_us = INT64_MAX;
		least->begun_us = at_us;
	}
	if (took_us < least->now_us)
		least->now_us = took_us;
}

int64_t delay_least_of(const struct delay_least *least)
{
	return least->now_us < least->before_us ? least->now_us : least->before_us;
}
