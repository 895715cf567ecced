/*
 * smtp.h - what a mail server's answer means for a message.
 *
 * Pure.  The server answers each command with three digits (RFC 5321, section
 * 4.2): 2 yes, 4 not now, 5 no.  What a no means depends on what was asked: the
 * recipient is the message's business, everything before it (greeting, TLS,
 * password, sender) that of the operator, who can put it right; nothing is lost
 * meanwhile.
 */
#ifndef PVL_NOTIFY_SMTP_H
#define PVL_NOTIFY_SMTP_H

#include "base/buf.h"
#include "base/clock.h"
#include "ipc/notify.h"

enum smtp_stage {
	SMTP_BEFORE,    /* connecting, greeting, TLS, password, MAIL FROM */
	SMTP_RECIPIENT, /* RCPT TO */
	SMTP_CONTENT,   /* DATA and the text itself */
};

/* What the command that was sent last is part of; line: "RCPT TO:<…>". */
enum smtp_stage smtp_stage_of(struct str line, enum smtp_stage before);

/* sent: the whole was sent and taken.  code 0: no answer came. */
enum notify_outcome smtp_outcome(bool sent, enum smtp_stage stage, long code);
/* "SMTP_550_RCPT", "SMTP_NO_ANSWER". */
void smtp_problem(enum smtp_stage stage, long code, char out[40]);

/* "<00f3….pvl@example.org>": the same for the same message, so that a second copy is known as one. */
void smtp_message_id(uint64_t id, struct str from, char out[320]);
/* "Mon, 23 Nov 2026 10:07:00 +0000" */
void smtp_date(struct wall at, char out[40]);
/* RFC 2047 where it is not plain ASCII, in words of at most 75 bytes. */
void smtp_encode_words(struct str text, struct buf *out);

#endif
