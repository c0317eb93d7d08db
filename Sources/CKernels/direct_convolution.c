// Convolution straight from the image, without the matrix of windows. That matrix is as many times as large as the
// image as the window has positions; where the input has few channels, making it costs as much as the product, and the
// product is too narrow for a library that packs its operands.
//
// The way forward computes some neighbouring output pixels times some vectors of filters in registers: for each element
// under the window it loads the filters' weights, which are neighbours as stored, and broadcasts the pixels' inputs.
// Many weights are read as packed panels of filters: rows far apart would each cost a cache line, and a page, of their own.
// The gradient of the weights is the same with the parts exchanged: some weights times some vectors of filters in
// registers, summed over the pixels in order. A last block that would reach beyond the end is moved back and overlaps
// the one before it: an output computed twice has the same bits.

#include <string.h>

#include "dispatch.h"
#include "vectors.h"

/// Pixels of a block, and weights of a block of the gradient. With two vectors of eight filters these are twelve sums,
/// which leaves AVX2 four of its sixteen registers for operands, and hides that a multiply-add takes four cycles.
enum { block_size = 6 };

/// Output pixels that go through all filters before the next ones, so that what they read and write stays in the
/// first-level cache. A multiple of `block_size`.
enum { band_size = 96 };

/// Products that a chain of additions sums up, and those of a sum that is still made by one chain. Longer sums are made of
/// parts, for each addition rounds at the size that its chain has grown to (docs/design/convolution.md, "Accuracy").
enum { part_size = 32, whole_sum = 64 };

#define lanes_of(floats) ((long)(sizeof(floats) / sizeof(float)))

#define UNROLL _Pragma("clang loop unroll(full)")

/// Where the elements under a window lie, seen from its first one: `planes` times `rows` times `runs` times `span` neighbours.
typedef struct {
    long planes, plane;  ///< planes of the window, and elements from one to the next
    long rows, line;     ///< rows of a plane, and elements from one to the next
    long runs, step;     ///< runs of neighbours in a row, and elements from one to the next
    long span;           ///< neighbours in a run
} window_elements;

CK_BODY window_elements elements_of(const ck_window *w) {
    int is_dense = w->dilation_width == 1 && w->pixel_stride == w->channels;
    return (window_elements){
        .planes = w->kernel_depth,
        .plane = w->dilation_depth * w->height * w->width * w->pixel_stride,
        .rows = w->kernel_height,
        .line = w->dilation_height * w->width * w->pixel_stride,
        .runs = is_dense ? 1 : w->kernel_width,
        .step = w->dilation_width * w->pixel_stride,
        .span = is_dense ? w->kernel_width * w->channels : w->channels,
    };
}

CK_BODY long elements_under(const ck_window *w) {
    return w->kernel_depth * w->kernel_height * w->kernel_width * w->channels;
}

CK_BODY long pixels_of(const ck_window *w) { return w->output_depth * w->output_height * w->output_width; }

/// An output pixel: its column and row, and where the image's plane and line begin that its windows begin in, and its own.
typedef struct {
    long column, row;
    const float *plane, *line, *first;
} pixel_place;

CK_BODY pixel_place place_of(const float *image, const ck_window *w, long pixel) {
    const long lines = pixel / w->output_width, width = w->width * w->pixel_stride;
    pixel_place at = {pixel % w->output_width, lines % w->output_height, image, image, image};
    at.plane += lines / w->output_height * w->stride_depth * w->height * width;
    at.line = at.plane + at.row * w->stride_height * width;
    at.first = at.line + at.column * w->stride_width * w->pixel_stride;
    return at;
}

/// The first pixel of the next row, which may be that of the next plane.
CK_BODY void advance_row(pixel_place *at, const ck_window *w) {
    const long width = w->width * w->pixel_stride;
    at->column = 0;
    at->line += w->stride_height * width;
    if (++at->row == w->output_height) {
        at->row = 0;
        at->line = at->plane += w->stride_depth * w->height * width;
    }
    at->first = at->line;
}

