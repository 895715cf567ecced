#include "peer.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/assert.h"
#include "base/hex.h"
#include "base/mem.h"
#include "wire/demux.h"
#include "wire/stun.h"

enum {
	CHECK_FIRST_MS = 50,   /* while nothing was answered */
	CHECK_SOON_MS = 100,   /* until keys stand: libnice takes a pair at its second check only */
	CHECK_AGAIN_MS = 2500, /* consent, RFC 7675: 4 to 6 s; sooner, so that loss does no harm */
	CHECK_TIMES = 60,
	CHECK_PRIORITY = 1845501695,
	CREDENTIAL_BYTES = 18,
};

struct stream {
	uint32_t ssrc;
	uint64_t index;
	bool used;
};

struct peer {
	struct random *random;
	const struct dtls_identity *identity;
	struct peer_credentials credentials;
	char username[600]; /* theirs:ours */
	struct stun_key remote_key;
	struct stun_key own_key;
	struct address remote;
	uint8_t transaction[STUN_TRANSACTION_LEN];
	uint64_t tie_breaker;
	bool checking;
	unsigned sent; /* times the present check was, unanswered */
	bool answered;
	struct mono next_check;
	struct dtls *dtls;
	enum dtls_role role;
	struct srtp *send;
	struct srtp *receive;
	struct stream streams[PEER_STREAMS_MAX];
	uint8_t check[STUN_MESSAGE_MAX];
	size_t check_len;
};

static void credentials_draw(struct peer *peer)
{
	uint8_t bytes[CREDENTIAL_BYTES];
	char text[BASE64URL_ROOM(CREDENTIAL_BYTES)];
	random_fill(peer->random, bytes, sizeof bytes);
	base64url_encode(bytes_of(bytes, sizeof bytes), text);
	for (size_t i = 0; text[i]; i++) /* ice-char knows neither '-' nor '_' (RFC 8839 5.4) */
		if (text[i] == '-' || text[i] == '_')
			text[i] = '+';
	memcpy(peer->credentials.pwd, text, PEER_PWD_LEN);
	random_fill(peer->random, bytes, 4);
	hex_encode(bytes_of(bytes, 4), peer->credentials.ufrag);
}

struct peer *peer_new(const struct dtls_identity *identity, struct random *random)
{
	struct peer *peer = mem_new(1, sizeof *peer);
	peer->identity = identity;
	peer->random = random;
	peer->next_check = MONO_NEVER;
	peer->tie_breaker = random_u64(random);
	credentials_draw(peer);
	return peer;
}

void peer_free(struct peer *peer)
{
	if (!peer)
		return;
	dtls_free(peer->dtls);
	srtp_free(peer->send);
	srtp_free(peer->receive);
	stun_key_clear(&peer->remote_key);
	stun_key_clear(&peer->own_key);
	free(peer);
}

const struct peer_credentials *peer_credentials(const struct peer *peer)
{
	return &peer->credentials;
}

static void check_write(struct peer *peer, struct mono now)
{
	struct stun_request request = {
		.username = str_from(peer->username),
		.priority = CHECK_PRIORITY,
		.role = STUN_CONTROLLING,
		.tie_breaker = peer->tie_breaker,
		.use_candidate = true,
	};
	/* Sent again, it is the same check: an answer that took long still fits.  Then a new one. */
	if (peer->sent == 0 || peer->sent == CHECK_TIMES) {
		random_fill(peer->random, peer->transaction, sizeof peer->transaction);
		peer->sent = 0;
	}
	peer->sent++;
	memcpy(request.transaction, peer->transaction, sizeof request.transaction);
	struct writer w = writer_of(peer->check, sizeof peer->check);
	ASSERT(stun_write_request(&w, &request, &peer->remote_key) == OK);
	peer->check_len = w.len;
	peer->next_check = mono_add_ms(now, !peer->answered ? CHECK_FIRST_MS
					    : peer->send    ? CHECK_AGAIN_MS
							    : CHECK_SOON_MS);
}

void peer_connect(struct peer *peer, const struct peer_remote *remote, struct mono now)
{
	(void)snprintf(peer->username, sizeof peer->username, "%.*s:%s", (int)remote->ufrag.len,
		       (const char *)remote->ufrag.at, peer->credentials.ufrag);
	stun_key_clear(&peer->remote_key);
	ASSERT(stun_key_init(&peer->remote_key, remote->pwd) == OK);
	stun_key_clear(&peer->own_key);
	ASSERT(stun_key_init(&peer->own_key, bytes_from_text(peer->credentials.pwd)) == OK);
	peer->remote = remote->address;
	peer->checking = true;
	peer->answered = false;
	peer->sent = 0;
	if (!peer->dtls) {
		peer->role = remote->role;
		peer->dtls = dtls_new(peer->identity, remote->role, remote->fingerprint);
		ASSERT(peer->dtls);
	}
	check_write(peer, now);
}

void peer_restart(struct peer *peer)
{
	credentials_draw(peer);
	peer->checking = false;
	peer->next_check = MONO_NEVER;
}

static void take_keys(struct peer *peer)
{
	struct srtp_key send, receive;
	if (peer->send || !dtls_keys(peer->dtls, &send, &receive))
		return;
	peer->send = srtp_new(&send, SRTP_SEND);
	peer->receive = srtp_new(&receive, SRTP_RECEIVE);
	ASSERT(peer->send && peer->receive);
	mem_wipe(&send, sizeof send);
	mem_wipe(&receive, sizeof receive);
}

