/*
 * vault.h - the messages between pvl-web and pvl-vault, which signs the heads of the audit log
 * and opens the keys of recordings.
 *
 * One message is one SOCK_SEQPACKET datagram: u8 version, u8 type, body in
 * network order.  pvl-web asks, pvl-vault answers each message with one.
 * docs/protocols/ipc.md tells the order.
 */
#ifndef PVL_IPC_VAULT_H
#define PVL_IPC_VAULT_H

#include "base/bytes.h"
#include "base/err.h"
#include "base/id.h"
#include "base/str.h"

enum {
	VAULT_VERSION = 1,
	VAULT_HASH_LEN = 32,
	VAULT_HASHES_MAX = 512, /* in one message */
	VAULT_TEXT_MAX = 4096,  /* bytes of a key or a note */
	VAULT_MESSAGE_MAX = 2 + 8 + VAULT_HASHES_MAX * VAULT_HASH_LEN,
};

/*
 * Why a recording may be opened: three records of the audit log (domain/audit.h), each with the
 * proof that it stands there.  Somebody asked, somebody else agreed, the first one has begun to look.
 */
enum vault_step {
	VAULT_STEP_ASK,
	VAULT_STEP_AGREE,
	VAULT_STEP_OPEN,
	VAULT_STEPS,
};

struct vault_proof {
	struct str record;   /* its canonical text; borrowed */
	uint64_t index;      /* of the leaf, from 0 */
	struct bytes hashes; /* of the proof under all leaves that pvl-vault has; borrowed */
};

enum {
	VAULT_RECORD_MAX = 512,
	VAULT_PROOF_MAX = 64,  /* hashes */
	VAULT_SEALED_LEN = 96, /* ipc/record.h */
	VAULT_KEY_LEN = 32,
};

enum vault_type {
	/* pvl-web to pvl-vault */
	VAULT_ASK = 1, /* no body: where do you stand? */
	VAULT_EXTEND,  /* size: what you have; hashes: the leaves after it */
	VAULT_SIGN,    /* no body: sign all that you have */
	VAULT_OPEN,    /* visit, steps: open its recording */
	VAULT_UNSEAL,  /* size: the grant; visit, segment, end, sealed: the key of that segment */
	/* pvl-vault to pvl-web */
	VAULT_STATE = 64, /* size; text: its public key (tlog/note.h) */
	VAULT_EXTENDED,   /* size: what it has now */
	VAULT_REFUSED,    /* size: what it has; these leaves do not follow it */
	VAULT_UNKEPT,     /* size: what it has; its disk refused, so nothing is signed: ask later */
	VAULT_CHECKPOINT, /* size; text: the signed head */
	VAULT_OPENED,     /* size: a grant, for VAULT_UNSEAL; it ends by itself */
	VAULT_KEY,        /* sealed: the key, VAULT_KEY_LEN bytes */
	VAULT_DENIED,     /* what was shown does not allow it */
};

struct vault_message {
	enum vault_type type;
	uint64_t size;       /* leaves */
	struct bytes hashes; /* whole hashes; borrowed */
	struct str text;     /* borrowed */
	struct visit_id visit;
	struct segment_id segment;
	uint8_t end;
	struct bytes sealed; /* borrowed */
	struct vault_proof steps[VAULT_STEPS];
};

/* Into out; *len is what was used.  ERR_LIMIT: it does not fit. */
MUST_USE enum err vault_message_encode(const struct vault_message *message, uint8_t *out,
				       size_t cap, size_t *len);
/* Unknown, short or long messages are ERR_BAD; from_web says which side sent it. */
MUST_USE enum err vault_message_decode(struct bytes in, bool from_web, struct vault_message *out);

#endif
