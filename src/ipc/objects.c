#include "ipc/objects.h"

#include "base/assert.h"
#include "base/writer.h"

const char *objects_outcome_name(enum objects_outcome outcome)
{
	static const char *const NAMES[OBJECTS_OUTCOME_COUNT] = { "DONE", "ABSENT", "REFUSED",
								  "AWAY" };
	ASSERT(outcome < OBJECTS_OUTCOME_COUNT);
	return NAMES[outcome];
}

enum err objects_message_encode(const struct objects_message *message, uint8_t *out, size_t cap,
				size_t *len)
{
	struct writer w = writer_of(out, cap);
	writer_u8(&w, OBJECTS_VERSION);
	writer_u8(&w, (uint8_t)message->type);
	if (message->type == OBJECTS_STATE) {
		writer_u32(&w, message->state.waiting);
		writer_u64(&w, message->state.bytes);
		writer_u8(&w, message->state.full);
		writer_u8(&w, (uint8_t)message->state.last);
	} else if (message->type != OBJECTS_HELLO) {
		writer_u64(&w, (uint64_t)message->segment.n);
	}
	if (message->type == OBJECTS_CAME)
		writer_u8(&w, (uint8_t)message->outcome);
	if (!writer_ok(&w))
		return ERR_LIMIT;
	*len = w.len;
	return OK;
}

static enum objects_outcome read_outcome(struct reader *r, bool *good)
{
	uint8_t outcome = reader_u8(r);
	*good = *good && outcome < OBJECTS_OUTCOME_COUNT;
	return *good ? (enum objects_outcome)outcome : OBJECTS_AWAY;
}

static void read_state(struct reader *r, struct objects_state *out, bool *good)
{
	out->waiting = reader_u32(r);
	out->bytes = reader_u64(r);
	uint8_t full = reader_u8(r);
	*good = *good && full <= 1;
	out->full = full == 1;
	out->last = read_outcome(r, good);
}

enum err objects_message_decode(struct bytes in, bool from_web, struct objects_message *out)
{
	struct reader r = reader_of(in);
	struct objects_message m = { 0 };
	bool good = reader_u8(&r) == OBJECTS_VERSION;
	uint8_t type = reader_u8(&r);
	if (from_web)
		good = good && (type == OBJECTS_HELLO || type == OBJECTS_WANT);
	else
		good = good && (type == OBJECTS_CAME || type == OBJECTS_STATE);
	if (!good)
		return ERR_BAD;
	m.type = (enum objects_type)type;
	if (m.type == OBJECTS_STATE)
		read_state(&r, &m.state, &good);
	else if (m.type != OBJECTS_HELLO)
		m.segment.n = (int64_t)reader_u64(&r);
	if (m.type == OBJECTS_CAME)
		m.outcome = read_outcome(&r, &good);
	if (!good || m.segment.n < 0 || !reader_ok(&r) || reader_left(&r) > 0)
		return ERR_BAD;
	*out = m;
	return OK;
}
