// Strided copies, and the way back along the same map.

#include <string.h>

#include "dispatch.h"

/// Runs at least this long are copied by memcpy, whose call costs more than a few vectors.
enum { memcpy_count = 64 };

/// Rows and columns of a square that is transposed at once, so that both sides' cache lines are used whole.
enum { square = 8 };

static const ck_loop no_loop = {1, 0, 0};

/// The three innermost of `rank` loops, the last one first; those that are not there run once.
#define INNER_LOOPS(loops, rank, count0)                                                        \
    ck_loop c = (loops)[(rank) - 1], b = (rank) > 1 ? (loops)[(rank) - 2] : no_loop;            \
    ck_loop a = (rank) > 2 ? (loops)[(rank) - 3] : no_loop;                                     \
    if ((rank) == 1) c.count = (count0);                                                        \
    if ((rank) == 2) b.count = (count0);                                                        \
    if ((rank) == 3) a.count = (count0);

/// Sets `from` and `to` to where a turn of the loops outside the three innermost begins; `repeats` if it is not the
/// first turn of one that does not move through the input.
CK_BODY void outer_turn(const ck_loop *loops, long rank, long count0, long turn, long *from, long *to, int *repeats) {
    *from = *to = 0;
    *repeats = 0;
    for (long level = rank - 4; level >= 0; level--) {
        const ck_loop loop = loops[level];
        const long count = level == 0 ? count0 : loop.count, index = turn % count;
        turn /= count;
        *from += index * loop.input;
        *to += index * loop.output;
        if (loop.input == 0 && index > 0) *repeats = 1;
    }
}

/// How often the three innermost loops run.
CK_BODY long outer_turns(const ck_loop *loops, long rank, long count0) {
    long turns = 1;
    for (long level = rank - 4; level >= 0; level--) turns *= level == 0 ? count0 : loops[level].count;
    return turns;
}

/// Calls `statement` with the constant `n` in place of small counts, for which loops cost more than what they do.
#define FOR_SMALL_COUNTS(count, statement, otherwise)  \
    switch (count) {                                   \
    case 1: { enum { n = 1 }; statement; } break;      \
    case 2: { enum { n = 2 }; statement; } break;      \
    case 3: { enum { n = 3 }; statement; } break;      \
    case 4: { enum { n = 4 }; statement; } break;      \
    case 8: { enum { n = 8 }; statement; } break;      \
    case 16: { enum { n = 16 }; statement; } break;    \
    default: otherwise;                                \
    }

/// The turns of two loops, each a run of `count` neighbours.
CK_BODY void copy_runs(const float *x, float *y, ck_loop a, ck_loop b, long count) {
    for (long i = 0; i < a.count; i++)
        for (long j = 0; j < b.count; j++) {
            const float *source = x + i * a.input + j * b.input;
            float *target = y + i * a.output + j * b.output;
            for (long k = 0; k < count; k++) target[k] = source[k];
        }
}

/// The same where the second loop runs twice: as images get twice their size.
CK_BODY void copy_runs_twice(const float *restrict x, float *restrict y, ck_loop a, ck_loop b, long count) {
    for (long i = 0; i < a.count; i++) {
        const float *source = x + i * a.input;
        float *target = y + i * a.output;
        for (long k = 0; k < count; k++) {
            target[k] = source[k];
            target[k + b.output] = source[k + b.input];
        }
    }
}

/// The same with memcpy for each run.
CK_BODY void copy_long_runs(const float *x, float *y, ck_loop a, ck_loop b, long count) {
    for (long i = 0; i < a.count; i++)
        for (long j = 0; j < b.count; j++)
            memcpy(y + i * a.output + j * b.output, x + i * a.input + j * b.input, (size_t)count * sizeof(float));
}

/// The turns of two loops, each `count` times the same element.
CK_BODY void copy_repeats(const float *x, float *y, ck_loop a, ck_loop b, long count) {
    for (long i = 0; i < a.count; i++)
        for (long j = 0; j < b.count; j++) {
            const float value = x[i * a.input + j * b.input];
            float *target = y + i * a.output + j * b.output;
            for (long k = 0; k < count; k++) target[k] = value;
        }
}

