#include "web/media_link.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "sys/seqpacket.h"
#include "web/hints_link.h"
#include "web/objects_link.h"
#include "web/record_link.h"
#include "web/vault_link.h"

struct queued {
	size_t worker;
	size_t len;
	uint8_t *bytes;
};

struct control {
	int fd; /* -1: none */
	bool lost;
	struct media_worker worker;
};

struct media_link {
	struct loop *loop;
	struct log *log;
	struct vault_link *vault;     /* NULL: none */
	struct record_link *recorder; /* NULL: none */
	struct objects_link *objects; /* NULL: none */
	struct hints_link *hints;     /* NULL: none */
	struct watch supervisor;
	int notify_fd; /* came, and nobody took it yet; -1: none */
	struct watch watches[SUPERVISOR_WORKERS_MAX];
	struct control controls[SUPERVISOR_WORKERS_MAX];
	size_t queued_len;
	struct queued queued[MEDIA_QUEUE_MAX];
};

/* The loop only has to turn: media_link_next() reads. */
static void on_control(struct watch *watch, unsigned what, struct mono now)
{
	(void)watch;
	(void)what;
	(void)now;
}

static void cut_off(struct media_link *link, size_t index)
{
	struct control *control = &link->controls[index];
	if (control->fd < 0)
		return;
	if (link->loop != NULL)
		loop_forget(link->loop, &link->watches[index]);
	close(control->fd);
	control->fd = -1;
	control->lost = true;
	control->worker.up = false;
	log_event(link->log, LOG_WARN, "media_lost", LOG_INT("worker", index));
}

static void send_now(struct media_link *link, size_t index, struct bytes bytes)
{
	struct control *control = &link->controls[index];
	if (control->fd >= 0 && seqpacket_send(control->fd, bytes, -1) != OK)
		cut_off(link, index);
}

void media_link_worker(struct media_link *link, size_t index, int fd)
{
	struct media_message resync = { .type = MEDIA_RESYNC };
	uint8_t bytes[MEDIA_MESSAGE_MAX];
	size_t len;
	ASSERT(index < SUPERVISOR_WORKERS_MAX);
	cut_off(link, index);
	link->controls[index].fd = fd;
	link->watches[index] = (struct watch){ .fd = fd, .ready = on_control, .owner = link };
	if (link->loop != NULL && loop_watch(link->loop, &link->watches[index], LOOP_READ) != OK)
		return cut_off(link, index);
	if (media_message_encode(&resync, bytes, sizeof(bytes), &len) == OK)
		send_now(link, index, bytes_of(bytes, len));
}

static void keep_notify(struct media_link *link, int fd)
{
	if (link->notify_fd >= 0)
		close(link->notify_fd);
	link->notify_fd = fd;
}

int media_link_take_notify(struct media_link *link)
{
	int fd = link->notify_fd;
	link->notify_fd = -1;
	return fd;
}

/* False: nobody wants it. */
static bool take_descriptor(struct media_link *link, const struct supervisor_message *message,
			    int fd)
{
	if (message->type == SUPERVISOR_VAULT && link->vault != NULL) {
		vault_link_take(link->vault, fd);
		return true;
	}
	if (message->type == SUPERVISOR_RECORD && link->recorder != NULL) {
		record_link_take(link->recorder, fd);
		return true;
	}
	if (message->type == SUPERVISOR_OBJECTS && link->objects != NULL) {
		objects_link_take(link->objects, fd);
		return true;
	}
	if (message->type == SUPERVISOR_HINTS && link->hints != NULL) {
		hints_link_take(link->hints, fd);
		return true;
	}
	if (message->type == SUPERVISOR_NOTIFY) {
		keep_notify(link, fd);
		return true;
	}
	if (message->type != SUPERVISOR_WORKER)
		return false;
	link->controls[message->worker.index].worker.starts = message->worker.starts;
	link->controls[message->worker.index].worker.port = message->worker.port;
	media_link_worker(link, message->worker.index, fd);
	return true;
}

static void on_supervisor(struct watch *watch, unsigned what, struct mono now)
{
	struct media_link *link = watch->owner;
	uint8_t bytes[SUPERVISOR_MESSAGE_MAX];
	struct supervisor_message message;
	size_t len;
	int fd = -1;
	(void)what;
	(void)now;
	enum err err = seqpacket_receive(watch->fd, bytes, sizeof(bytes), &len, &fd);
	if (err == ERR_AGAIN)
		return;
	if (err == ERR_CLOSED || err == ERR_SYS) {
		loop_forget(link->loop, watch);
		loop_stop(link->loop);
		return;
	}
	if (err == OK)
		err = supervisor_message_decode(bytes_of(bytes, len), false, &message);
	if (fd >= 0 && (err != OK || !take_descriptor(link, &message, fd)))
		close(fd);
}

void media_link_set_vault(struct media_link *link, struct vault_link *vault)
{
	link->vault = vault;
}

void media_link_set_recorder(struct media_link *link, struct record_link *recorder)
{
	link->recorder = recorder;
}

void media_link_set_hints(struct media_link *link, struct hints_link *hints)
{
	link->hints = hints;
}

void media_link_set_objects(struct media_link *link, struct objects_link *objects)
{
	link->objects = objects;
}

