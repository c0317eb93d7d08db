// Pooling, vectorised over the channels, which are neighbours in memory. Windows of 2×2 with stride 2 are nearly
// all there is in practice and have loops of their own; everything else goes position by position through memory
// that stays in the first-level cache.

#include <string.h>

#include "dispatch.h"
#include "functions.h"
#include "vectors.h"
#include "window.h"

/// Whether the windows are 2×2 with stride 2 and all lie inside the image.
CK_BODY int is_two_by_two(const ck_window *w) {
    return w->kernel_height == 2 && w->kernel_width == 2 && w->stride_height == 2 && w->stride_width == 2
           && w->pad_top == 0 && w->pad_left == 0 && 2 * w->output_height <= w->height
           && 2 * w->output_width <= w->width;
}

/// Whether no pixel belongs to two windows, and no window leaves the image.
CK_BODY int is_tiling(const ck_window *w) {
    return w->stride_height == w->kernel_height && w->stride_width == w->kernel_width && w->pad_top == 0
           && w->pad_left == 0 && w->output_height * w->kernel_height <= w->height
           && w->output_width * w->kernel_width <= w->width;
}

/// Calls `statement` for each output pixel, with `row`, `column`, `offset` (its first element) and the kernel
/// positions inside the image, `ys` and `xs`; `y` and `x` are where the window begins.
#define FOR_EACH_OUTPUT(w, statement)                                                           \
    for (long row = 0; row < (w)->output_height; row++) {                                       \
        long y = row * (w)->stride_height - (w)->pad_top;                                       \
        ck_range ys = ck_inside(y, (w)->kernel_height, 1, (w)->height);                         \
        for (long column = 0; column < (w)->output_width; column++) {                           \
            long x = column * (w)->stride_width - (w)->pad_left;                                \
            ck_range xs = ck_inside(x, (w)->kernel_width, 1, (w)->width);                       \
            long offset = (row * (w)->output_width + column) * (w)->channels;                   \
            statement;                                                                          \
        }                                                                                       \
    }

// MARK: Maximum

/// The window's maximum for one strip of channels, which stays in registers over the positions.
#define MAX_STRIP(floats, integers, shorts)                                                    \
    do {                                                                                       \
        floats best = *(const floats *)(first + c);                                            \
        integers place = (integers){0} + (int32_t)(ys.from * kernel_width + xs.from);          \
        for (long ky = ys.from; ky < ys.to; ky++)                                              \
            for (long kx = xs.from; kx < xs.to; kx++) {                                        \
                floats value = *(const floats *)(corner + ky * line + kx * channels + c);      \
                integers better = CK_BETTER(value, best), here = (integers){0} + (int32_t)(ky * kernel_width + kx); \
                best = CK_SELECT(floats, integers, better, value, best);                       \
                place = CK_SELECT(integers, integers, better, here, place);                    \
            }                                                                                  \
        *(floats *)(out + c) = best;                                                           \
        if (places) *(shorts *)(places + c) = __builtin_convertvector(place, shorts);          \
    } while (0)

/// One window, whose first position would be at `corner`; zero if no position lies in the image. Inlined where the
/// ranges are constants, its loops over positions unroll.
CK_BODY void max_window(const float *corner, long line, long channels, long kernel_width, ck_range ys, ck_range xs,
                        float *restrict out, uint16_t *restrict places) {
    if (ys.from == ys.to || xs.from == xs.to) {
        memset(out, 0, (unsigned long)channels * sizeof *out);
        if (places) memset(places, 0, (unsigned long)channels * sizeof *places);
        return;
    }
    const float *first = corner + ys.from * line + xs.from * channels;
    long c = 0;
    for (; c + 16 <= channels; c += 16) MAX_STRIP(ck_float16, ck_int16, ck_ushort16);
    for (; c + 8 <= channels; c += 8) MAX_STRIP(ck_float8, ck_int8, ck_ushort8);
    for (; c + 4 <= channels; c += 4) MAX_STRIP(ck_float4, ck_int4, ck_ushort4);
    for (; c < channels; c++) {
        float best = first[c];
        uint16_t place = (uint16_t)(ys.from * kernel_width + xs.from);
        for (long ky = ys.from; ky < ys.to; ky++)
            for (long kx = xs.from; kx < xs.to; kx++) {
                float value = corner[ky * line + kx * channels + c];
                int better = ck_is_better(value, best);
                best = better ? value : best;
                place = better ? (uint16_t)(ky * kernel_width + kx) : place;
            }
        out[c] = best;
        if (places) places[c] = place;
    }
}

