/*
 * identity_page.h - the photos by which visitors show who they are, and the pages that ask for them.
 */
#ifndef PVL_WEB_IDENTITY_PAGE_H
#define PVL_WEB_IDENTITY_PAGE_H

#include "service/identity.h"
#include "web/page.h"

extern const struct route_group identity_routes;

/*
 * What the family sees beside a request of theirs: {text, href, link, late}; NULL where
 * nothing is asked.  href only while there is something for them to do or to see.
 */
json_t *identity_note(const struct page *page, const struct contact *contact);

/* The rules ask for photos that are still to be sent. */
bool identity_case_waits(const struct contact *contact, const struct identity_case *c);
/* Adds to the page of a request for staff: pictures, what is asked for, the day by which to answer. */
enum err identity_add_case(struct page *page, const struct contact *contact, json_t *view);
/* The same of what was found already. */
void identity_show_case(const struct page *page, const struct contact *contact,
			const struct identity_case *c, json_t *view);
/* Adds to one caller in the lobby: the address of the approved portrait. */
enum err identity_add_portrait(struct page *page, struct person_id person, const char *reference,
			       json_t *visitor);
/* Words by the names of domain/identity.h. */
const char *identity_problem_word(const struct page *page, enum identity_problem problem);

#endif
