#include "two_ends.h"

#include <netinet/in.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../unit/check.h"
#include "ipc/supervisor.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/seqpacket.h"
#include "sys/shared_memory.h"
#include "sys/tcp.h"

static const uint8_t loopback[4] = { 127, 0, 0, 1 };

static struct media_text text(const char *from)
{
	struct media_text t = { .len = (uint8_t)strlen(from) };
	memcpy(t.at, from, t.len);
	return t;
}

void scene_say(struct scene *s, const struct media_message *m)
{
	uint8_t bytes[MEDIA_MESSAGE_MAX];
	size_t len;
	CHECK(media_message_encode(m, bytes, sizeof bytes, &len) == OK);
	CHECK(seqpacket_send(s->control, bytes_of(bytes, len), -1) == OK);
}

static void answered(struct scene *s, const struct media_answer *a)
{
	struct end *e = &s->ends[a->peer.n - 1];
	struct peer_remote remote = { .ufrag = bytes_of(a->ufrag.at, a->ufrag.len),
				      .pwd = bytes_of(a->pwd.at, a->pwd.len),
				      .fingerprint = s->hello.fingerprint,
				      .role = DTLS_PASSIVE };
	CHECK(a->slots_len == 1);
	e->slot_ssrc = a->slots[0].ssrc;
	peer_connect(e->peer, &remote, mono_now());
}

static void hear_control(struct scene *s)
{
	uint8_t bytes[MEDIA_MESSAGE_MAX];
	struct media_message m;
	size_t len;
	while (seqpacket_receive(s->control, bytes, sizeof bytes, &len, NULL) == OK) {
		CHECK(media_message_decode(bytes_of(bytes, len), true, &m) == OK);
		CHECK(m.type != MEDIA_PEER_REFUSED);
		if (m.type == MEDIA_HELLO)
			s->hello = m.hello;
		if (m.type == MEDIA_PEER_ANSWER)
			answered(s, &m.answer);
		if (m.type == MEDIA_PEER_STATE)
			s->ends[m.state.end].connected = m.state.state == MEDIA_PEER_CONNECTED;
		if (m.type == MEDIA_HEARTBEAT) {
			s->last = m.heartbeat;
			s->heartbeats++;
		}
		s->visit_closed |= m.type == MEDIA_VISIT_CLOSED;
	}
}

static void send_framed(struct end *e, struct bytes datagram)
{
	uint8_t framed[FRAMING_HEAD + FRAMING_DATAGRAM_MAX];
	CHECK(datagram.len <= FRAMING_DATAGRAM_MAX);
	put_u16(framed, (uint16_t)datagram.len);
	memcpy(framed + FRAMING_HEAD, datagram.at, datagram.len);
	ssize_t all = (ssize_t)(FRAMING_HEAD + datagram.len);
	CHECK(send(e->out.fd, framed, (size_t)all, MSG_NOSIGNAL) == all);
}

void end_send(struct end *e, struct bytes bytes)
{
	struct udp_out out = { .to = e->media, .bytes = bytes };
	if (e->by_tcp)
		send_framed(e, bytes);
	else
		CHECK(udp_send(&e->out, &out, 1) == 0);
}

static void end_drain(struct end *e)
{
	struct bytes b;
	while (peer_output(e->peer, &b))
		end_send(e, b);
}

static void hear_one(struct end *e, uint8_t *at, size_t len)
{
	uint64_t index;
	struct rtp rtp;
	bool got = peer_datagram(e->peer, at, &len, &index, mono_now()) == PEER_GOT_RTP;
	end_drain(e);
	if (!got || rtp_parse(bytes_of(at, len), &rtp))
		return;
	CHECK(rtp.ssrc == e->slot_ssrc);
	e->last_len = rtp.payload.len < sizeof e->last ? rtp.payload.len : sizeof e->last;
	memcpy(e->last, rtp.payload.at, e->last_len);
	e->heard++;
}

static void hear_stream(struct end *e)
{
	uint8_t *at;
	size_t cap, len;
	for (;;) {
		at = framing_in_room(&e->in, &cap);
		ssize_t n = recv(e->out.fd, at, cap, MSG_DONTWAIT);
		if (n <= 0)
			return;
		framing_in_came(&e->in, (size_t)n);
		while (framing_in_take(&e->in, &at, &len) == OK)
			hear_one(e, at, len);
	}
}