/// `index` apart from the test for NULL, so that inference carries no places along.
CK_BODY void max_pool(const float *image, const ck_window *w, float *output, uint16_t *index) {
    long channels = w->channels, line = w->width * channels;
    if (is_two_by_two(w)) {
        const ck_range both = {0, 2};
        for (long row = 0; row < w->output_height; row++)
            for (long column = 0; column < w->output_width; column++) {
                long offset = (row * w->output_width + column) * channels;
                max_window(image + 2 * row * line + 2 * column * channels, line, channels, 2, both, both,
                           output + offset, index ? index + offset : 0);
            }
        return;
    }
    FOR_EACH_OUTPUT(w, max_window(image + y * line + x * channels, line, channels, w->kernel_width, ys, xs,
                                  output + offset, index ? index + offset : 0))
}

CK_BODY void ck_max_pool_body(const float *image, const ck_window *window, float *output, uint16_t *index) {
    ck_window w = *window;
    if (index) max_pool(image, &w, output, index);
    else max_pool(image, &w, output, 0);
}

/// dy where the places agree, else 0. By bits, for a choice between numbers may become a branch, which would be
/// mispredicted at random.
CK_BODY float kept_if(float dy, uint32_t place, uint32_t here) {
    return ck_from_bits(ck_bits(dy) & -(uint32_t)(place == here));
}

/// Sets to zero what no window of a tiling covers: the columns at the right of a band of rows.
CK_BODY void clear_uncovered(const ck_window *w, long first_row, long row_count, float *image) {
    long covered = w->output_width * w->kernel_width;
    if (covered == w->width) return;
    for (long y = first_row; y < first_row + row_count; y++)
        memset(image + (y * w->width + covered) * w->channels, 0,
               (unsigned long)((w->width - covered) * w->channels) * sizeof *image);
}

/// Without overlap every element is written once, and the image need not be cleared before.
/// `kernel_height` and `kernel_width` apart, so that they can be constants.
CK_BODY void max_backward_tiling(const float *restrict d_output, const uint16_t *restrict index, const ck_window *w,
                                 long kernel_height, long kernel_width, float *restrict d_image) {
    long channels = w->channels, line = w->width * channels;
    for (long row = 0; row < w->output_height; row++) {
        for (long column = 0; column < w->output_width; column++) {
            long offset = (row * w->output_width + column) * channels;
            const float *dy = d_output + offset;
            const uint16_t *places = index + offset;
            float *corner = d_image + row * kernel_height * line + column * kernel_width * channels;
            if (kernel_height == 2 && kernel_width == 2) {
                float *d0 = corner, *d1 = corner + channels, *d2 = corner + line, *d3 = d2 + channels;
                CK_PARALLEL
                for (long c = 0; c < channels; c++) {
                    float g = dy[c];
                    uint32_t place = places[c];
                    d0[c] = kept_if(g, place, 0);
                    d1[c] = kept_if(g, place, 1);
                    d2[c] = kept_if(g, place, 2);
                    d3[c] = kept_if(g, place, 3);
                }
                continue;
            }
            for (long ky = 0; ky < kernel_height; ky++)
                for (long kx = 0; kx < kernel_width; kx++) {
                    float *to = corner + ky * line + kx * channels;
                    uint32_t here = (uint32_t)(ky * kernel_width + kx);
                    CK_PARALLEL
                    for (long c = 0; c < channels; c++) to[c] = kept_if(dy[c], places[c], here);
                }
        }
        clear_uncovered(w, row * kernel_height, kernel_height, d_image);
    }
    long covered = w->output_height * kernel_height;
    memset(d_image + covered * line, 0, (unsigned long)((w->height - covered) * line) * sizeof *d_image);
}

