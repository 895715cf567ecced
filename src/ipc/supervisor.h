/*
 * supervisor.h - the few messages between pvl (serve) and pvl-web.
 *
 * One message is one SOCK_SEQPACKET datagram: u8 version, u8 type, body in
 * network order.  WORKER and NOTIFY carry a descriptor: pvl-web's end of the
 * pair with that pvl-media (ipc/media.h) or with pvl-notify (ipc/notify.h).  docs/protocols/ipc.md tells the order.
 *
 * The numbers under which the children find what they inherit stand here too.
 */
#ifndef PVL_IPC_SUPERVISOR_H
#define PVL_IPC_SUPERVISOR_H

#include "base/bytes.h"
#include "base/err.h"

enum {
	SUPERVISOR_VERSION = 1,
	SUPERVISOR_MESSAGE_MAX = 64, /* bytes */
	SUPERVISOR_WORKERS_MAX = 8,
	TURN_SECRET_MIN = 16, /* characters in the file of WEB_FD_TURN_SECRET */
	TURN_SECRET_MAX = 128,
};

/* Descriptors of the children. */
enum {
	WEB_FD_SUPERVISOR = 3,
	WEB_FD_HTTP = 4, /* listening, IPv6 and IPv4 */
	/* Only with --tls: listening, and the files opened while we still had the right to.
	 * They are shared with earlier pvl-webs: read them with pread from 0. */
	WEB_FD_TLS = 5,
	WEB_FD_TLS_CERTIFICATE = 6,
	WEB_FD_TLS_KEY = 7,
	WEB_FD_TURN_SECRET = 8, /* likewise, only with --turn */
	MEDIA_FD_CONTROL = 3,
	MEDIA_FD_UDP4 = 4,
	MEDIA_FD_UDP6 = 5, /* not there on a machine without IPv6 */
	/* Listening, those that could be opened: first the number of the UDP port in IPv4 and IPv6,
	 * then the further port in both. */
	MEDIA_FD_TCP = 6,
	MEDIA_FD_TCP_END = 10,
	MEDIA_FD_RECORD = 10, /* a ring for packets of visits that are recorded (ipc/ring.h) */
	MEDIA_FD_HINTS = 11,  /* key frames of visits that are looked at (rtc/tap.h) */
	RECORD_FD_CONTROL = 3,
	RECORD_FD_KEY = 4,   /* the public key, RECORD_PUBLIC_KEY_LEN bytes */
	RECORD_FD_MEDIA = 5, /* the rings of MEDIA_FD_RECORD, one for each worker */
	RECORD_FD_MEDIA_END = RECORD_FD_MEDIA + SUPERVISOR_WORKERS_MAX,
	VAULT_FD_CONTROL = 3,
	VAULT_FD_KEY = 4,           /* a line of text (tlog/note.h); only to be read */
	VAULT_FD_MEMORY = 5,        /* sys/slots.h */
	VAULT_FD_RECORDING_KEY = 6, /* 32 bytes, X25519: opens what pvl-record seals */
	HINTS_FD_CONTROL = 3,
	HINTS_FD_MEDIA = 4, /* the other ends of MEDIA_FD_HINTS, one for each worker */
	HINTS_FD_MEDIA_END = HINTS_FD_MEDIA + SUPERVISOR_WORKERS_MAX,
	OBJECTS_FD_CONTROL = 3,
	OBJECTS_FD_KEY = 4, /* "ID:SECRET", a line */
	OBJECTS_FD_CA = 5,  /* PEM; only where the options say so */
	NOTIFY_FD_CONTROL = 3,
	/* Only where the options say so; read with pread from 0, like those of pvl-web. */
	NOTIFY_FD_SMTP_PASSWORD = 4,
	NOTIFY_FD_GOVUK_KEY = 5,
	NOTIFY_FD_SMTP_CA = 6,
};

enum supervisor_type {
	/* pvl to pvl-web */
	SUPERVISOR_WORKER = 1, /* body: supervisor_worker, with the control descriptor; replaces an
				  earlier one of that index */
	SUPERVISOR_STARTED,    /* no body: every WORKER that stands has been told */
	SUPERVISOR_VAULT,      /* no body, with the control descriptor of pvl-vault (ipc/vault.h);
			       replaces an earlier one */
	SUPERVISOR_NOTIFY, /* no body, with pvl-web's end of the pair with pvl-notify (ipc/notify.h);
				  replaces an earlier one */
	SUPERVISOR_RECORD,  /* likewise with pvl-record (ipc/record.h) */
	SUPERVISOR_OBJECTS, /* likewise with pvl-objects (ipc/objects.h) */
	SUPERVISOR_HINTS,   /* likewise with pvl-hints (ipc/hints.h) */
	/* pvl-web to pvl */
	SUPERVISOR_READY = 64, /* no body: pages are answered from now on */
};

struct supervisor_worker {
	uint8_t index;   /* 0 … SUPERVISOR_WORKERS_MAX-1 */
	uint16_t port;   /* UDP, both families */
	uint32_t starts; /* 1 for the first process of that index */
};

struct supervisor_message {
	enum supervisor_type type;
	struct supervisor_worker worker;
};

/* Into out; *len is what was used. */
MUST_USE enum err supervisor_message_encode(const struct supervisor_message *message, uint8_t *out,
					    size_t cap, size_t *len);
/* Unknown, short or long messages are ERR_BAD; from_web says which side sent it. */
MUST_USE enum err supervisor_message_decode(struct bytes in, bool from_web,
					    struct supervisor_message *out);

#endif
