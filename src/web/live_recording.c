#include "service/recording.h"

#include "web/live_priv.h"

static const struct actor system_actor = { .role = ROLE_SYSTEM };

void live_set_recorder(struct live *live, struct record_link *recorder)
{
	live->recorder = recorder;
}

void live_decide_recording(struct live *live, struct live_visit *visit)
{
	if (visit->recording_known || visit->lab || visit->kind != MEDIA_SOCIAL)
		return;
	visit->recording_known = recording_is_wanted(live->service, VISIT_SOCIAL, visit->prison,
						     &visit->to_record) == OK;
	visit->recorder_up = record_link_is_up(live->recorder);
	live_heed_lock(live, visit);
	visit->routes_due |= visit->to_record;
	visit->news |= NEWS_RECORDING;
}

void live_heed_lock(struct live *live, struct live_visit *visit)
{
	bool locked = false;
	if (!visit->to_record ||
	    recording_is_locked(live->service, &system_actor, visit->id, &locked) != OK || !locked)
		return;
	visit->to_record = false;
	visit->routes_due = true;
	visit->news |= NEWS_RECORDING;
}

bool live_is_recorded(const struct live_visit *visit)
{
	return visit->to_record && visit->recorder_up;
}

json_t *live_recording_json(const struct live_visit *visit)
{
	return json_pack("{s:b}", "on", (int)live_is_recorded(visit));
}

static void look_for_gap(struct live *live, struct live_visit *visit)
{
	bool gap = visit->recording_gap;
	if (recording_has_gap(live->service, &system_actor, visit->id, &gap) != OK ||
	    gap == visit->recording_gap)
		return;
	visit->recording_gap = gap;
	visit->news |= NEWS_RECORDING;
}

/* Its routes are sent anew: with pvl-record up they let it have the visit, and begin with a key frame. */
static void recorder_changed(struct live *live)
{
	live->recorder_generation = record_link_generation(live->recorder);
	for (size_t i = 0; i < live->visits_len; i++) {
		struct live_visit *visit = &live->visits[i];
		if (!visit->used || !visit->to_record || live_is_over(visit))
			continue;
		visit->recorder_up = record_link_is_up(live->recorder);
		visit->routes_due = true;
		visit->news |= NEWS_RECORDING;
		look_for_gap(live, visit);
	}
}

void live_hear_recorder(struct live *live)
{
	struct visit_id id;
	while (record_link_next_changed(live->recorder, &id)) {
		struct live_visit *visit = live_visit_find(live, id);
		if (visit == NULL || !visit->to_record)
			continue;
		look_for_gap(live, visit);
		visit->routes_due |= visit->recording_gap; /* a picture waits for a key frame */
	}
	if (record_link_generation(live->recorder) != live->recorder_generation)
		recorder_changed(live);
}
