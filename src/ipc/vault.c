#include "ipc/vault.h"

#include "base/writer.h"

enum body {
	BODY_SIZE = 1,
	BODY_HASHES = 2,
	BODY_TEXT = 4,
	BODY_STEPS = 8,
	BODY_SEALED = 16,
	BODY_KEY = 32,
};

struct kind {
	enum vault_type type;
	bool from_web;
	unsigned body;
};

static const struct kind kinds[] = {
	{ VAULT_ASK, true, 0 },
	{ VAULT_EXTEND, true, BODY_SIZE | BODY_HASHES },
	{ VAULT_SIGN, true, 0 },
	{ VAULT_OPEN, true, BODY_STEPS },
	{ VAULT_UNSEAL, true, BODY_SIZE | BODY_SEALED },
	{ VAULT_OPENED, false, BODY_SIZE },
	{ VAULT_KEY, false, BODY_KEY },
	{ VAULT_DENIED, false, 0 },
	{ VAULT_STATE, false, BODY_SIZE | BODY_TEXT },
	{ VAULT_EXTENDED, false, BODY_SIZE },
	{ VAULT_REFUSED, false, BODY_SIZE },
	{ VAULT_UNKEPT, false, BODY_SIZE },
	{ VAULT_CHECKPOINT, false, BODY_SIZE | BODY_TEXT },
};

static const struct kind *kind_of(unsigned type)
{
	for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++)
		if (kinds[i].type == type)
			return &kinds[i];
	return NULL;
}

static void write_steps(struct writer *w, const struct vault_message *m)
{
	writer_u64(w, (uint64_t)m->visit.n);
	for (size_t i = 0; i < VAULT_STEPS; i++) {
		const struct vault_proof *p = &m->steps[i];
		writer_u16(w, (uint16_t)p->record.len);
		writer_put(w, bytes_of(p->record.at, p->record.len));
		writer_u64(w, p->index);
		writer_u16(w, (uint16_t)(p->hashes.len / VAULT_HASH_LEN));
		writer_put(w, p->hashes);
	}
}

static bool read_steps(struct reader *r, struct vault_message *m)
{
	m->visit.n = (int64_t)reader_u64(r);
	for (size_t i = 0; i < VAULT_STEPS; i++) {
		struct vault_proof *p = &m->steps[i];
		uint16_t len = reader_u16(r);
		struct bytes record = reader_take(r, len);
		p->record = str_of((const char *)record.at, record.len);
		p->index = reader_u64(r);
		uint16_t hashes = reader_u16(r);
		p->hashes = reader_take(r, (size_t)hashes * VAULT_HASH_LEN);
		if (!reader_ok(r) || len == 0 || len > VAULT_RECORD_MAX ||
		    hashes > VAULT_PROOF_MAX || p->index > INT64_MAX || !str_is_utf8(p->record))
			return false;
	}
	return m->visit.n > 0;
}

static void write_sealed(struct writer *w, const struct vault_message *m)
{
	writer_u64(w, (uint64_t)m->visit.n);
	writer_u64(w, (uint64_t)m->segment.n);
	writer_u8(w, m->end);
	writer_put(w, m->sealed);
}

static bool read_sealed(struct reader *r, struct vault_message *m)
{
	m->visit.n = (int64_t)reader_u64(r);
	m->segment.n = (int64_t)reader_u64(r);
	m->end = reader_u8(r);
	m->sealed = reader_take(r, VAULT_SEALED_LEN);
	return reader_ok(r) && m->visit.n > 0 && m->segment.n > 0;
}

enum err vault_message_encode(const struct vault_message *message, uint8_t *out, size_t cap,
			      size_t *len)
{
	struct writer w = writer_of(out, cap);
	const struct kind *kind = kind_of(message->type);
	if (kind == NULL)
		return ERR_BAD;
	writer_u8(&w, VAULT_VERSION);
	writer_u8(&w, (uint8_t)message->type);
	if (kind->body & BODY_SIZE)
		writer_u64(&w, message->size);
	if (kind->body & BODY_HASHES)
		writer_put(&w, message->hashes);
	if (kind->body & BODY_TEXT)
		writer_put(&w, bytes_of(message->text.at, message->text.len));
	if (kind->body & BODY_STEPS)
		write_steps(&w, message);
	if (kind->body & BODY_SEALED)
		write_sealed(&w, message);
	if (kind->body & BODY_KEY)
		writer_put(&w, message->sealed);
	if (!writer_ok(&w))
		return ERR_LIMIT;
	*len = w.len;
	return OK;
}

static bool body_ok(const struct kind *kind, const struct vault_message *m)
{
	bool hashes = m->hashes.len % VAULT_HASH_LEN == 0 && m->hashes.len > 0 &&
		      m->hashes.len <= VAULT_HASHES_MAX * VAULT_HASH_LEN;
	bool text = m->text.len > 0 && m->text.len <= VAULT_TEXT_MAX && str_is_utf8(m->text);
	return (!(kind->body & BODY_HASHES) || hashes) && (!(kind->body & BODY_TEXT) || text) &&
	       m->size <= INT64_MAX;
}

enum err vault_message_decode(struct bytes in, bool from_web, struct vault_message *out)
{
	struct reader r = reader_of(in);
	uint8_t version = reader_u8(&r);
	const struct kind *kind = kind_of(reader_u8(&r));
	if (version != VAULT_VERSION || kind == NULL || kind->from_web != from_web)
		return ERR_BAD;
	*out = (struct vault_message){ .type = kind->type };
	if (kind->body & BODY_SIZE)
		out->size = reader_u64(&r);
	if (kind->body & BODY_STEPS && !read_steps(&r, out))
		return ERR_BAD;
	if (kind->body & BODY_SEALED && !read_sealed(&r, out))
		return ERR_BAD;
	if (kind->body & BODY_KEY)
		out->sealed = reader_take(&r, VAULT_KEY_LEN);
	struct bytes rest =
	    kind->body & (BODY_HASHES | BODY_TEXT) ? reader_rest(&r) : bytes_of("", 0);
	if (kind->body & BODY_HASHES)
		out->hashes = rest;
	if (kind->body & BODY_TEXT)
		out->text = str_of((const char *)rest.at, rest.len);
	return reader_ok(&r) && reader_left(&r) == 0 && body_ok(kind, out) ? OK : ERR_BAD;
}
