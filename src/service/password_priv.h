/*
 * password_priv.h - a link to choose a password by, on its way; part of a use-case, writes no leaf.
 */
#ifndef PVL_SERVICE_PASSWORD_PRIV_H
#define PVL_SERVICE_PASSWORD_PRIV_H

#include "domain/message.h"
#include "service/password.h"

MUST_USE enum err password_link_send(struct service *, struct account_id, enum message_kind,
				     int64_t holds_s);

#endif
