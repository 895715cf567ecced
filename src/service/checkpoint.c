#include "service/checkpoint.h"

#include "service/audit_check_priv.h"
#include "service/audit_nodes_priv.h"
#include "store/audit.h"
#include "store/checkpoint.h"

enum err checkpoint_size(struct service *service, uint64_t *out)
{
	int64_t size = 0;
	enum err err = store_audit_size(service->store, &size);
	*out = (uint64_t)size;
	return err;
}

enum err checkpoint_leaves(struct service *service, uint64_t after, int max, struct buf *out)
{
	return store_audit_hashes(service->store, (int64_t)after, max, out);
}

enum err checkpoint_keep(struct service *service, const struct note_key *key, struct str note)
{
	struct tlog_head head;
	enum err err = audit_head_read(note, key, 1, &head);
	if (err == OK && head.size == 0)
		err = ERR_BAD;
	if (err == OK)
		err = store_enter(service->store);
	if (err != OK)
		return err;
	err = store_will_write(service->store);
	struct store_checkpoint kept = { .size = head.size, .at = service->now, .note = note };
	if (err == OK)
		err = store_checkpoint_keep(service->store, key, &kept);
	if (err == OK)
		err = audit_nodes_keep(service, head.size);
	enum err left = store_leave(service->store, err == OK);
	return err == OK ? left : err;
}

enum err checkpoint_newest_find(struct service *service, struct checkpoint_newest *out)
{
	struct store_checkpoint newest = { 0 };
	struct arena arena;
	arena_init(&arena);
	enum err err = store_checkpoint_newest(service->store, &arena, &newest);
	*out = (struct checkpoint_newest){ .size = newest.size, .at = newest.at };
	arena_clear(&arena);
	return err == ERR_NOT_FOUND ? OK : err;
}
