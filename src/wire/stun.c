#include "wire/stun.h"

#include <string.h>

#include <openssl/core_names.h>
#include <openssl/evp.h>

#include "base/assert.h"

enum {
	HEADER_LEN = 20,
	COOKIE = 0x2112a442,
	HMAC_LEN = 20,
	INTEGRITY_LEN = 4 + HMAC_LEN,
	FINGERPRINT_LEN = 8,
	FINGERPRINT_XOR = 0x5354554e,
	FAMILY_IPV4 = 1,
	FAMILY_IPV6 = 2,
};

enum attribute {
	MAPPED_ADDRESS = 0x0001,
	USERNAME = 0x0006,
	MESSAGE_INTEGRITY = 0x0008,
	ERROR_CODE = 0x0009,
	UNKNOWN_ATTRIBUTES = 0x000a,
	XOR_MAPPED_ADDRESS = 0x0020,
	PRIORITY = 0x0024,
	USE_CANDIDATE = 0x0025,
	FINGERPRINT = 0x8028,
	ICE_CONTROLLED = 0x8029,
	ICE_CONTROLLING = 0x802a,
};

/* CRC-32 of ITU-T V.42 as RFC 8489 section 14.7 asks, four bits a step. */
static uint32_t crc32_of(struct bytes b)
{
	static const uint32_t table[16] = {
		0x00000000, 0x1db71064, 0x3b6e20c8, 0x26d930ac, 0x76dc4190, 0x6b6b51f4,
		0x4db26158, 0x5005713c, 0xedb88320, 0xf00f9344, 0xd6d6a3e8, 0xcb61b38c,
		0x9b64c2b0, 0x86d3d2d4, 0xa00ae278, 0xbdbdf21c,
	};
	uint32_t crc = 0xffffffff;
	for (size_t i = 0; i < b.len; i++) {
		crc = (crc >> 4) ^ table[(crc ^ b.at[i]) & 15];
		crc = (crc >> 4) ^ table[(crc ^ (uint32_t)(b.at[i] >> 4)) & 15];
	}
	return ~crc;
}

enum err stun_key_init(struct stun_key *key, struct bytes password)
{
	EVP_MAC *hmac = EVP_MAC_fetch(NULL, "HMAC", NULL);
	EVP_MAC_CTX *mac = hmac ? EVP_MAC_CTX_new(hmac) : NULL;
	EVP_MAC_free(hmac); /* the context holds it */
	char digest[] = "SHA1";
	const OSSL_PARAM params[] = {
		OSSL_PARAM_construct_utf8_string(OSSL_MAC_PARAM_DIGEST, digest, 0),
		OSSL_PARAM_construct_end(),
	};
	if (!mac || !EVP_MAC_init(mac, password.at, password.len, params)) {
		EVP_MAC_CTX_free(mac);
		return ERR_CRYPTO;
	}
	*key = (struct stun_key){ .mac = mac };
	return OK;
}

void stun_key_clear(struct stun_key *key)
{
	EVP_MAC_CTX_free(key->mac);
	key->mac = NULL;
}

/*
 * HMAC-SHA1 of the message up to its integrity attribute, under a header whose
 * length counts that attribute and nothing behind it (RFC 8489 section 14.5).
 * Initialising without a key keeps the one that was set.
 */
static bool integrity_of(const uint8_t *message, size_t integrity_at, struct stun_key *key,
			 uint8_t out[HMAC_LEN])
{
	uint8_t head[HEADER_LEN];
	size_t len = 0;
	memcpy(head, message, HEADER_LEN);
	put_u16(head + 2, (uint16_t)(integrity_at + INTEGRITY_LEN - HEADER_LEN));
	return key->mac && EVP_MAC_init(key->mac, NULL, 0, NULL) &&
	       EVP_MAC_update(key->mac, head, HEADER_LEN) &&
	       EVP_MAC_update(key->mac, message + HEADER_LEN, integrity_at - HEADER_LEN) &&
	       EVP_MAC_final(key->mac, out, &len, HMAC_LEN) && len == HMAC_LEN;
}

bool stun_verify(const struct stun_message *message, struct stun_key *key)
{
	uint8_t mac[HMAC_LEN];
	if (message->integrity_at == 0)
		return false;
	if (!integrity_of(message->whole.at, message->integrity_at, key, mac))
		return false;
	struct bytes sent = bytes_slice(message->whole, message->integrity_at + 4, HMAC_LEN);
	return bytes_equal_secret(sent, bytes_of(mac, sizeof mac));
}

struct str stun_username_local(const struct stun_message *message)
{
	struct str rest = str_of((const char *)message->username.at, message->username.len);
	return str_cut(&rest, ':');
}

