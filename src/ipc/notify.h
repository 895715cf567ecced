/*
 * notify.h - the few messages between pvl-web and pvl-notify, which alone
 * speaks to mail servers, GOV.UK Notify and the webhooks of other systems.
 *
 * One message is one SOCK_SEQPACKET datagram: u8 version, u8 type, body in
 * network order; texts are u32 length and bytes.  pvl-notify knows no database:
 * it is given whom and what, and says what became of it.
 * docs/protocols/notify.md tells the order.
 */
#ifndef PVL_IPC_NOTIFY_H
#define PVL_IPC_NOTIFY_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/str.h"

enum {
	NOTIFY_VERSION = 1,
	NOTIFY_MESSAGE_MAX =
	    96 << 10,              /* bytes of a datagram; below the kernel's default of 208 KiB */
	NOTIFY_IN_FLIGHT_MAX = 32, /* messages and posts that pvl-notify holds at once */
};

enum notify_type {
	/* pvl-web to pvl-notify */
	NOTIFY_WHO = 1, /* no body: answered by HELLO */
	NOTIFY_SEND,    /* body: notify_send; answered by RESULT */
	NOTIFY_ASK,     /* body: notify_ask; answered by RESULT, if there is something to say */
	NOTIFY_POST,    /* body: notify_post; answered by RESULT */
	/* pvl-notify to pvl-web */
	NOTIFY_HELLO = 64, /* body: notify_hello; first message, and answer to WHO */
	NOTIFY_RESULT,     /* body: notify_result */
};

enum notify_channel {
	NOTIFY_EMAIL,
	NOTIFY_SMS,
	NOTIFY_LETTER,
	NOTIFY_CHANNEL_COUNT,
};

enum notify_provider {
	NOTIFY_BY_NOBODY, /* no such channel is configured */
	NOTIFY_BY_SMTP,
	NOTIFY_BY_GOVUK,
	NOTIFY_PROVIDER_COUNT,
};

struct notify_send {
	uint64_t id; /* the same for the same message, for ever */
	enum notify_channel channel;
	bool doubt; /* it was handed over before, and nobody knows what came of it */
	bool welsh;
	int64_t made_s; /* when it came about: its Date */
	struct str to;  /* an e-mail address, a telephone number, or lines of an address */
	struct str subject;
	struct str text;
	struct str html;            /* of an e-mail; empty: none */
	struct str calendar;        /* a file; empty: none */
	struct str calendar_method; /* "REQUEST", "CANCEL" */
};

struct notify_ask {
	uint64_t id;
	struct str provider_id;
};

/* A request to another system's address. */
struct notify_post {
	uint64_t id;
	bool private_too;   /* an address of a private network is fine */
	struct str url;     /* https:// or http:// */
	struct str headers; /* lines "name: value", parted by \n */
	struct str body;    /* JSON */
};

struct notify_hello {
	enum notify_provider providers[NOTIFY_CHANNEL_COUNT];
};

enum notify_outcome {
	NOTIFY_TAKEN,     /* the provider has it */
	NOTIFY_DELIVERED, /* it has arrived */
	NOTIFY_LATER,     /* not now */
	NOTIFY_BOUNCED,   /* the address does not take it */
	NOTIFY_REFUSED,   /* it will never be taken */
	NOTIFY_OUTCOME_COUNT,
};

struct notify_result {
	uint64_t id;
	enum notify_outcome outcome;
	enum notify_provider provider;
	uint32_t retry_after_s; /* of LATER, as the other side asked; 0: it did not */
	struct str provider_id;
	struct str problem; /* a code such as "SMTP_550_RCPT"; "": none */
};

struct notify_message {
	enum notify_type type;
	union {
		struct notify_send send;
		struct notify_ask ask;
		struct notify_post post;
		struct notify_hello hello;
		struct notify_result result;
	};
};

/* Into out; ERR_LIMIT: longer than cap. */
MUST_USE enum err notify_message_encode(const struct notify_message *message, uint8_t *out,
					size_t cap, size_t *len);
/* Texts point into in.  Unknown, short or long messages, and those of the other side, are ERR_BAD. */
MUST_USE enum err notify_message_decode(struct bytes in, bool from_web, struct notify_message *out);

#endif