/// The next pixel, which may be the first of the next row.
CK_BODY void advance(pixel_place *at, const ck_window *w) {
    at->first += w->stride_width * w->pixel_stride;
    if (++at->column == w->output_width) advance_row(at, w);
}

/// Filters that a loop takes at once: `lanes` of them from `start` on, of which the first `skip` are done already.
typedef struct {
    long start, skip;
    int lanes;
} filter_strip;

/// The widest strip that what is left of `first ..< end`, from `done` on, fills by half or more; moved back if it would
/// reach too far.
CK_BODY filter_strip next_strip(ck_level level, long first, long end, long done) {
    long left = end - done, filters = end - first;
    // Four and two of the widest vectors: AVX-512 has the registers, and one alone would not hide the latency.
    int lanes = level == CK_LEVEL_AVX512 && left >= 64 ? 64
                : level == CK_LEVEL_AVX512 && left >= 32 ? 32
                : left > 8 && filters >= 16 ? 16
                : left > 4 && filters >= 8 ? 8
                : filters >= 4 ? 4
                : 1;
    long start = left >= lanes ? done : end - lanes;
    return (filter_strip){start, done - start, lanes};
}

/// Where the band that begins with pixel `first` ends. The last is never smaller than a block, if the image is not.
CK_BODY long band_end(long first, long pixels) {
    return pixels - first < band_size + block_size ? pixels : first + band_size;
}

// MARK: Forward

/// What a layer's forward pass works with.
typedef struct {
    const float *image;
    const ck_window *window;
    window_elements elements;
    const float *weights, *bias;
    /// Elements of the weights from one vector of filters to the next, and from an element under the window to the next.
    long panel, step;
    long filters;
    int in_parts, is_relu;
    float *output;
} forward_layer;

