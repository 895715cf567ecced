#include "web/matrix.h"

#include <string.h>

static bool somebody_is_admitted(const struct matrix *m)
{
	for (size_t end = 0; end < MEDIA_ENDS_MAX; end++) {
		const struct matrix_seat *seat = &m->seats[end];
		if (seat->used && seat->role == MEDIA_VISITOR && seat->admitted && !seat->refused)
			return true;
	}
	return false;
}

/* One of those who meet. */
static bool takes_part(const struct matrix *m, const struct matrix_seat *seat)
{
	if (!seat->used || seat->role == MEDIA_MONITOR)
		return false;
	if (seat->role == MEDIA_PRISONER)
		return somebody_is_admitted(m);
	return seat->admitted && !seat->refused;
}

static bool staff_may_see(const struct matrix *m, const struct matrix_seat *to,
			  const struct matrix_seat *from)
{
	if (!m->social || !to->used || !to->told || !from->used)
		return false;
	return takes_part(m, from) || (from->role == MEDIA_VISITOR && !from->refused);
}

static bool may(const struct matrix *m, size_t to, size_t from, bool hidden)
{
	const struct matrix_seat *receiver = &m->seats[to];
	const struct matrix_seat *sender = &m->seats[from];
	if (m->over || to == from || sender->role == MEDIA_MONITOR)
		return false;
	if (receiver->role == MEDIA_MONITOR)
		return staff_may_see(m, receiver, sender);
	return takes_part(m, receiver) && takes_part(m, sender) && !m->paused && !hidden;
}

static bool may_record(const struct matrix *m, size_t from, bool hidden)
{
	return m->social && m->recorded && !m->over && !m->paused && !hidden &&
	       takes_part(m, &m->seats[from]);
}

static bool may_hint(const struct matrix *m, size_t from)
{
	return m->social && m->hinted && !m->over && !m->paused && !m->seats[from].blanked &&
	       takes_part(m, &m->seats[from]);
}

void matrix_routes(const struct matrix *m, struct media_routes *out)
{
	memset(out->hears, 0, sizeof(out->hears));
	memset(out->sees, 0, sizeof(out->sees));
	out->recorded_sound = out->recorded_picture = out->hinted_picture = 0;
	for (size_t from = 0; from < MEDIA_ENDS_MAX; from++) {
		uint8_t bit = (uint8_t)(1u << from);
		out->recorded_sound |= may_record(m, from, m->seats[from].muted) ? bit : 0;
		out->recorded_picture |= may_record(m, from, m->seats[from].blanked) ? bit : 0;
		out->hinted_picture |= may_hint(m, from) ? bit : 0;
	}
	for (size_t to = 0; to < MEDIA_ENDS_MAX; to++) {
		for (size_t from = 0; from < MEDIA_ENDS_MAX; from++) {
			uint8_t bit = (uint8_t)(1u << from);
			if (may(m, to, from, m->seats[from].muted))
				out->hears[to] |= bit;
			if (may(m, to, from, m->seats[from].blanked))
				out->sees[to] |= bit;
		}
	}
}

bool matrix_together(const struct matrix *m, const struct media_routes *routes)
{
	for (size_t a = 0; a < MEDIA_ENDS_MAX; a++)
		for (size_t b = 0; m->seats[a].role == MEDIA_PRISONER && b < MEDIA_ENDS_MAX; b++)
			if ((routes->hears[a] >> b & 1) != 0 && (routes->hears[b] >> a & 1) != 0)
				return true;
	return false;
}