static void hear_datagrams(struct scene *s, struct end *e)
{
	if (e->by_tcp) {
		hear_stream(e);
		return;
	}
	while (udp_receive(e->out.fd, &s->inbox))
		for (size_t i = 0; i < s->inbox.count; i++) {
			CHECK(address_equal(&s->inbox.in[i].from, &e->media));
			hear_one(e, s->inbox.in[i].at, s->inbox.in[i].len);
		}
}

void scene_run(struct scene *s, int ms)
{
	struct mono end = mono_add_ms(mono_now(), ms);
	while (mono_before(mono_now(), end)) {
		struct pollfd fds[3] = { { .fd = s->control, .events = POLLIN },
					 { .fd = s->ends[0].out.fd, .events = POLLIN },
					 { .fd = s->ends[1].out.fd, .events = POLLIN } };
		poll(fds, 3, 5);
		hear_control(s);
		for (int i = 0; i < 2; i++) {
			peer_tick(s->ends[i].peer, mono_now());
			end_drain(&s->ends[i]);
			hear_datagrams(s, &s->ends[i]);
		}
	}
}

bool scene_run_until(struct scene *s, bool (*is_so)(const struct scene *))
{
	for (int i = 0; i < 250 && !is_so(s); i++)
		scene_run(s, 20);
	return is_so(s);
}

/* On any address of IPv4, unless it is to be bound to one; in IPv6 if that is so. */
static size_t open_sockets(const struct scene_plan *plan, struct child_fd *fds)
{
	struct address at4 = { .family = ADDRESS_IPV4, .port = plan->bound.port };
	int udp4, udp6, tcp4;
	size_t n = 0;
	if (plan->bound.family == ADDRESS_IPV4)
		at4 = plan->bound;
	CHECK(udp_open(&at4, &udp4) == OK && tcp_listen_media(&at4, &tcp4) == OK);
	fds[n++] = (struct child_fd){ .from = udp4, .to = MEDIA_FD_UDP4 };
	fds[n++] = (struct child_fd){ .from = tcp4, .to = MEDIA_FD_TCP };
	if (plan->bound.family != ADDRESS_IPV6)
		return n;
	CHECK(udp_open(&plan->bound, &udp6) == OK);
	fds[n++] = (struct child_fd){ .from = udp6, .to = MEDIA_FD_UDP6 };
	return n;
}

static void start_media(struct scene *s, const struct scene_plan *scene_plan)
{
	static const char *const environment[] = { "ASAN_OPTIONS=detect_leaks=0", NULL };
	char port[8];
	const char *argv[] = { "pvl-media", "--index", "0", "--port", port, NULL };
	struct child_fd fds[5];
	int ends[2], ring;
	snprintf(port, sizeof port, "%u", s->port);
	CHECK(seqpacket_pair(ends) == OK && shared_memory_new(sizeof(struct ring), &ring) == OK);
	fds[0] = (struct child_fd){ .from = ends[1], .to = MEDIA_FD_CONTROL };
	fds[1] = (struct child_fd){ .from = ring, .to = MEDIA_FD_RECORD };
	struct child_plan plan = { .path = scene_plan->program,
				   .argv = argv,
				   .environment = environment,
				   .fds = fds,
				   .fds_len = 2 + open_sockets(scene_plan, fds + 2) };
	CHECK(child_start(&plan, &s->media) == OK);
	s->record = ring_reader_of(shared_memory_map(ring, sizeof(struct ring)));
	for (size_t i = 0; i < plan.fds_len; i++)
		close(fds[i].from);
	s->control = ends[0];
}

static bool has_greeted(const struct scene *s)
{
	return s->hello.port == s->port && s->hello.tcp_ports[0] == s->port;
}

bool scene_is_connected(const struct scene *s)
{
	return s->ends[0].connected && s->ends[1].connected && peer_is_connected(s->ends[0].peer) &&
	       peer_is_connected(s->ends[1].peer);
}

int scene_tcp(const struct scene *s)
{
	struct sockaddr_in to = { .sin_family = AF_INET, .sin_port = htons(s->port) };
	int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
	memcpy(&to.sin_addr, loopback, sizeof loopback);
	CHECK(fd >= 0 && connect(fd, (struct sockaddr *)&to, sizeof to) == 0);
	return fd;
}

