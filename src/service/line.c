#include "service/line.h"

#include <stdio.h>

#include "domain/line.h"
#include "service/prison.h"
#include "service/service_priv.h"
#include "store/line_day.h"

enum {
	KEPT_DAYS = 90,
	REASON_ROOM = 160,
};

struct way {
	enum policy_name rule;
	const char *words;
	size_t count;
	struct line_way days[LINE_FOUND_DAYS];
};

enum err line_note(struct service *service, const struct actor *actor, struct prison_code prison,
		   const struct line_day *day)
{
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	return store_line_day_add(service->store, prison, day);
}

static struct str reason_of(const struct way *way, int64_t kbit, char room[REASON_ROOM])
{
	int full = 0;
	for (size_t i = 0; i < way->count; i++)
		full += line_way_full_kbit(&way->days[i]) > 0;
	int len = snprintf(room, REASON_ROOM,
			   kbit > 0 ? "The line was full on %d of %zu days, and carried less %s "
				      "than it should"
				    : "The line was full on %d of %zu days; %s it carries no less "
				      "than it should",
			   full, way->count, way->words);
	return str_of(room, (size_t)len);
}

static enum err look_at(struct service *service, const struct actor *actor, struct arena *arena,
			struct prison_code prison, const struct policy *policy,
			const struct way *way)
{
	struct effect_list effects;
	char room[REASON_ROOM];
	int64_t found = line_found_kbit(way->days, way->count);
	int64_t kbit = line_found_rule(policy, way->rule, found);
	if (kbit == policy->values[way->rule])
		return OK;
	return policy_set(service, actor, arena,
			  &(struct policy_setting){ .prison = prison,
						    .name = way->rule,
						    .value = kbit,
						    .valid_from = service->now,
						    .reason = reason_of(way, kbit, room) },
			  &effects);
}

static enum err look_at_prison(struct service *service, const struct actor *actor,
			       struct arena *arena, struct prison_code prison)
{
	struct way up = { .rule = POLICY_LINK_FOUND_UP_KBIT, .words = "from the prison" };
	struct way down = { .rule = POLICY_LINK_FOUND_DOWN_KBIT, .words = "to the prison" };
	struct line_day days[LINE_FOUND_DAYS];
	struct date from = date_add_days(local_date(service->now), -LINE_FOUND_DAYS);
	struct policy policy;
	size_t count = 0;
	enum err err = policy_load(service, prison, &policy);
	if (err == OK)
		err = store_line_day_list(service->store, prison, from, days, &count);
	for (size_t i = 0; i < count; i++) {
		up.days[up.count++] = days[i].up;
		down.days[down.count++] = days[i].down;
	}
	if (err == OK)
		err = look_at(service, actor, arena, prison, &policy, &up);
	if (err == OK)
		err = look_at(service, actor, arena, prison, &policy, &down);
	return err;
}

enum err line_look(struct service *service, const struct actor *actor, struct prison_code *after)
{
	struct arena arena;
	if (actor->role != ROLE_SYSTEM)
		return ERR_DENIED;
	bool first = prison_code_empty(*after);
	enum err err = store_line_day_next(service->store, after);
	if (err == OK && first)
		err = store_line_day_erase(service->store,
					   date_add_days(local_date(service->now), -KEPT_DAYS));
	if (err != OK || prison_code_empty(*after))
		return err;
	arena_init(&arena);
	err = look_at_prison(service, actor, &arena, *after);
	arena_clear(&arena);
	return err;
}
