/*
 * queue.h - what staff's lists of work have in common: finding in them, and
 * deciding on several at once, after a look at what that means.
 *
 *	GET  LIST?find=…&cause=…     the list, with a box at each line
 *	POST LIST/chosen             the look: the lines chosen, the decision, its reason
 *	POST LIST/chosen confirm=yes each is decided in a transaction of its own;
 *	                             what could not be is shown again, with why not
 *
 * National roles read the list of one prison, ?prison=…, and decide nothing.
 */
#ifndef PVL_WEB_QUEUE_H
#define PVL_WEB_QUEUE_H

#include "domain/prisoner.h"
#include "web/page.h"

enum {
	QUEUE_SHOWN_MAX = 50, /* lines of a list, and decided at once: those due first */
	QUEUE_DECISIONS = 2,
	QUEUE_CAUSES_MAX = 16, /* of one line */
	QUEUE_REASON_NEVER = QUEUE_DECISIONS,
};

struct queue_kind;

struct queue {
	struct page *page;
	const struct queue_kind *kind;
	struct str find;  /* what was typed; empty: anything */
	struct str cause; /* the name of one; empty: any */
	bool deciding;    /* the lines are to be decided on: chosen, or all that fit */
	bool choosing;    /* they are those chosen, not those that fit */
	size_t chosen_count;
	struct str chosen[QUEUE_SHOWN_MAX];
	json_t *lines;
	json_t *causes;                    /* of all there are, each once */
	size_t more;                       /* fit, and are not shown */
	size_t open;                       /* of those shown: can be decided on */
	const void *them[QUEUE_SHOWN_MAX]; /* what each line is of; the kind's own, of the arena */
	const void *state;                 /* what .load leaves for .show, if anything */
};

/* Why something is in the list: a word for the address, and in words. */
struct queue_cause {
	const char *name;
	const char *text;
};

struct queue_line {
	const void *it;
	const char *key; /* what a box sends: digits and letters */
	struct str name; /* of the prisoner */
	struct prisoner_number number;
	struct str visitor; /* found by it too; empty: nobody, or not told */
	struct wall when;   /* as the kind's words say */
	bool settled;       /* it is shown; there is nothing to decide on it any more */
	size_t cause_count;
	struct queue_cause causes[QUEUE_CAUSES_MAX];
};

struct queue_kind {
	const char *list;      /* "/staff/requests" */
	const char *here;      /* of the menu */
	const char *form;      /* has the fields item, decision and reason */
	const char *words;     /* "queue.requests": heading (of the look), find, cause, any, when */
	const char *done;      /* the word of the banner when all is decided */
	const char *decisions; /* "people.decisions": the words of the choices … */
	const char *names[QUEUE_DECISIONS + 1]; /* … and their names, ending with NULL */
	int reason_from; /* the first of them that needs a reason; QUEUE_REASON_NEVER: none has one */
	/* Offers each that is to be decided to queue_takes(). */
	enum err (*load)(struct queue *queue);
	/* Adds a text to stops where it cannot be decided so; OK then too. */
	enum err (*decide)(struct queue *queue, const void *it, int decision, struct str reason,
			   json_t *stops);
	/* The page of the list, for queue_render(). */
	void (*show)(struct queue *queue, struct form *form);
};

void queue_open(struct page *page, const struct queue_kind *kind, struct queue *out);
void queue_close(struct queue *queue);
/*
 * Whether it is shown, and to be decided on where that is what the queue is for; then *line_view is
 * its object, which the queue owns and the page adds to.
 */
bool queue_takes(struct queue *queue, const struct queue_line *line, json_t **line_view);
/*
 * The list: adds what the templates components/queue-… need.  Takes view.  may_decide: whoever
 * looks; where they may not, or nothing of it is open, a sentence stands in the place of the buttons.
 */
void queue_render(struct queue *queue, struct form *form, bool may_decide, const char *template,
		  json_t *view);
/* The choices of the field decision. */
void queue_decisions(const struct page *page, const struct queue_kind *kind, struct form *form);
/* GET LIST. */
void queue_list(struct page *page, const struct queue_kind *kind);
/* POST LIST/chosen. */
void queue_chosen(struct page *page, const struct queue_kind *kind);

#endif
