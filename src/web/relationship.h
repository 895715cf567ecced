/*
 * relationship.h - how a visitor and a prisoner know each other: as words, and as choices of a form.
 */
#ifndef PVL_WEB_RELATIONSHIP_H
#define PVL_WEB_RELATIONSHIP_H

#include "domain/contact.h"
#include "web/page.h"

/* "Mother"; "Other family or friend: neighbour"; own words where there is no code. */
json_t *relationship_view(const struct page *page, struct str code, struct str words);
/* The same with the part in which they come, where it is not that of a visitor: "Mother (supporter)". */
json_t *relationship_of(const struct page *page, const struct contact *contact);

/* The choices of components/select: family and friends, then professionals. */
enum err relationship_options(struct page *page, struct form *form, const char *field);
/*
 * The fields "relationship" and "relationship_words" of a family's form.
 * Mistakes: missing, and of the words missing where the code needs them.
 */
enum err relationship_read(struct page *page, struct form *form, struct str *code,
			   struct str *words);
/* "VISITOR", "SUPPORTER", "INTERPRETER" as radios; the first is the default. */
void part_options(const struct page *page, struct form *form, const char *field);

#endif