CK_BODY void max_backward_window(const float *restrict dy, const uint16_t *restrict places, const ck_window *w,
                                 long y, long x, ck_range ys, ck_range xs, float *restrict d_image) {
    for (long ky = ys.from; ky < ys.to; ky++)
        for (long kx = xs.from; kx < xs.to; kx++) {
            float *to = d_image + ((y + ky) * w->width + x + kx) * w->channels;
            uint32_t here = (uint32_t)(ky * w->kernel_width + kx);
            CK_PARALLEL
            for (long c = 0; c < w->channels; c++) to[c] += kept_if(dy[c], places[c], here);
        }
}

CK_BODY void ck_max_pool_backward_body(const float *d_output, const uint16_t *index, const ck_window *window,
                                       float *d_image) {
    ck_window w = *window;
    if (is_two_by_two(&w)) {
        max_backward_tiling(d_output, index, &w, 2, 2, d_image);
    } else if (is_tiling(&w)) {
        max_backward_tiling(d_output, index, &w, w.kernel_height, w.kernel_width, d_image);
    } else {
        memset(d_image, 0, (unsigned long)(w.height * w.width * w.channels) * sizeof *d_image);
        FOR_EACH_OUTPUT(&w, max_backward_window(d_output + offset, index + offset, &w, y, x, ys, xs, d_image))
    }
}

// MARK: Average

CK_BODY void average_window(const float *restrict image, const ck_window *w, long y, long x, ck_range ys,
                            ck_range xs, float *restrict out) {
    long count = (ys.to - ys.from) * (xs.to - xs.from), channels = w->channels;
    memset(out, 0, (unsigned long)channels * sizeof *out);
    if (count == 0) return;
    for (long ky = ys.from; ky < ys.to; ky++)
        for (long kx = xs.from; kx < xs.to; kx++) {
            const float *in = image + ((y + ky) * w->width + x + kx) * channels;
            CK_PARALLEL
            for (long c = 0; c < channels; c++) out[c] += in[c];
        }
    float scale = 1.0f / (float)count;
    CK_PARALLEL
    for (long c = 0; c < channels; c++) out[c] *= scale;
}

CK_BODY void ck_average_pool_body(const float *image, const ck_window *window, float *output) {
    ck_window w = *window;
    if (is_two_by_two(&w)) {
        long channels = w.channels, line = w.width * channels;
        for (long row = 0; row < w.output_height; row++)
            for (long column = 0; column < w.output_width; column++) {
                const float *p0 = image + 2 * row * line + 2 * column * channels;
                const float *p1 = p0 + channels, *p2 = p0 + line, *p3 = p2 + channels;
                float *out = output + (row * w.output_width + column) * channels;
                CK_PARALLEL
                for (long c = 0; c < channels; c++) out[c] = (p0[c] + p1[c] + p2[c] + p3[c]) * 0.25f;
            }
        return;
    }
    FOR_EACH_OUTPUT(&w, average_window(image, &w, y, x, ys, xs, output + offset))
}

CK_BODY void average_backward_window(const float *restrict dy, const ck_window *w, long y, long x, ck_range ys,
                                     ck_range xs, float *restrict d_image) {
    float scale = 1.0f / (float)((ys.to - ys.from) * (xs.to - xs.from));  // unused if there is none
    for (long ky = ys.from; ky < ys.to; ky++)
        for (long kx = xs.from; kx < xs.to; kx++) {
            float *to = d_image + ((y + ky) * w->width + x + kx) * w->channels;
            CK_PARALLEL
            for (long c = 0; c < w->channels; c++) to[c] += dy[c] * scale;
        }
}

CK_BODY void ck_average_pool_backward_body(const float *d_output, const ck_window *window, float *d_image) {
    ck_window w = *window;
    memset(d_image, 0, (unsigned long)(w.height * w.width * w.channels) * sizeof *d_image);
    FOR_EACH_OUTPUT(&w, average_backward_window(d_output + offset, &w, y, x, ys, xs, d_image))
}

CK_KERNEL(void, ck_max_pool, (const float *image, const ck_window *window, float *output, uint16_t *index),
          (image, window, output, index))
CK_KERNEL(void, ck_max_pool_backward,
          (const float *d_output, const uint16_t *index, const ck_window *window, float *d_image),
          (d_output, index, window, d_image))
CK_KERNEL(void, ck_average_pool, (const float *image, const ck_window *window, float *output),
          (image, window, output))
CK_KERNEL(void, ck_average_pool_backward, (const float *d_output, const ck_window *window, float *d_image),
          (d_output, window, d_image))
