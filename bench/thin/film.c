#include "film.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

enum {
	BITS = 16,
	BLACK = 20,
	WHITE = 230,
};

/* ---- where things are in a frame ---- */

struct pose {
	double x, y;   /* middle of the head */
	double mouth;  /* how far it is open, pixels */
	double eyelid; /* 1 open, 0 shut */
};

static double turns(int frame, double times)
{
	return sin(2 * M_PI * times * frame / FILM_FRAMES);
}

/* Whole turns in the film alone, so that its end meets its beginning. */
static struct pose pose_of(int frame)
{
	double syllable = fabs(turns(frame, 18)) * (0.6 + 0.4 * turns(frame, 7));
	bool pause = frame % 100 > 76;
	return (struct pose){
		.x = 320 + 14 * turns(frame, 3) + 4 * turns(frame, 11),
		.y = 176 + 6 * turns(frame, 5),
		.mouth = pause ? 1 : 2 + 11 * syllable,
		.eyelid = frame % 64 < 3 ? 0.1 : 1,
	};
}

/* ---- textures ---- */

static uint32_t mix(uint32_t n)
{
	n ^= n >> 16;
	n *= 0x7feb352dU;
	n ^= n >> 15;
	n *= 0x846ca68bU;
	return n ^ n >> 16;
}

static double lattice(int x, int y, uint32_t seed)
{
	return mix((uint32_t)x * 73856093U ^ (uint32_t)y * 19349663U ^ seed) / 4294967296.0 - 0.5;
}

/* Smooth noise, -0.5 to 0.5, with features of so many pixels. */
static double texture(double x, double y, double size, uint32_t seed)
{
	double u = x / size, v = y / size;
	int i = (int)floor(u), j = (int)floor(v);
	double a = u - i, b = v - j;
	a = a * a * (3 - 2 * a);
	b = b * b * (3 - 2 * b);
	double top = lattice(i, j, seed) * (1 - a) + lattice(i + 1, j, seed) * a;
	double low = lattice(i, j + 1, seed) * (1 - a) + lattice(i + 1, j + 1, seed) * a;
	return top * (1 - b) + low * b;
}

static double inside(double x, double y, double rx, double ry)
{
	return 1 - x * x / (rx * rx) - y * y / (ry * ry);
}

/* A wall, with a shelf and a window's edge. */
static double wall(int x, int y)
{
	double light = 120 - 30.0 * x / FILM_WIDTH;
	if (y > 96 && y < 104)
		return 62;
	if (y <= 96 && y > 52 && x % 46 < 34 && (x < 200 || x > 440))
		return 70 + 90 * (0.5 + lattice(x / 46, 0, 5));
	return light + 14 * texture(x, y, 9, 1) + 8 * texture(x, y, 3, 2);
}

static double face(const struct pose *pose, double x, double y)
{
	double shade = 170 - 0.35 * fabs(x) - 0.12 * y;
	double skin = shade + 9 * texture(x + 400, y + 400, 5, 3);
	if (y < -52 + 10 * texture(x, y, 8, 4))
		return 46 + 34 * texture(x * 3, y, 6, 6); /* hair */
	double eye = fmax(inside(x - 27, y + 18, 13, 7 * pose->eyelid),
			  inside(x + 27, y + 18, 13, 7 * pose->eyelid));
	double pupil = fmax(inside(x - 27, y + 18, 5, 5), inside(x + 27, y + 18, 5, 5));
	if (eye > 0)
		return pupil > 0 && pose->eyelid > 0.5 ? 28 : 224;
	if (fabs(y + 32) < 3 && fabs(fabs(x) - 27) < 16)
		return 58; /* brows */
	double lips = inside(x, y - 44, 24, 5 + pose->mouth);
	if (inside(x, y - 44, 19, pose->mouth) > 0)
		return 40;
	if (lips > 0)
		return 112;
	if (fabs(x) < 7 && y > -14 && y < 24)
		return skin + (x > 3 ? -26 : 8);
	return skin;
}

static double body(double x, double y)
{
	double stripe = fmod(fabs(x), 16) < 3 ? 40 : 0;
	return 78 + stripe + 16 * texture(x, y, 4, 8);
}

static double scene(const struct pose *pose, int x, int y)
{
	double hx = x - pose->x, hy = y - pose->y;
	if (inside(hx, hy, 66, 88) > 0)
		return face(pose, hx, hy);
	if (fabs(hx) < 26 && hy > 60 && hy < 120)
		return 128 + 10 * texture(hx, hy, 6, 9);
	double shoulder = inside(x - 320 - (pose->x - 320) / 3, y - 372, 190, 108);
	return shoulder > 0 ? body(x - pose->x / 3, y) : wall(x, y);
}

/* ---- the code ---- */

static unsigned code_of(int who, int frame)
{
	unsigned bits = 1u << 15 | (unsigned)(who & 15) << 10 | (unsigned)(frame & 255) << 2;
	unsigned parity = 0;
	for (unsigned i = 2; i < BITS; i++)
		parity ^= bits >> i & 1;
	return bits | parity << 1 | 1;
}

static void write_code(unsigned code, uint8_t *out)
{
	for (int y = 0; y < FILM_CODE; y++)
		for (int x = 0; x < FILM_WIDTH; x++) {
			int bit = BITS - 1 - x * BITS / FILM_WIDTH;
			out[y * FILM_WIDTH + x] = code >> bit & 1 ? WHITE : BLACK;
		}
}

/* ---- frames ---- */

static uint8_t byte_of(double v)
{
	return (uint8_t)(v < 16 ? 16 : v > 235 ? 235 : lround(v));
}

void film_luma(int who, int frame, uint8_t *out)
{
	struct pose pose = pose_of(frame);
	for (int y = FILM_CODE; y < FILM_HEIGHT; y++)
		for (int x = 0; x < FILM_WIDTH; x++) {
			/* A camera's own noise: small, another in each frame. */
			double grain = 4 * lattice(x, y, mix((uint32_t)frame + 77));
			out[y * FILM_WIDTH + x] = byte_of(scene(&pose, x, y) + grain);
		}
	write_code(code_of(who, frame), out);
}

void film_chroma(int who, uint8_t *cb, uint8_t *cr)
{
	for (int y = 0; y < FILM_HEIGHT / 2; y++)
		for (int x = 0; x < FILM_WIDTH / 2; x++) {
			bool head = inside(2 * x - 320, 2 * y - 176, 70, 92) > 0;
			bool code = 2 * y < FILM_CODE;
			int at = y * FILM_WIDTH / 2 + x;
			cb[at] = (uint8_t)(code ? 128 : head ? 112 : 120 + 5 * who);
			cr[at] = (uint8_t)(code ? 128 : head ? 148 : 126);
		}
}
