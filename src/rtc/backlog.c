#include "rtc/backlog.h"

void backlog_batch(struct backlog *b, int64_t waited_us, bool full, struct mono now)
{
	if (full && !b->works)
		b->since = now;
	b->works = full;
	if (!full || waited_us < BACKLOG_SHORT_US)
		b->behind = false;
	else if (waited_us > BACKLOG_LONG_US && mono_diff_us(now, b->since) >= BACKLOG_WORK_US)
		b->behind = true;
}