/// Defines `name`: `vectors` vectors of filters, from number `filter` on, of the pixels `first ..< end`.
#define FORWARD_STRIP(name, floats, integers, vectors)                                                     \
    /* Outputs of `pixels`, a constant, whose windows begin at `x`; `in_parts`, a constant, if their sums are. */ \
    CK_BODY void name##_block(const forward_layer *layer, window_elements e, int in_parts, int pixels,     \
                              const float *const *x, long filter, float *out) {                            \
        const long filters = layer->filters;                                                               \
        const long step = layer->step, panel = layer->panel;                                               \
        const float *weight = layer->weights + filter / ck_panel_width * panel + filter % ck_panel_width;  \
        floats total[block_size][vectors], sum[block_size][vectors];                                       \
        UNROLL for (int v = 0; v < (vectors); v++) {                                                       \
            floats start = {0};                                                                            \
            if (layer->bias) start = ((const floats *)(layer->bias + filter))[v];                          \
            UNROLL for (int p = 0; p < pixels; p++) {                                                      \
                total[p][v] = start;                                                                       \
                sum[p][v] = (floats){0};                                                                   \
            }                                                                                              \
        }                                                                                                  \
        long room = part_size;                                                                             \
        for (long plane = 0; plane < e.planes; plane++)                                                    \
            for (long row = 0; row < e.rows; row++)                                                        \
                for (long run = 0; run < e.runs; run++) {                                                  \
                    long i = plane * e.plane + row * e.line + run * e.step, to = i + e.span;               \
                    for (long end; i < to;) {                                                              \
                        end = in_parts && to - i > room ? i + room : to;                                   \
                        room -= end - i;                                                                   \
                        for (; i < end; i++, weight += step)                                               \
                            UNROLL for (int v = 0; v < (vectors); v++) {                                   \
                                floats factor = *(const floats *)(weight + v * panel);                     \
                                UNROLL for (int p = 0; p < pixels; p++) sum[p][v] += x[p][i] * factor;     \
                            }                                                                              \
                        if (!in_parts || room > 0) continue;                                               \
                        room = part_size;                                                                  \
                        UNROLL for (int p = 0; p < pixels; p++) UNROLL for (int v = 0; v < (vectors); v++) { \
                            total[p][v] += sum[p][v];                                                      \
                            sum[p][v] = (floats){0};                                                       \
                        }                                                                                  \
                    }                                                                                      \
                }                                                                                          \
        UNROLL for (int p = 0; p < pixels; p++)                                                            \
            UNROLL for (int v = 0; v < (vectors); v++) {                                                   \
                floats y = total[p][v] + sum[p][v];                                                        \
                if (layer->is_relu) y = (floats)((integers)y & ~(y < 0.0f)); /* a NaN stays */             \
                ((floats *)(out + p * filters))[v] = y;                                                    \
            }                                                                                              \
    }                                                                                                      \
    CK_BODY void name##_pixels(const forward_layer *layer, window_elements e, int in_parts, long filter,   \
                               long first, long end) {                                                     \
        const ck_window *w = layer->window;                                                                \
        pixel_place at = place_of(layer->image, w, first);                                                 \
        float *out = layer->output + filter;                                                               \
        long pixel = first;                                                                                \
        while (pixel < end && end - first >= block_size) {                                                 \
            if (end - pixel < block_size) {                                                                \
                pixel = end - block_size;                                                                  \
                at = place_of(layer->image, w, pixel);                                                     \
            }                                                                                              \
            const float *x[block_size];                                                                    \
            UNROLL for (int p = 0; p < block_size; p++) {                                                  \
                x[p] = at.first;                                                                           \
                advance(&at, w);                                                                           \
            }                                                                                              \
            name##_block(layer, e, in_parts, block_size, x, filter, out + pixel * layer->filters);         \
            pixel += block_size;                                                                           \
        }                                                                                                  \
        for (; pixel < end; pixel++, advance(&at, w)) {                                                    \
            const float *x[1] = {at.first};                                                                \
            name##_block(layer, e, in_parts, 1, x, filter, out + pixel * layer->filters);                  \
        }                                                                                                  \
    }                                                                                                      \
    CK_BODY void name(const forward_layer *layer, long filter, long first, long end) {                     \
        window_elements e = layer->elements;                                                               \
        /* 3×3 windows of one channel: nine constant steps. */                                             \
        if (e.planes == 1 && e.rows == 3 && e.runs == 1 && e.span == 3)                                    \
            name##_pixels(layer, (window_elements){1, 0, 3, e.line, 1, 0, 3}, 0, filter, first, end);      \
        else if (layer->in_parts) name##_pixels(layer, e, 1, filter, first, end);                          \
        /* An image: without the loop over planes, whose cost shows where rows are short. */               \
        else if (e.planes == 1)                                                                            \
            name##_pixels(layer, (window_elements){1, 0, e.rows, e.line, e.runs, e.step, e.span}, 0, filter, first, end); \
        else name##_pixels(layer, e, 0, filter, first, end);                                               \
    }

FORWARD_STRIP(forward_64, ck_float16, ck_int16, 4)
FORWARD_STRIP(forward_32, ck_float16, ck_int16, 2)
FORWARD_STRIP(forward_16, ck_float16, ck_int16, 1)
FORWARD_STRIP(forward_8, ck_float8, ck_int8, 1)
FORWARD_STRIP(forward_4, ck_float4, ck_int4, 1)
FORWARD_STRIP(forward_1, ck_float1, ck_int1, 1)

