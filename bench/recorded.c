/*
 * recorded.c - what recording costs: a real pvl-media and a real pvl-record, and visits that flow through them.
 *
 * recorded PROGRAMS DIRECTORY VISITS SECONDS ROUNDS: each round the same visits flow for so many seconds
 * unrecorded and for so many recorded.  Prints for each a line of JSON: CPU of both processes in
 * microseconds, packets that came in, bytes that were written.
 *
 * Each end sends 50 packets of sound and 75 of picture a second (15 frames of five), about 0.7 Mbit/s.
 */
#include <signal.h>
#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/assert.h"
#include "base/mem.h"
#include "base/str.h"
#include "ipc/media.h"
#include "ipc/record.h"
#include "ipc/ring.h"
#include "ipc/supervisor.h"
#include "peer.h"
#include "sys/child.h"
#include "sys/clock.h"
#include "sys/entropy.h"
#include "sys/seqpacket.h"
#include "sys/shared_memory.h"
#include "sys/udp.h"

enum {
	PORT = 45650,
	OPUS = 111,
	VP8 = 96,
	VISITS_MAX = 100,
	TICK_MS = 20,
	FRAME_EVERY = 10, /* ticks, in which 3 frames go out: 15 a second */
	PARTS = 5,
	PART_BYTES = 1050,
	KEY_EVERY = 50, /* ticks: a packet that got lost costs a second of picture, not the rest */
	SOUND_BYTES = 80,
	WARM_MS = 2500,
};

struct end {
	struct peer *peer;
	struct udp_sender out;
	uint32_t sound, picture;
	bool key; /* the next frame */
};

struct bench {
	struct random random;
	struct dtls_identity *identity;
	struct child media, record;
	int control, record_control;
	uint16_t port;
	struct address at;
	struct media_hello hello;
	size_t visits;
	size_t joined; /* ends */
	struct end ends[2 * VISITS_MAX];
	struct udp_inbox inbox;
	uint64_t packets_in;
	uint64_t written;
	int64_t ticks;
};

static void must(bool so, const char *what)
{
	if (so)
		return;
	fprintf(stderr, "recorded: %s\n", what);
	exit(1);
}

static struct media_text text(const char *from)
{
	struct media_text t = { .len = (uint8_t)strlen(from) };
	memcpy(t.at, from, t.len);
	return t;
}

static void say(struct bench *b, const struct media_message *m)
{
	uint8_t bytes[MEDIA_MESSAGE_MAX];
	size_t len;
	must(media_message_encode(m, bytes, sizeof bytes, &len) == OK &&
		 seqpacket_send(b->control, bytes_of(bytes, len), -1) == OK,
	     "pvl-media takes no message");
}

/* ---- the programs ---- */

static void start(const char *folder, const char *name, const char *const *argv,
		  const struct child_fd *fds, size_t fds_len, struct child *out)
{
	static const char *const environment[] = { "PATH=/usr/bin:/bin", NULL };
	char path[4096];
	snprintf(path, sizeof path, "%.4000s/%s", folder, name);
	struct child_plan plan = { .path = path,
				   .argv = argv,
				   .environment = environment,
				   .fds = fds,
				   .fds_len = fds_len };
	must(child_start(&plan, out) == OK, name);
}

static int public_key(void)
{
	char path[] = "/tmp/pvl-recorded-XXXXXX";
	uint8_t public[crypto_box_PUBLICKEYBYTES], secret[crypto_box_SECRETKEYBYTES];
	int fd = mkstemp(path);
	must(fd >= 0 && crypto_box_keypair(public, secret) == 0 &&
		 write(fd, public, sizeof public) == (ssize_t)sizeof public,
	     "no key");
	unlink(path);
	return fd;
}

