#include <string.h>

#include "store/list_priv.h"

void *list_next(struct arena *arena, void *list_pointer, size_t *count, size_t size)
{
	char *list;
	memcpy(&list, list_pointer, sizeof list);
	if (*count >= STORE_LIST_MAX)
		return NULL;
	if ((*count & (*count - 1)) == 0) {
		char *larger = arena_new(arena, *count ? *count * 2 : 1, size);
		if (*count)
			memcpy(larger, list, *count * size);
		list = larger;
		memcpy(list_pointer, &list, sizeof list);
	}
	return list + (*count)++ * size;
}
