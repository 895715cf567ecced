#include "service/reference.h"

#include "domain/restriction.h"
#include "store/reference_code.h"

static bool lists(const struct store_reference_codes *all, enum restriction_code code)
{
	enum restriction_code listed;
	for (size_t i = 0; i < all->count; i++)
		if (restriction_code_of(all->list[i].code, &listed) && listed == code)
			return true;
	return false;
}

enum err reference_drift_find(struct service *service, struct arena *arena,
			      struct reference_drift *out)
{
	struct store_reference_codes all = { 0 };
	enum restriction_code code;
	*out = (struct reference_drift){ 0 };
	enum err err = store_reference_code_list(service->store, arena, STR("RESTRICTION"), &all);
	if (err != OK || all.count == 0)
		return err;
	for (size_t i = 0; i < all.count; i++)
		out->unknown += !restriction_code_of(all.list[i].code, &code);
	for (unsigned c = 0; c < RESTRICTION_CODE_COUNT; c++)
		out->missing +=
		    c != RESTRICTION_NO_CONTACT && !lists(&all, (enum restriction_code)c);
	return OK;
}
