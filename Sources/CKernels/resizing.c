// Images in another size: every output row is a weighted sum of input rows, and every pixel of it one of that sum's pixels.

#include <string.h>

#include "dispatch.h"

/// y (+)= x * weight; the first term is stored.
CK_BODY void add_row(const float *x, float weight, float *y, long count, int is_first) {
    if (is_first) {
        CK_PARALLEL
        for (long i = 0; i < count; i++) y[i] = x[i] * weight;
    } else {
        CK_PARALLEL
        for (long i = 0; i < count; i++) y[i] += x[i] * weight;
    }
}

CK_BODY void ck_resize_body(const float *image, const ck_resampling *rows, const ck_resampling *columns, long channels,
                            float *row, float *output) {
    const long line = columns->size * channels;
    for (long i = 0; i < rows->output; i++) {
        const float *weights = rows->weights + i * rows->span;
        const float *first = image + rows->starts[i] * line;
        const float *mixed = row;
        if (rows->span == 1 && weights[0] == 1) {
            mixed = first;
        } else {
            for (long k = 0; k < rows->span; k++) add_row(first + k * line, weights[k], row, line, k == 0);
        }
        for (long j = 0; j < columns->output; j++) {
            const float *factors = columns->weights + j * columns->span;
            const float *pixel = mixed + columns->starts[j] * channels;
            for (long k = 0; k < columns->span; k++)
                add_row(pixel + k * channels, factors[k], output, channels, k == 0);
            output += channels;
        }
    }
}

CK_BODY void ck_resize_backward_body(const float *d_output, const ck_resampling *rows, const ck_resampling *columns,
                                     long channels, float *row, float *d_image) {
    const long line = columns->size * channels;
    for (long i = 0; i < rows->output; i++) {
        memset(row, 0, (size_t)line * sizeof(float));
        for (long j = 0; j < columns->output; j++) {
            const float *factors = columns->weights + j * columns->span;
            float *pixel = row + columns->starts[j] * channels;
            for (long k = 0; k < columns->span; k++)
                add_row(d_output, factors[k], pixel + k * channels, channels, 0);
            d_output += channels;
        }
        const float *weights = rows->weights + i * rows->span;
        float *first = d_image + rows->starts[i] * line;
        for (long k = 0; k < rows->span; k++) add_row(row, weights[k], first + k * line, line, 0);
    }
}

CK_KERNEL(void, ck_resize,
          (const float *image, const ck_resampling *rows, const ck_resampling *columns, long channels, float *row,
           float *output),
          (image, rows, columns, channels, row, output))
CK_KERNEL(void, ck_resize_backward,
          (const float *d_output, const ck_resampling *rows, const ck_resampling *columns, long channels, float *row,
           float *d_image),
          (d_output, rows, columns, channels, row, d_image))
