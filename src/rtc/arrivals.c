#include "rtc/arrivals.h"

#include "rtc/sequence.h"
#include "wire/twcc.h"

static void restart(struct arrivals *arrivals, uint64_t number, struct mono now)
{
	arrivals->started = true;
	arrivals->base = number;
	arrivals->end = number;
	arrivals->told = now;
}

void arrivals_note(struct arrivals *arrivals, uint16_t sequence, struct mono now)
{
	if (!arrivals->started)
		restart(arrivals, SEQUENCE_START + sequence, now);
	uint64_t number = sequence_extend(arrivals->end, sequence);
	if (number < arrivals->base)
		return; /* told as lost already: feedback is final */
	if (number - arrivals->base >= ARRIVALS_MAX)
		restart(arrivals, number, now);
	for (uint64_t i = arrivals->end; i <= number; i++)
		arrivals->at_us[i % ARRIVALS_MAX] = TWCC_LOST;
	if (number >= arrivals->end)
		arrivals->end = number + 1;
	int64_t *at = &arrivals->at_us[number % ARRIVALS_MAX];
	if (*at == TWCC_LOST)
		*at = now.us;
}

bool arrivals_next(const struct arrivals *arrivals, struct mono *at)
{
	if (!arrivals->started || arrivals->base == arrivals->end)
		return false;
	int64_t each_us = arrivals->thin ? ARRIVALS_EACH_THIN_US : ARRIVALS_EACH_US;
	bool many = arrivals->end - arrivals->base >= ARRIVALS_MANY;
	*at = many ? (struct mono){ 0 } : mono_add_us(arrivals->told, each_us);
	return true;
}

/* Writes one packet from base on; false when there was nothing or no space. */
static bool write_one(struct arrivals *arrivals, struct writer *w, uint32_t sender, uint32_t media)
{
	int64_t at_us[ARRIVALS_MAX];
	size_t count = (size_t)(arrivals->end - arrivals->base);
	for (size_t i = 0; i < count; i++)
		at_us[i] = arrivals->at_us[(arrivals->base + i) % ARRIVALS_MAX];
	struct twcc_feedback feedback = {
		.sender = sender,
		.media = media,
		.base = (uint16_t)arrivals->base,
		.number = arrivals->number,
		.arrival_us = at_us,
		.count = count,
	};
	size_t taken = 0;
	if (count == 0 || twcc_write(w, &feedback, &taken) || taken == 0)
		return false;
	arrivals->number++;
	arrivals->base += taken;
	return true;
}

void arrivals_write(struct arrivals *arrivals, struct writer *w, uint32_t sender, uint32_t media,
		    struct mono now)
{
	arrivals->told = now;
	while (write_one(arrivals, w, sender, media))
		;
}