enum err media_link_open(struct loop *loop, int supervisor_fd, struct log *log,
			 struct media_link **out)
{
	struct media_link *link = mem_new(1, sizeof(*link));
	link->loop = loop;
	link->log = log;
	link->supervisor = (struct watch){ .fd = -1 };
	link->notify_fd = -1;
	for (size_t i = 0; i < SUPERVISOR_WORKERS_MAX; i++)
		link->controls[i].fd = -1;
	if (supervisor_fd >= 0) {
		link->supervisor =
		    (struct watch){ .fd = supervisor_fd, .ready = on_supervisor, .owner = link };
		enum err err = loop_watch(loop, &link->supervisor, LOOP_READ);
		if (err != OK) {
			free(link);
			return err;
		}
	}
	*out = link;
	return OK;
}

void media_link_close(struct media_link *link)
{
	if (link == NULL)
		return;
	media_link_release(link, false);
	keep_notify(link, -1);
	for (size_t i = 0; i < SUPERVISOR_WORKERS_MAX; i++)
		cut_off(link, i);
	if (link->supervisor.fd >= 0)
		loop_forget(link->loop, &link->supervisor);
	free(link);
}

const struct media_worker *media_link_worker_find(const struct media_link *link, size_t index)
{
	return index < SUPERVISOR_WORKERS_MAX ? &link->controls[index].worker : NULL;
}

static void note_hello(struct media_link *link, size_t index, const struct media_hello *hello,
		       bool known)
{
	struct control *control = &link->controls[index];
	control->worker.up = true;
	control->worker.instance = hello->instance;
	control->worker.port = hello->port;
	memcpy(control->worker.tcp_ports, hello->tcp_ports, sizeof(hello->tcp_ports));
	memcpy(control->worker.fingerprint, hello->fingerprint, 32);
	if (known)
		return;
	log_event(link->log, LOG_INFO, "media_up", LOG_INT("worker", index),
		  LOG_INT("port", hello->port));
}

/* One message of one process; false: none waits, or it was cut off. */
static bool read_one(struct media_link *link, size_t index, struct media_message *out)
{
	uint8_t bytes[MEDIA_MESSAGE_MAX];
	size_t len;
	enum err err =
	    seqpacket_receive(link->controls[index].fd, bytes, sizeof(bytes), &len, NULL);
	if (err == ERR_AGAIN)
		return false;
	if (err == OK)
		err = media_message_decode(bytes_of(bytes, len), true, out);
	if (err != OK)
		cut_off(link, index);
	return err == OK;
}

static enum media_happening sort_message(struct media_link *link, size_t index,
					 const struct media_message *message)
{
	struct media_worker *worker = &link->controls[index].worker;
	if (message->type == MEDIA_HELLO) {
		bool known = worker->up && worker->instance == message->hello.instance;
		note_hello(link, index, &message->hello, known);
		return known ? MEDIA_NOTHING : MEDIA_WORKER_UP;
	}
	if (message->type == MEDIA_HEARTBEAT)
		worker->last = message->heartbeat;
	return MEDIA_MESSAGE;
}

static enum media_happening next_of(struct media_link *link, size_t index,
				    struct media_message *out)
{
	struct control *control = &link->controls[index];
	while (control->fd >= 0 && read_one(link, index, out)) {
		enum media_happening what = sort_message(link, index, out);
		if (what != MEDIA_NOTHING)
			return what;
	}
	if (!control->lost)
		return MEDIA_NOTHING;
	control->lost = false;
	return MEDIA_WORKER_LOST;
}

enum media_happening media_link_next(struct media_link *link, size_t *worker,
				     struct media_message *out)
{
	for (size_t i = 0; i < SUPERVISOR_WORKERS_MAX; i++) {
		enum media_happening what = next_of(link, i, out);
		*worker = i;
		if (what != MEDIA_NOTHING)
			return what;
	}
	return MEDIA_NOTHING;
}

void media_link_send(struct media_link *link, size_t worker, const struct media_message *message)
{
	uint8_t bytes[MEDIA_MESSAGE_MAX];
	size_t len;
	if (media_message_encode(message, bytes, sizeof(bytes), &len) != OK ||
	    link->queued_len == MEDIA_QUEUE_MAX) {
		log_event(link->log, LOG_ERROR, "media_queue");
		return;
	}
	uint8_t *copy = mem_new(len, 1);
	memcpy(copy, bytes, len);
	link->queued[link->queued_len++] =
	    (struct queued){ .worker = worker, .len = len, .bytes = copy };
}

void media_link_release(struct media_link *link, bool committed)
{
	for (size_t i = 0; i < link->queued_len; i++) {
		struct queued *queued = &link->queued[i];
		if (committed)
			send_now(link, queued->worker, bytes_of(queued->bytes, queued->len));
		free(queued->bytes);
	}
	link->queued_len = 0;
}

void media_link_ready(struct media_link *link)
{
	struct supervisor_message message = { .type = SUPERVISOR_READY };
	uint8_t bytes[SUPERVISOR_MESSAGE_MAX];
	size_t len;
	if (link->supervisor.fd < 0 ||
	    supervisor_message_encode(&message, bytes, sizeof(bytes), &len) != OK)
		return;
	if (seqpacket_send(link->supervisor.fd, bytes_of(bytes, len), -1) != OK)
		log_event(link->log, LOG_WARN, "supervisor_gone");
}
