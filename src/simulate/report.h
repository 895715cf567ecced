/*
 * report.h - what simulated years came to: a table, JSON, plots.
 */
#ifndef PVL_SIMULATE_REPORT_H
#define PVL_SIMULATE_REPORT_H

#include "base/buf.h"
#include "simulate/country.h"

/* The years of one practice, one for each seed. */
struct sim_rows_result {
	const struct sim_row *row;
	size_t seed_count;
	struct sim_country *years; /* [seed] */
};

struct sim_spread sim_result_spread(const struct sim_rows_result *, enum sim_figure);

/* For a terminal: a line for each practice. */
void sim_report_table(struct buf *out, const struct sim_rows_result *, size_t count);
/* With the parameters, the rules, every figure of every seed and its spread. */
void sim_report_json(struct buf *out, const struct sim_model *, const struct policy *,
		     const struct sim_rows_result *, size_t count);
/* One figure of all practices. */
void sim_report_plot(struct buf *out, struct str title, enum sim_figure figure,
		     const struct sim_rows_result *, size_t count);

#endif
