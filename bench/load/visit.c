#include <stdio.h>
#include <sys/socket.h>
#include <unistd.h>

#include "load.h"

void ends_init(struct load *load, struct end *ends, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		ends[i].up.fd = ends[i].down.fd = -1;
		ends[i].audio_ssrc = random_u32(load->random) | 1;
		ends[i].video_ssrc = (random_u32(load->random) & ~1u) | 2;
	}
}

static bool floor_join(struct load *load, struct end *end, uint32_t n)
{
	uint8_t hello[5] = { 'H' };
	put_u32(hello + 1, n);
	end->floor = true;
	end->up.server = (struct sockaddr_in){ .sin_family = AF_INET,
					       .sin_port = htons(load->floor_port),
					       .sin_addr = { htonl(INADDR_LOOPBACK) } };
	return connection_open(load, &end->up, end) &&
	       connect(end->up.fd, (struct sockaddr *)&end->up.server, sizeof end->up.server) ==
		   0 &&
	       send(end->up.fd, hello, sizeof hello, 0) == sizeof hello;
}

bool signal_floor(struct load *load, struct end *a, struct end *b, int visit)
{
	return floor_join(load, a, (uint32_t)visit * 2) &&
	       floor_join(load, b, (uint32_t)visit * 2 + 1);
}

bool visit_stand(struct load *load, struct end *pair, int visit)
{
	switch (load->target) {
	case TARGET_PVL:
		return signal_pvl(load, &pair[0], &pair[1]);
	case TARGET_JANUS:
		return signal_janus(load, &pair[0], &pair[1], visit);
	case TARGET_FLOOR:
		return signal_floor(load, &pair[0], &pair[1], visit);
	}
	return false;
}

void visit_end(struct load *load, const struct end *pair)
{
	if (load->target == TARGET_PVL)
		signal_pvl_end(load, &pair[0]);
}

static void leave(struct connection *c)
{
	if (c->peer) {
		peer_close(c->peer);
		connection_flush(c);
	}
	peer_free(c->peer);
	if (c->fd >= 0)
		close(c->fd);
	c->peer = NULL;
	c->fd = -1;
}

void ends_leave(struct end *ends, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		leave(&ends[i].up);
		leave(&ends[i].down);
	}
}

static void keep_alive(struct connection *c, struct mono now)
{
	if (!c->peer)
		return;
	peer_tick(c->peer, now);
	connection_flush(c);
}

void ends_keep_alive(struct end *ends, size_t count)
{
	struct mono now = load_now();
	for (size_t i = 0; i < count; i++) {
		keep_alive(&ends[i].up, now);
		keep_alive(&ends[i].down, now);
	}
}
