/*
 * srtp.c - what protecting costs: ns to open one packet and seal it again, per profile.
 *
 * Two packets of 1100 bytes to one of 120, as video and sound come; the
 * best round counts, since the machine's other work only adds.
 *
 *	srtp [--json FILE]
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "base/assert.h"
#include "rtc/srtp.h"

enum {
	PACKETS = 3000,
	ROUNDS = 30,
	HEADER = 12,
	LARGE = 1100,
	SMALL = 120,
	ROOM = 1200,
	GOAL_NS = 1300, /* with GCM-128 on the reference machine */
};

struct packet {
	uint8_t at[ROOM];
	size_t len;
};

static const struct {
	enum srtp_profile profile;
	const char *name;
} PROFILES[] = {
	{ SRTP_AEAD_AES_128_GCM, "aead_aes_128_gcm" },
	{ SRTP_AEAD_AES_256_GCM, "aead_aes_256_gcm" },
	{ SRTP_AES128_CM_SHA1_80, "aes128_cm_sha1_80" },
};

static int64_t now_ns(void)
{
	struct timespec t;
	clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
	return (int64_t)t.tv_sec * 1000000000 + t.tv_nsec;
}

static void header_of(uint8_t header[HEADER], uint64_t index)
{
	memset(header, 0, HEADER);
	header[0] = 0x80;
	header[1] = 96;
	put_u16(header + 2, (uint16_t)index);
	put_u32(header + 8, 7);
}

/* What the sender sends, sealed before the clock runs. */
static void fill(struct srtp *sender, struct packet *packets, uint64_t first)
{
	static const uint8_t payload[LARGE];
	for (size_t i = 0; i < PACKETS; i++) {
		uint8_t header[HEADER];
		size_t len = (i % 3 == 2 ? SMALL : LARGE) - HEADER;
		header_of(header, first + i);
		ASSERT(srtp_protect(sender, bytes_of(header, HEADER), bytes_of(payload, len),
				    first + i, packets[i].at, ROOM, &packets[i].len) == OK);
	}
}

static int64_t round_ns(struct srtp *in, struct srtp *out, struct packet *packets)
{
	int64_t start = now_ns();
	for (size_t i = 0; i < PACKETS; i++) {
		struct packet *p = &packets[i];
		uint8_t sealed[ROOM];
		uint64_t index;
		size_t len;
		ASSERT(srtp_unprotect(in, p->at, &p->len, &index) == OK);
		ASSERT(srtp_protect(out, bytes_of(p->at, HEADER),
				    bytes_of(p->at + HEADER, p->len - HEADER), index, sealed, ROOM,
				    &len) == OK);
	}
	return (now_ns() - start) / PACKETS;
}

static int64_t best_ns(enum srtp_profile profile)
{
	struct srtp_key key = { .profile = profile, .key = { 1 }, .salt = { 2 } };
	struct srtp_key other = { .profile = profile, .key = { 3 }, .salt = { 4 } };
	struct srtp *sender = srtp_new(&key, SRTP_SEND);
	struct srtp *in = srtp_new(&key, SRTP_RECEIVE);
	struct srtp *out = srtp_new(&other, SRTP_SEND);
	struct packet *packets = calloc(PACKETS, sizeof *packets);
	ASSERT(sender != NULL && in != NULL && out != NULL && packets != NULL);
	int64_t best = INT64_MAX;
	for (uint64_t round = 0; round < ROUNDS; round++) {
		fill(sender, packets, 1 + round * PACKETS);
		int64_t ns = round_ns(in, out, packets);
		best = ns < best ? ns : best;
	}
	free(packets);
	srtp_free(sender);
	srtp_free(in);
	srtp_free(out);
	return best;
}

int main(int argc, char **argv)
{
	FILE *json = argc == 3 && strcmp(argv[1], "--json") == 0 ? fopen(argv[2], "w") : NULL;
	if (argc != 1 && json == NULL) {
		fputs("usage: srtp [--json FILE]\n", stderr);
		return 2;
	}
	puts("open and seal one packet     ns");
	for (size_t i = 0; i < ARRAY_LEN(PROFILES); i++) {
		int64_t ns = best_ns(PROFILES[i].profile);
		printf("%-24s %6lld\n", PROFILES[i].name, (long long)ns);
		if (json != NULL)
			fprintf(json, "%s\"%s_ns\":%lld", i == 0 ? "{" : ",", PROFILES[i].name,
				(long long)ns);
	}
	if (json != NULL)
		fprintf(json, ",\"goal_aead_aes_128_gcm_ns\":%d}\n", GOAL_NS);
	return json != NULL && fclose(json) != 0;
}
