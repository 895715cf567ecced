/*
 * supervisor.h - keeps pvl-web, pvl-vault, pvl-notify, pvl-record, pvl-objects and the pvl-media processes running.
 *
 * It keeps its own copy of every socket and of pvl-web's end of every control
 * pair.  So a crash of pvl-web leaves the visits running (pvl-media does not
 * even see that its partner changed), and a pvl-media that is started again
 * has the same UDP port.  docs/protocols/ipc.md tells the order of messages.
 *
 * Timers: a child that died is started again at once; after the second death
 * within TEN_SECONDS with growing pauses.  On the way out pvl-notify is asked
 * first, then pvl-web, then pvl-media; who does not listen is killed.
 */
#ifndef PVL_PROGRAMS_CLI_SUPERVISOR_H
#define PVL_PROGRAMS_CLI_SUPERVISOR_H

#include "base/log.h"
#include "programs/cli/serve_options.h"
#include "programs/cli/serve_sockets.h"

/* Until SIGTERM or SIGINT, or until a child cannot even start; an exit code of command.h. */
int supervisor_run(const struct serve_options *options, const struct serve_sockets *sockets,
		   struct log *log);

#endif