/* A check of a full agent. */
static void check_answer(struct peer *peer, const struct stun_message *message)
{
	if (peer->remote.family == ADDRESS_NONE || !stun_verify(message, &peer->own_key))
		return;
	struct writer w = writer_of(peer->check, sizeof peer->check);
	ASSERT(stun_write_success(&w, message->transaction, &peer->remote, &peer->own_key) == OK);
	peer->check_len = w.len;
}

static void stun_came(struct peer *peer, struct bytes datagram, struct mono now)
{
	struct stun_message message;
	if (stun_parse(datagram, &message) != OK)
		return;
	if (message.type == STUN_BINDING_REQUEST) {
		check_answer(peer, &message);
		return;
	}
	if (message.type != STUN_BINDING_SUCCESS)
		return;
	if (memcmp(message.transaction, peer->transaction, STUN_TRANSACTION_LEN) != 0 ||
	    !stun_verify(&message, &peer->remote_key))
		return;
	peer->sent = 0;
	peer->next_check = mono_add_ms(now, peer->send ? CHECK_AGAIN_MS : CHECK_SOON_MS);
	if (peer->answered)
		return;
	peer->answered = true;
	if (peer->role == DTLS_ACTIVE && dtls_state(peer->dtls) == DTLS_NEW)
		dtls_start(peer->dtls, now);
}

static enum peer_got rtp_came(struct peer *peer, uint8_t *at, size_t *len, uint64_t *index)
{
	if (!peer->receive || srtp_unprotect(peer->receive, at, len, index) != OK)
		return PEER_GOT_NOTHING;
	return PEER_GOT_RTP;
}

static enum peer_got rtcp_came(struct peer *peer, uint8_t *at, size_t *len)
{
	if (!peer->receive || srtcp_unprotect(peer->receive, at, len) != OK)
		return PEER_GOT_NOTHING;
	return PEER_GOT_RTCP;
}

enum peer_got peer_datagram(struct peer *peer, uint8_t *at, size_t *len, uint64_t *index,
			    struct mono now)
{
	struct bytes datagram = bytes_of(at, *len);
	switch (datagram_kind(datagram)) {
	case DATAGRAM_STUN:
		stun_came(peer, datagram, now);
		return PEER_GOT_NOTHING;
	case DATAGRAM_DTLS:
		if (peer->dtls) {
			dtls_input(peer->dtls, datagram, now);
			take_keys(peer);
		}
		return PEER_GOT_NOTHING;
	case DATAGRAM_RTP:
		return rtp_came(peer, at, len, index);
	case DATAGRAM_RTCP:
		return rtcp_came(peer, at, len);
	case DATAGRAM_UNKNOWN:
		break;
	}
	return PEER_GOT_NOTHING;
}

void peer_tick(struct peer *peer, struct mono now)
{
	if (peer->checking && !mono_before(now, peer->next_check))
		check_write(peer, now);
	if (peer->dtls && !mono_before(now, dtls_next(peer->dtls)))
		dtls_tick(peer->dtls, now);
}

struct mono peer_next(const struct peer *peer)
{
	return peer->dtls ? mono_min(peer->next_check, dtls_next(peer->dtls)) : peer->next_check;
}

bool peer_output(struct peer *peer, struct bytes *datagram)
{
	if (peer->check_len) {
		*datagram = bytes_of(peer->check, peer->check_len);
		peer->check_len = 0;
		return true;
	}
	return peer->dtls && dtls_output(peer->dtls, datagram);
}

bool peer_is_connected(const struct peer *peer)
{
	return peer->send && dtls_state(peer->dtls) == DTLS_CONNECTED;
}

bool peer_is_over(const struct peer *peer)
{
	return peer->dtls &&
	       (dtls_state(peer->dtls) == DTLS_CLOSED || dtls_state(peer->dtls) == DTLS_FAILED);
}

void peer_close(struct peer *peer)
{
	if (peer->dtls)
		dtls_close(peer->dtls);
	peer->checking = false;
	peer->next_check = MONO_NEVER;
}

/* The stream of this SSRC, made at its first packet; NULL if there are too many. */
static struct stream *stream_of(struct peer *peer, uint32_t ssrc, uint16_t first)
{
	for (size_t i = 0; i < PEER_STREAMS_MAX; i++) {
		struct stream *stream = &peer->streams[i];
		if (stream->used && stream->ssrc == ssrc)
			return stream;
		if (stream->used)
			continue;
		*stream = (struct stream){ .ssrc = ssrc, .index = first, .used = true };
		return stream;
	}
	return NULL;
}

bool peer_seal(struct peer *peer, const struct rtp_fields *fields, struct bytes payload,
	       uint8_t *out, size_t cap, size_t *len)
{
	struct stream *stream = stream_of(peer, fields->ssrc, fields->sequence);
	if (!stream || !peer_is_connected(peer))
		return false;
	struct rtp_fields counted = *fields;
	counted.sequence = (uint16_t)stream->index;
	uint8_t header[RTP_HEADER_MAX];
	size_t header_len = rtp_write_header(header, sizeof header, &counted);
	if (header_len == 0 || srtp_protect(peer->send, bytes_of(header, header_len), payload,
					    stream->index, out, cap, len) != OK)
		return false;
	stream->index++;
	return true;
}

bool peer_seal_rtcp(struct peer *peer, uint8_t *packet, size_t *len, size_t cap)
{
	return peer_is_connected(peer) && srtcp_protect(peer->send, packet, len, cap) == OK;
}