/* RFC 8489 section 14.2: the port and the address, XORed with cookie and transaction. */
static void xor_address(uint8_t *ip, size_t len, const uint8_t transaction[STUN_TRANSACTION_LEN])
{
	uint8_t mask[16];
	put_u32(mask, COOKIE);
	memcpy(mask + 4, transaction, STUN_TRANSACTION_LEN);
	for (size_t i = 0; i < len; i++)
		ip[i] ^= mask[i];
}

static enum err parse_mapped(struct reader value, struct stun_message *m)
{
	reader_skip(&value, 1);
	uint8_t family = reader_u8(&value);
	uint16_t port = (uint16_t)(reader_u16(&value) ^ (COOKIE >> 16));
	uint8_t ip[16] = { 0 };
	size_t len = family == FAMILY_IPV4 ? 4 : 16;
	if ((family != FAMILY_IPV4 && family != FAMILY_IPV6) || reader_left(&value) != len)
		return ERR_BAD;
	memcpy(ip, value.at, len);
	xor_address(ip, len, m->transaction);
	m->mapped = len == 4 ? address_ipv4(ip, port) : address_ipv6(ip, port);
	return OK;
}

static enum err parse_role(struct reader value, enum stun_role role, struct stun_message *m)
{
	m->role = role;
	m->tie_breaker = reader_u64(&value);
	return reader_ok(&value) && reader_left(&value) == 0 ? OK : ERR_BAD;
}

static enum err parse_error_code(struct reader value, struct stun_message *m)
{
	reader_skip(&value, 2);
	unsigned hundreds = reader_u8(&value) & 7u;
	unsigned rest = reader_u8(&value);
	if (!reader_ok(&value) || hundreds < 3 || hundreds > 6 || rest > 99)
		return ERR_BAD;
	m->error_code = (uint16_t)(hundreds * 100 + rest);
	return OK;
}

static enum err parse_attribute(uint16_t type, struct bytes value, struct stun_message *m)
{
	struct reader r = reader_of(value);
	switch (type) {
	case USERNAME:
		m->username = value;
		return value.len <= STUN_USERNAME_MAX ? OK : ERR_BAD;
	case XOR_MAPPED_ADDRESS:
		return parse_mapped(r, m);
	case PRIORITY:
		m->priority = reader_u32(&r);
		return value.len == 4 ? OK : ERR_BAD;
	case USE_CANDIDATE:
		m->use_candidate = true;
		return value.len == 0 ? OK : ERR_BAD;
	case ICE_CONTROLLED:
		return parse_role(r, STUN_CONTROLLED, m);
	case ICE_CONTROLLING:
		return parse_role(r, STUN_CONTROLLING, m);
	case ERROR_CODE:
		return parse_error_code(r, m);
	case MAPPED_ADDRESS:
	case UNKNOWN_ATTRIBUTES:
		return OK;
	default: /* the upper half may be ignored (RFC 8489 section 14) */
		if (type < 0x8000 && m->unknown == 0)
			m->unknown = type;
		return OK;
	}
}

/* Only as the last attribute, over everything before it. */
static enum err check_fingerprint(struct bytes whole, size_t at, struct stun_message *m)
{
	if (at + FINGERPRINT_LEN != whole.len || get_u16(whole.at + at + 2) != 4)
		return ERR_BAD;
	uint32_t crc = crc32_of(bytes_slice(whole, 0, at));
	if (get_u32(whole.at + at + 4) != (crc ^ FINGERPRINT_XOR))
		return ERR_BAD;
	m->has_fingerprint = true;
	return OK;
}

static enum err parse_attributes(struct stun_message *m)
{
	struct reader r = reader_of(m->whole);
	reader_skip(&r, HEADER_LEN);
	while (reader_left(&r)) {
		size_t at = m->whole.len - reader_left(&r);
		uint16_t type = reader_u16(&r);
		uint16_t len = reader_u16(&r);
		struct bytes value = reader_take(&r, len);
		reader_skip(&r, (4u - len % 4u) % 4u);
		if (!reader_ok(&r))
			return ERR_BAD;
		enum err err = OK;
		if (type == FINGERPRINT)
			err = check_fingerprint(m->whole, at, m);
		else if (m->integrity_at)
			continue;
		else if (type != MESSAGE_INTEGRITY)
			err = parse_attribute(type, value, m);
		else if (len != HMAC_LEN)
			err = ERR_BAD;
		else
			m->integrity_at = at;
		if (err)
			return err;
	}
	return OK;
}

enum err stun_parse(struct bytes datagram, struct stun_message *out)
{
	if (datagram.len < HEADER_LEN)
		return ERR_BAD;
	uint16_t type = get_u16(datagram.at);
	uint16_t len = get_u16(datagram.at + 2);
	if (type > 0x3fff || len % 4 || len + (size_t)HEADER_LEN != datagram.len ||
	    get_u32(datagram.at + 4) != COOKIE)
		return ERR_BAD;
	struct stun_message m = { .whole = datagram, .type = type };
	m.username = bytes_slice(datagram, datagram.len, 0);
	memcpy(m.transaction, datagram.at + 8, STUN_TRANSACTION_LEN);
	enum err err = parse_attributes(&m);
	if (!err)
		*out = m;
	return err;
}

