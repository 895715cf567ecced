#include "domain/room_use.h"

bool time_overlaps(struct wall a_from, struct wall a_to, struct wall b_from, struct wall b_to)
{
	return a_from.s < b_to.s && b_from.s < a_to.s;
}

bool room_is_open(enum room_answer answer)
{
	return answer == ROOM_OWN || answer == ROOM_SHARED;
}

static bool is_blocked(const struct room_question *q, const struct place_block *blocks,
		       size_t count)
{
	struct wall end = wall_add_s(q->start, (int64_t)q->minutes * 60);
	for (size_t i = 0; i < count; i++) {
		bool here = blocks[i].room.n == q->room->id.n &&
			    (!blocks[i].terminal.n || blocks[i].terminal.n == q->terminal.n);
		if (here && time_overlaps(q->start, end, blocks[i].from, blocks[i].to))
			return true;
	}
	return false;
}

static bool row_is_of(const struct room_usage *row, const struct room_question *q,
		      struct local_time at)
{
	return row->room.n == q->room->id.n && (row->weekdays & 1U << date_weekday(at.date)) != 0;
}

static bool row_overlaps(const struct room_usage *row, const struct room_question *q,
			 struct local_time at)
{
	return row_is_of(row, q, at) && at.minute < row->end_minute &&
	       row->start_minute < at.minute + q->minutes;
}

static bool row_contains(const struct room_usage *row, const struct room_question *q,
			 struct local_time at)
{
	return row_is_of(row, q, at) && row->start_minute <= at.minute &&
	       at.minute + q->minutes <= row->end_minute;
}

static enum room_use use_of(enum visit_kind kind)
{
	return (enum room_use)(ROOM_USE_SOCIAL + (int)kind);
}

static enum room_answer by_timetable(const struct room_question *q, const struct room_usage *rows,
				     size_t count)
{
	struct local_time at = local_of(q->start);
	enum room_use own = use_of(q->kind);
	for (size_t i = 0; i < count; i++)
		if (rows[i].use == ROOM_USE_BLOCKED && row_overlaps(&rows[i], q, at))
			return ROOM_BLOCKED;
	for (size_t i = 0; i < count; i++)
		if (rows[i].use == own && row_contains(&rows[i], q, at))
			return ROOM_OWN;
	for (size_t i = 0; i < count; i++)
		if (rows[i].use != own && row_overlaps(&rows[i], q, at))
			return ROOM_OTHER_KIND;
	return ROOM_SHARED;
}

enum room_answer room_answer(const struct room_question *q, const struct place_block *blocks,
			     size_t block_count, const struct room_usage *rows, size_t row_count)
{
	if (!q->room->active)
		return ROOM_INACTIVE;
	if (is_blocked(q, blocks, block_count))
		return ROOM_BLOCKED;
	if (q->room->use == ROOM_USE_SHARED)
		return ROOM_SHARED;
	if (q->room->use == ROOM_USE_SCHEDULE)
		return by_timetable(q, rows, row_count);
	return q->room->use == use_of(q->kind) ? ROOM_OWN : ROOM_OTHER_KIND;
}
