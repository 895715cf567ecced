#include "emulated_line.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

void emulated_line_init(struct emulated_line *line, const struct line_config *config, uint64_t seed,
			struct mono start)
{
	*line = (struct emulated_line){
		.config = *config,
		.start = start,
		.free = start,
		.latest = start,
		.tokens = (double)config->police_bytes,
		.tokens_at = start,
	};
	line->random = random_seeded(seed);
}

/* ---- rate ---- */

/* The step in force, and how long it still is; -1 µs: for ever. */
static int64_t step_at(const struct line_config *c, int64_t at_us, int64_t *left_us)
{
	int64_t in = c->repeat_us > 0 ? at_us % c->repeat_us : at_us;
	int64_t bps = c->bps;
	int64_t end = c->repeat_us > 0 ? c->repeat_us : -1;
	for (size_t i = 0; i < c->steps_len; i++) {
		if (c->steps[i].from_us <= in) {
			bps = c->steps[i].bps;
		} else {
			end = c->steps[i].from_us;
			break;
		}
	}
	*left_us = end < 0 ? -1 : end - in;
	return bps;
}

static bool limited(const struct line_config *c)
{
	return c->bps > 0 || c->steps_len > 0;
}

int64_t emulated_line_bps(const struct emulated_line *line, struct mono now)
{
	int64_t left;
	return step_at(&line->config, mono_diff_us(now, line->start), &left);
}

/* When a packet that is first in the queue at `from` has left it; false: not within a minute. */
static bool serve(const struct emulated_line *line, size_t bytes, struct mono from,
		  struct mono *out)
{
	double bits = (double)bytes * 8;
	int64_t at = mono_diff_us(from, line->start);
	int64_t limit = at + 60000000;
	while (at < limit) {
		int64_t left;
		int64_t bps = step_at(&line->config, at, &left);
		double need_us = bps > 0 ? bits * 1e6 / (double)bps : 1e18;
		if (left < 0 || need_us <= (double)left) {
			*out = mono_add_us(line->start, at + (int64_t)need_us);
			return bps > 0;
		}
		bits -= (double)bps * (double)left / 1e6;
		at += left;
	}
	return false;
}

/* ---- loss ---- */

static bool chance(struct emulated_line *line, unsigned per_mille)
{
	return per_mille > 0 && random_below(&line->random, 1000) < per_mille;
}

static bool lost(struct emulated_line *line)
{
	if (line->in_burst)
		line->in_burst = !chance(line, line->config.burst_end_per_mille);
	else
		line->in_burst = chance(line, line->config.burst_begin_per_mille);
	return line->in_burst || chance(line, line->config.loss_per_mille);
}

static bool policed(struct emulated_line *line, size_t bytes, struct mono now)
{
	const struct line_config *c = &line->config;
	if (c->police_bps == 0)
		return false;
	double passed_s = (double)mono_diff_us(now, line->tokens_at) / 1e6;
	line->tokens += passed_s * (double)c->police_bps / 8;
	if (line->tokens > (double)c->police_bytes)
		line->tokens = (double)c->police_bytes;
	line->tokens_at = now;
	if (line->tokens < (double)bytes)
		return true;
	line->tokens -= (double)bytes;
	return false;
}

/* ---- one packet ---- */

static struct line_second *second_of(struct emulated_line *line, struct mono now)
{
	int64_t s = mono_diff_us(now, line->start) / 1000000;
	size_t at = s < 0 ? 0 : s >= LINE_SECONDS_MAX ? LINE_SECONDS_MAX - 1 : (size_t)s;
	if (at >= line->seconds)
		line->seconds = at + 1;
	return &line->second[at];
}

/* Through the queue; false: it is full. */
static bool queue(struct emulated_line *line, size_t bytes, struct mono now,
		  struct line_second *second, struct mono *out)
{
	*out = now;
	if (!limited(&line->config))
		return true;
	struct mono from = mono_before(line->free, now) ? now : line->free;
	if (!serve(line, bytes, from, out))
		return false;
	int64_t waits_us = mono_diff_us(*out, now);
	if (line->config.queue_us > 0 && mono_diff_us(from, now) > line->config.queue_us)
		return false;
	if (waits_us / 1000 > second->queue_ms_max)
		second->queue_ms_max = (uint32_t)(waits_us / 1000);
	line->free = *out;
	return true;
}

static struct mono next_turn(const struct emulated_line *line, struct mono at)
{
	int64_t us = mono_diff_us(at, line->start) + line->config.bunch_us - 1;
	return mono_add_us(line->start, us - us % line->config.bunch_us);
}

static struct mono travel(struct emulated_line *line, struct mono leaves)
{
	const struct line_config *c = &line->config;
	struct mono at = mono_add_us(leaves, c->delay_us);
	if (c->jitter_us > 0)
		at = mono_add_us(at,
				 (int64_t)random_below(&line->random, (uint64_t)c->jitter_us + 1));
	if (chance(line, c->reorder_per_mille))
		return mono_add_us(at, c->reorder_us);
	if (c->bunch_us > 0)
		at = next_turn(line, at);
	if (mono_before(at, line->latest))
		at = line->latest;
	line->latest = at;
	return at;
}

bool emulated_line_lets_tcp(const struct line_config *config, uint16_t one, uint16_t other)
{
	for (size_t i = 0; i < config->ports_len; i++)
		if (config->ports[i] == one || config->ports[i] == other)
			return true;
	return config->ports_len == 0;
}

