#include "web/keyring.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

struct kept {
	struct access_id access; /* 0: free */
	struct segment_id segment;
	struct visit_id visit;
	struct wall until;
	uint8_t key[VAULT_KEY_LEN];
};

struct keyring {
	size_t next;
	struct kept kept[KEYRING_MAX];
};

struct keyring *keyring_new(void)
{
	return mem_new(1, sizeof(struct keyring));
}

void keyring_free(struct keyring *ring)
{
	if (ring == NULL)
		return;
	mem_wipe(ring, sizeof *ring);
	free(ring);
}

void keyring_put(struct keyring *ring, struct access_id access, struct segment_id segment,
		 struct visit_id visit, const uint8_t key[VAULT_KEY_LEN], struct wall until)
{
	struct kept *k = &ring->kept[ring->next];
	ring->next = (ring->next + 1) % KEYRING_MAX;
	*k = (struct kept){ .access = access, .segment = segment, .visit = visit, .until = until };
	memcpy(k->key, key, sizeof k->key);
}

bool keyring_find(const struct keyring *ring, struct access_id access, struct segment_id segment,
		  struct wall now, uint8_t key[VAULT_KEY_LEN])
{
	for (size_t i = 0; i < KEYRING_MAX; i++) {
		const struct kept *k = &ring->kept[i];
		if (k->access.n != access.n || k->segment.n != segment.n || now.s >= k->until.s)
			continue;
		memcpy(key, k->key, sizeof k->key);
		return true;
	}
	return false;
}

void keyring_drop(struct keyring *ring, struct visit_id visit)
{
	if (ring == NULL)
		return;
	for (size_t i = 0; i < KEYRING_MAX; i++)
		if (ring->kept[i].access.n != 0 && ring->kept[i].visit.n == visit.n)
			mem_wipe(&ring->kept[i], sizeof ring->kept[i]);
}

void keyring_end(struct keyring *ring, struct access_id access)
{
	if (ring == NULL)
		return;
	for (size_t i = 0; i < KEYRING_MAX; i++)
		if (ring->kept[i].access.n != 0 && ring->kept[i].access.n == access.n)
			mem_wipe(&ring->kept[i], sizeof ring->kept[i]);
}

void keyring_tick(struct keyring *ring, struct wall now)
{
	if (ring == NULL)
		return;
	for (size_t i = 0; i < KEYRING_MAX; i++)
		if (ring->kept[i].access.n != 0 && now.s >= ring->kept[i].until.s)
			mem_wipe(&ring->kept[i], sizeof ring->kept[i]);
}
