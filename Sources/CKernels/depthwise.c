// Depthwise convolution: each channel has a window of its own. There is little arithmetic for what is read and written,
// so the loops are made to read every input once and to keep it for all outputs that need it: some neighbouring output
// pixels at a time, and of each as many channels as a vector holds. Pixels whose windows leave the image are done one
// by one, with the part of the window that lies inside.

#include <string.h>

#include "dispatch.h"
#include "vectors.h"
#include "window.h"

/// Output pixels of a block: with the six inputs that a row of a 3×3 window has for them, and a weight, eleven registers.
enum { block_size = 4 };

#define UNROLL _Pragma("clang loop unroll(full)")

/// Calls `statement` for channels `c` on, as many as fit a vector type `floats`; with fewer channels than lanes, for
/// smaller vectors. The last vector is moved back and overlaps the one before it; `skip` of its lanes are done already.
#define FOR_EACH_VECTOR(level, channels, statement)                                                        \
    do {                                                                                                   \
        if ((level) == CK_LEVEL_AVX512 && (channels) >= 16) {                                              \
            VECTORS(ck_float16, ck_int16, channels, statement);                                            \
        } else if ((channels) >= 8) {                                                                      \
            VECTORS(ck_float8, ck_int8, channels, statement);                                              \
        } else if ((channels) >= 4) {                                                                      \
            VECTORS(ck_float4, ck_int4, channels, statement);                                              \
        } else {                                                                                           \
            VECTORS(ck_float1, ck_int1, channels, statement);                                              \
        }                                                                                                  \
    } while (0)
#define VECTORS(vector, integer_vector, channels, statement)                                               \
    do {                                                                                                   \
        typedef vector floats;                                                                             \
        typedef integer_vector integers;                                                                   \
        const long lanes = sizeof(vector) / sizeof(float);                                                 \
        for (long next = 0; next < (channels); next += lanes) {                                            \
            long c = next + lanes <= (channels) ? next : (channels) - lanes, skip = next - c;              \
            (void)skip;                                                                                    \
            (void)sizeof(integers);                                                                        \
            statement;                                                                                     \
        }                                                                                                  \
    } while (0)

// MARK: Forward

/// What a pass over outputs works with; the gradient of the image with stride 1 is such a pass too.
typedef struct {
    const float *weights, *bias;
    /// Elements from the weights of one position of the window to those of the next; negative for the gradient.
    long position_step;
    int is_relu;
} depthwise_layer;

/// `pixels` (a constant) neighbouring outputs, whose windows have their first position at `corner` and of which the
/// positions `ys`, `xs` are used; all channels.
CK_BODY void forward_block(ck_level level, const depthwise_layer *layer, const ck_window *w, int pixels,
                           const float *corner, ck_range ys, ck_range xs, long stride, float *output) {
    const long channels = w->channels, step = stride * channels;
    const long line = w->dilation_height * w->width * channels, next_x = w->dilation_width * channels;
    // With larger steps there is less to do for what is read: the lines that the next row of outputs needs besides are asked
    // for meanwhile. Behind the last row that asks for memory beyond the image, which is harmless.
    const float *ahead = corner + ((w->kernel_height - 1) * w->dilation_height + 1) * w->width * channels;
    const long ahead_lines = stride > 1 ? w->stride_height : 0;
    FOR_EACH_VECTOR(level, channels, {
        floats sum[block_size];
        floats start = {0};
        if (layer->bias) start = *(const floats *)(layer->bias + c);
        UNROLL for (int p = 0; p < pixels; p++) sum[p] = start;
        for (long y = 0; y < ahead_lines; y++)
            for (long x = 0; x < pixels * stride; x++)
                __builtin_prefetch(ahead + (y * w->width + x) * channels + c);
        for (long ky = ys.from; ky < ys.to; ky++) {
            for (long kx = xs.from; kx < xs.to; kx++) {
                const float *x = corner + ky * line + kx * next_x + c;
                floats factor = *(const floats *)(layer->weights + (ky * w->kernel_width + kx) * layer->position_step + c);
                UNROLL for (int p = 0; p < pixels; p++) sum[p] += *(const floats *)(x + p * step) * factor;
            }
        }
        UNROLL for (int p = 0; p < pixels; p++) {
            floats y = sum[p];
            if (layer->is_relu) y = (floats)((integers)y & ~(y < 0.0f));  // a NaN stays
            *(floats *)(output + p * channels + c) = y;
        }
    });
}

