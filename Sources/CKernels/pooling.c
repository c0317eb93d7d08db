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
    return ck_is_plane(w) && w->kernel_height == 2 && w->kernel_width == 2 && w->stride_height == 2 && w->stride_width == 2
           && w->pad_top == 0 && w->pad_left == 0 && 2 * w->output_height <= w->height
           && 2 * w->output_width <= w->width;
}

/// Whether no pixel belongs to two windows, and no window leaves the image.
CK_BODY int is_tiling(const ck_window *w) {
    return ck_is_plane(w) && w->stride_height == w->kernel_height && w->stride_width == w->kernel_width && w->pad_top == 0
           && w->pad_left == 0 && w->output_height * w->kernel_height <= w->height
           && w->output_width * w->kernel_width <= w->width;
}

/// The part of an image under a window: the first element of its first position, which may lie outside, and the positions
/// that lie inside, counted from there.
typedef struct {
    long corner;
    ck_range zs, ys, xs;
} covered;

CK_BODY long position_count(covered at) {
    return (at.zs.to - at.zs.from) * (at.ys.to - at.ys.from) * (at.xs.to - at.xs.from);
}

/// Elements from one plane of the image to the next, and from one line to the next.
CK_BODY long plane_of(const ck_window *w) { return w->height * w->width * w->channels; }
CK_BODY long line_of(const ck_window *w) { return w->width * w->channels; }

/// Calls `statement` for each output pixel of one plane of the output, with `offset`, its first element, and `at`, what its
/// window covers: `depths` of the planes from `z` on.
#define FOR_EACH_OUTPUT_OF_PLANE(w, z, depths, statement)                                                 \
    for (long row = 0; row < (w)->output_height; row++) {                                                 \
        long y = row * (w)->stride_height - (w)->pad_top;                                                 \
        ck_range ys = ck_inside(y, (w)->kernel_height, 1, (w)->height);                                   \
        for (long column = 0; column < (w)->output_width; column++, offset += (w)->channels) {            \
            long x = column * (w)->stride_width - (w)->pad_left;                                          \
            ck_range xs = ck_inside(x, (w)->kernel_width, 1, (w)->width);                                 \
            covered at = {(z) * plane_of(w) + y * line_of(w) + x * (w)->channels, depths, ys, xs};        \
            statement;                                                                                    \
        }                                                                                                 \
    }

/// The same for all planes. Of a single plane all is known that concerns the depth, so that no loop is left of it.
#define FOR_EACH_OUTPUT(w, statement)                                                                     \
    do {                                                                                                  \
        const ck_range one = {0, 1};                                                                      \
        long offset = 0;                                                                                  \
        if (ck_is_plane(w)) {                                                                             \
            FOR_EACH_OUTPUT_OF_PLANE(w, 0, one, statement)                                                \
            break;                                                                                        \
        }                                                                                                 \
        for (long layer = 0; layer < (w)->output_depth; layer++) {                                        \
            long z = layer * (w)->stride_depth - (w)->pad_front;                                          \
            ck_range zs = ck_inside(z, (w)->kernel_depth, 1, (w)->depth);                                 \
            FOR_EACH_OUTPUT_OF_PLANE(w, z, zs, statement)                                                 \
        }                                                                                                 \
    } while (0)

/// The same for adaptive pooling, in which output `i` of `count` covers what lies from `i / count` to `(i + 1) / count` of the
/// axis, rounded outwards.
#define FOR_EACH_SHARE(w, statement)                                                                      \
    for (long layer = 0, offset = 0; layer < (w)->output_depth; layer++) {                                \
        ck_range z = share(layer, (w)->output_depth, (w)->depth);                                         \
        for (long row = 0; row < (w)->output_height; row++) {                                             \
            ck_range y = share(row, (w)->output_height, (w)->height);                                     \
            for (long column = 0; column < (w)->output_width; column++, offset += (w)->channels) {        \
                ck_range x = share(column, (w)->output_width, (w)->width);                                \
                covered at = {z.from * plane_of(w) + y.from * line_of(w) + x.from * (w)->channels,        \
                              {0, z.to - z.from}, {0, y.to - y.from}, {0, x.to - x.from}};                \
                statement;                                                                                \
            }                                                                                             \
        }                                                                                                 \
    }

CK_BODY ck_range share(long index, long count, long size) {
    return (ck_range){index * size / count, ((index + 1) * size + count - 1) / count};
}

