#include "tlog/note.h"

#include <sodium.h>
#include <stdio.h>
#include <string.h>

#include "base/hex.h"
#include "base/mem.h"
#include "base/writer.h"

#define SECRET_PREFIX "PRIVATE+KEY+"
#define DASH          "\xe2\x80\x94 " /* em dash, space */
enum {
	ID_LEN = 4,
	TIME_LEN = 8,
	SIGNATURE_LEN = crypto_sign_BYTES,
	SIGNATURE_BYTES_MAX = ID_LEN + TIME_LEN + SIGNATURE_LEN,
	BASE64_ROOM = 128,
	COSIGNED_MAX = NOTE_MAX + 64,
};
_Static_assert(sodium_base64_ENCODED_LEN(SIGNATURE_BYTES_MAX, sodium_base64_VARIANT_ORIGINAL) <=
		   BASE64_ROOM,
	       "room for a signature");
_Static_assert(NOTE_PUBLIC_LEN == crypto_sign_PUBLICKEYBYTES, "Ed25519");
_Static_assert(NOTE_SEED_LEN == crypto_sign_SEEDBYTES, "Ed25519");
_Static_assert(NOTE_SECRET_LEN == crypto_sign_SECRETKEYBYTES, "Ed25519");

static void put_base64(struct bytes in, struct buf *out)
{
	char text[BASE64_ROOM];
	(void)sodium_bin2base64(text, sizeof text, in.at, in.len, sodium_base64_VARIANT_ORIGINAL);
	buf_text(out, text);
}

/* All of the text, and exactly what fits one spelling of it. */
static bool read_base64(struct str in, uint8_t *out, size_t cap, size_t *len)
{
	return in.len > 0 && sodium_base642bin(out, cap, in.at, in.len, NULL, len, NULL,
					       sodium_base64_VARIANT_ORIGINAL) == 0;
}

/* ---- keys ---- */

static bool name_ok(struct str name)
{
	if (name.len == 0 || name.len > NOTE_NAME_MAX || !str_is_utf8(name) ||
	    str_has_control(name))
		return false;
	return memchr(name.at, '+', name.len) == NULL && memchr(name.at, ' ', name.len) == NULL;
}

static uint32_t key_id(const struct note_key *key)
{
	uint8_t hash[crypto_hash_sha256_BYTES];
	uint8_t kind[2] = { '\n', (uint8_t)key->kind };
	crypto_hash_sha256_state state;
	(void)crypto_hash_sha256_init(&state);
	(void)crypto_hash_sha256_update(&state, (const uint8_t *)key->name, strlen(key->name));
	(void)crypto_hash_sha256_update(&state, kind, sizeof kind);
	(void)crypto_hash_sha256_update(&state, key->public, sizeof key->public);
	(void)crypto_hash_sha256_final(&state, hash);
	return get_u32(hash);
}

enum err note_key_make(struct str name, enum note_kind kind, const uint8_t *public,
		       struct note_key *out)
{
	if (!name_ok(name))
		return ERR_BAD;
	*out = (struct note_key){ .kind = kind };
	memcpy(out->name, name.at, name.len);
	memcpy(out->public, public, NOTE_PUBLIC_LEN);
	out->id = key_id(out);
	return OK;
}

enum err note_signer_make(struct str name, enum note_kind kind, const uint8_t *seed,
			  struct note_signer *out)
{
	uint8_t public[NOTE_PUBLIC_LEN];
	if (crypto_sign_seed_keypair(public, out->secret, seed) != 0)
		return ERR_CRYPTO;
	return note_key_make(name, kind, public, &out->key);
}

/* name+id+base64(kind ‖ 32 bytes) */
static void put_key(const struct note_key *key, const uint8_t *material, struct buf *out)
{
	uint8_t typed[1 + NOTE_PUBLIC_LEN] = { (uint8_t)key->kind };
	memcpy(typed + 1, material, NOTE_PUBLIC_LEN);
	buf_printf(out, "%s+%08x+", key->name, key->id);
	put_base64(bytes_of(typed, sizeof typed), out);
	mem_wipe(typed, sizeof typed);
}

struct key_line {
	struct str name;
	uint32_t id;
	enum note_kind kind;
	uint8_t material[NOTE_PUBLIC_LEN];
};
_Static_assert(NOTE_SEED_LEN == NOTE_PUBLIC_LEN, "a line has one or the other");

static enum err take_key(struct str line, struct key_line *out)
{
	uint8_t id[ID_LEN], typed[1 + NOTE_PUBLIC_LEN];
	size_t len = 0;
	struct str rest = str_trim(line);
	out->name = str_cut(&rest, '+');
	struct str hex = str_cut(&rest, '+');
	if (!hex_decode(hex, id, sizeof id) || !read_base64(rest, typed, sizeof typed, &len) ||
	    len != sizeof typed)
		return ERR_BAD;
	if (typed[0] != NOTE_SIGNATURE && typed[0] != NOTE_COSIGNATURE)
		return ERR_BAD;
	out->id = get_u32(id);
	out->kind = (enum note_kind)typed[0];
	memcpy(out->material, typed + 1, sizeof out->material);
	mem_wipe(typed, sizeof typed);
	return OK;
}

void note_key_write(const struct note_key *key, struct buf *out)
{
	put_key(key, key->public, out);
}

enum err note_key_read(struct str line, struct note_key *out)
{
	struct key_line k;
	enum err err = take_key(line, &k);
	if (err == OK)
		err = note_key_make(k.name, k.kind, k.material, out);
	return err == OK && out->id != k.id ? ERR_BAD : err;
}