static void start_programs(struct bench *b, const char *folder, const char *directory)
{
	static const uint8_t loopback[4] = { 127, 0, 0, 1 };
	int control[2], note[2], ring, udp, key = public_key();
	b->at = address_ipv4(loopback, PORT);
	must(udp_open(&b->at, &udp) == OK, "the port is taken");
	must(seqpacket_pair(control) == OK && seqpacket_pair(note) == OK &&
		 shared_memory_new(sizeof(struct ring), &ring) == OK,
	     "no pairs");
	const char *media[] = { "pvl-media", "--index", "0", "--port", "45650", NULL };
	struct child_fd media_fds[] = { { .from = control[1], .to = MEDIA_FD_CONTROL },
					{ .from = udp, .to = MEDIA_FD_UDP4 },
					{ .from = ring, .to = MEDIA_FD_RECORD } };
	const char *record[] = { "pvl-record", "--directory", directory, NULL };
	struct child_fd record_fds[] = { { .from = note[1], .to = RECORD_FD_CONTROL },
					 { .from = key, .to = RECORD_FD_KEY },
					 { .from = ring, .to = RECORD_FD_MEDIA } };
	start(folder, "pvl-record", record, record_fds, ARRAY_LEN(record_fds), &b->record);
	start(folder, "pvl-media", media, media_fds, ARRAY_LEN(media_fds), &b->media);
	close(control[1]);
	close(note[1]);
	close(udp);
	close(ring);
	close(key);
	b->control = control[0];
	b->record_control = note[0];
}

/* ---- what they say ---- */

static struct end *end_of(struct bench *b, struct peer_id id)
{
	return &b->ends[id.n - 1];
}

static void answered(struct bench *b, const struct media_answer *a)
{
	struct peer_remote remote = { .ufrag = bytes_of(a->ufrag.at, a->ufrag.len),
				      .pwd = bytes_of(a->pwd.at, a->pwd.len),
				      .fingerprint = b->hello.fingerprint,
				      .role = DTLS_PASSIVE };
	peer_connect(end_of(b, a->peer)->peer, &remote, mono_now());
}

static void hear_control(struct bench *b)
{
	static uint8_t bytes[MEDIA_MESSAGE_MAX];
	struct media_message m;
	struct record_note note;
	size_t len;
	while (seqpacket_receive(b->control, bytes, sizeof bytes, &len, NULL) == OK) {
		must(media_message_decode(bytes_of(bytes, len), true, &m) == OK, "nonsense");
		must(m.type != MEDIA_PEER_REFUSED, "a peer was refused");
		if (m.type == MEDIA_HELLO)
			b->hello = m.hello;
		if (m.type == MEDIA_PEER_ANSWER)
			answered(b, &m.answer);
		if (m.type == MEDIA_HEARTBEAT)
			b->packets_in = m.heartbeat.packets_in;
	}
	while (seqpacket_receive(b->record_control, bytes, sizeof bytes, &len, NULL) == OK) {
		must(record_note_decode(bytes_of(bytes, len), false, &note) == OK, "nonsense");
		must(note.type != RECORD_LOST, "something was not recorded");
		if (note.type == RECORD_ENDED)
			b->written += note.bytes;
	}
}

static void end_drain(struct bench *b, struct end *e)
{
	struct bytes bytes;
	while (peer_output(e->peer, &bytes)) {
		struct udp_out out = { .to = b->at, .bytes = bytes };
		(void)!udp_send(&e->out, &out, 1);
	}
}

static void hear_ends(struct bench *b)
{
	for (size_t i = 0; i < b->joined; i++) {
		struct end *e = &b->ends[i];
		while (udp_receive(e->out.fd, &b->inbox))
			for (size_t k = 0; k < b->inbox.count; k++) {
				uint64_t index;
				/* Media is not looked at: that would cost this program, not ours. */
				uint8_t first = b->inbox.in[k].at[0];
				if (first < 128 || first > 191)
					(void)peer_datagram(e->peer, b->inbox.in[k].at,
							    &b->inbox.in[k].len, &index,
							    mono_now());
			}
		peer_tick(e->peer, mono_now());
		end_drain(b, e);
	}
}

/* ---- visits ---- */

