#include "wire/sdp.h"

#include <string.h>

#include "base/assert.h"
#include "base/hex.h"

enum {
	APT_UNKNOWN = 0xff
};

static const char *const directions[] = {
	[SDP_SENDRECV] = "sendrecv",
	[SDP_SENDONLY] = "sendonly",
	[SDP_RECVONLY] = "recvonly",
	[SDP_INACTIVE] = "inactive",
};

/*
 * The attributes of the session are read into a media section of their own,
 * of which every real one starts as a copy: so what it lacks is inherited.
 */
struct parse {
	struct sdp_offer *offer;
	struct sdp_media session;
	struct sdp_media *media; /* where attributes go now: &session at first */
	struct str bundle;
	struct sdp_fault fault;
};

static enum err bad(struct parse *p, const char *what)
{
	p->fault.what = what;
	return ERR_BAD;
}

static enum err limit(struct parse *p, const char *what)
{
	p->fault.what = what;
	return ERR_LIMIT;
}

/* ---- small grammar ---- */

static bool all_of(struct str s, bool (*is_allowed)(char c))
{
	for (size_t i = 0; i < s.len; i++)
		if (!is_allowed(s.at[i]))
			return false;
	return s.len > 0;
}

static bool is_alnum(char c)
{
	return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* RFC 8866 section 9: token-char. */
static bool is_token_char(char c)
{
	return is_alnum(c) || (c != '\0' && strchr("!#$%&'*+-.^_`{|}~", c));
}

/* RFC 8839 section 5.4. */
static bool is_ice_char(char c)
{
	return is_alnum(c) || c == '+' || c == '/';
}

static bool is_rid_char(char c)
{
	return is_alnum(c) || c == '-' || c == '_';
}

static bool direction_from_name(struct str name, enum sdp_direction *out)
{
	for (size_t i = 0; i < ARRAY_LEN(directions); i++) {
		if (!str_is(name, directions[i]))
			continue;
		*out = (enum sdp_direction)i;
		return true;
	}
	return false;
}

static struct sdp_payload *payload_of(struct sdp_media *media, uint64_t number)
{
	for (size_t i = 0; i < media->payload_count; i++)
		if (media->payload[i].number == number)
			return &media->payload[i];
	return NULL;
}

/* Takes the payload type off the front of value; NULL where the m-line does not have it. */
static struct sdp_payload *cut_payload(struct parse *p, struct str *value)
{
	uint64_t number;
	return str_u64(str_cut(value, ' '), 127, &number) ? payload_of(p->media, number) : NULL;
}

/* ---- attributes; what is not for us is passed over with OK ---- */

static enum err read_rtpmap(struct parse *p, struct str value)
{
	struct sdp_payload *payload = cut_payload(p, &value);
	if (!payload)
		return OK;
	uint64_t rate, channels = 1;
	struct str name = str_cut(&value, '/');
	struct str rate_text = str_cut(&value, '/');
	if (!all_of(name, is_token_char) || !str_u64(rate_text, UINT32_MAX, &rate))
		return bad(p, "a=rtpmap must be: payload type, name/clock rate");
	if (!str_empty(value) && !str_u64(value, 255, &channels))
		return bad(p, "a=rtpmap has a wrong number of channels");
	payload->name = name;
	payload->clock_rate = (uint32_t)rate;
	payload->channels = (uint8_t)channels;
	payload->rtx = str_equal_nocase(name, STR("rtx"));
	enum codec codec = codec_from_name(name);
	bool fits = codec_is_video(codec) == (p->media->kind == SDP_VIDEO) &&
		    codec_clock_rate(codec) == rate;
	payload->codec = fits ? codec : CODEC_NONE;
	return OK;
}

static enum err read_fmtp(struct parse *p, struct str value)
{
	struct sdp_payload *payload = cut_payload(p, &value);
	if (payload)
		payload->fmtp = str_trim(value);
	return OK;
}

static uint8_t feedback_bit(struct str name)
{
	static const struct {
		const char *name;
		enum sdp_feedback bit;
	} known[] = {
		{ "nack", SDP_NACK },
		{ "nack pli", SDP_NACK_PLI },
		{ "ccm fir", SDP_CCM_FIR },
		{ "goog-remb", SDP_REMB },
		{ "transport-cc", SDP_TRANSPORT_CC },
	};
	for (size_t i = 0; i < ARRAY_LEN(known); i++)
		if (str_is(name, known[i].name))
			return (uint8_t)known[i].bit;
	return 0;
}

static enum err read_rtcp_fb(struct parse *p, struct str value)
{
	bool all = str_starts(value, "* ");
	struct sdp_payload *one = cut_payload(p, &value);
	uint8_t bit = feedback_bit(str_trim(value));
	for (size_t i = 0; all && i < p->media->payload_count; i++)
		p->media->payload[i].feedback |= bit;
	if (one)
		one->feedback |= bit;
	return OK;
}

static enum err read_extmap(struct parse *p, struct str value)
{
	struct str uri = value;
	struct str head = str_cut(&uri, ' ');
	struct str id_text = str_cut(&head, '/');
	uri = str_cut(&uri, ' ');
	struct sdp_extension e = { .direction = SDP_SENDRECV, .uri = uri };
	uint64_t id;
	if (!str_u64(id_text, UINT16_MAX, &id) || id == 0 || str_empty(uri))
		return bad(p, "a=extmap must be: number, URI");
	if (!str_empty(head) && !direction_from_name(head, &e.direction))
		return bad(p, "a=extmap has an unknown direction");
	if (id > UINT8_MAX) /* no header can carry it */
		return OK;
	for (size_t i = 0; i < p->media->extension_count; i++)
		if (p->media->extension[i].id == id)
			return bad(p, "a=extmap gives one number twice");
	if (p->media->extension_count == SDP_EXTENSIONS_MAX)
		return limit(p, "too many a=extmap in one media section");
	e.id = (uint8_t)id;
	e.kind = extension_from_uri(uri);
	p->media->extension[p->media->extension_count++] = e;
	return OK;
}

static enum err read_mid(struct parse *p, struct str value)
{
	if (value.len > SDP_MID_MAX)
		return limit(p, "a=mid is too long");
	if (!all_of(value, is_token_char))
		return bad(p, "a=mid is not a token");
	for (size_t i = 0; i < p->offer->media_count; i++)
		if (str_equal(p->offer->media[i].mid, value))
			return bad(p, "a=mid stands twice");
	p->media->mid = value;
	return OK;
}

static enum err read_ice_ufrag(struct parse *p, struct str value)
{
	if (value.len < SDP_UFRAG_MIN || value.len > SDP_CREDENTIAL_MAX)
		return bad(p, "a=ice-ufrag must have 4 to 256 characters");
	if (!all_of(value, is_ice_char))
		return bad(p, "a=ice-ufrag has a character that is not allowed");
	p->media->ufrag = value;
	return OK;
}

static enum err read_ice_pwd(struct parse *p, struct str value)
{
	if (value.len < SDP_PWD_MIN || value.len > SDP_CREDENTIAL_MAX)
		return bad(p, "a=ice-pwd must have 22 to 256 characters");
	if (!all_of(value, is_ice_char))
		return bad(p, "a=ice-pwd has a character that is not allowed");
	p->media->pwd = value;
	return OK;
}

static enum err read_fingerprint(struct parse *p, struct str value)
{
	struct str hash = str_cut(&value, ' ');
	uint8_t bytes[SDP_FINGERPRINT_LEN];
	if (!str_equal_nocase(hash, STR("sha-256")))
		return OK;
	for (size_t i = 0; i < sizeof bytes; i++)
		if (!hex_decode(str_cut(&value, ':'), &bytes[i], 1))
			return bad(p, "a=fingerprint is not a SHA-256 in hex with colons");
	if (!str_empty(value))
		return bad(p, "a=fingerprint is too long for SHA-256");
	memcpy(p->media->fingerprint, bytes, sizeof bytes);
	p->media->has_fingerprint = true;
	return OK;
}

static enum err read_setup(struct parse *p, struct str value)
{
	if (str_is(value, "actpass"))
		p->media->setup = SDP_ACTPASS;
	else if (str_is(value, "active"))
		p->media->setup = SDP_ACTIVE;
	else if (str_is(value, "passive"))
		p->media->setup = SDP_PASSIVE;
	else
		return bad(p, "a=setup must be actpass, active or passive");
	return OK;
}

static enum err read_group(struct parse *p, struct str value)
{
	if (!str_is(str_cut(&value, ' '), "BUNDLE") || p->media != &p->session)
		return OK;
	p->bundle = value;
	p->offer->has_bundle = true;
	return OK;
}

static enum err ssrc_add(struct parse *p, uint32_t ssrc, struct sdp_ssrc **out)
{
	for (size_t i = 0; i < p->media->ssrc_count; i++) {
		*out = &p->media->ssrc[i];
		if ((*out)->ssrc == ssrc)
			return OK;
	}
	if (p->media->ssrc_count == SDP_SSRCS_MAX)
		return limit(p, "too many a=ssrc in one media section");
	*out = &p->media->ssrc[p->media->ssrc_count++];
	**out = (struct sdp_ssrc){ .ssrc = ssrc };
	return OK;
}

static enum err read_ssrc(struct parse *p, struct str value)
{
	struct sdp_ssrc *source;
	uint64_t ssrc;
	if (!str_u64(str_cut(&value, ' '), UINT32_MAX, &ssrc))
		return bad(p, "a=ssrc has no number");
	enum err err = ssrc_add(p, (uint32_t)ssrc, &source);
	if (!err && str_is(str_cut(&value, ':'), "cname"))
		source->cname = value;
	return err;
}

static enum err read_ssrc_group(struct parse *p, struct str value)
{
	struct sdp_ssrc *source;
	uint64_t primary, rtx;
	if (!str_is(str_cut(&value, ' '), "FID"))
		return OK;
	if (!str_u64(str_cut(&value, ' '), UINT32_MAX, &primary) ||
	    !str_u64(str_trim(value), UINT32_MAX, &rtx) || primary == rtx)
		return bad(p, "a=ssrc-group:FID must name two sources");
	enum err err = ssrc_add(p, (uint32_t)primary, &source);
	if (!err)
		source->rtx = (uint32_t)rtx;
	return err;
}

static enum err read_rid(struct parse *p, struct str value)
{
	struct str id = str_cut(&value, ' ');
	struct str way = str_cut(&value, ' ');
	if (!all_of(id, is_rid_char) || (!str_is(way, "send") && !str_is(way, "recv")))
		return bad(p, "a=rid must be: name, send or recv");
	if (p->media->rid_count == SDP_RIDS_MAX)
		return limit(p, "too many a=rid in one media section");
	p->media->rid[p->media->rid_count++] =
	    (struct sdp_rid){ .id = id, .send = str_is(way, "send") };
	return OK;
}

static enum err read_simulcast(struct parse *p, struct str value)
{
	p->media->simulcast = value;
	return OK;
}

static enum err read_msid(struct parse *p, struct str value)
{
	p->media->msid = value;
	return OK;
}

static enum err read_rtcp_mux(struct parse *p, struct str value)
{
	(void)value;
	p->media->rtcp_mux = true;
	return OK;
}

static enum err read_rtcp_rsize(struct parse *p, struct str value)
{
	(void)value;
	p->media->rtcp_rsize = true;
	return OK;
}

static enum err read_bundle_only(struct parse *p, struct str value)
{
	(void)value;
	p->media->bundle_only = true;
	return OK;
}

static enum err read_allow_mixed(struct parse *p, struct str value)
{
	(void)value;
	p->offer->extmap_allow_mixed = true;
	return OK;
}

static enum err read_ice_lite(struct parse *p, struct str value)
{
	(void)value;
	p->offer->ice_lite = true;
	return OK;
}

enum where {
	ANYWHERE,
	IN_MEDIA
};

static const struct attribute {
	const char *name;
	enum where where; /* IN_MEDIA: means nothing at session level */
	enum err (*read)(struct parse *p, struct str value);
} attributes[] = {
	{ "rtpmap", IN_MEDIA, read_rtpmap },
	{ "fmtp", IN_MEDIA, read_fmtp },
	{ "rtcp-fb", IN_MEDIA, read_rtcp_fb },
	{ "extmap", ANYWHERE, read_extmap },
	{ "mid", IN_MEDIA, read_mid },
	{ "ice-ufrag", ANYWHERE, read_ice_ufrag },
	{ "ice-pwd", ANYWHERE, read_ice_pwd },
	{ "fingerprint", ANYWHERE, read_fingerprint },
	{ "setup", ANYWHERE, read_setup },
	{ "group", ANYWHERE, read_group },
	{ "ssrc", IN_MEDIA, read_ssrc },
	{ "ssrc-group", IN_MEDIA, read_ssrc_group },
	{ "rid", IN_MEDIA, read_rid },
	{ "simulcast", IN_MEDIA, read_simulcast },
	{ "msid", IN_MEDIA, read_msid },
	{ "rtcp-mux", IN_MEDIA, read_rtcp_mux },
	{ "rtcp-rsize", IN_MEDIA, read_rtcp_rsize },
	{ "bundle-only", IN_MEDIA, read_bundle_only },
	{ "extmap-allow-mixed", ANYWHERE, read_allow_mixed },
	{ "ice-lite", ANYWHERE, read_ice_lite },
};

static enum err read_attribute(struct parse *p, struct str line)
{
	struct str value = line;
	struct str name = str_cut(&value, ':');
	if (direction_from_name(name, &p->media->direction))
		return OK;
	for (size_t i = 0; i < ARRAY_LEN(attributes); i++) {
		if (!str_is(name, attributes[i].name))
			continue;
		if (attributes[i].where == IN_MEDIA && p->media == &p->session)
			return OK;
		return attributes[i].read(p, value);
	}
	return OK;
}

/* ---- media sections ---- */

/* Sources that are the retransmission of another are told there alone. */
static void drop_rtx_sources(struct sdp_media *media)
{
	size_t kept = 0;
	for (size_t i = 0; i < media->ssrc_count; i++) {
		bool repeats = false;
		for (size_t k = 0; k < media->ssrc_count; k++)
			repeats = repeats || media->ssrc[k].rtx == media->ssrc[i].ssrc;
		if (!repeats || media->ssrc[i].rtx)
			media->ssrc[kept++] = media->ssrc[i];
	}
	media->ssrc_count = kept;
}

/* What can be said only when all lines were seen: Firefox writes a=fmtp before a=rtpmap. */
static void finish_media(struct parse *p)
{
	if (p->media == &p->session)
		return;
	drop_rtx_sources(p->media);
	for (size_t i = 0; i < p->media->payload_count; i++) {
		struct sdp_payload *payload = &p->media->payload[i];
		uint64_t apt;
		if (payload->rtx && str_u64(sdp_parameter(payload->fmtp, "apt"), 127, &apt))
			payload->apt = (uint8_t)apt;
	}
}

static enum err read_formats(struct parse *p, struct str formats)
{
	while (!str_empty(formats)) {
		uint64_t number;
		if (!str_u64(str_cut(&formats, ' '), 127, &number))
			return bad(p, "a payload type of the m-line is not a number below 128");
		if (payload_of(p->media, number))
			return bad(p, "a payload type stands twice in the m-line");
		if (p->media->payload_count == SDP_PAYLOADS_MAX)
			return limit(p, "too many payload types in the m-line");
		p->media->payload[p->media->payload_count++] = (struct sdp_payload){
			.number = (uint8_t)number, .channels = 1, .apt = APT_UNKNOWN
		};
	}
	return p->media->payload_count ? OK : bad(p, "the m-line has no payload type");
}

static bool ends_with(struct str s, struct str end)
{
	return s.len >= end.len && str_equal(str_of(s.at + s.len - end.len, end.len), end);
}

static enum sdp_kind kind_of(struct str type, struct str protocol)
{
	if (!ends_with(protocol, STR("RTP/SAVPF")))
		return SDP_OTHER;
	if (str_is(type, "audio"))
		return SDP_AUDIO;
	return str_is(type, "video") ? SDP_VIDEO : SDP_OTHER;
}

static enum err read_media(struct parse *p, struct str value)
{
	finish_media(p);
	if (p->offer->media_count == SDP_MEDIA_MAX)
		return limit(p, "too many media sections");
	struct str type = str_cut(&value, ' ');
	struct str port_text = str_cut(&value, ' ');
	struct str protocol = str_cut(&value, ' ');
	uint64_t port;
	if (!all_of(type, is_token_char) || str_empty(protocol) || str_empty(value) ||
	    !str_u64(str_cut(&port_text, '/'), UINT16_MAX, &port))
		return bad(p, "an m-line must be: type, port, protocol, formats");
	p->media = &p->offer->media[p->offer->media_count++];
	*p->media = p->session;
	p->media->kind = kind_of(type, protocol);
	p->media->type = type;
	p->media->port = (uint16_t)port;
	p->media->protocol = protocol;
	p->media->formats = value;
	return p->media->kind == SDP_OTHER ? OK : read_formats(p, value);
}

static enum err read_line(struct parse *p, struct str line)
{
	if (str_empty(line))
		return OK;
	if (str_has_control(line))
		return bad(p, "a line has a control character");
	if (line.len < 2 || line.at[1] != '=')
		return bad(p, "a line does not start with a letter and '='");
	struct str value = str_of(line.at + 2, line.len - 2);
	if (p->fault.line == 1)
		return str_is(line, "v=0") ? OK : bad(p, "the first line is not v=0");
	if (line.at[0] == 'm')
		return read_media(p, value);
	return line.at[0] == 'a' ? read_attribute(p, value) : OK;
}

static void mark_bundled(struct parse *p)
{
	while (!str_empty(p->bundle)) {
		struct str mid = str_cut(&p->bundle, ' ');
		for (size_t i = 0; !str_empty(mid) && i < p->offer->media_count; i++)
			if (str_equal(p->offer->media[i].mid, mid))
				p->offer->media[i].bundled = true;
	}
}

static enum err read_lines(struct parse *p, struct str text)
{
	if (text.len > SDP_OFFER_MAX)
		return limit(p, "the offer is too long");
	if (!str_is_utf8(text))
		return bad(p, "the offer is not UTF-8");
	while (!str_empty(text)) {
		if (p->fault.line++ == SDP_LINES_MAX)
			return limit(p, "the offer has too many lines");
		enum err err = read_line(p, str_line(&text));
		if (err)
			return err;
	}
	if (p->offer->media_count == 0)
		return bad(p, "the offer has no media section");
	finish_media(p);
	mark_bundled(p);
	return OK;
}

/* What the first m-lines said of each id. */
struct id_uses {
	struct str uri[256];
};

static void forget_clashes(struct sdp_media *media, struct id_uses *uses)
{
	for (size_t i = 0; i < media->extension_count; i++) {
		struct sdp_extension *extension = &media->extension[i];
		struct str *first = &uses->uri[extension->id];
		if (str_empty(*first))
			*first = extension->uri;
		else if (!str_equal(*first, extension->uri))
			extension->kind = EXTENSION_NONE;
	}
}

/* An id means one extension on all bundled m-lines (RFC 8843 section 9.2); aiortc 1.4 offers the
 * audio level and abs-send-time under the same one. */
static void ids_mean_one_thing(struct sdp_offer *offer)
{
	struct id_uses uses = { 0 };
	for (size_t i = 0; i < offer->media_count; i++)
		if (offer->media[i].bundled)
			forget_clashes(&offer->media[i], &uses);
}

enum err sdp_parse(struct str text, struct sdp_offer *out, struct sdp_fault *fault)
{
	struct parse p = { .offer = out };
	p.media = &p.session;
	*out = (struct sdp_offer){ .media_count = 0 };
	enum err err = read_lines(&p, text);
	if (err)
		*fault = p.fault;
	else
		ids_mean_one_thing(out);
	return err;
}

/* ---- questions ---- */

const struct sdp_payload *sdp_payload_find(const struct sdp_media *media, uint8_t number)
{
	for (size_t i = 0; i < media->payload_count; i++)
		if (media->payload[i].number == number)
			return &media->payload[i];
	return NULL;
}

const struct sdp_payload *sdp_payload_of(const struct sdp_media *media, enum codec codec)
{
	for (size_t i = 0; i < media->payload_count; i++)
		if (media->payload[i].codec == codec)
			return &media->payload[i];
	return NULL;
}

const struct sdp_payload *sdp_payload_rtx(const struct sdp_media *media, uint8_t number)
{
	for (size_t i = 0; i < media->payload_count; i++)
		if (media->payload[i].rtx && media->payload[i].apt == number)
			return &media->payload[i];
	return NULL;
}

struct str sdp_parameter(struct str fmtp, const char *name)
{
	while (!str_empty(fmtp)) {
		struct str value = str_cut(&fmtp, ';');
		struct str key = str_trim(str_cut(&value, '='));
		if (str_equal_nocase(key, str_from(name)))
			return str_trim(value);
	}
	return STR("");
}

enum sdp_direction sdp_direction_mirror(enum sdp_direction offered)
{
	switch (offered) {
	case SDP_SENDONLY:
		return SDP_RECVONLY;
	case SDP_RECVONLY:
		return SDP_SENDONLY;
	case SDP_SENDRECV:
	case SDP_INACTIVE:
		break;
	}
	return offered;
}

const char *sdp_direction_name(enum sdp_direction direction)
{
	ASSERT(direction < ARRAY_LEN(directions));
	return directions[direction];
}