// MARK: Maximum

/// The window's maximum for one strip of channels, which stays in registers over the positions.
#define MAX_STRIP(floats, integers, shorts)                                                    \
    do {                                                                                       \
        floats best = *(const floats *)(corner + first + c);                                   \
        integers place = (integers){0} + (int32_t)first_place;                                 \
        for (long kz = at.zs.from; kz < at.zs.to; kz++)                                        \
            for (long ky = at.ys.from; ky < at.ys.to; ky++)                                    \
                for (long kx = at.xs.from; kx < at.xs.to; kx++) {                              \
                    floats value = *(const floats *)(corner + kz * plane + ky * line + kx * channels + c); \
                    int32_t number = (int32_t)((kz * kernel_height + ky) * kernel_width + kx); \
                    integers better = CK_BETTER(value, best), here = (integers){0} + number;   \
                    best = CK_SELECT(floats, integers, better, value, best);                   \
                    place = CK_SELECT(integers, integers, better, here, place);                \
                }                                                                              \
        *(floats *)(out + c) = best;                                                           \
        if (places) *(shorts *)(places + c) = __builtin_convertvector(place, shorts);          \
    } while (0)

/// One window; zero if no position lies in the image. Inlined where the ranges are constants, its loops over positions
/// unroll.
CK_BODY void max_window(const float *image, covered at, long plane, long line, long channels, long kernel_height,
                        long kernel_width, float *restrict out, uint16_t *restrict places) {
    if (position_count(at) == 0) {
        memset(out, 0, (unsigned long)channels * sizeof *out);
        if (places) memset(places, 0, (unsigned long)channels * sizeof *places);
        return;
    }
    const float *corner = image + at.corner;
    long first = at.zs.from * plane + at.ys.from * line + at.xs.from * channels;
    long first_place = (at.zs.from * kernel_height + at.ys.from) * kernel_width + at.xs.from;
    long c = 0;
    for (; c + 16 <= channels; c += 16) MAX_STRIP(ck_float16, ck_int16, ck_ushort16);
    for (; c + 8 <= channels; c += 8) MAX_STRIP(ck_float8, ck_int8, ck_ushort8);
    for (; c + 4 <= channels; c += 4) MAX_STRIP(ck_float4, ck_int4, ck_ushort4);
    for (; c < channels; c++) {
        float best = corner[first + c];
        uint16_t place = (uint16_t)first_place;
        for (long kz = at.zs.from; kz < at.zs.to; kz++)
            for (long ky = at.ys.from; ky < at.ys.to; ky++)
                for (long kx = at.xs.from; kx < at.xs.to; kx++) {
                    float value = corner[kz * plane + ky * line + kx * channels + c];
                    int better = ck_is_better(value, best);
                    best = better ? value : best;
                    place = better ? (uint16_t)((kz * kernel_height + ky) * kernel_width + kx) : place;
                }
        out[c] = best;
        if (places) places[c] = place;
    }
}

/// `index` apart from the test for NULL, so that inference carries no places along.
CK_BODY void max_pool(const float *image, const ck_window *w, float *output, uint16_t *index) {
    long channels = w->channels, line = line_of(w), plane = plane_of(w);
    if (is_two_by_two(w)) {
        for (long row = 0; row < w->output_height; row++)
            for (long column = 0; column < w->output_width; column++) {
                long offset = (row * w->output_width + column) * channels;
                covered at = {2 * row * line + 2 * column * channels, {0, 1}, {0, 2}, {0, 2}};
                max_window(image, at, plane, line, channels, 2, 2, output + offset, index ? index + offset : 0);
            }
        return;
    }
    FOR_EACH_OUTPUT(w, max_window(image, at, plane, line, channels, w->kernel_height, w->kernel_width,
                                  output + offset, index ? index + offset : 0));
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
                                 covered at, float *restrict d_image) {
    for (long kz = at.zs.from; kz < at.zs.to; kz++)
        for (long ky = at.ys.from; ky < at.ys.to; ky++)
            for (long kx = at.xs.from; kx < at.xs.to; kx++) {
                float *to = d_image + at.corner + kz * plane_of(w) + ky * line_of(w) + kx * w->channels;
                uint32_t here = (uint32_t)((kz * w->kernel_height + ky) * w->kernel_width + kx);
                CK_PARALLEL
                for (long c = 0; c < w->channels; c++) to[c] += kept_if(dy[c], places[c], here);
            }
}

