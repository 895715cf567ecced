#include "service/hint.h"

#include "web/live_priv.h"

static const struct actor system_actor = { .role = ROLE_SYSTEM };

void live_set_hints(struct live *live, struct hints_link *hints)
{
	live->hints = hints;
}

void live_decide_hints(struct live *live, struct live_visit *visit)
{
	if (visit->lab || visit->kind != MEDIA_SOCIAL || live->hints == NULL)
		return;
	if (hints_are_wanted(live->service, VISIT_SOCIAL, visit->prison, &visit->to_hint) == OK)
		visit->routes_due |= visit->to_hint;
}

/* What begins is written down; then it is shown, whether it was found a moment before or not. */
static void take(struct live *live, struct live_visit *visit, const struct hint_note *note)
{
	uint8_t bit = (uint8_t)(1u << note->end);
	enum hint_made made = HINT_NONE;
	enum err err = note->on ? hint_make(live->service, &system_actor, note, &made) : OK;
	if (err != OK) {
		log_event(live->log, LOG_WARN, "hint_refused", LOG_WORD("err", err_name(err)));
		return;
	}
	visit->hints[note->kind] &= (uint8_t)~bit;
	if (made != HINT_NONE)
		visit->hints[note->kind] |= bit;
	visit->news |= NEWS_OVERSIGHT;
}

static void forget_all(struct live *live)
{
	live->hints_generation = hints_link_generation(live->hints);
	for (size_t i = 0; i < live->visits_len; i++) {
		struct live_visit *visit = &live->visits[i];
		for (size_t kind = 0; kind < HINT_KIND_COUNT; kind++) {
			if (visit->hints[kind] != 0)
				visit->news |= NEWS_OVERSIGHT;
			visit->hints[kind] = 0;
		}
	}
}

void live_hear_hints(struct live *live)
{
	struct hint_note note;
	if (hints_link_generation(live->hints) != live->hints_generation)
		forget_all(live);
	while (hints_link_next(live->hints, &note)) {
		struct live_visit *visit = live_visit_find(live, note.visit);
		if (visit != NULL && visit->to_hint && !live_is_over(visit))
			take(live, visit, &note);
	}
}

void live_hint_flags(const struct live_visit *visit, json_t *flags)
{
	static const char *const FLAGS[HINT_KIND_COUNT] = {
		[HINT_COVERED] = "hint_covered",
		[HINT_STILL] = "hint_still",
		[HINT_NOBODY] = "hint_nobody",
		[HINT_FACES] = "hint_faces",
	};
	for (size_t kind = 0; kind < HINT_KIND_COUNT; kind++)
		if (visit->hints[kind] != 0)
			json_array_append_new(flags, json_string(FLAGS[kind]));
}
