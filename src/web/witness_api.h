/*
 * witness_api.h - what a witness of the audit log asks for and gives: the head
 * to sign, the proof that the log only grew, its cosignature
 * (docs/protocols/witness.md).  No session: what is signed speaks for itself.
 */
#ifndef PVL_WEB_WITNESS_API_H
#define PVL_WEB_WITNESS_API_H

#include "web/route.h"

extern const struct route_group witness_api_routes;

#endif
