/*
 * staff_registers.h - registers as files of a spreadsheet: authorisations to monitor, and recordings
 * that were handed out.
 */
#ifndef PVL_WEB_STAFF_REGISTERS_H
#define PVL_WEB_STAFF_REGISTERS_H

#include "web/page.h"

extern const struct route_group staff_registers_routes;

#endif
