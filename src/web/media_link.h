/*
 * media_link.h - the pvl-media processes as pvl-web sees them: messages in and out.
 *
 * pvl hands over the control socket of each process (ipc/supervisor.h).  A
 * process that sends something malformed is cut off; so is one whose socket
 * stays full, and its visits count as lost.  What is sent waits until
 * media_link_release(), after the turn's commit.
 */
#ifndef PVL_WEB_MEDIA_LINK_H
#define PVL_WEB_MEDIA_LINK_H

#include "base/log.h"
#include "ipc/media.h"
#include "ipc/supervisor.h"
#include "sys/loop.h"

enum {
	MEDIA_QUEUE_MAX = 4096, /* messages that wait for the commit */
};

struct media_worker {
	bool up; /* its HELLO came */
	uint64_t instance;
	uint16_t port;
	uint16_t tcp_ports[MEDIA_TCP_PORTS]; /* 0: none */
	uint8_t fingerprint[32];
	uint32_t starts;
	struct media_heartbeat last;
	uint64_t dropped_by[13]; /* since pvl-web started */
};

struct media_link;

/* supervisor_fd -1: alone (tests); the loop may be NULL then. */
MUST_USE enum err media_link_open(struct loop *loop, int supervisor_fd, struct log *log,
				  struct media_link **out);
void media_link_close(struct media_link *link);
/* pvl-notify's end that pvl has sent since the last time, now the caller's; -1: none. */
int media_link_take_notify(struct media_link *link);
/* The control socket of a process; replaces the one of that index. */
void media_link_worker(struct media_link *link, size_t index, int fd);
const struct media_worker *media_link_worker_find(const struct media_link *link, size_t index);

enum media_happening {
	MEDIA_NOTHING,
	MEDIA_MESSAGE,
	MEDIA_WORKER_UP,   /* RESYNC was sent */
	MEDIA_WORKER_LOST, /* all its visits are gone */
};

/* The next thing that happened, and to which process. */
enum media_happening media_link_next(struct media_link *link, size_t *worker,
				     struct media_message *out);
void media_link_send(struct media_link *link, size_t worker, const struct media_message *message);
/* committed: what waits leaves; else it is forgotten. */
void media_link_release(struct media_link *link, bool committed);
struct vault_link;
/* Where the control sockets of pvl-vault go, which pvl hands over too. */
void media_link_set_vault(struct media_link *link, struct vault_link *vault);
/* And those of pvl-record. */
struct record_link;
void media_link_set_recorder(struct media_link *link, struct record_link *recorder);
/* Likewise pvl-hints. */
struct hints_link;
void media_link_set_hints(struct media_link *link, struct hints_link *hints);
/* Likewise pvl-objects. */
struct objects_link;
void media_link_set_objects(struct media_link *link, struct objects_link *objects);
/* Tells pvl that pages are answered. */
void media_link_ready(struct media_link *link);

#endif
