/*
 * Who witnesses the audit log, through the pages; and what witnesses ask and give.
 */
#include "tests/web/site.h"

#include "service/checkpoint.h"
#include "tlog/signer.h"

static struct note_signer signer_of(const char *name, enum note_kind kind, uint8_t seed)
{
	const uint8_t bytes[NOTE_SEED_LEN] = { seed };
	struct note_signer signer;
	CHECK(note_signer_make(str_from(name), kind, bytes, &signer) == OK);
	return signer;
}

/* As a form sends it. */
static const char *form_of(struct site *s, const char *field, struct str value)
{
	struct buf out = buf_of(4 * NOTE_MAX);
	buf_text(&out, field);
	buf_char(&out, '=');
	for (size_t i = 0; i < value.len; i++)
		buf_printf(&out, "%%%02x", (unsigned char)value.at[i]);
	const char *form = arena_printf(&s->estate.arena, "%s", buf_cstr(&out));
	buf_clear(&out);
	return form;
}

static const char *vkey_form(struct site *s, const struct note_key *key)
{
	struct buf line = buf_of(300);
	note_key_write(key, &line);
	const char *form = form_of(s, "vkey", buf_view(&line));
	buf_clear(&line);
	return form;
}

static void sign_the_log(struct site *s, struct tlog_signer *signer)
{
	struct buf note = buf_of(NOTE_MAX), hashes = buf_of(5000 * TLOG_HASH_LEN);
	uint64_t from = signer->tree.size;
	CHECK(checkpoint_leaves(&s->estate.service, from, 5000, &hashes) == OK);
	CHECK(tlog_signer_extend(signer, from, buf_bytes(&hashes)) == OK);
	tlog_signer_checkpoint(signer, &note);
	CHECK(checkpoint_keep(&s->estate.service, &signer->signer.key, buf_view(&note)) == OK);
	buf_clear(&note);
	buf_clear(&hashes);
}

static void headquarters_add_a_witness_and_end_it_with_a_reason(void **state)
{
	(void)state;
	struct site s;
	char path[160];
	struct note_signer law = signer_of("law.example", NOTE_COSIGNATURE, 2),
			   log = signer_of("log.example", NOTE_SIGNATURE, 3);
	site_open(&s);
	sign_in(&s, "admin@hq.example");
	struct answer page = ask(&s, "/staff/audit", NULL);
	CHECK(page.status == 200 && says(&page, "href=\"/staff/audit/witnesses\""));
	page = ask(&s, "/staff/audit/witnesses", NULL);
	CHECK(page.status == 200 && says(&page, "Nobody outside is a witness yet"));
	page = ask(&s, "/staff/audit/witnesses", "vkey=law.example");
	CHECK(page.status == 422 && !page.wrote && says(&page, "not the public key of a witness"));
	page = ask(&s, "/staff/audit/witnesses", vkey_form(&s, &log.key));
	CHECK(page.status == 422 && !page.wrote);
	page = ask(&s, "/staff/audit/witnesses", vkey_form(&s, &law.key));
	CHECK(page.status == 303 && page.wrote);
	page = ask(&s, "/staff/audit/witnesses", vkey_form(&s, &law.key));
	CHECK(page.status == 422 && !page.wrote && says(&page, "witness of that name"));
	page = ask(&s, "/staff/audit/witnesses", NULL);
	CHECK(says(&page, "law.example") && says(&page, "Nothing yet"));
	snprintf(path, sizeof path, "/staff/audit/witnesses/%s",
		 between(&s, &page, "href=\"/staff/audit/witnesses/", "\""));

	sign_in(&s, "governor@wandsworth.example");
	page = ask(&s, "/staff/audit/witnesses", NULL);
	CHECK(page.status == 200 && says(&page, "law.example") && !says(&page, "name=\"vkey\""));
	CHECK(ask(&s, path, NULL).status == 403);

	sign_in(&s, "admin@hq.example");
	CHECK(ask(&s, path, NULL).status == 200);
	page = ask(&s, path, "reason=+");
	CHECK(page.status == 422 && !page.wrote);
	page = ask(&s, path, "reason=The+key+was+stolen");
	CHECK(page.status == 303 && page.wrote);
	CHECK(ask(&s, path, NULL).status == 404);
	site_close(&s);
}

static void a_head_is_shown_to_anybody_and_its_growth_proved(void **state)
{
	(void)state;
	struct site s;
	char path[120];
	struct tlog_signer log = { .signer = signer_of("log.example", NOTE_SIGNATURE, 3) };
	struct note_signer law = signer_of("law.example", NOTE_COSIGNATURE, 2);
	struct tlog_head then = { 0 }, now = { 0 };
	struct tlog_proof proof;
	site_open(&s);
	CHECK(ask(&s, "/audit/head/to-witness", NULL).status == 404);
	sign_the_log(&s, &log);
	then.size = log.tree.size;
	tlog_tree_root(&log.tree, &then.root);
	sign_in(&s, "admin@hq.example");
	CHECK(ask(&s, "/staff/audit/witnesses", vkey_form(&s, &law.key)).wrote);
	sign_the_log(&s, &log);
	now.size = log.tree.size;
	tlog_tree_root(&log.tree, &now.root);
	CHECK(now.size > then.size);

	struct answer page = ask(&s, "/audit/head/to-witness", NULL);
	CHECK(page.status == 200 && says(&page, "log.example\n"));
	snprintf(path, sizeof path, "/audit/growth?from=%llu&to=%llu",
		 (unsigned long long)then.size, (unsigned long long)now.size);
	page = ask(&s, path, NULL);
	CHECK(page.status == 200);
	struct str rest = str_from(page.html);
	CHECK(tlog_proof_take(&rest, &proof) && tlog_consistent(&then, &now, &proof));
	CHECK(ask(&s, "/audit/growth?from=0&to=1", NULL).status == 404);
	CHECK(ask(&s, "/audit/growth?from=2&to=1", NULL).status == 404);
	CHECK(ask(&s, "/audit/growth?from=1&to=99999999", NULL).status == 404);
	CHECK(ask(&s, "/audit/growth?from=-1&to=x", NULL).status == 404);
	CHECK(ask(&s, "/audit/growth", NULL).status == 404);
	site_close(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		TEST(headquarters_add_a_witness_and_end_it_with_a_reason),
		TEST(a_head_is_shown_to_anybody_and_its_growth_proved),
	};
	return RUN("web/witnesses", tests);
}