CK_BODY void clear_image(const ck_window *w, float *image) {
    memset(image, 0, (unsigned long)(w->depth * plane_of(w)) * sizeof *image);
}

CK_BODY void ck_max_pool_backward_body(const float *d_output, const uint16_t *index, const ck_window *window,
                                       float *d_image) {
    ck_window w = *window;
    if (is_two_by_two(&w)) {
        max_backward_tiling(d_output, index, &w, 2, 2, d_image);
    } else if (is_tiling(&w)) {
        max_backward_tiling(d_output, index, &w, w.kernel_height, w.kernel_width, d_image);
    } else {
        clear_image(&w, d_image);
        FOR_EACH_OUTPUT(&w, max_backward_window(d_output + offset, index + offset, &w, at, d_image));
    }
}

// MARK: Average

CK_BODY void average_window(const float *restrict image, const ck_window *w, covered at, float *restrict out) {
    long count = position_count(at), channels = w->channels;
    memset(out, 0, (unsigned long)channels * sizeof *out);
    if (count == 0) return;
    for (long kz = at.zs.from; kz < at.zs.to; kz++)
        for (long ky = at.ys.from; ky < at.ys.to; ky++)
            for (long kx = at.xs.from; kx < at.xs.to; kx++) {
                const float *in = image + at.corner + kz * plane_of(w) + ky * line_of(w) + kx * channels;
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
    FOR_EACH_OUTPUT(&w, average_window(image, &w, at, output + offset));
}

CK_BODY void average_backward_window(const float *restrict dy, const ck_window *w, covered at,
                                     float *restrict d_image) {
    float scale = 1.0f / (float)position_count(at);  // unused if there is none
    for (long kz = at.zs.from; kz < at.zs.to; kz++)
        for (long ky = at.ys.from; ky < at.ys.to; ky++)
            for (long kx = at.xs.from; kx < at.xs.to; kx++) {
                float *to = d_image + at.corner + kz * plane_of(w) + ky * line_of(w) + kx * w->channels;
                CK_PARALLEL
                for (long c = 0; c < w->channels; c++) to[c] += dy[c] * scale;
            }
}

CK_BODY void ck_average_pool_backward_body(const float *d_output, const ck_window *window, float *d_image) {
    ck_window w = *window;
    clear_image(&w, d_image);
    FOR_EACH_OUTPUT(&w, average_backward_window(d_output + offset, &w, at, d_image));
}

// MARK: Adaptive

CK_BODY void ck_adaptive_max_pool_body(const float *image, const ck_window *window, float *output, uint16_t *index) {
    ck_window w = *window;
    FOR_EACH_SHARE(&w, max_window(image, at, plane_of(&w), line_of(&w), w.channels, w.kernel_height, w.kernel_width,
                                  output + offset, index ? index + offset : 0))
}

CK_BODY void ck_adaptive_max_pool_backward_body(const float *d_output, const uint16_t *index, const ck_window *window,
                                                float *d_image) {
    ck_window w = *window;
    clear_image(&w, d_image);
    FOR_EACH_SHARE(&w, max_backward_window(d_output + offset, index + offset, &w, at, d_image))
}

CK_BODY void ck_adaptive_average_pool_body(const float *image, const ck_window *window, float *output) {
    ck_window w = *window;
    FOR_EACH_SHARE(&w, average_window(image, &w, at, output + offset))
}

CK_BODY void ck_adaptive_average_pool_backward_body(const float *d_output, const ck_window *window, float *d_image) {
    ck_window w = *window;
    clear_image(&w, d_image);
    FOR_EACH_SHARE(&w, average_backward_window(d_output + offset, &w, at, d_image))
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
CK_KERNEL(void, ck_adaptive_max_pool,
          (const float *image, const ck_window *window, float *output, uint16_t *index),
          (image, window, output, index))
CK_KERNEL(void, ck_adaptive_max_pool_backward,
          (const float *d_output, const uint16_t *index, const ck_window *window, float *d_image),
          (d_output, index, window, d_image))
CK_KERNEL(void, ck_adaptive_average_pool, (const float *image, const ck_window *window, float *output),
          (image, window, output))
CK_KERNEL(void, ck_adaptive_average_pool_backward,
          (const float *d_output, const ck_window *window, float *d_image), (d_output, window, d_image))
