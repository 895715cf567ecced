/*
 * staff_registers.h - registers: authorisations to monitor, and what was handed out (recordings, copies
 * of people's data), as a page and as files of a spreadsheet.
 */
#ifndef PVL_WEB_STAFF_REGISTERS_H
#define PVL_WEB_STAFF_REGISTERS_H

#include "web/page.h"

extern const struct route_group staff_registers_routes;

#endif
