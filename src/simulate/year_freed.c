#include "simulate/year_priv.h"

#include "domain/waiting/again.h"

static void freed_time(struct year *y, const struct list_time *freed)
{
	if (freed->steps && y->row->refill)
		year_offer_on(y, freed, 0);
}

/* Nobody else can have this time any more: it is past, or came back too late. */
static void use_up(struct year *y, const struct list_time *time)
{
	struct list_time none;
	const struct waiting_need nobody = { .kind = VISIT_LEGAL,
					     .asked_at = year_wall_of(y, y->now),
					     .minutes = time->steps * DAY_STEP_MINUTES };
	size_t entry = year_new_entry(y, &nobody, 0, WAITING_SOCIAL);
	if (waiting_list_book(y->list, entry, time, &none))
		waiting_list_end(y->list, entry);
}

/* By the rule that the service follows; where freed time is not offered on, nothing waits. */
static bool asks_itself(const struct year *y, enum diagnosis_term term)
{
	static const enum visit_end ENDS[TERM_COUNT] = {
		[TERM_OUTAGE] = END_FAULT,
		[TERM_NOT_PRODUCED] = END_PRISONER_ABSENT,
		[TERM_NO_SHOW] = END_VISITOR_ABSENT,
	};
	const struct visit visit = {
		.kind = VISIT_LEGAL, .state = VISIT_NO_SHOW, .end = ENDS[term], .minutes = 60
	};
	return y->row->refill && waits_again(&visit, y->policy);
}

void year_visit_failed(struct year *y, size_t entry, enum diagnosis_term term)
{
	struct list_time past;
	waiting_list_free(y->list, entry, &past);
	use_up(y, &past);
	y->people[entry].turn++;
	if (asks_itself(y, term))
		year_ask_today(y, entry);
	else
		year_ask_again(y, entry, y->row->phone ? 3 : 1);
}

static void answer_to(struct year *y, size_t offer, int chain)
{
	const struct list_offer *o = waiting_list_offer_at(y->list, offer);
	const struct asker *p = &y->people[o->entry];
	const struct list_entry *e = waiting_list_entry(y->list, o->entry);
	int64_t turn = y->offer_turn[offer];
	int64_t window = (o->offer.answer_until.s - o->offer.made_at.s) / 60;
	int accept = y->row->accept ? y->row->accept : y->model->accept;
	bool yes = year_chance(y, LUCK_ANSWER, p->key, turn, accept, PERCENT) &&
		   year_lawyer_can(y, p->key, &o->time, e->need.minutes);
	bool silent = !yes && year_draw(y, LUCK_ANSWER_AT, p->key, turn, 2) == 0;
	int64_t after = silent ? window : year_draw(y, LUCK_ANSWER_AT, p->key, turn, window);
	year_push(y, (struct event){ .at = y->now + after,
				     .kind = silent ? EVENT_EXPIRE : EVENT_ANSWER,
				     .subject = offer,
				     .turn = yes ? turn : -turn,
				     .chain = chain });
}

/* As the service does it: an offer that is accepted in the moment it is made. */
static void take_at_once(struct year *y, size_t offer)
{
	const struct list_offer before = *waiting_list_offer_at(y->list, offer);
	struct asker *p = &y->people[before.entry];
	struct list_time freed;
	if (waiting_list_answer(y->list, offer, ANSWER_ACCEPT, year_wall_of(y, y->now), &freed) !=
	    OFFER_ACCEPTED)
		return;
	y->out->accepted++;
	year_booked(y, before.entry);
	if (year_chance(y, LUCK_SUITS, p->key, p->turn, y->model->automatic_clash, PERCENT))
		year_push(y, (struct event){
				 .at = y->now + year_draw(y, LUCK_ANSWER_AT, p->key, p->turn,
							  year_start_minute(&before.time) - y->now),
				 .kind = EVENT_RETURN,
				 .subject = before.entry,
				 .turn = p->turn });
	freed_time(y, &freed);
}

