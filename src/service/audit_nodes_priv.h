/*
 * audit_nodes_priv.h - roots over ranges of the log without hashing all of it.
 *
 * Of every 256 leaves, of every 256 of those and so on, the root is kept
 * beside the log (store/audit_node.h): a root over any range is then made of
 * some hundred hashes.  What is not kept is made from what lies below it, so
 * answers never depend on what is there, only the time they take.
 */
#ifndef PVL_SERVICE_AUDIT_NODES_PRIV_H
#define PVL_SERVICE_AUDIT_NODES_PRIV_H

#include "service/service.h"
#include "tlog/proof.h"

/* Keeps the roots of subtrees that are complete in the first size leaves, some thousands of leaves at
 * a time: what is left comes with the next call.  Within a transaction that may write. */
MUST_USE enum err audit_nodes_keep(struct service *, uint64_t size);

/* Ranges must be of leaves that are there; else ERR_CRYPTO: the log has a hole. */
struct tlog_source audit_nodes_source(struct service *);

#endif