/// Outputs of a row that go through all channels before the next ones, so that every cache line is used up while it is near.
enum { segment_size = 16 };

/// Part of a row of outputs of a 3×3 window without dilation and with stride 1, of which `rows` (a constant) rows lie inside
/// the image: `count` outputs from number `first` on. The weights stay in registers while the columns of the image go by, each
/// of which is read once and added to the three outputs that it belongs to. So columns beyond the border are just left out.
CK_BODY void forward_segment_3x3(ck_level level, const depthwise_layer *layer, const ck_window *w, int rows,
                                 const float *first_line, long first_ky, long first, long count, float *output) {
    const long channels = w->channels, line = w->width * channels;
    // From the column that is the right one of the first output's window to the one that is that of the last.
    const long start = first + 2 - w->pad_left, end = start + count;
    FOR_EACH_VECTOR(level, channels, {
        floats bias = {0};
        if (layer->bias) bias = *(const floats *)(layer->bias + c);
        floats weight[3][3];
        UNROLL for (int ky = 0; ky < rows; ky++) UNROLL for (int kx = 0; kx < 3; kx++)
            weight[ky][kx] =
                *(const floats *)(layer->weights + ((first_ky + ky) * 3 + kx) * layer->position_step + c);
        // Sums of the outputs that have the column as their right, middle and left one.
        floats right = bias;
        floats middle = bias;
        floats left = bias;
        float *out = output + first * channels + c;
        for (long column = start - 2; column < end; column++) {
            right = middle;
            middle = left;
            left = bias;
            if (column >= 0 && column < w->width) {
                const float *x = first_line + column * channels + c;
                UNROLL for (int ky = 0; ky < rows; ky++) {
                    floats value = *(const floats *)(x + ky * line);
                    right += value * weight[ky][2];
                    middle += value * weight[ky][1];
                    left += value * weight[ky][0];
                }
            }
            if (column < start) continue;
            floats y = right;
            if (layer->is_relu) y = (floats)((integers)y & ~(y < 0.0f));  // a NaN stays
            *(floats *)out = y;
            out += channels;
        }
    });
}

CK_BODY void forward_row_3x3(ck_level level, const depthwise_layer *layer, const ck_window *w, int rows,
                             const float *first_line, long first_ky, float *output) {
    for (long first = 0; first < w->output_width; first += segment_size) {
        long left = w->output_width - first, count = left < segment_size ? left : segment_size;
        forward_segment_3x3(level, layer, w, rows, first_line, first_ky, first, count, output);
    }
}

CK_BODY void forward_row(ck_level level, const depthwise_layer *layer, const ck_window *w, const float *image,
                         long row, float *output) {
    const long channels = w->channels;
    long y = row * w->stride_height - w->pad_top;
    ck_range ys = ck_inside(y, w->kernel_height, w->dilation_height, w->height);
    if (w->kernel_height == 3 && w->kernel_width == 3 && w->dilation_height == 1 && w->dilation_width == 1
        && w->stride_width == 1) {
        const float *line = image + (y + ys.from) * w->width * channels;
        switch (ys.to - ys.from) {
        case 3: forward_row_3x3(level, layer, w, 3, line, 0, output); return;
        case 2: forward_row_3x3(level, layer, w, 2, line, ys.from, output); return;
        case 1: forward_row_3x3(level, layer, w, 1, line, ys.from, output); return;
        default: break;
        }
    }
    ck_range whole = ck_interior(w->output_width, w->kernel_width, w->stride_width, w->dilation_width, w->pad_left,
                                 w->width);
    const ck_range all = {0, w->kernel_width};
    for (long column = 0; column < w->output_width;) {
        long count = 1;
        if (column >= whole.from && column < whole.to && whole.to - whole.from >= block_size) {
            if (column > whole.to - block_size) column = whole.to - block_size;
            count = block_size;
        }
        long x = column * w->stride_width - w->pad_left;
        const float *corner = image + (y * w->width + x) * channels;
        float *out = output + column * channels;
        if (count == 1) {
            ck_range xs = ck_inside(x, w->kernel_width, w->dilation_width, w->width);
            forward_block(level, layer, w, 1, corner, ys, xs, 0, out);
        } else {
            forward_block(level, layer, w, block_size, corner, ys, all, w->stride_width, out);
        }
        column += count;
    }
}