/// Rows that are columns of the input, in squares.
CK_BODY void copy_transposed(const float *x, float *y, ck_loop b, ck_loop c) {
    for (long j0 = 0; j0 < b.count; j0 += square)
        for (long k0 = 0; k0 < c.count; k0 += square)
            for (long j = j0; j < j0 + square && j < b.count; j++)
                for (long k = k0; k < k0 + square && k < c.count; k++) y[j * b.output + k] = x[j + k * c.input];
}

/// The turns of three loops.
CK_BODY void copy_block(const float *x, float *y, ck_loop a, ck_loop b, ck_loop c) {
    if (c.input == 1 && c.output == 1) {
        if (c.count >= memcpy_count) return copy_long_runs(x, y, a, b, c.count);
        if (b.count == 2) {
            FOR_SMALL_COUNTS(c.count, copy_runs_twice(x, y, a, b, n), copy_runs(x, y, a, b, c.count))
        } else {
            FOR_SMALL_COUNTS(c.count, copy_runs(x, y, a, b, n), copy_runs(x, y, a, b, c.count))
        }
    } else if (c.input == 0 && c.output == 1) {
        FOR_SMALL_COUNTS(c.count, copy_repeats(x, y, a, b, n), copy_repeats(x, y, a, b, c.count))
    } else if (b.input == 1 && c.output == 1) {
        for (long i = 0; i < a.count; i++) copy_transposed(x + i * a.input, y + i * a.output, b, c);
    } else {
        for (long i = 0; i < a.count; i++)
            for (long j = 0; j < b.count; j++)
                for (long k = 0; k < c.count; k++)
                    y[i * a.output + j * b.output + k * c.output] = x[i * a.input + j * b.input + k * c.input];
    }
}

CK_BODY void ck_move_body(const float *x, float *y, const ck_loop *loops, long rank, long count0) {
    INNER_LOOPS(loops, rank, count0)
    const long turns = outer_turns(loops, rank, count0);
    for (long turn = 0; turn < turns; turn++) {
        long from, to;
        int repeats;
        outer_turn(loops, rank, count0, turn, &from, &to, &repeats);
        copy_block(x + from, y + to, a, b, c);
    }
}

/// What runs of `count` neighbours give back: stored, or added if `adds` or a loop does not move through the input.
CK_BODY void return_runs(const float *dy, float *dx, ck_loop a, ck_loop b, long count, int adds) {
    for (long i = 0; i < a.count; i++)
        for (long j = 0; j < b.count; j++) {
            const float *source = dy + i * a.output + j * b.output;
            float *target = dx + i * a.input + j * b.input;
            if (adds || (a.input == 0 && i > 0) || (b.input == 0 && j > 0)) {
                CK_PARALLEL
                for (long k = 0; k < count; k++) target[k] += source[k];
            } else {
                for (long k = 0; k < count; k++) target[k] = source[k];
            }
        }
}

/// The same where the second loop runs twice and does not move through the input.
CK_BODY void return_runs_twice(const float *restrict dy, float *restrict dx, ck_loop a, ck_loop b, long count,
                               int adds) {
    for (long i = 0; i < a.count; i++) {
        const float *source = dy + i * a.output;
        float *target = dx + i * a.input;
        if (adds || (a.input == 0 && i > 0)) {
            for (long k = 0; k < count; k++) target[k] = target[k] + source[k] + source[k + b.output];
        } else {
            for (long k = 0; k < count; k++) target[k] = source[k] + source[k + b.output];
        }
    }
}

/// The sums of `count` neighbours that were the same element.
CK_BODY void return_repeats(const float *dy, float *dx, ck_loop a, ck_loop b, long count, int adds) {
    for (long i = 0; i < a.count; i++)
        for (long j = 0; j < b.count; j++) {
            const float *source = dy + i * a.output + j * b.output;
            float *target = dx + i * a.input + j * b.input;
            float sum = adds || (a.input == 0 && i > 0) || (b.input == 0 && j > 0) ? *target : 0;
            for (long k = 0; k < count; k++) sum += source[k];
            *target = sum;
        }
}

CK_BODY void return_transposed(const float *dy, float *dx, ck_loop b, ck_loop c, int adds) {
    for (long j0 = 0; j0 < b.count; j0 += square)
        for (long k0 = 0; k0 < c.count; k0 += square)
            for (long k = k0; k < k0 + square && k < c.count; k++)
                for (long j = j0; j < j0 + square && j < b.count; j++) {
                    float *place = dx + j + k * c.input;
                    *place = adds ? *place + dy[j * b.output + k] : dy[j * b.output + k];
                }
}

