// Normalisation of rows: layer normalisation and its relatives. A row is read twice for its statistics and once to be
// normalised; it lies in the first-level cache by then, unless it is a whole image.

#include <stddef.h>

#include "dispatch.h"
#include "vectors.h"

/// Elements that are added up in float before their sum joins the others in double: so a long row loses nothing.
enum { block = 4096 };

/// What is added up of a row: terms of x, and on the way back of x and the gradient.
typedef struct {
    const float *x, *dy, *gamma;
    float mean, inverse;
} row_terms;

typedef enum { TERM_X, TERM_SQUARE, TERM_GRADIENT, TERM_PRODUCT } row_term;

#define TERM_OF(type)                                                                             \
    do {                                                                                          \
        type v = {0};                                                                             \
        if (term != TERM_GRADIENT) v = *(const type *)(t.x + c) - t.mean;                         \
        if (term == TERM_SQUARE) v = v * v;                                                       \
        if (term >= TERM_GRADIENT) {                                                              \
            type g = *(const type *)(t.dy + c);                                                   \
            if (has_gamma) g *= *(const type *)(t.gamma + c);                                     \
            v = term == TERM_PRODUCT ? g * (v * t.inverse) : g;                                   \
        }                                                                                         \
        lanes += v;                                                                               \
    } while (0)

/// The sum of one term over a row, in sixteen lanes whatever the processor. `term` and `has_gamma` are constants.
CK_BODY double row_total(row_term term, int has_gamma, row_terms t, long count) {
    double total = 0.0;
    for (long start = 0; start < count; start += block) {
        long end = count - start < block ? count : start + block, c = start;
        ck_float16 lanes = {0};
        for (; c + 16 <= end; c += 16) TERM_OF(ck_float16);
        double rest = 0.0;
        for (; c < end; c++) {
            float v = term == TERM_GRADIENT ? 0.0f : t.x[c] - t.mean;
            if (term == TERM_SQUARE) v = v * v;
            if (term >= TERM_GRADIENT) {
                float g = has_gamma ? t.dy[c] * t.gamma[c] : t.dy[c];
                v = term == TERM_PRODUCT ? g * (v * t.inverse) : g;
            }
            rest += (double)v;
        }
        total += (double)ck_fold_sum((const float *)&lanes) + rest;
    }
    return total;
}

CK_BODY void normalize_row(int has_gamma, int has_beta, const float *x, float *y, long count,
                           const float *restrict gamma, const float *restrict beta, float mean, float inverse) {
    CK_PARALLEL
    for (long c = 0; c < count; c++) {
        float v = (x[c] - mean) * inverse;
        if (has_gamma) v *= gamma[c];
        y[c] = has_beta ? v + beta[c] : v;
    }
}

CK_BODY void ck_normalize_rows_body(const float *x, float *y, long rows, const ck_row_normalization *n,
                                    const float *gamma, const float *beta, float *moments) {
    for (long r = 0; r < rows; r++) {
        const float *in = x + r * n->count;
        row_terms t = {in, NULL, NULL, 0.0f, 1.0f};
        if (n->is_centered) t.mean = (float)(row_total(TERM_X, 0, t, n->count) / (double)n->count);
        double squares = row_total(TERM_SQUARE, 0, t, n->count) / n->divisor;
        float inverse = (float)(1.0 / __builtin_elementwise_sqrt(squares + n->epsilon));
        inverse = inverse > n->largest_inverse ? n->largest_inverse : inverse;
        moments[2 * r] = t.mean;
        moments[2 * r + 1] = inverse;
        float *out = y + r * n->count;
        if (gamma && beta) normalize_row(1, 1, in, out, n->count, gamma, beta, t.mean, inverse);
        else if (gamma) normalize_row(1, 0, in, out, n->count, gamma, beta, t.mean, inverse);
        else if (beta) normalize_row(0, 1, in, out, n->count, gamma, beta, t.mean, inverse);
        else normalize_row(0, 0, in, out, n->count, gamma, beta, t.mean, inverse);
    }
}

CK_BODY void row_gradient(int has_gamma, row_terms t, float *dx, long count, float gradient, float product) {
    CK_PARALLEL
    for (long c = 0; c < count; c++) {
        float g = has_gamma ? t.dy[c] * t.gamma[c] : t.dy[c];
        float v = (t.x[c] - t.mean) * t.inverse;
        dx[c] = t.inverse * (g - gradient - v * product);
    }
}

CK_BODY void ck_normalize_rows_backward_body(const float *x, const float *dy, float *dx, long rows,
                                             const ck_row_normalization *n, const float *gamma, const float *moments,
                                             float *restrict d_gamma, float *restrict d_beta) {
    for (long r = 0; r < rows; r++) {
        const float *d_out = dy + r * n->count;
        row_terms t = {x + r * n->count, d_out, gamma, moments[2 * r], moments[2 * r + 1]};
        if (d_gamma) {
            CK_PARALLEL
            for (long c = 0; c < n->count; c++) d_gamma[c] += d_out[c] * ((t.x[c] - t.mean) * t.inverse);
        }
        if (d_beta) {
            CK_PARALLEL
            for (long c = 0; c < n->count; c++) d_beta[c] += d_out[c];
        }
        if (dx == NULL) continue;
        double product = gamma ? row_total(TERM_PRODUCT, 1, t, n->count) : row_total(TERM_PRODUCT, 0, t, n->count);
        double gradient = 0.0;
        if (n->is_centered)
            gradient = gamma ? row_total(TERM_GRADIENT, 1, t, n->count) : row_total(TERM_GRADIENT, 0, t, n->count);
        // Where the limit holds, the inverse does not depend on x.
        float of_product = t.inverse >= n->largest_inverse ? 0.0f : (float)(product / n->divisor);
        float of_gradient = (float)(gradient / (double)n->count);
        if (gamma) row_gradient(1, t, dx + r * n->count, n->count, of_gradient, of_product);
        else row_gradient(0, t, dx + r * n->count, n->count, of_gradient, of_product);
    }
}

CK_KERNEL(void, ck_normalize_rows,
          (const float *x, float *y, long rows, const ck_row_normalization *n, const float *gamma, const float *beta,
           float *moments),
          (x, y, rows, n, gamma, beta, moments))
CK_KERNEL(void, ck_normalize_rows_backward,
          (const float *x, const float *dy, float *dx, long rows, const ck_row_normalization *n, const float *gamma,
           const float *moments, float *d_gamma, float *d_beta),
          (x, dy, dx, rows, n, gamma, moments, d_gamma, d_beta))
