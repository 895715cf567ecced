/*
 * rows_text.h - the INSERT of one row as an INSERT of several.
 */
#ifndef PVL_STORE_ROWS_TEXT_H
#define PVL_STORE_ROWS_TEXT_H

#include <stdbool.h>

/*
 * Whether several rows of a statement can go in one: it inserts VALUES that are parameters and constants, and a row
 * that is there already is an error or nothing.
 */
bool rows_text_fits(const char *sql);

/*
 * The statement for so many rows, of which each has so many parameters: those of the first are $1 … $parameters, then
 * those of the second.  Freed by the caller; sql fits.
 */
char *rows_text(const char *sql, int parameters, int rows);

#endif
