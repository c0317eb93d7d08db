// What prepares data before training: conversions, and arithmetic over arrays of any strides. One pass over memory each; the
// compiler's own vectors are enough, for none of it is part of a training step.

#include <math.h>
#include <string.h>

#include "include/ckernels.h"

void ck_floats_from_doubles(const double *x, float *y, long count) {
    for (long i = 0; i < count; i++) y[i] = (float)x[i];
}

void ck_floats_from_bytes(const uint8_t *x, float *y, long count) {
    for (long i = 0; i < count; i++) y[i] = (float)x[i];
}

void ck_floats_from_integers(const int64_t *x, float *y, long count) {
    for (long i = 0; i < count; i++) y[i] = (float)x[i];
}

static inline float combine(ck_arithmetic operation, float a, float b) {
    switch (operation) {
        case CK_PLUS: return a + b;
        case CK_MINUS: return a - b;
        case CK_TIMES: return a * b;
        default: return a / b;
    }
}

/// The operation is constant within each call, so that the compiler makes a loop for each.
static inline void combine_row(ck_arithmetic operation, const float *a, long a_step, const float *b, long b_step, float *y,
                               long count) {
    if (a_step == 1 && b_step == 1)
        for (long i = 0; i < count; i++) y[i] = combine(operation, a[i], b[i]);
    else if (a_step == 1 && b_step == 0)
        for (long i = 0; i < count; i++) y[i] = combine(operation, a[i], *b);
    else if (a_step == 0 && b_step == 1)
        for (long i = 0; i < count; i++) y[i] = combine(operation, *a, b[i]);
    else
        for (long i = 0; i < count; i++) y[i] = combine(operation, a[i * a_step], b[i * b_step]);
}

static void combine_rows(ck_arithmetic operation, const float *a, long a_step, const float *b, long b_step, float *y,
                         long count) {
    switch (operation) {
        case CK_PLUS: combine_row(CK_PLUS, a, a_step, b, b_step, y, count); break;
        case CK_MINUS: combine_row(CK_MINUS, a, a_step, b, b_step, y, count); break;
        case CK_TIMES: combine_row(CK_TIMES, a, a_step, b, b_step, y, count); break;
        default: combine_row(CK_OVER, a, a_step, b, b_step, y, count); break;
    }
}

/// Moves an index to the next row, and offsets with it. Returns 0 after the last.
static int next_row(long *index, long rank, const long *sizes, long *a, const long *a_steps, long *b, const long *b_steps) {
    for (long axis = rank - 2; axis >= 0; axis--) {
        *a += a_steps[axis];
        *b += b_steps[axis];
        if (++index[axis] < sizes[axis]) return 1;
        *a -= a_steps[axis] * sizes[axis];
        *b -= b_steps[axis] * sizes[axis];
        index[axis] = 0;
    }
    return 0;
}

void ck_combine(ck_arithmetic operation, const float *a, const long *a_steps, const float *b, const long *b_steps, float *y,
                long rank, const long *sizes, long *index) {
    long a_offset = 0, b_offset = 0, row = sizes[rank - 1];
    memset(index, 0, (size_t)rank * sizeof(long));
    do {
        combine_rows(operation, a + a_offset, a_steps[rank - 1], b + b_offset, b_steps[rank - 1], y, row);
        y += row;
    } while (next_row(index, rank, sizes, &a_offset, a_steps, &b_offset, b_steps));
}

void ck_copy_strided(const float *x, const long *x_steps, float *y, const long *y_steps, long rank, const long *sizes,
                     long *index) {
    const long row = sizes[rank - 1], x_step = x_steps[rank - 1], y_step = y_steps[rank - 1];
    // A row that is gathered from far apart is copied in pieces, a cache line of `y` each: with all rows one after the other, what is read
    // beside an element would have left the cache before it is needed.
    const long piece = y_step == 1 && x_step > 16 ? 16 : row;
    for (long first = 0; first < row; first += piece) {
        const long count = row - first < piece ? row - first : piece;
        long x_offset = first * x_step, y_offset = first * y_step;
        memset(index, 0, (size_t)rank * sizeof(long));
        do {
            const float *from = x + x_offset;
            float *to = y + y_offset;
            if (x_step == 1 && y_step == 1)
                memcpy(to, from, (size_t)count * sizeof(float));
            else
                for (long i = 0; i < count; i++) to[i * y_step] = from[i * x_step];
        } while (next_row(index, rank, sizes, &x_offset, x_steps, &y_offset, y_steps));
    }
}

void ck_accumulate(ck_statistic statistic, const float *x, double *y, const double *mean, const long *y_steps, long rank,
               const long *sizes, long *index) {
    long offset = 0, unused = 0, row = sizes[rank - 1], step = y_steps[rank - 1];
    memset(index, 0, (size_t)rank * sizeof(long));
    do {
        double *to = y + offset;
        switch (statistic) {
            case CK_STATISTIC_SUM:
                for (long i = 0; i < row; i++) to[i * step] += x[i];
                break;
            case CK_STATISTIC_SQUARED_DEVIATIONS:
                for (long i = 0; i < row; i++) {
                    double d = x[i] - mean[offset + i * step];
                    to[i * step] += d * d;
                }
                break;
            case CK_STATISTIC_MINIMUM:
                for (long i = 0; i < row; i++)
                    if (x[i] < to[i * step] || isnan(x[i])) to[i * step] = x[i];
                break;
            default:
                for (long i = 0; i < row; i++)
                    if (x[i] > to[i * step] || isnan(x[i])) to[i * step] = x[i];
                break;
        }
        x += row;
    } while (next_row(index, rank, sizes, &offset, y_steps, &unused, y_steps));
}