bool emulated_line_carry(struct emulated_line *line, size_t bytes, bool udp, struct mono now,
			 struct mono *arrives)
{
	struct line_second *second = second_of(line, now);
	struct mono leaves;
	second->packets_in++;
	if (lost(line)) {
		second->lost++;
		return false;
	}
	if ((udp && line->config.udp_blocked) || policed(line, bytes, now) ||
	    !queue(line, bytes, now, second, &leaves)) {
		second->dropped++;
		return false;
	}
	*arrives = travel(line, leaves);
	struct line_second *out = second_of(line, leaves);
	out->packets_out++;
	out->bytes_out += (uint32_t)bytes;
	return true;
}

/* ---- from text ---- */

/* "64k", "1.5M", "250000": bits per second; moves *at on. */
static bool rate(const char **at, int64_t *out)
{
	char *end;
	double value = strtod(*at, &end);
	if (end == *at || value < 0)
		return false;
	if (*end == 'k')
		value *= 1e3;
	else if (*end == 'M')
		value *= 1e6;
	*at = end + (*end == 'k' || *end == 'M');
	*out = (int64_t)value;
	return true;
}

static bool number(const char **at, double *out)
{
	char *end;
	*out = strtod(*at, &end);
	if (end == *at || *out < 0)
		return false;
	*at = *end == '%' ? end + 1 : end;
	return true;
}

static bool pass(const char **at, char c)
{
	if (**at != c)
		return false;
	(*at)++;
	return true;
}

static bool in_ms(const char *at, int64_t *out_us)
{
	double ms;
	if (!number(&at, &ms) || *at)
		return false;
	*out_us = (int64_t)(ms * 1000);
	return true;
}

static bool in_percent(const char **at, unsigned *out_per_mille)
{
	double percent;
	if (!number(at, &percent) || percent > 100)
		return false;
	*out_per_mille = (unsigned)(percent * 10 + 0.5);
	return true;
}

/* "10%/5.5": share of packets lost, mean length of a burst. */
static bool burst(const char *at, struct line_config *c)
{
	double percent, mean;
	if (!number(&at, &percent) || !pass(&at, '/') || !number(&at, &mean) || *at || mean < 1 ||
	    percent >= 100)
		return false;
	double share = percent / 100;
	c->burst_end_per_mille = (unsigned)(1000 / mean + 0.5);
	c->burst_begin_per_mille = (unsigned)(1000 * share / (mean * (1 - share)) + 0.5);
	return true;
}

static bool reorder(const char *at, struct line_config *c)
{
	return in_percent(&at, &c->reorder_per_mille) && pass(&at, '/') &&
	       in_ms(at, &c->reorder_us);
}

static bool police(const char *at, struct line_config *c)
{
	double bytes;
	if (!rate(&at, &c->police_bps) || !pass(&at, '/') || !number(&at, &bytes) || *at)
		return false;
	c->police_bytes = (int64_t)bytes;
	return true;
}

/* "0:1500k,30:250k": seconds and rates. */
static bool steps(const char *at, struct line_config *c)
{
	do {
		double from;
		struct line_step *step = &c->steps[c->steps_len];
		if (c->steps_len == LINE_STEPS_MAX || !number(&at, &from) || !pass(&at, ':') ||
		    !rate(&at, &step->bps))
			return false;
		step->from_us = (int64_t)(from * 1e6);
		if (c->steps_len > 0 && step->from_us <= step[-1].from_us)
			return false;
		c->steps_len++;
	} while (pass(&at, ','));
	return *at == '\0';
}

static bool ports(const char *at, struct line_config *c)
{
	do {
		double port;
		if (c->ports_len == LINE_PORTS_MAX || !number(&at, &port) || port < 1 ||
		    port > 65535)
			return false;
		c->ports[c->ports_len++] = (uint16_t)port;
	} while (pass(&at, ','));
	return *at == '\0';
}

static bool seconds(const char *at, int64_t *out_us)
{
	double s;
	if (!number(&at, &s) || *at)
		return false;
	*out_us = (int64_t)(s * 1e6);
	return true;
}

static bool whole_rate(const char *at, int64_t *out)
{
	return rate(&at, out) && *at == '\0';
}

static bool whole_percent(const char *at, unsigned *out)
{
	return in_percent(&at, out) && *at == '\0';
}

static bool word(char *name, struct line_config *c)
{
	char *value = strchr(name, '=');
	if (!value) {
		c->udp_blocked = strcmp(name, "noudp") == 0;
		return c->udp_blocked;
	}
	*value++ = '\0';
	if (strcmp(name, "rate") == 0)
		return whole_rate(value, &c->bps);
	if (strcmp(name, "queue") == 0)
		return in_ms(value, &c->queue_us);
	if (strcmp(name, "delay") == 0)
		return in_ms(value, &c->delay_us);
	if (strcmp(name, "jitter") == 0)
		return in_ms(value, &c->jitter_us);
	if (strcmp(name, "bunch") == 0)
		return in_ms(value, &c->bunch_us);
	if (strcmp(name, "loss") == 0)
		return whole_percent(value, &c->loss_per_mille);
	if (strcmp(name, "burst") == 0)
		return burst(value, c);
	if (strcmp(name, "reorder") == 0)
		return reorder(value, c);
	if (strcmp(name, "police") == 0)
		return police(value, c);
	if (strcmp(name, "tcp") == 0)
		return ports(value, c);
	if (strcmp(name, "steps") == 0)
		return steps(value, c);
	return strcmp(name, "repeat") == 0 && seconds(value, &c->repeat_us);
}

bool line_config_parse(const char *text, struct line_config *out, char bad[32])
{
	char copy[4096];
	char *rest = NULL;
	*out = (struct line_config){ 0 };
	snprintf(copy, sizeof copy, "%s", text);
	for (char *at = strtok_r(copy, " ", &rest); at; at = strtok_r(NULL, " ", &rest)) {
		snprintf(bad, 32, "%s", at);
		if (!word(at, out))
			return false;
	}
	bad[0] = '\0';
	return true;
}
