#include "domain/device.h"

static bool is_refused(const struct visit_visitor *visitor)
{
	return visitor->refused_reason.len > 0;
}

static bool waits(const struct visit_visitor *visitor)
{
	return visitor->adult && !visitor->admitted_at.s && !is_refused(visitor);
}

bool device_seats(const struct visit *visit, size_t holder, size_t visitor)
{
	struct person_id whose = visit->visitors[holder].person;
	return visit->visitors[visitor].sits_with.n == whose.n;
}

enum device_state device_state_of(const struct visit *visit, size_t holder)
{
	const struct visit_visitor *own = &visit->visitors[holder];
	if (!own->adult || (own->sits_with.n && own->sits_with.n != own->person.n))
		return DEVICE_NONE;
	if (is_refused(own))
		return DEVICE_REFUSED;
	if (!own->came_at.s)
		return DEVICE_EXPECTED;
	for (size_t i = 0; i < visit->visitor_count; i++)
		if (device_seats(visit, holder, i) && waits(&visit->visitors[i]))
			return DEVICE_WAITING;
	return DEVICE_ADMITTED;
}

size_t device_count(const struct visit *visit)
{
	size_t count = 0;
	for (size_t i = 0; i < visit->visitor_count; i++)
		count += visit->visitors[i].adult;
	return count;
}

bool device_has_admitted(const struct visit *visit, size_t holder)
{
	for (size_t i = 0; i < visit->visitor_count; i++)
		if (device_seats(visit, holder, i) && visit->visitors[i].admitted_at.s)
			return true;
	return false;
}

size_t visit_visitor_find(const struct visit *visit, struct person_id person)
{
	size_t i = 0;
	while (i < visit->visitor_count && visit->visitors[i].person.n != person.n)
		i++;
	return i;
}

bool device_may_take(const struct visit *visit, size_t holder, size_t visitor)
{
	const struct visit_visitor *who = &visit->visitors[visitor];
	if (visitor == holder)
		return false;
	return !who->sits_with.n || device_seats(visit, holder, visitor);
}

bool visit_admission_waits(const struct visit *visit)
{
	for (size_t i = 0; i < visit->visitor_count; i++)
		if (device_state_of(visit, i) == DEVICE_WAITING)
			return true;
	return false;
}

bool visit_all_refused(const struct visit *visit)
{
	for (size_t i = 0; i < visit->visitor_count; i++)
		if (visit->visitors[i].adult && !is_refused(&visit->visitors[i]))
			return false;
	return true;
}

bool visit_comers_refused(const struct visit *visit)
{
	bool came = false;
	for (size_t i = 0; i < visit->visitor_count; i++) {
		if (!visit->visitors[i].came_at.s)
			continue;
		if (!is_refused(&visit->visitors[i]))
			return false;
		came = true;
	}
	return came;
}