void year_offer_on(struct year *y, const struct list_time *time, int chain)
{
	size_t order[CHAIN_MAX], offer;
	struct wall now = year_wall_of(y, y->now);
	if (chain >= CHAIN_MAX)
		return;
	size_t n = waiting_list_rank(y->list, time, now, order, CHAIN_MAX);
	for (size_t i = 0; i < n && chain < CHAIN_MAX; i++) {
		const struct asker *p = &y->people[order[i]];
		if (p->social || order[i] == y->giver ||
		    year_cannot(y, LUCK_REGIME, p->key, time->day, time->start / HOUR_STEPS))
			continue;
		if (!waiting_list_offer(y->list, order[i], time, now, &offer))
			continue;
		y->offer_turn[offer] = ++y->orders;
		y->out->offers++;
		if (p->automatic) {
			take_at_once(y, offer);
			return;
		}
		answer_to(y, offer, ++chain);
		if (waiting_list_offer_at(y->list, offer)->keeps)
			return;
	}
}

void year_answered(struct year *y, const struct event *e)
{
	const struct list_offer before = *waiting_list_offer_at(y->list, e->subject);
	struct list_time freed;
	bool yes = e->turn > 0;
	if (y->offer_turn[e->subject] != (yes ? e->turn : -e->turn))
		return;
	enum offer_state state =
	    waiting_list_answer(y->list, e->subject, yes ? ANSWER_ACCEPT : ANSWER_DECLINE,
				year_wall_of(y, y->now), &freed);
	if (state == OFFER_ACCEPTED) {
		y->out->accepted++;
		year_booked(y, before.entry);
		freed_time(y, &freed);
	} else if (before.keeps) {
		year_offer_on(y, &before.time, e->chain);
	}
}

void year_expired(struct year *y, const struct event *e)
{
	const struct list_offer before = *waiting_list_offer_at(y->list, e->subject);
	if (y->offer_turn[e->subject] == -e->turn &&
	    waiting_list_expire(y->list, e->subject, year_wall_of(y, y->now)) && before.keeps)
		year_offer_on(y, &before.time, e->chain);
}

/* Nobody looks at a time that came back late, unless it is offered on. */
static void give_back(struct year *y, size_t entry, const struct list_time *freed)
{
	int64_t ahead = year_start_minute(freed) - y->now;
	if (ahead >= 2 * 60 && (y->row->refill || !y->row->phone || ahead >= 3 * DAY_MINUTES)) {
		y->giver = entry;
		freed_time(y, freed);
		y->giver = y->entry_max;
		return;
	}
	if (freed->place < y->places && freed->day >= y->first_counted && freed->day < y->day_count)
		y->out->minutes[TERM_LATE_CANCEL] += year_minutes_of(y, freed);
	use_up(y, freed);
}

void year_cancelled(struct year *y, size_t entry)
{
	struct asker *p = &y->people[entry];
	struct list_time freed;
	bool rebooks = year_chance(y, LUCK_REBOOK, p->key, p->turn, y->model->rebook, PERCENT);
	waiting_list_free(y->list, entry, &freed);
	p->turn++;
	if (rebooks)
		year_ask_again(y, entry, y->row->phone ? 3 : 1);
	else
		waiting_list_end(y->list, entry);
	give_back(y, entry, &freed);
}

void year_returned(struct year *y, size_t entry)
{
	struct list_time freed;
	waiting_list_free(y->list, entry, &freed);
	y->people[entry].turn++;
	give_back(y, entry, &freed);
	year_ask_today(y, entry);
}

void year_moved(struct year *y, size_t entry)
{
	struct list_time freed;
	if (!y->row->refill) {
		y->people[entry].moved = true; /* told on the day */
		return;
	}
	/* As if the other prison were this one: as many come as go, with their first request. */
	waiting_list_free(y->list, entry, &freed);
	y->people[entry].turn++;
	freed_time(y, &freed);
	year_ask_again(y, entry, 1);
}
