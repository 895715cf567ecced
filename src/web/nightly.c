#include "web/nightly.h"

#include "domain/local_time.h"
#include "service/hint.h"
#include "service/identity.h"
#include "service/line.h"
#include "service/orders.h"
#include "service/playback.h"
#include "service/post.h"
#include "service/reach.h"
#include "service/request.h"
#include "service/statistics.h"
#include "service/subject.h"
#include "service/webhook.h"
#include "web/segment_file.h"

enum {
	IDLE_MS = 20000, /* requests are looked at so often */
	BUSY_MS = 200, /* between two handfuls of prisoners: a prison's thousand in four seconds */
	YIELD_MS = 1000, /* so long it lets people go first, who may be many when a month opens */
};

static const struct actor SYSTEM = { .role = ROLE_SYSTEM };

/* The next handful; true: there are more. */
static bool orders_slice(struct nightly *nightly, struct service *service, int64_t today)
{
	size_t changed;
	if (nightly->day == today)
		return false;
	if (orders_run(service, &SYSTEM, &nightly->after, &changed) != OK) {
		nightly->after = (struct prisoner_id){ 0 }; /* from the start, next time */
		log_event(service->log, LOG_ERROR, "orders_run");
		return false;
	}
	if (!nightly->after.n)
		nightly->day = today;
	return nightly->after.n != 0;
}

/* True: there may be more. */
static bool erase_slice(struct service *service)
{
	bool done = false;
	if (identity_erase_due(service, &SYSTEM, &done) != OK)
		log_event(service->log, LOG_ERROR, "identity_erase");
	if (post_erase_due(service, &SYSTEM) != OK)
		log_event(service->log, LOG_ERROR, "message_erase");
	if (mobile_code_erase_due(service, &SYSTEM) != OK)
		log_event(service->log, LOG_ERROR, "mobile_code_erase");
	if (webhook_erase_due(service, &SYSTEM) != OK)
		log_event(service->log, LOG_ERROR, "webhook_erase");
	if (hint_erase_due(service, &SYSTEM) != OK)
		log_event(service->log, LOG_ERROR, "hint_erase");
	return done;
}

/* One prison a time, once a day; true: there is more. */
static bool lines_slice(struct nightly *nightly, struct service *service, int64_t today)
{
	if (nightly->lines_day == today)
		return false;
	if (line_look(service, &SYSTEM, &nightly->line_after) != OK) {
		log_event(service->log, LOG_ERROR, "line_look");
		return false;
	}
	if (prison_code_empty(nightly->line_after))
		nightly->lines_day = today;
	return nightly->lines_day != today;
}

/* One prisoner a time, once a day; true: there is more. */
static bool forget_slice(struct nightly *nightly, struct service *service, int64_t today)
{
	if (nightly->forgot_day == today)
		return false;
	if (prisoner_erase_due(service, &SYSTEM, &nightly->forgot_after) != OK) {
		log_event(service->log, LOG_ERROR, "prisoner_erase");
		return false;
	}
	if (nightly->forgot_after.n == 0)
		nightly->forgot_day = today;
	return nightly->forgot_day != today;
}

/* One prison; true: there may be more. */
static bool count_slice(struct service *service)
{
	bool counted = false;
	if (statistics_count(service, &SYSTEM, &counted) != OK)
		log_event(service->log, LOG_ERROR, "statistics_count");
	return counted;
}

/* True: there may be more. */
static bool recordings_slice(const struct nightly *nightly, struct service *service)
{
	struct arena arena;
	struct store_segments segments = { 0 };
	arena_init(&arena);
	enum err err = recording_erase_due(service, &SYSTEM, &arena, &segments);
	for (size_t i = 0; err == OK && nightly->recordings != NULL && i < segments.count; i++)
		segment_file_erase(nightly->recordings, segments.list[i].id,
				   nightly->recordings_apart);
	if (err != OK && err != ERR_NOT_FOUND)
		log_event(service->log, LOG_ERROR, "recording_erase");
	arena_clear(&arena);
	return err == OK;
}

/* True: there is more.  Each of its steps is a transaction of its own: what failed is done next time. */
static bool refill_slice(struct nightly *nightly, struct service *service)
{
	bool more = false;
	if (refill_run(service, &SYSTEM, &nightly->refill, &more) != OK)
		log_event(service->log, LOG_ERROR, "refill_run");
	return more;
}

/* The same for those who stand by. */
static bool standby_slice(struct nightly *nightly, struct service *service)
{
	bool more = false;
	if (standby_run(service, &SYSTEM, &nightly->standby, &more) != OK)
		log_event(service->log, LOG_ERROR, "standby_run");
	return more;
}

static bool is_due(const struct nightly *nightly, struct mono now, bool people)
{
	return !mono_before(now, people ? mono_add_ms(nightly->next, YIELD_MS) : nightly->next);
}

void nightly_tick(struct nightly *nightly, struct service *service, struct mono now, bool people)
{
	size_t done = 0;
	if (!is_due(nightly, now, people))
		return;
	if (requests_expire(service, &SYSTEM, &done) != OK)
		log_event(service->log, LOG_ERROR, "requests_expire");
	int64_t today = date_to_days(local_date(service->now));
	bool more = orders_slice(nightly, service, today);
	more = lines_slice(nightly, service, today) || more;
	more = refill_slice(nightly, service) || more;
	more = standby_slice(nightly, service) || more;
	more = erase_slice(service) || more;
	more = forget_slice(nightly, service, today) || more;
	more = recordings_slice(nightly, service) || more;
	more = count_slice(service) || more;
	nightly->next = mono_add_ms(now, more || done ? BUSY_MS : IDLE_MS);
}
