/*
 * two_ends.h - a real pvl-media with one visit of two ends, for the tests beside.
 *
 * Each end reaches it by UDP or by TCP (RFC 4571).  Only sound is sent.  What goes wrong ends the test.
 */
#ifndef PVL_TESTS_TWO_ENDS_H
#define PVL_TESTS_TWO_ENDS_H

#include "ipc/media.h"
#include "ipc/ring.h"
#include "peer.h"
#include "sys/child.h"
#include "sys/udp.h"
#include "wire/framing.h"

enum {
	OPUS = 111,
	VISIT = 77,
};

struct end {
	struct peer *peer;
	bool by_tcp;
	struct udp_sender out; /* its fd is the connection if by_tcp */
	struct address media;  /* where it reaches pvl-media */
	struct framing_in in;
	uint32_t ssrc;
	bool connected; /* as pvl-media tells */
	uint32_t slot_ssrc;
	size_t heard;
	uint8_t last[64]; /* the beginning of the payload heard last */
	size_t last_len;
};

struct scene_plan {
	const char *program; /* pvl-media */
	enum media_visit_kind kind;
	size_t by_tcp;           /* so many of the ends, the first ones */
	struct address own;      /* of both ends */
	struct address media[2]; /* where each reaches pvl-media */
	struct address bound;    /* its socket */
};

struct scene {
	uint16_t port;
	struct child media;
	int control;
	struct ring_reader record; /* what pvl-record would get */
	struct random random;
	struct dtls_identity *identity;
	struct udp_inbox inbox;
	struct media_hello hello;
	size_t heartbeats;
	struct media_heartbeat last;
	bool visit_closed;
	struct end ends[2];
};

/* All of it at 127.0.0.1. */
void scene_plan_loopback(struct scene_plan *plan, uint16_t port);
/* Starts the program and waits until both ends are connected; false: they were not. */
bool scene_open(struct scene *scene, const struct scene_plan *plan);
void scene_close(struct scene *scene);
/* A TCP connection to the media port. */
int scene_tcp(const struct scene *scene);
/* Serves both ends and the control pair for so long, or (for at most 5 s) until something is so. */
void scene_run(struct scene *scene, int ms);
bool scene_run_until(struct scene *scene, bool (*is_so)(const struct scene *));
void scene_say(struct scene *scene, const struct media_message *message);
bool scene_is_connected(const struct scene *scene);
void scene_route_both_ways(struct scene *scene);
/* 20 ms of speech from both, so many times. */
void scene_speak(struct scene *scene, int times);
void end_send(struct end *end, struct bytes datagram);

#endif