static void add_peer(struct bench *b, size_t visit, uint8_t end)
{
	static const uint8_t any[4] = { 127, 0, 0, 1 };
	size_t place = 2 * visit + end;
	struct end *e = &b->ends[place];
	struct address own = address_ipv4(any, 0);
	must(udp_open(&own, &e->out.fd) == OK, "no socket");
	e->peer = peer_new(b->identity, &b->random);
	e->sound = 1000u + 2 * (uint32_t)place;
	e->picture = e->sound + 1;
	e->key = true;
	struct media_message m = { .type = MEDIA_PEER_ADD };
	m.offer = (struct media_offer){ .visit = { (int64_t)visit + 1 },
					.peer = { (int64_t)place + 1 },
					.end = end,
					.role = end == 0 ? MEDIA_PRISONER : MEDIA_VISITOR,
					.own_page = true,
					.ufrag = text(peer_credentials(e->peer)->ufrag),
					.pwd = text(peer_credentials(e->peer)->pwd),
					.uplinks_len = 2,
					.slots_len = 2 };
	memcpy(m.offer.fingerprint, dtls_identity_fingerprint(b->identity), DTLS_FINGERPRINT_LEN);
	const struct media_codec codecs[2] = { { .codec = CODEC_OPUS, .pt = OPUS },
					       { .codec = CODEC_VP8, .pt = VP8 } };
	for (uint8_t k = 0; k < 2; k++) {
		enum media_kind kind = k == 0 ? MEDIA_AUDIO : MEDIA_VIDEO;
		m.offer.uplinks[k] = (struct media_uplink){ .kind = kind,
							    .mid = text(k == 0 ? "0" : "1"),
							    .ssrc = k == 0 ? e->sound : e->picture,
							    .codecs_len = 1,
							    .codecs = { codecs[k] } };
		m.offer.slots[k] = (struct media_slot){ .kind = kind,
							.mid = text(k == 0 ? "2" : "3"),
							.codecs_len = 1,
							.codecs = { codecs[k] } };
	}
	say(b, &m);
	b->joined++;
}

static bool all_connected(const struct bench *b)
{
	for (size_t i = 0; i < 2 * b->visits; i++)
		if (!peer_is_connected(b->ends[i].peer))
			return false;
	return true;
}

static void serve(struct bench *b, int64_t ms)
{
	struct mono until = mono_add_ms(mono_now(), ms);
	while (mono_before(mono_now(), until)) {
		hear_control(b);
		hear_ends(b);
		usleep(1000);
	}
}

static void route(struct bench *b, bool recorded)
{
	static uint32_t epoch;
	epoch++;
	for (size_t i = 0; i < b->visits; i++) {
		struct media_message m = { .type = MEDIA_ROUTES,
					   .routes = { .visit = { (int64_t)i + 1 },
						       .epoch = epoch,
						       .hears = { 2, 1 },
						       .sees = { 2, 1 },
						       .recorded_sound = recorded ? 3 : 0,
						       .recorded_picture = recorded ? 3 : 0 } };
		say(b, &m);
		b->ends[2 * i].key = b->ends[2 * i + 1].key = true;
	}
}

/* ---- media ---- */

static void send_one(struct bench *b, struct end *e, const struct rtp_fields *f,
		     struct bytes payload)
{
	uint8_t out[1400];
	size_t len;
	if (!peer_seal(e->peer, f, payload, out, sizeof out, &len))
		return;
	struct udp_out datagram = { .to = b->at, .bytes = bytes_of(out, len) };
	(void)!udp_send(&e->out, &datagram, 1);
}

static void send_frame(struct bench *b, struct end *e, uint32_t timestamp)
{
	static const uint8_t key[] = { 0x10, 0x10, 0, 0, 0x9d, 1, 0x2a, 0x80, 2, 0x68, 1 };
	uint8_t payload[PART_BYTES] = { 0 };
	for (int part = 0; part < PARTS; part++) {
		payload[0] = part == 0 ? 0x10 : 0;
		payload[1] = 1; /* no key frame */
		if (part == 0 && e->key)
			memcpy(payload, key, sizeof key);
		struct rtp_fields f = { .timestamp = timestamp,
					.ssrc = e->picture,
					.payload_type = VP8,
					.marker = part == PARTS - 1 };
		send_one(b, e, &f, bytes_of(payload, sizeof payload));
	}
	e->key = false;
}