CK_BODY void ck_depthwise_convolution_body(ck_level level, const float *image, const ck_window *window,
                                           const float *weights, const float *bias, ck_activation f,
                                           float parameter, float *output) {
    const ck_window w = *window;
    const depthwise_layer layer = {weights, bias, w.channels, f == CK_RELU};
    const long count = w.output_width * w.channels;
    for (long row = 0; row < w.output_height; row++) {
        float *out = output + row * count;
        forward_row(level, &layer, &w, image, row, out);
        if (f != CK_LINEAR && f != CK_RELU) ck_activate(out, out, count, f, parameter);
    }
}

// MARK: Gradient of the image

/// to[c] = or += dy[c] * weights[c]
CK_BODY void add_product(const float *restrict dy, const float *restrict weights, long channels, int is_first,
                         float *restrict to) {
    if (is_first) {
        CK_PARALLEL
        for (long c = 0; c < channels; c++) to[c] = dy[c] * weights[c];
    } else {
        CK_PARALLEL
        for (long c = 0; c < channels; c++) to[c] += dy[c] * weights[c];
    }
}

/// The remainder of a division by a positive number, never negative.
CK_BODY long remainder_of(long a, long b) { return (a % b + b) % b; }

CK_BODY void ck_depthwise_convolution_backward_image_body(ck_level level, const float *d_output,
                                                          const ck_window *window, const float *weights,
                                                          float *d_image) {
    const ck_window w = *window;
    const long channels = w.channels, positions = w.kernel_height * w.kernel_width;
    if (w.stride_height == 1 && w.stride_width == 1) {
        // A convolution of the gradient with the window turned round.
        ck_window back = w;
        back.height = w.output_height;
        back.width = w.output_width;
        back.output_height = w.height;
        back.output_width = w.width;
        back.pad_top = (w.kernel_height - 1) * w.dilation_height - w.pad_top;
        back.pad_left = (w.kernel_width - 1) * w.dilation_width - w.pad_left;
        const depthwise_layer layer = {weights + (positions - 1) * channels, 0, -channels, 0};
        for (long row = 0; row < w.height; row++)
            forward_row(level, &layer, &back, d_output, row, d_image + row * w.width * channels);
        return;
    }
    // Each pixel of the image gathers from the outputs whose windows it was in: of 3×3 positions with stride 2, one, two
    // or four. Without dilation they are `stride` positions apart.
    long step_y = w.dilation_height == 1 ? w.stride_height : 1, step_x = w.dilation_width == 1 ? w.stride_width : 1;
    for (long y = 0; y < w.height; y++)
        for (long x = 0; x < w.width; x++) {
            float *to = d_image + (y * w.width + x) * channels;
            int is_first = 1;
            long first_y = remainder_of(y + w.pad_top, step_y), first_x = remainder_of(x + w.pad_left, step_x);
            for (long ky = first_y; ky < w.kernel_height; ky += step_y) {
                long from_y = y + w.pad_top - ky * w.dilation_height, row = from_y / w.stride_height;
                if (from_y < 0 || row >= w.output_height || row * w.stride_height != from_y) continue;
                for (long kx = first_x; kx < w.kernel_width; kx += step_x) {
                    long from_x = x + w.pad_left - kx * w.dilation_width, column = from_x / w.stride_width;
                    if (from_x < 0 || column >= w.output_width || column * w.stride_width != from_x) continue;
                    add_product(d_output + (row * w.output_width + column) * channels,
                                weights + (ky * w.kernel_width + kx) * channels, channels, is_first, to);
                    is_first = 0;
                }
            }
            if (is_first) memset(to, 0, (unsigned long)channels * sizeof *to);
        }
}

// MARK: Gradient of the weights

/// Adds `sum`, for one vector of channels, to the weights at `to`; the first `skip` lanes have had theirs.
#define ADD_TO_WEIGHTS(sum, to)                                                                            \
    do {                                                                                                   \
        float *to_ = (to);                                                                                 \
        if (skip == 0) {                                                                                   \
            *(floats *)to_ += (sum);                                                                       \
        } else {                                                                                           \
            float values[sizeof(floats) / sizeof(float)];                                                  \
            memcpy(values, &(sum), sizeof values);                                                         \
            for (long i = skip; i < lanes; i++) to_[i] += values[i];                                       \
        }                                                                                                  \
    } while (0)