CK_BODY void ck_direct_convolution_body(ck_level level, const float *image, const ck_window *window,
                                        const ck_filters *all, long first_filter, long filter_count,
                                        ck_activation f, float parameter, float *output) {
    const ck_window w = *window;
    const long filters = all->count, elements = elements_under(&w);
    const forward_layer layer = {
        .image = image, .window = &w, .elements = elements_of(&w), .weights = all->weights, .bias = all->bias,
        .panel = all->is_packed ? ck_panel_width * elements : ck_panel_width,
        .step = all->is_packed ? ck_panel_width : filters,
        .filters = filters, .in_parts = elements > whole_sum, .is_relu = f == CK_RELU, .output = output,
    };
    const long pixels = pixels_of(&w), end_filter = first_filter + filter_count;
    for (long first = 0, end; first < pixels; first = end) {
        end = band_end(first, pixels);
        for (long done = first_filter; done < end_filter;) {
            filter_strip strip = next_strip(level, first_filter, end_filter, done);
            switch (strip.lanes) {
            case 64: forward_64(&layer, strip.start, first, end); break;
            case 32: forward_32(&layer, strip.start, first, end); break;
            case 16: forward_16(&layer, strip.start, first, end); break;
            case 8: forward_8(&layer, strip.start, first, end); break;
            case 4: forward_4(&layer, strip.start, first, end); break;
            default: forward_1(&layer, strip.start, first, end); break;
            }
            done = strip.start + strip.lanes;
        }
        if (f == CK_LINEAR || f == CK_RELU) continue;
        if (filter_count == filters)
            ck_activate(output + first * filters, output + first * filters, (end - first) * filters, f, parameter);
        else
            for (long pixel = first; pixel < end; pixel++) {
                float *y = output + pixel * filters + first_filter;
                ck_activate(y, y, filter_count, f, parameter);
            }
    }
}

CK_KERNEL_WITH_LEVEL(void, ck_direct_convolution,
          (const float *image, const ck_window *window, const ck_filters *filters, long first_filter,
           long filter_count, ck_activation f, float parameter, float *output),
          (image, window, filters, first_filter, filter_count, f, parameter, output))

// MARK: Gradient of the weights

/// What the gradient of a layer's weights is made from.
typedef struct {
    const float *image;
    const ck_window *window;
    window_elements elements;
    const float *d_output;
    long filters;
    float *d_weights;
} gradient_layer;

/// Where an element under the window lies, seen from the window's first one.
typedef struct {
    long plane, row, run, place, offset;
} element_place;

/// The next element, in the order of the weights.
CK_BODY void advance_element(element_place *at, const window_elements *e) {
    at->offset++;
    if (++at->place < e->span) return;
    at->place = 0;
    if (++at->run == e->runs) {
        at->run = 0;
        if (++at->row == e->rows) {
            at->row = 0;
            at->plane++;
        }
    }
    at->offset = at->plane * e->plane + at->row * e->line + at->run * e->step;
}

/// Defines `name`: adds to `count` rows (weights) by `vectors` vectors of filters, from number `filter` on, what the
/// pixels `first ..< end` contribute. The first `skip` filters have had theirs.
#define GRADIENT_STRIP(name, floats, vectors)                                                              \
    /* `count`, a constant, rows of weights from `row` on; `offsets` of their elements. */                 \
    CK_BODY void name##_block(const gradient_layer *layer, int count, const long *offsets, long row,       \
                              filter_strip strip, long first, long end) {                                  \
        const ck_window *w = layer->window;                                                                \
        const long filters = layer->filters, step = w->stride_width * w->pixel_stride;                     \
        floats sum[block_size][vectors];                                                                   \
        UNROLL for (int t = 0; t < count; t++) UNROLL for (int v = 0; v < (vectors); v++)                  \
            sum[t][v] = (floats){0};                                                                       \
        pixel_place at = place_of(layer->image, w, first);                                                 \
        const float *dy = layer->d_output + first * filters + strip.start;                                 \
        for (long left = end - first; left > 0;) {                                                         \
            long run = w->output_width - at.column < left ? w->output_width - at.column : left;            \
            const float *x[block_size];                                                                    \
            UNROLL for (int t = 0; t < count; t++) x[t] = at.first + offsets[t];                           \
            for (long i = 0; i < run * step; i += step, dy += filters)                                     \
                UNROLL for (int v = 0; v < (vectors); v++) {                                               \
                    floats g = ((const floats *)dy)[v];                                                    \
                    UNROLL for (int t = 0; t < count; t++) sum[t][v] += x[t][i] * g;                       \
                }                                                                                          \
            left -= run;                                                                                   \
            advance_row(&at, w);                                                                           \
        }                                                                                                  \
        UNROLL for (int t = 0; t < count; t++) {                                                           \
            float *to = layer->d_weights + (row + t) * filters + strip.start;                              \
            if (strip.skip == 0) {                                                                         \
                UNROLL for (int v = 0; v < (vectors); v++) ((floats *)to)[v] += sum[t][v];                 \
                continue;                                                                                  \
            }                                                                                              \
            float lanes[(vectors) * lanes_of(floats)];                                                     \
            memcpy(lanes, sum[t], sizeof lanes);                                                           \
            for (long c = strip.skip; c < (vectors) * lanes_of(floats); c++) to[c] += lanes[c];            \
        }                                                                                                  \
    }                                                                                                      \
    CK_BODY void name(const gradient_layer *layer, long rows, filter_strip strip, long first, long end) {  \
        const long blocks = (rows + block_size - 1) / block_size;                                          \
        element_place at = {0};                                                                            \
        for (long block = 0, row = 0; block < blocks; block++) {                                           \
            /* As equal as can be: two blocks for the nine weights of 3×3 are five and four. */            \
            int count = (int)((rows - row + blocks - block - 1) / (blocks - block));                       \
            long offsets[block_size];                                                                      \
            for (int t = 0; t < count; t++) {                                                              \
                offsets[t] = at.offset;                                                                    \
                advance_element(&at, &layer->elements);                                                    \
            }                                                                                              \
            switch (count) {                                                                               \
            case 6: name##_block(layer, 6, offsets, row, strip, first, end); break;                        \
            case 5: name##_block(layer, 5, offsets, row, strip, first, end); break;                        \
            case 4: name##_block(layer, 4, offsets, row, strip, first, end); break;                        \
            case 3: name##_block(layer, 3, offsets, row, strip, first, end); break;                        \
            case 2: name##_block(layer, 2, offsets, row, strip, first, end); break;                        \
            default: name##_block(layer, 1, offsets, row, strip, first, end); break;                       \
            }                                                                                              \
            row += count;                                                                                  \
        }                                                                                                  \
    }