static void join(struct scene *s, const struct scene_plan *plan, uint8_t i)
{
	struct end *e = &s->ends[i];
	struct media_message m = { .type = MEDIA_PEER_ADD };
	if (e->by_tcp)
		e->out.fd = scene_tcp(s);
	else
		CHECK(udp_open(&plan->own, &e->out.fd) == OK);
	e->media = plan->media[i];
	e->peer = peer_new(s->identity, &s->random);
	e->ssrc = 1000u + i;
	m.offer = (struct media_offer){ .visit = { VISIT },
					.peer = { i + 1 },
					.end = i,
					.role = i == 0 ? MEDIA_PRISONER : MEDIA_VISITOR,
					.own_page = true,
					.ufrag = text(peer_credentials(e->peer)->ufrag),
					.pwd = text(peer_credentials(e->peer)->pwd),
					.uplinks_len = 1,
					.slots_len = 1 };
	memcpy(m.offer.fingerprint, dtls_identity_fingerprint(s->identity), DTLS_FINGERPRINT_LEN);
	m.offer.uplinks[0] =
	    (struct media_uplink){ .kind = MEDIA_AUDIO,
				   .mid = text("0"),
				   .ssrc = e->ssrc,
				   .ext = { .mid = 4 },
				   .codecs_len = 1,
				   .codecs = { { .codec = CODEC_OPUS, .pt = OPUS } } };
	m.offer.slots[0] = (struct media_slot){ .kind = MEDIA_AUDIO,
						.mid = text("2"),
						.ext = { .mid = 4 },
						.codecs_len = 1,
						.codecs = { { .codec = CODEC_OPUS, .pt = OPUS } } };
	scene_say(s, &m);
}

void scene_plan_loopback(struct scene_plan *plan, uint16_t port)
{
	plan->own = address_ipv4(loopback, 0);
	plan->bound = plan->media[0] = plan->media[1] = address_ipv4(loopback, port);
}

bool scene_open(struct scene *s, const struct scene_plan *plan)
{
	struct media_message open = {
		.type = MEDIA_VISIT_OPEN,
		.visit = { .visit = { VISIT }, .kind = plan->kind, .lifetime_s = 60 }
	};
	*s = (struct scene){ .port = plan->bound.port, .random = entropy_random() };
	s->identity = dtls_identity_new(wall_now());
	udp_inbox_init(&s->inbox);
	start_media(s, plan);
	scene_say(s, &open);
	for (uint8_t i = 0; i < 2; i++) {
		s->ends[i].by_tcp = i < plan->by_tcp;
		join(s, plan, i);
	}
	return scene_run_until(s, has_greeted) && scene_run_until(s, scene_is_connected);
}

void scene_close(struct scene *s)
{
	munmap(s->record.ring, sizeof *s->record.ring);
	int code;
	child_signal(&s->media, SIGKILL);
	while (child_runs(&s->media) && !child_ended(&s->media, &code))
		usleep(1000);
	for (int i = 0; i < 2; i++) {
		peer_free(s->ends[i].peer);
		close(s->ends[i].out.fd);
	}
	close(s->control);
	udp_inbox_clear(&s->inbox);
	dtls_identity_free(s->identity);
}

void scene_route_both_ways(struct scene *s)
{
	struct media_message m = { .type = MEDIA_ROUTES,
				   .routes = { .visit = { VISIT }, .epoch = 1 } };
	m.routes.hears[0] = 1 << 1;
	m.routes.hears[1] = 1 << 0;
	scene_say(s, &m);
}

void scene_speak(struct scene *s, int times)
{
	for (int k = 0; k < times; k++) {
		for (size_t i = 0; i < 2; i++) {
			struct end *e = &s->ends[i];
			uint8_t out[256];
			size_t len;
			const char *words = i == 0 ? "from the prisoner" : "from the visitor";
			struct rtp_extension mid = { .id = 4, .value = bytes_from_text("0") };
			struct rtp_fields f = { .sequence = 100,
						.timestamp = (uint32_t)k * 960,
						.ssrc = e->ssrc,
						.payload_type = OPUS,
						.extensions = &mid,
						.extension_count = 1 };
			CHECK(
			    peer_seal(e->peer, &f, bytes_from_text(words), out, sizeof out, &len));
			end_send(e, bytes_of(out, len));
		}
		scene_run(s, 20);
	}
}