/// The gradient of a 3×3 window's weights from one row of outputs, without dilation and with stride 1; as
/// `forward_row_3x3`.
CK_BODY void gradient_row_3x3(ck_level level, const ck_window *w, int rows, const float *first_line,
                              const float *dy_row, float *d_weights) {
    const long channels = w->channels, line = w->width * channels, outputs = w->output_width;
    const long start = w->pad_left < 0 ? -w->pad_left : 0;
    const long end = w->width < outputs + 2 - w->pad_left ? w->width : outputs + 2 - w->pad_left;
    FOR_EACH_VECTOR(level, channels, {
        floats sum[3][3];
        UNROLL for (int ky = 0; ky < rows; ky++) UNROLL for (int kx = 0; kx < 3; kx++) sum[ky][kx] = (floats){0};
        // The gradients of the outputs that have the column as their right, middle and left one; 0 where there is none.
        const float *g = dy_row + c;
        floats right = {0};
        floats middle = {0};
        floats left = {0};
        long next = start + w->pad_left;
        if (next >= 2 && next - 2 < outputs) middle = *(const floats *)(g + (next - 2) * channels);
        if (next >= 1 && next - 1 < outputs) left = *(const floats *)(g + (next - 1) * channels);
        for (long column = start; column < end; column++, next++) {
            right = middle;
            middle = left;
            left = (floats){0};
            if (next < outputs) left = *(const floats *)(g + next * channels);
            const float *x = first_line + column * channels + c;
            UNROLL for (int ky = 0; ky < rows; ky++) {
                floats value = *(const floats *)(x + ky * line);
                sum[ky][2] += value * right;
                sum[ky][1] += value * middle;
                sum[ky][0] += value * left;
            }
        }
        UNROLL for (int ky = 0; ky < rows; ky++) UNROLL for (int kx = 0; kx < 3; kx++)
            ADD_TO_WEIGHTS(sum[ky][kx], d_weights + (ky * 3 + kx) * channels + c);
    });
}

/// The gradient of `count` (a constant) weights side by side, from the pixels `whole` of one row of outputs.
/// `first` is the image's element under the first weight for output column 0.
CK_BODY void gradient_row(ck_level level, const ck_window *w, int count, const float *first, ck_range whole,
                          const float *dy_row, float *d_weights) {
    const long channels = w->channels, step = w->stride_width * channels, next_x = w->dilation_width * channels;
    FOR_EACH_VECTOR(level, channels, {
        floats sum[3];
        UNROLL for (int kx = 0; kx < count; kx++) sum[kx] = (floats){0};
        for (long column = whole.from; column < whole.to; column++) {
            floats dy = *(const floats *)(dy_row + column * channels + c);
            const float *x = first + column * step + c;
            UNROLL for (int kx = 0; kx < count; kx++) sum[kx] += *(const floats *)(x + kx * next_x) * dy;
        }
        UNROLL for (int kx = 0; kx < count; kx++) ADD_TO_WEIGHTS(sum[kx], d_weights + kx * channels + c);
    });
}

/// to[c] += x[c] * dy[c]
CK_BODY void add_products(const float *restrict x, const float *restrict dy, long channels, float *restrict to) {
    CK_PARALLEL
    for (long c = 0; c < channels; c++) to[c] += x[c] * dy[c];
}

/// The pixels at the borders of one row of outputs, whose windows leave the image at the left or the right.
CK_BODY void gradient_borders(const ck_window *w, const float *image, long y, ck_range ys, ck_range whole,
                              const float *dy, float *d_weights) {
    const long channels = w->channels;
    for (long column = 0; column < w->output_width; column++) {
        if (column >= whole.from && column < whole.to) continue;
        long x = column * w->stride_width - w->pad_left;
        const ck_range xs = ck_inside(x, w->kernel_width, w->dilation_width, w->width);
        for (long ky = ys.from; ky < ys.to; ky++)
            for (long kx = xs.from; kx < xs.to; kx++) {
                long pixel = (y + ky * w->dilation_height) * w->width + x + kx * w->dilation_width;
                add_products(image + pixel * channels, dy + column * channels, channels,
                             d_weights + (ky * w->kernel_width + kx) * channels);
            }
    }
}