GRADIENT_STRIP(gradient_64, ck_float16, 4)
GRADIENT_STRIP(gradient_32, ck_float16, 2)
GRADIENT_STRIP(gradient_16, ck_float16, 1)
GRADIENT_STRIP(gradient_8, ck_float8, 1)
GRADIENT_STRIP(gradient_4, ck_float4, 1)
GRADIENT_STRIP(gradient_1, ck_float1, 1)

CK_BODY void ck_direct_convolution_backward_body(ck_level level, const float *image, const ck_window *window,
                                                 const float *output, float *d_output, long filters,
                                                 ck_activation f, float parameter, float *d_weights,
                                                 float *d_bias) {
    const ck_window w = *window;
    const gradient_layer layer = {image, &w, elements_of(&w), d_output, filters, d_weights};
    const long pixels = pixels_of(&w), rows = elements_under(&w);
    for (long first = 0, end; first < pixels; first = end) {
        end = band_end(first, pixels);
        float *dy = d_output + first * filters;
        if (f != CK_LINEAR)
            ck_activate_backward_from_output(output + first * filters, dy, (end - first) * filters, f, parameter);
        if (d_bias) ck_column_sums(dy, end - first, filters, d_bias, 1);
        for (long done = 0; done < filters;) {
            filter_strip strip = next_strip(level, 0, filters, done);
            switch (strip.lanes) {
            case 64: gradient_64(&layer, rows, strip, first, end); break;
            case 32: gradient_32(&layer, rows, strip, first, end); break;
            case 16: gradient_16(&layer, rows, strip, first, end); break;
            case 8: gradient_8(&layer, rows, strip, first, end); break;
            case 4: gradient_4(&layer, rows, strip, first, end); break;
            default: gradient_1(&layer, rows, strip, first, end); break;
            }
            done = strip.start + strip.lanes;
        }
    }
}

CK_KERNEL_WITH_LEVEL(void, ck_direct_convolution_backward,
          (const float *image, const ck_window *window, const float *output, float *d_output, long filters,
           ck_activation f, float parameter, float *d_weights, float *d_bias),
          (image, window, output, d_output, filters, f, parameter, d_weights, d_bias))
