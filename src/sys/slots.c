#include "sys/slots.h"

#include <sodium.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"

enum {
	NUMBER_AND_LEN = 8 + 4,
};
_Static_assert(SLOT_HEAD_LEN == NUMBER_AND_LEN + crypto_hash_sha256_BYTES, "the checksum");

struct slot {
	uint8_t at[SLOT_SIZE];
};

static void checksum(const struct slot *slot, size_t len, uint8_t out[crypto_hash_sha256_BYTES])
{
	crypto_hash_sha256_state state;
	(void)crypto_hash_sha256_init(&state);
	(void)crypto_hash_sha256_update(&state, slot->at, NUMBER_AND_LEN);
	(void)crypto_hash_sha256_update(&state, slot->at + SLOT_HEAD_LEN, len);
	(void)crypto_hash_sha256_final(&state, out);
}

/* Its number; 0: nothing whole stands there. */
static uint64_t number_of(const struct slot *slot)
{
	uint8_t sum[crypto_hash_sha256_BYTES];
	size_t len = get_u32(slot->at + 8);
	if (len > SLOT_RECORD_MAX)
		return 0;
	checksum(slot, len, sum);
	bool whole = memcmp(sum, slot->at + NUMBER_AND_LEN, sizeof sum) == 0;
	return whole ? get_u64(slot->at) : 0;
}

static bool is_blank(const struct slot *slot)
{
	for (size_t i = 0; i < sizeof slot->at; i++)
		if (slot->at[i] != 0)
			return false;
	return true;
}

static bool read_slot(int fd, unsigned which, struct slot *out)
{
	size_t got = 0;
	*out = (struct slot){ 0 };
	while (got < SLOT_SIZE) {
		off_t at = (off_t)which * SLOT_SIZE + (off_t)got;
		ssize_t n = pread(fd, out->at + got, SLOT_SIZE - got, at);
		if (n < 0)
			return false;
		if (n == 0)
			return true; /* a shorter file: the rest is blank */
		got += (size_t)n;
	}
	return true;
}

enum err slots_open(int fd, struct slots *out, uint8_t *record, size_t *len)
{
	struct slot slots[2];
	*out = (struct slots){ .fd = fd };
	if (!read_slot(fd, 0, &slots[0]) || !read_slot(fd, 1, &slots[1]))
		return ERR_SYS;
	uint64_t numbers[2] = { number_of(&slots[0]), number_of(&slots[1]) };
	unsigned newest = numbers[1] > numbers[0];
	/* The first record goes to place 1: while place 0 is blank, none was acknowledged. */
	if (numbers[newest] == 0)
		return is_blank(&slots[0]) ? ERR_NOT_FOUND : ERR_BAD;
	out->number = numbers[newest];
	*len = get_u32(slots[newest].at + 8);
	memcpy(record, slots[newest].at + SLOT_HEAD_LEN, *len);
	return OK;
}

enum err slots_write(struct slots *slots, struct bytes record)
{
	struct slot slot = { 0 };
	uint64_t number = slots->number + 1;
	ASSERT(record.len <= SLOT_RECORD_MAX);
	put_u64(slot.at, number);
	put_u32(slot.at + 8, (uint32_t)record.len);
	memcpy(slot.at + SLOT_HEAD_LEN, record.at, record.len);
	checksum(&slot, record.len, slot.at + NUMBER_AND_LEN);
	ssize_t n = pwrite(slots->fd, slot.at, sizeof slot.at, (off_t)(number % 2) * SLOT_SIZE);
	if (n != (ssize_t)sizeof slot.at || fdatasync(slots->fd) != 0)
		return ERR_SYS;
	slots->number = number;
	return OK;
}
