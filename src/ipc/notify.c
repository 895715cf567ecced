#include "ipc/notify.h"

#include "base/writer.h"

static void put_str(struct writer *w, struct str s)
{
	writer_u32(w, (uint32_t)s.len);
	writer_put(w, bytes_of(s.at, s.len));
}

static struct str get_str(struct reader *r)
{
	uint32_t len = reader_u32(r);
	struct bytes b = reader_take(r, len);
	return str_of((const char *)b.at, b.len);
}

/* A value of an enum; what lies beyond it spoils the message. */
static unsigned get_enum(struct reader *r, unsigned count, bool *good)
{
	unsigned value = reader_u8(r);
	*good = *good && value < count;
	return value < count ? value : 0;
}

static void put_send(struct writer *w, const struct notify_send *s)
{
	writer_u64(w, s->id);
	writer_u8(w, (uint8_t)s->channel);
	writer_u8(w, s->doubt);
	writer_u8(w, s->welsh);
	writer_u64(w, (uint64_t)s->made_s);
	put_str(w, s->to);
	put_str(w, s->subject);
	put_str(w, s->text);
	put_str(w, s->html);
	put_str(w, s->calendar);
	put_str(w, s->calendar_method);
}

static bool get_send(struct reader *r, struct notify_send *s)
{
	bool good = true;
	s->id = reader_u64(r);
	s->channel = (enum notify_channel)get_enum(r, NOTIFY_CHANNEL_COUNT, &good);
	s->doubt = get_enum(r, 2, &good) != 0;
	s->welsh = get_enum(r, 2, &good) != 0;
	s->made_s = (int64_t)reader_u64(r);
	s->to = get_str(r);
	s->subject = get_str(r);
	s->text = get_str(r);
	s->html = get_str(r);
	s->calendar = get_str(r);
	s->calendar_method = get_str(r);
	return good;
}

static void put_post(struct writer *w, const struct notify_post *p)
{
	writer_u64(w, p->id);
	writer_u8(w, p->private_too);
	put_str(w, p->url);
	put_str(w, p->headers);
	put_str(w, p->body);
}

static bool get_post(struct reader *r, struct notify_post *p)
{
	bool good = true;
	p->id = reader_u64(r);
	p->private_too = get_enum(r, 2, &good) != 0;
	p->url = get_str(r);
	p->headers = get_str(r);
	p->body = get_str(r);
	return good;
}

static void put_result(struct writer *w, const struct notify_result *result)
{
	writer_u64(w, result->id);
	writer_u8(w, (uint8_t)result->outcome);
	writer_u8(w, (uint8_t)result->provider);
	writer_u32(w, result->retry_after_s);
	put_str(w, result->provider_id);
	put_str(w, result->problem);
}

static bool get_result(struct reader *r, struct notify_result *result)
{
	bool good = true;
	result->id = reader_u64(r);
	result->outcome = (enum notify_outcome)get_enum(r, NOTIFY_OUTCOME_COUNT, &good);
	result->provider = (enum notify_provider)get_enum(r, NOTIFY_PROVIDER_COUNT, &good);
	result->retry_after_s = reader_u32(r);
	result->provider_id = get_str(r);
	result->problem = get_str(r);
	return good;
}

static void put_body(struct writer *w, const struct notify_message *m)
{
	switch (m->type) {
	case NOTIFY_WHO:
		break;
	case NOTIFY_SEND:
		put_send(w, &m->send);
		break;
	case NOTIFY_ASK:
		writer_u64(w, m->ask.id);
		put_str(w, m->ask.provider_id);
		break;
	case NOTIFY_POST:
		put_post(w, &m->post);
		break;
	case NOTIFY_HELLO:
		for (unsigned i = 0; i < NOTIFY_CHANNEL_COUNT; i++)
			writer_u8(w, (uint8_t)m->hello.providers[i]);
		break;
	case NOTIFY_RESULT:
		put_result(w, &m->result);
		break;
	}
}

enum err notify_message_encode(const struct notify_message *message, uint8_t *out, size_t cap,
			       size_t *len)
{
	struct writer w = writer_of(out, cap);
	writer_u8(&w, NOTIFY_VERSION);
	writer_u8(&w, (uint8_t)message->type);
	put_body(&w, message);
	if (!writer_ok(&w))
		return ERR_LIMIT;
	*len = w.len;
	return OK;
}

static bool get_body(struct reader *r, struct notify_message *m)
{
	bool good = true;
	switch (m->type) {
	case NOTIFY_WHO:
		return true;
	case NOTIFY_SEND:
		return get_send(r, &m->send);
	case NOTIFY_ASK:
		m->ask.id = reader_u64(r);
		m->ask.provider_id = get_str(r);
		return true;
	case NOTIFY_POST:
		return get_post(r, &m->post);
	case NOTIFY_HELLO:
		for (unsigned i = 0; i < NOTIFY_CHANNEL_COUNT; i++)
			m->hello.providers[i] =
			    (enum notify_provider)get_enum(r, NOTIFY_PROVIDER_COUNT, &good);
		return good;
	case NOTIFY_RESULT:
		return get_result(r, &m->result);
	}
	return false;
}

enum err notify_message_decode(struct bytes in, bool from_web, struct notify_message *out)
{
	struct reader r = reader_of(in);
	struct notify_message m = { 0 };
	uint8_t version = reader_u8(&r), type = reader_u8(&r);
	bool to_web = type >= NOTIFY_HELLO;
	if (!reader_ok(&r) || version != NOTIFY_VERSION || to_web == from_web)
		return ERR_BAD;
	m.type = (enum notify_type)type;
	if (!get_body(&r, &m) || !reader_ok(&r) || reader_left(&r))
		return ERR_BAD;
	*out = m;
	return OK;
}
