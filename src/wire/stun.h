/*
 * stun.h - STUN Binding messages, as ICE uses them (RFC 8489, RFC 8445 section 7).
 *
 * Pure: bytes in, values and bytes out.  Parsed values borrow the datagram.
 * Only what verifies may change anything: parse, find the user by the
 * USERNAME, then stun_verify() with that user's key.
 */
#ifndef PVL_WIRE_STUN_H
#define PVL_WIRE_STUN_H

#include "base/address.h"
#include "base/bytes.h"
#include "base/err.h"
#include "base/writer.h"

enum stun_type {
	STUN_BINDING_REQUEST = 0x0001,
	STUN_BINDING_INDICATION = 0x0011,
	STUN_BINDING_SUCCESS = 0x0101,
	STUN_BINDING_ERROR = 0x0111,
};

enum stun_role {
	STUN_ROLE_NONE,
	STUN_CONTROLLING,
	STUN_CONTROLLED,
};

enum stun_error {
	STUN_BAD_REQUEST = 400,
	STUN_UNAUTHENTICATED = 401,
	STUN_UNKNOWN_ATTRIBUTE = 420,
	STUN_ROLE_CONFLICT = 487,
};

enum {
	STUN_TRANSACTION_LEN = 12,
	STUN_MESSAGE_MAX = 548, /* what we write always fits; RFC 8489 section 6.1 for IPv4 */
	STUN_USERNAME_MAX = 513 /* RFC 8489 section 14.3 */
};

/* The password of one side, ready for HMAC-SHA1; owns the context. */
struct stun_key {
	struct evp_mac_ctx_st *mac;
};

/* ERR_CRYPTO if the library refuses. */
MUST_USE enum err stun_key_init(struct stun_key *key, struct bytes password);
/* An empty (zero) key may be cleared too. */
void stun_key_clear(struct stun_key *key);

struct stun_message {
	struct bytes whole;
	uint16_t type; /* enum stun_type, or another that the caller drops */
	uint8_t transaction[STUN_TRANSACTION_LEN];
	struct bytes username; /* empty if none */
	enum stun_role role;
	uint64_t tie_breaker;
	uint32_t priority; /* 0 if none */
	bool use_candidate;
	bool has_fingerprint;  /* it was right: a wrong one is ERR_BAD */
	uint16_t unknown;      /* first attribute that must be understood and is not; 0 if none */
	uint16_t error_code;   /* 0 if none */
	struct address mapped; /* ADDRESS_NONE if none */
	size_t integrity_at;   /* place of MESSAGE-INTEGRITY; 0 if none */
};

/*
 * ERR_BAD unless it is one whole STUN message: length, magic cookie, attributes
 * within bounds, FINGERPRINT right where there is one.  What follows
 * MESSAGE-INTEGRITY is ignored but for FINGERPRINT (RFC 8489 section 14.5).
 */
MUST_USE enum err stun_parse(struct bytes datagram, struct stun_message *out);
/* Whether MESSAGE-INTEGRITY is there and right; compares in constant time. */
bool stun_verify(const struct stun_message *message, struct stun_key *key);
/* The part of USERNAME before the colon: in a request, the ufrag of whom it is sent to. */
struct str stun_username_local(const struct stun_message *message);

struct stun_request {
	uint8_t transaction[STUN_TRANSACTION_LEN];
	struct str username; /* "theirs:ours" */
	uint32_t priority;
	enum stun_role role;
	uint64_t tie_breaker;
	bool use_candidate;
};

/* Each writes one message with MESSAGE-INTEGRITY and FINGERPRINT at the writer's start; the writer
 * must be empty.  ERR_LIMIT if it is too small. */
MUST_USE enum err stun_write_request(struct writer *w, const struct stun_request *request,
				     struct stun_key *key);
MUST_USE enum err stun_write_success(struct writer *w,
				     const uint8_t transaction[STUN_TRANSACTION_LEN],
				     const struct address *mapped, struct stun_key *key);
/* key may be NULL (400 and 401 go without integrity); unknown is named in a 420. */
MUST_USE enum err stun_write_error(struct writer *w,
				   const uint8_t transaction[STUN_TRANSACTION_LEN],
				   enum stun_error code, uint16_t unknown, struct stun_key *key);

#endif