static void write_header(struct writer *w, uint16_t type,
			 const uint8_t transaction[STUN_TRANSACTION_LEN])
{
	ASSERT(w->len == 0);
	writer_u16(w, type);
	writer_u16(w, 0); /* finish() writes the length */
	writer_u32(w, COOKIE);
	writer_put(w, bytes_of(transaction, STUN_TRANSACTION_LEN));
}

static void write_attribute(struct writer *w, enum attribute type, struct bytes value)
{
	writer_u16(w, (uint16_t)type);
	writer_u16(w, (uint16_t)value.len);
	writer_put(w, value);
	writer_zeros(w, (4 - value.len % 4) % 4);
}

/* The length, MESSAGE-INTEGRITY (with a key) and FINGERPRINT. */
static enum err finish(struct writer *w, struct stun_key *key)
{
	uint8_t mac[HMAC_LEN];
	uint8_t crc[4];
	size_t tail = (key ? (size_t)INTEGRITY_LEN : 0) + FINGERPRINT_LEN;
	if (!writer_ok(w) || w->cap - w->len < tail)
		return ERR_LIMIT;
	put_u16(w->at + 2, (uint16_t)(w->len + tail - HEADER_LEN));
	if (key) {
		if (!integrity_of(w->at, w->len, key, mac))
			return ERR_CRYPTO;
		write_attribute(w, MESSAGE_INTEGRITY, bytes_of(mac, sizeof mac));
	}
	put_u32(crc, crc32_of(writer_bytes(w)) ^ FINGERPRINT_XOR);
	write_attribute(w, FINGERPRINT, bytes_of(crc, sizeof crc));
	return OK;
}

enum err stun_write_request(struct writer *w, const struct stun_request *request,
			    struct stun_key *key)
{
	uint8_t tie_breaker[8];
	uint8_t priority[4];
	if (request->username.len > STUN_USERNAME_MAX)
		return ERR_LIMIT;
	put_u64(tie_breaker, request->tie_breaker);
	put_u32(priority, request->priority);
	write_header(w, STUN_BINDING_REQUEST, request->transaction);
	write_attribute(w, USERNAME, bytes_of(request->username.at, request->username.len));
	write_attribute(w, request->role == STUN_CONTROLLED ? ICE_CONTROLLED : ICE_CONTROLLING,
			bytes_of(tie_breaker, sizeof tie_breaker));
	write_attribute(w, PRIORITY, bytes_of(priority, sizeof priority));
	if (request->use_candidate)
		write_attribute(w, USE_CANDIDATE, bytes_of(priority, 0));
	return finish(w, key);
}

enum err stun_write_success(struct writer *w, const uint8_t transaction[STUN_TRANSACTION_LEN],
			    const struct address *mapped, struct stun_key *key)
{
	bool ipv4 = mapped->family == ADDRESS_IPV4;
	uint8_t value[20] = { 0, ipv4 ? FAMILY_IPV4 : FAMILY_IPV6 };
	size_t len = ipv4 ? 4 : 16;
	put_u16(value + 2, (uint16_t)(mapped->port ^ (COOKIE >> 16)));
	memcpy(value + 4, mapped->ip, len);
	xor_address(value + 4, len, transaction);
	write_header(w, STUN_BINDING_SUCCESS, transaction);
	write_attribute(w, XOR_MAPPED_ADDRESS, bytes_of(value, 4 + len));
	return finish(w, key);
}

static const char *error_reason(enum stun_error code)
{
	switch (code) {
	case STUN_BAD_REQUEST:
		return "Bad Request";
	case STUN_UNAUTHENTICATED:
		return "Unauthenticated";
	case STUN_UNKNOWN_ATTRIBUTE:
		return "Unknown Attribute";
	case STUN_ROLE_CONFLICT:
		return "Role Conflict";
	}
	return "Error";
}

enum err stun_write_error(struct writer *w, const uint8_t transaction[STUN_TRANSACTION_LEN],
			  enum stun_error code, uint16_t unknown, struct stun_key *key)
{
	uint8_t value[4 + 20] = { 0, 0, (uint8_t)(code / 100), (uint8_t)(code % 100) };
	uint8_t type[2];
	struct bytes reason = bytes_from_text(error_reason(code));
	memcpy(value + 4, reason.at, reason.len);
	write_header(w, STUN_BINDING_ERROR, transaction);
	write_attribute(w, ERROR_CODE, bytes_of(value, 4 + reason.len));
	put_u16(type, unknown);
	if (code == STUN_UNKNOWN_ATTRIBUTE)
		write_attribute(w, UNKNOWN_ATTRIBUTES, bytes_of(type, sizeof type));
	return finish(w, key);
}