CK_BODY void return_block(const float *dy, float *dx, ck_loop a, ck_loop b, ck_loop c, int adds) {
    if (c.input == 1 && c.output == 1) {
        if (b.count == 2 && b.input == 0) {
            FOR_SMALL_COUNTS(c.count, return_runs_twice(dy, dx, a, b, n, adds),
                             return_runs_twice(dy, dx, a, b, c.count, adds))
        } else {
            FOR_SMALL_COUNTS(c.count, return_runs(dy, dx, a, b, n, adds), return_runs(dy, dx, a, b, c.count, adds))
        }
    } else if (c.input == 0 && c.output == 1) {
        FOR_SMALL_COUNTS(c.count, return_repeats(dy, dx, a, b, n, adds), return_repeats(dy, dx, a, b, c.count, adds))
    } else if (b.input == 1 && c.output == 1) {
        for (long i = 0; i < a.count; i++)
            return_transposed(dy + i * a.output, dx + i * a.input, b, c, adds || (a.input == 0 && i > 0));
    } else {
        for (long i = 0; i < a.count; i++)
            for (long j = 0; j < b.count; j++)
                for (long k = 0; k < c.count; k++) {
                    float *place = dx + i * a.input + j * b.input + k * c.input;
                    const float gradient = dy[i * a.output + j * b.output + k * c.output];
                    const int is_next = (a.input == 0 && i > 0) || (b.input == 0 && j > 0) || (c.input == 0 && k > 0);
                    *place = adds || is_next ? *place + gradient : gradient;
                }
    }
}

CK_BODY void ck_move_back_body(const float *dy, float *dx, const ck_loop *loops, long rank, long count0,
                               int accumulate) {
    INNER_LOOPS(loops, rank, count0)
    const long turns = outer_turns(loops, rank, count0);
    for (long turn = 0; turn < turns; turn++) {
        long to, from;
        int repeats;
        outer_turn(loops, rank, count0, turn, &to, &from, &repeats);
        return_block(dy + from, dx + to, a, b, c, accumulate || repeats);
    }
}

CK_BODY void ck_copy_runs_body(const float *x, long x_step, float *y, long y_step, long runs, long count) {
    copy_block(x, y, no_loop, (ck_loop){runs, x_step, y_step}, (ck_loop){count, 1, 1});
}

CK_KERNEL(void, ck_copy_runs, (const float *x, long x_step, float *y, long y_step, long runs, long count),
          (x, x_step, y, y_step, runs, count))
CK_KERNEL(void, ck_move, (const float *x, float *y, const ck_loop *loops, long rank, long count),
          (x, y, loops, rank, count))
CK_KERNEL(void, ck_move_back,
          (const float *dy, float *dx, const ck_loop *loops, long rank, long count, int accumulate),
          (dy, dx, loops, rank, count, accumulate))

CK_BODY void ck_pack_columns_body(const float *x, long step, long rows, const float *restrict factors, long columns,
                                  long width, float *restrict y) {
    for (long r = 0; r < rows; r++)
        for (long first = 0; first < columns; first += width) {
            const float *from = x + r * step + first, *by = factors + first;
            float *to = y + first * rows + r * width;
            const long left = columns - first;
            if (width == ck_panel_width && left >= width) {  // a constant count, of which no loop is left
                for (int c = 0; c < ck_panel_width; c++) to[c] = from[c] * by[c];
            } else {
                for (long c = 0; c < left && c < width; c++) to[c] = from[c] * by[c];
            }
        }
}

CK_KERNEL(void, ck_pack_columns,
          (const float *x, long step, long rows, const float *factors, long columns, long width, float *y),
          (x, step, rows, factors, columns, width, y))

static void fill(float *y, long count, float value) {
    for (long k = 0; k < count; k++) y[k] = value;
}

void ck_fill_border(float *y, const ck_border *axes, long rank, float value) {
    const ck_border axis = axes[0];
    fill(y, axis.before * axis.stride, value);
    float *inside = y + axis.before * axis.stride;
    if (rank > 1)
        for (long i = 0; i < axis.count; i++) ck_fill_border(inside + i * axis.stride, axes + 1, rank - 1, value);
    fill(inside + axis.count * axis.stride, axis.after * axis.stride, value);
}
