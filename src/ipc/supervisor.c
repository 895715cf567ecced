#include "ipc/supervisor.h"

#include "base/assert.h"
#include "base/writer.h"

static bool is_from_web(enum supervisor_type type)
{
	return type == SUPERVISOR_READY;
}

static bool is_known(uint8_t type)
{
	return type == SUPERVISOR_WORKER || type == SUPERVISOR_STARTED ||
	       type == SUPERVISOR_VAULT || type == SUPERVISOR_NOTIFY || type == SUPERVISOR_RECORD ||
	       type == SUPERVISOR_OBJECTS || type == SUPERVISOR_HINTS || type == SUPERVISOR_READY;
}

enum err supervisor_message_encode(const struct supervisor_message *message, uint8_t *out,
				   size_t cap, size_t *len)
{
	struct writer w = writer_of(out, cap);
	writer_u8(&w, SUPERVISOR_VERSION);
	writer_u8(&w, (uint8_t)message->type);
	if (message->type == SUPERVISOR_WORKER) {
		ASSERT(message->worker.index < SUPERVISOR_WORKERS_MAX);
		writer_u8(&w, message->worker.index);
		writer_u16(&w, message->worker.port);
		writer_u32(&w, message->worker.starts);
	}
	if (!writer_ok(&w))
		return ERR_LIMIT;
	*len = w.len;
	return OK;
}

enum err supervisor_message_decode(struct bytes in, bool from_web, struct supervisor_message *out)
{
	struct reader r = reader_of(in);
	struct supervisor_message m = { 0 };
	uint8_t version = reader_u8(&r), type = reader_u8(&r);
	if (!reader_ok(&r) || version != SUPERVISOR_VERSION || !is_known(type))
		return ERR_BAD;
	m.type = (enum supervisor_type)type;
	if (is_from_web(m.type) != from_web)
		return ERR_BAD;
	if (m.type == SUPERVISOR_WORKER) {
		m.worker.index = reader_u8(&r);
		m.worker.port = reader_u16(&r);
		m.worker.starts = reader_u32(&r);
	}
	if (!reader_ok(&r) || reader_left(&r) || m.worker.index >= SUPERVISOR_WORKERS_MAX)
		return ERR_BAD;
	*out = m;
	return OK;
}