CK_BODY void ck_depthwise_convolution_backward_weights_body(ck_level level, const float *image,
                                                            const ck_window *window, const float *output,
                                                            float *d_output, ck_activation f, float parameter,
                                                            float *d_weights, float *d_bias) {
    const ck_window w = *window;
    const long channels = w.channels, count = w.output_width * channels;
    const ck_range whole = ck_interior(w.output_width, w.kernel_width, w.stride_width, w.dilation_width, w.pad_left,
                                       w.width);
    const int is_3x3 = w.kernel_height == 3 && w.kernel_width == 3 && w.dilation_height == 1 && w.dilation_width == 1
                       && w.stride_width == 1;
    for (long row = 0; row < w.output_height; row++) {
        float *dy = d_output + row * count;
        if (f != CK_LINEAR) ck_activate_backward_from_output(output + row * count, dy, count, f, parameter);
        if (d_bias) ck_column_sums(dy, w.output_width, channels, d_bias, 1);
        long y = row * w.stride_height - w.pad_top;
        const ck_range ys = ck_inside(y, w.kernel_height, w.dilation_height, w.height);
        if (is_3x3) {
            const float *line = image + (y + ys.from) * w.width * channels;
            float *to = d_weights + ys.from * 3 * channels;
            switch (ys.to - ys.from) {
            case 3: gradient_row_3x3(level, &w, 3, line, dy, to); break;
            case 2: gradient_row_3x3(level, &w, 2, line, dy, to); break;
            case 1: gradient_row_3x3(level, &w, 1, line, dy, to); break;
            default: break;
            }
            continue;
        }
        gradient_borders(&w, image, y, ys, whole, dy, d_weights);
        for (long ky = ys.from; ky < ys.to && whole.from < whole.to; ky++)
            for (long kx = 0, left; (left = w.kernel_width - kx) > 0; kx += left >= 3 ? 3 : left) {
                long column = kx * w.dilation_width - w.pad_left;
                const float *first = image + ((y + ky * w.dilation_height) * w.width + column) * channels;
                float *to = d_weights + (ky * w.kernel_width + kx) * channels;
                if (left >= 3) gradient_row(level, &w, 3, first, whole, dy, to);
                else if (left == 2) gradient_row(level, &w, 2, first, whole, dy, to);
                else gradient_row(level, &w, 1, first, whole, dy, to);
            }
    }
}

// MARK: More than one filter per channel

CK_BODY void ck_repeat_channels_body(const float *x, long rows, long channels, long count, float *y) {
    for (long i = 0; i < rows * channels; i++)
        for (long k = 0; k < count; k++) *y++ = x[i];
}

CK_BODY void ck_sum_repeats_body(const float *y, long rows, long channels, long count, float *x) {
    for (long i = 0; i < rows * channels; i++) {
        float sum = *y++;
        for (long k = 1; k < count; k++) sum += *y++;
        x[i] = sum;
    }
}

CK_KERNEL_WITH_LEVEL(void, ck_depthwise_convolution,
                     (const float *image, const ck_window *window, const float *weights, const float *bias,
                      ck_activation f, float parameter, float *output),
                     (image, window, weights, bias, f, parameter, output))
CK_KERNEL_WITH_LEVEL(void, ck_depthwise_convolution_backward_image,
                     (const float *d_output, const ck_window *window, const float *weights, float *d_image),
                     (d_output, window, weights, d_image))
CK_KERNEL_WITH_LEVEL(void, ck_depthwise_convolution_backward_weights,
                     (const float *image, const ck_window *window, const float *output, float *d_output,
                      ck_activation f, float parameter, float *d_weights, float *d_bias),
                     (image, window, output, d_output, f, parameter, d_weights, d_bias))
CK_KERNEL(void, ck_repeat_channels, (const float *x, long rows, long channels, long count, float *y),
          (x, rows, channels, count, y))
CK_KERNEL(void, ck_sum_repeats, (const float *y, long rows, long channels, long count, float *x),
          (y, rows, channels, count, x))
