#include "ipc/ring.h"
#include "fuzz.h"
#include "ipc/record.h"

enum {
	TAKES = 64,
};

static struct ring ring;

/* What the other side has left in the ring: its counts, then bytes from where is read next. */
static void leave(struct reader *in)
{
	ring.written = reader_u64(in);
	ring.base = reader_u64(in);
	ring.read = reader_u64(in);
	size_t left = reader_left(in), at = (size_t)((ring.read - ring.base) % RING_BYTES);
	struct bytes bytes = reader_take(in, left);
	size_t first = left < RING_BYTES - at ? left : RING_BYTES - at;
	uint8_t *units = (uint8_t *)ring.units;
	if (left == 0)
		return;
	memcpy(units + at, bytes.at, first);
	memcpy(units, bytes.at + first, left - first);
}

/* The sanitizer sees what is read beyond; what is taken is whole, and an end is reached. */
static void take_all(void)
{
	static uint8_t out[RECORD_BATCH_MAX];
	struct ring_reader reader = ring_reader_of(&ring);
	enum err err = OK;
	for (int i = 0; i < TAKES && err == OK; i++) {
		size_t len = 0;
		err = ring_take(&reader, out, sizeof out, &len);
		ASSERT(err == OK || err == ERR_AGAIN || err == ERR_BAD);
		ASSERT(len <= sizeof out && reader.read % RING_UNIT == 0);
	}
}

static void put_some(void)
{
	static const uint8_t message[1000];
	struct ring_writer writer = ring_writer_of(&ring);
	for (int i = 0; i < TAKES; i++) {
		uint64_t before = writer.written;
		bool fits = ring_put(&writer, bytes_of(message, sizeof message));
		ASSERT(fits == (writer.written != before));
		ASSERT(writer.written % RING_UNIT == 0 && writer.base % RING_UNIT == 0);
	}
}

int LLVMFuzzerTestOneInput(const uint8_t *at, size_t len)
{
	struct reader r = reader_of(bytes_of(at, len));
	leave(&r);
	take_all();
	r = reader_of(bytes_of(at, len));
	leave(&r);
	put_some();
	take_all();
	return 0;
}
