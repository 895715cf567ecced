/*
 * view.h - the pieces that many pages' views have in common.
 *
 * Each makes a json_t that the caller owns; words come from front/words.
 */
#ifndef PVL_WEB_VIEW_H
#define PVL_WEB_VIEW_H

#include "domain/visit.h"
#include "web/page.h"

/* A row {key, lines, change} of components/summary-list; key is the path of a word. */
void view_row(const struct page *page, json_t *rows, const char *key, json_t *line);
/* The same with several lines; takes lines. */
void view_row_lines(const struct page *page, json_t *rows, const char *key, json_t *lines);
/* Gives the last row a link to change it; format makes its address. */
__attribute__((format(printf, 3, 4))) void view_row_change(const struct page *page, json_t *rows,
							   const char *format, ...);
/* And that link is called so, where "Change" and the row's name do not say it. */
void view_row_change_word(const struct page *page, json_t *rows, const char *word);
/* {text, colour} of components/tag. */
json_t *view_tag(const struct page *page, const char *word, const char *colour);
json_t *view_visit_tag(const struct page *page, enum visit_state state);
json_t *view_contact_tag(const struct page *page, enum contact_state state);
/* "27 March 1985". */
json_t *view_date(const struct page *page, struct date date);
/* "Monday to Friday", "Monday, Wednesday": bit n is day n of the week, 1 Monday. */
json_t *view_weekdays(const struct page *page, unsigned days);
/* A word whose holes are filled from vars, which is taken: for numbers and times, not for names. */
json_t *view_word(const struct page *page, const char *path, json_t *vars);
/* "Monday 23 November 2026, 2pm" */
json_t *view_when(const struct page *page, struct wall at);
/* The names of the party. */
json_t *view_names(const struct visit *visit);
json_t *view_reference(struct reference reference);
/* What was booked, used, counted and given back; NULL while the visit is not over.  area: whose words say how. */
json_t *view_account(const struct page *page, const struct visit *visit, const char *area);
/* A choice of radios or checkboxes; takes text; hint may be NULL. */
json_t *view_choice(json_t *value, json_t *text, json_t *hint);
/* A JSON array counts as something: has_<name> says whether it is empty. */
void view_list(json_t *view, const char *name, json_t *list);
/* The menu item that is marked as the present one. */
void view_here(json_t *view, const char *item);

#endif