static void send_tick(struct bench *b)
{
	static const uint8_t sound[SOUND_BYTES] = { 0x78 };
	int64_t tick = b->ticks++;
	bool frame = tick * 3 / FRAME_EVERY != (tick + 1) * 3 / FRAME_EVERY;
	for (size_t i = 0; i < 2 * b->visits; i++) {
		struct end *e = &b->ends[i];
		struct rtp_fields f = { .timestamp = (uint32_t)(tick * 960),
					.ssrc = e->sound,
					.payload_type = OPUS };
		send_one(b, e, &f, bytes_of(sound, sizeof sound));
		e->key |= tick % KEY_EVERY == 0;
		if (frame)
			send_frame(b, e, (uint32_t)(tick * TICK_MS * 90));
	}
}

static void flow(struct bench *b, int64_t ms)
{
	struct mono begun = mono_now();
	for (int64_t done = 0; done < ms; done += TICK_MS) {
		send_tick(b);
		hear_control(b);
		hear_ends(b);
		int64_t left = done + TICK_MS - mono_diff_us(mono_now(), begun) / 1000;
		if (left > 0)
			usleep((useconds_t)left * 1000);
	}
}

/* ---- what it costs ---- */

/* In ticks of the kernel it would be too coarse: nanoseconds from schedstat. */
static int64_t cpu_us(const struct child *child)
{
	char path[64], line[128] = "";
	unsigned long long ns = 0;
	snprintf(path, sizeof path, "/proc/%d/schedstat", (int)child->pid);
	FILE *file = fopen(path, "r");
	if (file != NULL && fgets(line, sizeof line, file) != NULL)
		ns = strtoull(line, NULL, 10);
	if (file != NULL)
		fclose(file);
	return (int64_t)(ns / 1000);
}

static void measure(struct bench *b, bool recorded, int64_t seconds)
{
	route(b, recorded);
	flow(b, WARM_MS);
	int64_t media = cpu_us(&b->media), record = cpu_us(&b->record);
	uint64_t before = b->packets_in;
	flow(b, seconds * 1000);
	printf("{\"recorded\":%s,\"media_us\":%lld,\"record_us\":%lld,\"packets\":%llu,\"seconds\":"
	       "%lld}\n",
	       recorded ? "true" : "false", (long long)(cpu_us(&b->media) - media),
	       (long long)(cpu_us(&b->record) - record),
	       (unsigned long long)(b->packets_in - before), (long long)seconds);
	fflush(stdout);
}

static void stop(struct child *child, int number)
{
	int code;
	child_signal(child, number);
	for (int i = 0; i < 3000 && child_runs(child) && !child_ended(child, &code); i++)
		usleep(1000);
}

int main(int argc, char **argv)
{
	static struct bench b;
	uint64_t visits, seconds, rounds;
	if (argc != 6 || !str_u64(str_from(argv[3]), VISITS_MAX, &visits) ||
	    !str_u64(str_from(argv[4]), 600, &seconds) ||
	    !str_u64(str_from(argv[5]), 100, &rounds) || sodium_init() < 0)
		return 2;
	b.random = entropy_random();
	b.identity = dtls_identity_new(wall_now());
	b.visits = (size_t)visits;
	udp_inbox_init(&b.inbox);
	start_programs(&b, argv[1], argv[2]);
	serve(&b, 300);
	for (size_t i = 0; i < b.visits; i++) {
		struct media_message open = { .type = MEDIA_VISIT_OPEN,
					      .visit = { .visit = { (int64_t)i + 1 },
							 .lifetime_s = 3600 } };
		say(&b, &open);
		for (uint8_t end = 0; end < 2; end++)
			add_peer(&b, i, end);
		serve(&b, 20);
	}
	for (int i = 0; i < 100 && !all_connected(&b); i++)
		serve(&b, 100);
	must(all_connected(&b), "not all ends are connected");
	for (uint64_t i = 0; i < rounds; i++) {
		measure(&b, false, (int64_t)seconds);
		measure(&b, true, (int64_t)seconds);
	}
	route(&b, false);
	serve(&b, 6500); /* segments end by themselves */
	printf("{\"written\":%llu}\n", (unsigned long long)b.written);
	stop(&b.media, SIGKILL);
	stop(&b.record, SIGTERM);
	return 0;
}