enum err note_secret_write(struct str name, enum note_kind kind, const uint8_t *seed,
			   struct buf *out)
{
	struct note_signer signer;
	enum err err = note_signer_make(name, kind, seed, &signer);
	if (err == OK) {
		buf_text(out, SECRET_PREFIX);
		put_key(&signer.key, seed, out);
	}
	mem_wipe(&signer, sizeof signer);
	return err;
}

enum err note_secret_read(struct str line, struct note_signer *out)
{
	struct key_line k;
	if (!str_starts(line, SECRET_PREFIX))
		return ERR_BAD;
	size_t skip = strlen(SECRET_PREFIX);
	enum err err = take_key(str_of(line.at + skip, line.len - skip), &k);
	if (err == OK)
		err = note_signer_make(k.name, k.kind, k.material, out);
	mem_wipe(k.material, sizeof k.material);
	return err == OK && out->key.id != k.id ? ERR_BAD : err;
}

/* ---- notes ---- */

enum err note_split(struct str in, struct note *out)
{
	if (in.len > NOTE_MAX || !str_is_utf8(in))
		return ERR_BAD;
	for (size_t at = in.len; at >= 2; at--) {
		if (in.at[at - 1] != '\n' || in.at[at - 2] != '\n')
			continue;
		*out = (struct note){ .text = str_of(in.at, at - 1),
				      .signatures = str_of(in.at + at, in.len - at) };
		return str_starts(out->signatures, DASH) && out->text.len > 1 ? OK : ERR_BAD;
	}
	return ERR_BAD;
}

/* What a key of that kind signs. */
static void signed_text(enum note_kind kind, struct str text, struct wall at, struct buf *out)
{
	if (kind == NOTE_COSIGNATURE)
		buf_printf(out, "cosignature/v1\ntime %lld\n", (long long)at.s);
	buf_str(out, text);
}

void note_sign(const struct note_signer *signer, struct str text, struct wall now, struct buf *out)
{
	uint8_t signature[SIGNATURE_LEN], bytes[SIGNATURE_BYTES_MAX];
	struct buf whole = buf_of(COSIGNED_MAX);
	struct writer w = writer_of(bytes, sizeof bytes);
	signed_text(signer->key.kind, text, now, &whole);
	struct bytes message = buf_bytes(&whole);
	(void)crypto_sign_detached(signature, NULL, message.at, message.len, signer->secret);
	writer_u32(&w, signer->key.id);
	if (signer->key.kind == NOTE_COSIGNATURE)
		writer_u64(&w, (uint64_t)now.s);
	writer_put(&w, bytes_of(signature, sizeof signature));
	buf_printf(out, DASH "%s ", signer->key.name);
	put_base64(writer_bytes(&w), out);
	buf_char(out, '\n');
	buf_clear(&whole);
}

static enum err check_signature(const struct note_key *key, struct str text, struct reader *r,
				struct wall *at)
{
	*at = (struct wall){ 0 };
	if (key->kind == NOTE_COSIGNATURE)
		at->s = (int64_t)reader_u64(r);
	struct bytes signature = reader_take(r, SIGNATURE_LEN);
	if (!reader_ok(r) || reader_left(r) != 0 || at->s < 0)
		return ERR_CRYPTO;
	struct buf whole = buf_of(COSIGNED_MAX);
	signed_text(key->kind, text, *at, &whole);
	struct bytes message = buf_bytes(&whole);
	int bad = crypto_sign_verify_detached(signature.at, message.at, message.len, key->public);
	buf_clear(&whole);
	return bad ? ERR_CRYPTO : OK;
}

/* ERR_NOT_FOUND: another key's line, or no line of a signature. */
static enum err check_line(const struct note_key *key, struct str text, struct str line,
			   struct wall *at)
{
	uint8_t bytes[SIGNATURE_BYTES_MAX];
	size_t len = 0;
	if (!str_starts(line, DASH))
		return ERR_NOT_FOUND;
	struct str rest = str_of(line.at + strlen(DASH), line.len - strlen(DASH));
	struct str name = str_cut(&rest, ' ');
	if (!str_is(name, key->name) || !read_base64(rest, bytes, sizeof bytes, &len))
		return ERR_NOT_FOUND;
	struct reader r = reader_of(bytes_of(bytes, len));
	if (reader_u32(&r) != key->id || !reader_ok(&r))
		return ERR_NOT_FOUND;
	return check_signature(key, text, &r, at);
}

enum err note_check(const struct note *note, const struct note_key *key, struct wall *at)
{
	struct str rest = note->signatures;
	for (int i = 0; i < NOTE_SIGNATURES_MAX && rest.len > 0; i++) {
		enum err err = check_line(key, note->text, str_line(&rest), at);
		if (err != ERR_NOT_FOUND)
			return err;
	}
	return ERR_NOT_FOUND;
}

bool note_next_signature(struct str *signatures, struct str *name, struct str *line)
{
	while (signatures->len > 0) {
		const char *begin = signatures->at;
		struct str rest = str_line(signatures);
		*line = str_of(begin, (size_t)(signatures->at - begin));
		if (!str_starts(rest, DASH))
			continue;
		rest = str_of(rest.at + strlen(DASH), rest.len - strlen(DASH));
		*name = str_cut(&rest, ' ');
		return true;
	}
	return false;
}
