#include "web/relationship.h"

#include "service/people.h"
#include "web/view.h"

static const char *word_of(const struct page *page, struct str code)
{
	return page_word(page, arena_printf(page->arena, "relationships.codes.%s",
					    arena_text(page->arena, code)));
}

json_t *relationship_view(const struct page *page, struct str code, struct str words)
{
	if (str_is(words, LEGAL_RELATIONSHIP))
		return json_string(page_word(page, "relationships.lawyer"));
	if (str_empty(code))
		return page_str(words);
	const char *word = word_of(page, code);
	if (word[0] == '\0')
		word = arena_text(page->arena, code);
	return str_empty(words) ? json_string(word)
				: json_sprintf("%s: %.*s", word, STR_FMT(words));
}

json_t *relationship_of(const struct page *page, const struct contact *contact)
{
	json_t *how = relationship_view(page, contact->relationship_code, contact->relationship);
	if (contact->part == PART_VISITOR)
		return how;
	const char *part = page_word(page, arena_printf(page->arena, "relationships.parts.%s",
							contact_part_name(contact->part)));
	json_t *both = json_sprintf("%s (%s)", json_string_value(how), part);
	json_decref(how);
	return both;
}

enum err relationship_options(struct page *page, struct form *form, const char *field)
{
	struct relationship_list all;
	enum err err = relationships_find(page->service, page->arena, &all);
	if (err != OK)
		return err;
	json_t *items = json_array();
	for (size_t i = 0; i < all.count; i++) {
		const struct relationship *r = &all.list[i];
		bool first = i == 0 || r->official != all.list[i - 1].official;
		bool last = i + 1 == all.count || r->official != all.list[i + 1].official;
		const char *group = r->official ? "relationships.official" : "relationships.social";
		json_t *item =
		    view_choice(page_str(r->code), json_string(word_of(page, r->code)), NULL);
		json_object_set_new(item, "group",
				    first ? json_string(page_word(page, group)) : json_false());
		json_object_set_new(item, "group_ends", json_boolean(last));
		json_array_append_new(items, item);
	}
	form_options(form, field, items);
	return OK;
}

enum err relationship_read(struct page *page, struct form *form, struct str *code,
			   struct str *words)
{
	struct relationship_list all;
	const struct relationship *chosen = NULL;
	struct str raw = form_raw(form, "relationship");
	enum err err = relationships_find(page->service, page->arena, &all);
	if (err != OK)
		return err;
	for (size_t i = 0; i < all.count && !chosen; i++)
		if (str_equal(all.list[i].code, raw))
			chosen = &all.list[i];
	*words = form_text_optional(form, "relationship_words", RELATIONSHIP_MAX);
	if (words->len > RELATIONSHIP_MAX)
		form_mistake(form, "relationship_words", "too_long");
	if (!chosen) {
		form_mistake(form, "relationship", "missing");
		return OK;
	}
	*code = chosen->code;
	if (!chosen->own_words)
		*words = STR("");
	else if (str_empty(*words))
		form_mistake(form, "relationship_words", "missing");
	return OK;
}

void part_options(const struct page *page, struct form *form, const char *field)
{
	json_t *items = json_array();
	for (unsigned i = 0; i < PART_COUNT; i++) {
		const char *name = contact_part_name((enum contact_part)i);
		const char *word =
		    page_word(page, arena_printf(page->arena, "relationships.choose.%s", name));
		const char *hint =
		    page_word(page, arena_printf(page->arena, "relationships.hints.%s", name));
		json_array_append_new(
		    items, view_choice(json_string(name), json_string(word), json_string(hint)));
	}
	form_options(form, field, items);
	form_default(form, field, str_from(contact_part_name(PART_VISITOR)));
}
