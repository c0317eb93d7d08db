/// The inner loops that must use the widest vectors of the processor.
///
/// Every function exists at several vector levels; a thread finds the processor's at its first call, and
/// tests can lower it for themselves. Results of the levels differ by rounding only (fused multiply-add and
/// the order of sums); at one level they are the same bits on every call. No function allocates, none keeps
/// state, all may be called by several threads at once.
///
/// Layout: images are NHWC, so the channels of a pixel are neighbours; `rows` by `channels` is any array
/// whose last axis is the channels. Counts are in elements, never in bytes.
#ifndef CKERNELS_H
#define CKERNELS_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

// MARK: Vector levels

typedef enum {
    CK_LEVEL_BASELINE = 0,  ///< plain C: SSE2 on x86-64, NEON on arm64
    CK_LEVEL_AVX2 = 1,      ///< AVX2 and FMA
    CK_LEVEL_AVX512 = 2,    ///< AVX-512 F, BW, DQ, VL
} ck_level;

/// The highest level that this processor has.
ck_level ck_supported_level(void);
/// The level in use on this thread.
ck_level ck_current_level(void);
/// Uses `level` on this thread from now on, or the highest that the processor has if that is lower; returns the one
/// in use.
ck_level ck_set_level(ck_level level);
/// "baseline", "AVX2", "AVX-512".
const char *ck_level_name(ck_level level);

// MARK: Processors

/// The number of processors in this process' affinity mask (a glibc macro interface that Swift cannot reach); 0
/// where there is none.
int ck_affinity_processor_count(void);

// MARK: Waiting

/// Tells the processor that this thread spins.
static inline void ck_pause(void) {
#if defined(__x86_64__) || defined(__i386__)
    __builtin_ia32_pause();
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

// MARK: Denormals

/// Makes this thread treat numbers below FLT_MIN as zero, and returns the state before.
uint64_t ck_flush_denormals(void);
/// Puts this thread back to a state that `ck_flush_denormals` returned.
void ck_restore_denormals(uint64_t state);

// MARK: Activations

typedef enum {
    CK_LINEAR = 0,
    CK_RELU = 1,
    CK_SIGMOID = 2,
    CK_TANH = 3,
    CK_LEAKY_RELU = 4,  ///< parameter: the slope below zero
    CK_ELU = 5,         ///< parameter: alpha
    CK_GELU = 6,        ///< x * Phi(x), by the error function
    CK_GELU_TANH = 7,   ///< the approximation by tanh
    CK_SILU = 8,
    CK_SOFTPLUS = 9,
    CK_CAPPED_RELU = 10,     ///< parameter: the largest output; 6 makes it ReLU6
    CK_SELU = 11,
    CK_CELU = 12,            ///< parameter: alpha, not 0
    CK_LOG_SIGMOID = 13,
    CK_SPARSE_SIGMOID = 14,  ///< (x + 1) / 2 within 0...1
    CK_HARD_SIGMOID = 15,    ///< (x + 3) / 6 within 0...1
    CK_HARD_TANH = 16,       ///< x within -1...1
    CK_TANH_SHRINK = 17,     ///< x - tanh(x)
    CK_SPARSE_PLUS = 18,     ///< 0 up to -1, x from 1 on, (x + 1)^2 / 4 between
    CK_SQUAREPLUS = 19,      ///< (x + sqrt(x^2 + b)) / 2; parameter: b >= 0
    CK_SOFTSIGN = 20,        ///< x / (1 + |x|)
    CK_HARD_SILU = 21,       ///< x times the hard sigmoid of x
    CK_MISH = 22,            ///< x * tanh(softplus(x))
    CK_SOFT_SHRINK = 23,     ///< x nearer to 0 by the parameter, 0 within it
    CK_HARD_SHRINK = 24,     ///< x, and 0 where |x| <= the parameter
    CK_EXPONENTIAL = 25,
} ck_activation;

/// y = f(x). May be called in place (y == x).
void ck_activate(const float *x, float *y, long count, ck_activation f, float parameter);
/// y[r][c] = f(y[r][c] + bias[c]), in place; `bias` may be NULL.
void ck_bias_activate(float *y, const float *bias, long rows, long channels, ck_activation f, float parameter);
/// dy *= f'(x), in place, with f' computed from the output y = f(x).
/// For linear, ReLU, capped ReLU, sigmoid, tanh, leaky ReLU (slope >= 0), ELU (alpha >= 0), SELU, CELU (alpha > 0), softplus,
/// log-sigmoid, sparse and hard sigmoid, sparseplus, squareplus, softsign, soft and hard shrink (parameter >= 0) and the
/// exponential.
void ck_activate_backward_from_output(const float *y, float *dy, long count, ck_activation f, float parameter);
/// dx = dy * f'(x) from the input x. For every activation. May be called in place (dx == dy).
void ck_activate_backward_from_input(const float *x, const float *dy, float *dx, long count, ck_activation f,
                                     float parameter);

/// y = min(x, maximum) where x > threshold, else slope * (x - threshold): Keras' ReLU with all its settings;
/// `maximum` may be infinite. May be called in place.
void ck_clipped_relu(const float *x, float *y, long count, float slope, float threshold, float maximum);
/// dx = dy where threshold < x < maximum, 0 where x >= maximum, else slope * dy. May be called in place (dx == dy).
void ck_clipped_relu_backward(const float *x, const float *dy, float *dx, long count, float slope, float threshold,
                              float maximum);

/// y = x where x > threshold, else value. May be called in place.
void ck_threshold(const float *x, float *y, long count, float threshold, float value);
/// dx = dy where x > threshold, else 0. May be called in place (dx == dy).
void ck_threshold_backward(const float *x, const float *dy, float *dx, long count, float threshold);
/// y = x where x > 0, else alpha * x, with an alpha for each element of a row of `channels`.
void ck_prelu(const float *x, const float *alpha, float *y, long rows, long channels);
/// The way back. dx = dy where x > 0, 0 where x is 0, else alpha * dy; d_alpha += sum over rows of x * dy where x < 0. Both may
/// be NULL.
void ck_prelu_backward(const float *x, const float *alpha, const float *dy, long rows, long channels, float *dx,
                       float *d_alpha);

/// Softmax over each row of `channels` values, shifted by the row's largest. May be called in place.
void ck_softmax(const float *x, float *y, long rows, long channels);
/// dx = y * (dy - sum(dy * y)) for each row.
void ck_softmax_backward(const float *y, const float *dy, float *dx, long rows, long channels);
/// x - log(sum exp(x)) for each row. May be called in place.
void ck_log_softmax(const float *x, float *y, long rows, long channels);
/// dx = dy - exp(y) * sum(dy) for each row.
void ck_log_softmax_backward(const float *y, const float *dy, float *dx, long rows, long channels);
/// max(x - tau, 0) for each row, with the tau for which a row's sum is 1 (Martins, Astudillo: From softmax to sparsemax; 2016).
void ck_sparsemax(const float *x, float *y, long rows, long channels);
/// dx = dy - the mean of dy where y > 0, there; else 0.
void ck_sparsemax_backward(const float *y, const float *dy, float *dx, long rows, long channels);
/// y = a * sigmoid(b) for rows of 2 * channels: a is the first half, b the second; rows of y have `channels`.
void ck_glu(const float *x, float *y, long rows, long channels);
/// The way back: rows of dx have 2 * channels.
void ck_glu_backward(const float *x, const float *dy, float *dx, long rows, long channels);

/// Softmax of each column of `rows` by `columns` values, shifted by the column's largest; its logarithm if `logarithm` is not
/// 0. May be called in place.
void ck_softmax_columns(const float *x, float *y, long rows, long columns, int logarithm);
/// dx = y * (dy - sum(dy * y)) for each column; for the logarithm dx = dy - exp(y) * sum(dy).
void ck_softmax_columns_backward(const float *y, const float *dy, float *dx, long rows, long columns, int logarithm);

// MARK: Functions of one and of two operands

typedef enum {
    CK_EXP = 0,
    CK_LOG = 1,
    CK_SQRT = 2,
    CK_RSQRT = 3,  ///< 1 / sqrt(x)
    CK_ABS = 4,
    CK_SIN = 5,
    CK_COS = 6,
    CK_SQUARE = 7,
    CK_RECIPROCAL = 8,
    CK_SIGN = 9,
} ck_unary_function;

/// y = f(x). May be called in place.
void ck_unary(const float *x, float *y, long count, ck_unary_function f);
/// dx = dy * f'(x). `v` is the output y for exp, sqrt, rsqrt and reciprocal, and the input x for the others. May be called in
/// place (dx == dy).
void ck_unary_backward(const float *v, const float *dy, float *dx, long count, ck_unary_function f);

typedef enum {
    CK_SUBTRACT = 0,
    CK_MULTIPLY = 1,
    CK_DIVIDE = 2,
    CK_MAXIMUM = 3,
    CK_MINIMUM = 4,
    CK_POWER = 5,  ///< libm's powf, for one element after the other
} ck_binary_function;

// An operand is read at `row * x_row + column * x_column`, where x_row is any stride and x_column is 1, or 0 where the operand is
// the same along a row. Not both operands have an x_column of 0. The results are `rows` by `columns` neighbours.

/// y = f(a, b).
void ck_binary(ck_binary_function f, const float *a, long a_row, int a_column, const float *b, long b_row, int b_column,
               float *y, long rows, long columns);
/// d = dy times the derivative of f(a, b) by an operand (0 is a, 1 is b), of which `d` has the strides. Adds to `d`, rows in order,
/// if `accumulate` is not 0, as it has to be where the operand is stretched.
void ck_binary_backward(ck_binary_function f, int operand, const float *a, long a_row, int a_column, const float *b,
                        long b_row, int b_column, const float *dy, float *d, long rows, long columns, int accumulate);

// MARK: Reductions along rows and columns

typedef enum {
    CK_SUM = 0,
    CK_MAX = 1,
    CK_MIN = 2,
    CK_PRODUCT = 3,
} ck_reduction;

/// out[r] = f over columns of x[r][c], in sixteen lanes. A NaN wins. `columns` >= 1.
void ck_reduce_rows(const float *x, long rows, long columns, float *out, ck_reduction f);
/// out[c] = f over rows of x[r][c], rows in order. A NaN wins. `rows` >= 1.
void ck_reduce_columns(const float *x, long rows, long columns, float *out, ck_reduction f);
/// The way back: dx[r][c] from out[r] and dy[r]. Equal largest or smallest values share the gradient, as in Keras; that of a
/// product is right where there are zeros, too.
void ck_reduce_rows_backward(const float *x, const float *out, const float *dy, long rows, long columns, float *dx,
                             ck_reduction f);
/// The same from out[c] and dy[c].
void ck_reduce_columns_backward(const float *x, const float *out, const float *dy, long rows, long columns, float *dx,
                                ck_reduction f);

// MARK: Sums, copies, element-wise arithmetic

/// y += x
void ck_add(const float *x, float *y, long count);
/// z = x + y
void ck_add_to(const float *x, const float *y, float *z, long count);
/// y[c][r] = x[r][c]
void ck_transpose(const float *x, long rows, long columns, float *y);
/// y *= a
void ck_scale(float *y, long count, float a);
/// y = kept * y + (1 - kept) * x.
void ck_mix(float *y, const float *x, long count, float kept);
/// y = a * x + b. May be called in place.
void ck_affine(const float *x, float *y, long count, float a, float b);
/// y = x limited to low...high; NaN stays NaN. May be called in place.
void ck_clip(const float *x, float *y, long count, float low, float high);
/// out[c] (+)= sum over rows of x[r][c], rows in order; adds to `out` if `accumulate` is not 0.
void ck_column_sums(const float *x, long rows, long channels, float *out, int accumulate);
/// The sum of squares, added up in double precision in a fixed order.
double ck_sum_of_squares(const float *x, long count);
/// l1 * sum of |x| + l2 * sum of x^2, added up in double precision in a fixed order; if there is a `g`,
/// g += scale * (l1 * sign(x) + 2 * l2 * x).
double ck_l1_l2(const float *x, float *g, long count, float l1, float l2, float scale);
/// 1 if every value is finite, else 0.
int ck_all_finite(const float *x, long count);
/// y = x * scale + offset, from bytes.
void ck_normalize_u8(const uint8_t *x, float *y, long count, float scale, float offset);

// MARK: Strided copies

/// A loop of a strided copy: how often it runs, and how many elements further each turn reads and writes. A step through the
/// input may be negative, or 0 where elements are repeated.
typedef struct {
    long count;
    long input, output;
} ck_loop;
/// Copies runs of `count` neighbours: run i from x + i * x_step to y + i * y_step.
void ck_copy_runs(const float *x, long x_step, float *y, long y_step, long runs, long count);
/// y[sum of index * output] = x[sum of index * input] for all indices of `rank` >= 1 loops, the last one innermost. Of the first
/// loop `count` turns are made, in place of its own count.
void ck_move(const float *x, float *y, const ck_loop *loops, long rank, long count);
/// The transpose: each dy is added to the dx that its value came from. Unless `accumulate` is not 0, the first one is stored
/// in its place. Elements of dx from which nothing came are not touched.
void ck_move_back(const float *dy, float *dx, const ck_loop *loops, long rank, long count, int accumulate);

/// An axis with a border: so many indices before, inside and behind, and the elements from one index to the next.
typedef struct {
    long before, count, after;
    long stride;
} ck_border;
/// Writes `value` to the borders of `rank` >= 1 axes, the outermost first, and leaves the inside alone.
void ck_fill_border(float *y, const ck_border *axes, long rank, float value);

// MARK: Images in another size

/// How an axis of `size` elements becomes one of `output`: output i is the sum over k < span of input[starts[i] + k] *
/// weights[i * span + k], where starts[i] + span <= size.
typedef struct {
    long size, output, span;
    const int32_t *starts;
    const float *weights;
} ck_resampling;
/// output[rows->output][columns->output][channels] of image[rows->size][columns->size][channels]; `row` has room for a row of
/// the image.
void ck_resize(const float *image, const ck_resampling *rows, const ck_resampling *columns, long channels, float *row,
               float *output);
/// The transpose; adds to `d_image`.
void ck_resize_backward(const float *d_output, const ck_resampling *rows, const ck_resampling *columns, long channels,
                        float *row, float *d_image);

// MARK: Convolution by im2col

/// The geometry of a window that slides over images: convolution, pooling. An image of two axes has a depth of 1, and a
/// window of depth 1. Functions that take images of two axes only do not read what is named after the depth.
typedef struct {
    long depth, height, width, channels;  ///< of the input; for one group of a grouped convolution: its channels
    long pixel_stride;                    ///< elements from one pixel of the input to the next: all channels
    long kernel_depth, kernel_height, kernel_width;
    long stride_depth, stride_height, stride_width;
    long dilation_depth, dilation_height, dilation_width;
    long pad_front, pad_top, pad_left;    ///< behind, below and at the right as far as the output's size demands
    long output_depth, output_height, output_width;
} ck_window;

/// Rows `first_row ..< first_row + row_count` (a row is an output pixel, counted row by row over one image) of
/// the matrix [output pixels][kernel_depth * kernel_height * kernel_width * channels] for one image. Places outside the
/// image are zero.
void ck_im2col(const float *image, const ck_window *window, long first_row, long row_count, float *columns);
/// The transpose of `ck_im2col`: adds each element of `columns` to the place of the image that it came from. If `adds` is 0, it is
/// stored: for windows inside the image of which no two overlap.
void ck_col2im(const float *columns, const ck_window *window, long first_row, long row_count, int adds, float *image);

// MARK: Direct convolution (one image a call, every window inside it: what is padded lies within a border of zeros)

/// Filters of a panel of packed weights.
enum { ck_panel_width = 16 };
/// What a layer's filters are: `weights` [element][filter], where the elements are in the order of `ck_im2col`, and `bias`
/// [filter] or NULL. If `is_packed`, the weights are panels instead, [filter / ck_panel_width][element][filter %
/// ck_panel_width], and `count` is a multiple of the width.
typedef struct {
    const float *weights, *bias;
    long count;
    int is_packed;
} ck_filters;
/// Packs `columns` filters of `rows` elements, which lie `step` apart, in panels of `width` filters, each filter times its
/// factor: y[filter / width][element][filter % width].
void ck_pack_columns(const float *x, long step, long rows, const float *factors, long columns, long width, float *y);
/// output[pixel][filter] = f(bias[filter] + sum of the window's elements times weights[element][filter]), for the
/// `filter_count` filters from `first_filter` on; in a packed layer these are multiples of the panel's width, too. Elements
/// are summed in order, beginning with the bias: an output has the same bits however many are made, packed or not.
void ck_direct_convolution(const float *image, const ck_window *window, const ck_filters *filters, long first_filter,
                           long filter_count, ck_activation f, float parameter, float *output);
/// The way back, but for the image: d_output *= f' in place, by `ck_activate_backward_from_output`; then
/// d_weights[element][filter] += sum over pixels of element * d_output, and d_bias[filter] += sum of d_output. `d_bias`
/// may be NULL, and `output` if `f` is linear.
void ck_direct_convolution_backward(const float *image, const ck_window *window, const float *output, float *d_output,
                                    long filters, ck_activation f, float parameter, float *d_weights, float *d_bias);

// MARK: Convolution by Winograd's minimal filtering (3x3, stride 1; tiles of `tile` x `tile` outputs, 2 or 4)

// An image has ceil(output_height / tile) * ceil(output_width / tile) tiles, counted row by row. A transformed tile
// has (tile + 2)^2 places; the values of one place of all tiles are a matrix [tiles][channels], `plane` elements
// after that of the place before.

/// The tiles `first ..< first + count` of one image, transformed.
void ck_winograd_input(const float *image, const ck_window *window, long tile, long first, long count, long plane,
                       float *products);
/// The transpose of `ck_winograd_input`: adds to the image.
void ck_winograd_input_backward(const float *products, const ck_window *window, long tile, long first, long count,
                                long plane, float *image);
/// The output pixels of the tiles `first ..< first + count` of one image [output_height][output_width][filters].
void ck_winograd_output(const float *products, const ck_window *window, long filters, long tile, long first, long count,
                        long plane, float *image);
/// The transpose of `ck_winograd_output`: from the gradient of the output pixels.
void ck_winograd_output_backward(const float *image, const ck_window *window, long filters, long tile, long first,
                                 long count, long plane, float *products);
/// `count` kernels of 3x3, transformed: element k of each is `stride` elements after that before, the kernels are
/// neighbours, as in [3][3][channels][filters] with stride = channels * filters.
void ck_winograd_kernel(const float *kernel, long stride, long tile, long count, long plane, float *products);
/// The transpose of `ck_winograd_kernel`; adds to `kernel` if `accumulate` is not 0, else stores.
void ck_winograd_kernel_backward(const float *products, long plane, long tile, long count, long stride, int accumulate,
                                 float *kernel);

// MARK: Depthwise convolution (one image a call, padding and all; pixel_stride == channels)

/// output[pixel][c] = f(bias[c] + sum over positions of image[position][c] * weights[position][c]); `bias` may be NULL.
void ck_depthwise_convolution(const float *image, const ck_window *window, const float *weights, const float *bias,
                              ck_activation f, float parameter, float *output);
/// d_output *= f' in place, by `ck_activate_backward_from_output`; then d_weights[position][c] and d_bias[c] are added
/// to. `d_bias` may be NULL, and `output` if `f` is linear.
void ck_depthwise_convolution_backward_weights(const float *image, const ck_window *window, const float *output,
                                               float *d_output, ck_activation f, float parameter, float *d_weights,
                                               float *d_bias);
/// d_image[pixel][c] = sum over the outputs in whose windows the pixel is of d_output[c] * weights[position][c].
void ck_depthwise_convolution_backward_image(const float *d_output, const ck_window *window, const float *weights,
                                             float *d_image);
/// y[r][c * count + k] = x[r][c]: each channel `count` times.
void ck_repeat_channels(const float *x, long rows, long channels, long count, float *y);
/// The transpose: x[r][c] = sum over k of y[r][c * count + k].
void ck_sum_repeats(const float *y, long rows, long channels, long count, float *x);

// MARK: Pooling (images [depth][height][width][channels], one image a call; pixel_stride == channels, dilation 1)

/// The largest value of each window that lies in the image; `index` receives its place in the window, and may be NULL:
/// (plane * kernel_height + row) * kernel_width + column, the first of equals; a NaN wins. A window that lies in the
/// padding alone gives zero, here and in ck_average_pool.
void ck_max_pool(const float *image, const ck_window *window, float *output, uint16_t *index);
/// dImage = 0, then each dOutput is added at the place that `index` names.
void ck_max_pool_backward(const float *d_output, const uint16_t *index, const ck_window *window, float *d_image);
/// The mean of the values of each window that lie in the image.
void ck_average_pool(const float *image, const ck_window *window, float *output);
/// dImage = 0, then each dOutput, divided by the number of values in its window, is added to each of them.
void ck_average_pool_backward(const float *d_output, const ck_window *window, float *d_image);

// Adaptive pooling: of `count` outputs along an axis of `size`, output i covers index * size / count rounded down to
// (index + 1) * size / count rounded up. Of the window they read the sizes of image and output; kernel_height and kernel_width
// are the most rows and columns that an output covers, for `index` counts places as ck_max_pool does.
void ck_adaptive_max_pool(const float *image, const ck_window *window, float *output, uint16_t *index);
void ck_adaptive_max_pool_backward(const float *d_output, const uint16_t *index, const ck_window *window,
                                   float *d_image);
void ck_adaptive_average_pool(const float *image, const ck_window *window, float *output);
void ck_adaptive_average_pool_backward(const float *d_output, const ck_window *window, float *d_image);
/// out[c] = max over rows of x[r][c]; index[c] = the first such row, and may be NULL. A NaN wins. `rows` >= 1.
void ck_column_max(const float *x, long rows, long channels, float *out, int32_t *index);
/// dx[r][c] = dy[c] / (the number of rows with x == out) where x[r][c] == out[c], else 0: equal largest values
/// share the gradient, as in Keras.
void ck_column_max_backward(const float *x, const float *out, const float *dy, long rows, long channels, float *dx);

// MARK: Batch normalisation

/// mean[c] and m2[c] (the sum of squared distances from that mean) over the rows, in double where it matters:
/// two passes over the rows, so that large means lose nothing.
void ck_channel_moments(const float *x, long rows, long channels, double *mean, double *m2);
/// y[r][c] = x[r][c] * scale[c] + shift[c]. May be called in place.
void ck_channel_affine(const float *x, float *y, long rows, long channels, const float *scale, const float *shift);
/// y[r][c] = (x[r][c] - shift[c]) * scale[c]. May be called in place.
void ck_channel_standardize(const float *x, float *y, long rows, long channels, const float *shift, const float *scale);
/// sum_dy[c] = sum dy[r][c]; sum_dy_xhat[c] = sum dy[r][c] * (x[r][c] - mean[c]) * inverse_deviation[c];
/// both overwritten, in double.
void ck_channel_gradient_sums(const float *x, const float *dy, long rows, long channels, const float *mean,
                              const float *inverse_deviation, double *sum_dy, double *sum_dy_xhat);
/// dx[r][c] = a[c] * dy[r][c] + b[c] * x[r][c] + d[c]. May be called in place (dx == dy).
void ck_channel_gradient(const float *x, const float *dy, float *dx, long rows, long channels, const float *a,
                         const float *b, const float *d);

// MARK: Normalisation of rows (layer normalisation and its relatives)

/// How rows are normalised: y = (x - mean) * inverse * gamma + beta, where inverse = 1 / sqrt(sum (x - mean)^2 / divisor +
/// epsilon).
typedef struct {
    long count;             ///< elements of a row
    int is_centered;        ///< whether the mean is taken off; else it is 0
    double divisor;         ///< `count` for a mean of squares, 1 for their sum
    double epsilon;
    float largest_inverse;  ///< the inverse is no larger; may be infinite
} ck_row_normalization;

/// Normalises rows. `gamma` and `beta` have `count` elements, and may be NULL. `moments` receives mean and inverse of each row,
/// side by side. May be called in place.
void ck_normalize_rows(const float *x, float *y, long rows, const ck_row_normalization *n, const float *gamma,
                       const float *beta, float *moments);
/// The way back, with what `moments` has received: dx is stored, d_gamma and d_beta are added to. Each may be NULL.
void ck_normalize_rows_backward(const float *x, const float *dy, float *dx, long rows, const ck_row_normalization *n,
                                const float *gamma, const float *moments, float *d_gamma, float *d_beta);

// MARK: Matrix and vector (for power iterations)

/// y[r] = sum over c of a[r][c] * x[c]
void ck_matrix_vector(const float *a, long rows, long columns, const float *x, float *y);
/// y[c] = sum over r of x[r] * a[r][c], rows in order
void ck_vector_matrix(const float *a, long rows, long columns, const float *x, float *y);

// MARK: Elements by a table of places

/// y[i] = x[places[i]]
void ck_gather(const float *x, const int32_t *places, long count, float *y);
/// y[places[i]] += x[i], in order
void ck_scatter_add(const float *x, const int32_t *places, long count, float *y);

// MARK: Randomness: Philox4x32-10 (Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3; 2011)

/// The four words of one block.
void ck_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t output[4]);
/// `count` words: word i is word i % 4 of the block whose counter is {first_block + i / 4, c1, c2, c3}.
void ck_philox_fill(uint32_t first_block, uint32_t c1, uint32_t c2, uint32_t c3, const uint32_t key[2],
                    uint32_t *output, long count);
/// y[i] = word i (as in ck_philox_fill, from block 0) >= threshold ? x[i] * scale : 0. May be called in place.
void ck_dropout(const float *x, float *y, long count, uint32_t threshold, float scale, uint32_t c1, uint32_t c2,
                uint32_t c3, const uint32_t key[2]);

/// y = scale * x + shift where the element's word >= threshold, else dropped; for rows of `channels`, each with the same
/// words: element c of a row has word c, or word places[c] if `places` is not NULL. May be called in place.
void ck_drop_by_words(const float *x, float *y, long rows, long channels, const uint32_t *words, const int32_t *places,
                      uint32_t threshold, float scale, float shift, float dropped);
/// y[i] = x[i] + deviation * z[i], or x[i] * (1 + deviation * z[i]) if `multiplies` is not 0, with z from the standard normal
/// distribution: z[2 j] and z[2 j + 1] are made of words 2 j and 2 j + 1 by Box and Muller's formula. May be called in place.
void ck_gaussian_noise(const float *x, float *y, long count, float deviation, int multiplies, uint32_t c1, uint32_t c2,
                       uint32_t c3, const uint32_t key[2]);

// MARK: Optimizers (all arrays of `count`; formulas as in Keras 3)

/// w -= rate * decay * w
void ck_weight_decay(float *w, long count, float rate, float decay);
/// w -= rate * g
void ck_sgd(float *w, const float *g, long count, float rate);
/// v = momentum * v - rate * g; w += v, or w += momentum * v - rate * g if `nesterov` is not 0.
void ck_sgd_momentum(float *w, const float *g, float *v, long count, float rate, float momentum, int nesterov);
/// m += (g - m) * (1 - beta1); v += (g * g - v) * (1 - beta2); w -= alpha * m / (sqrt(v) + epsilon), where
/// alpha = rate * sqrt(1 - beta2^t) / (1 - beta1^t). If `v_max` is not NULL: v_max = max(v_max, v) in v's place
/// (AMSGrad).
void ck_adam(float *w, const float *g, float *m, float *v, float *v_max, long count, float alpha, float beta1,
             float beta2, float epsilon);
/// v = rho * v + (1 - rho) * g * g; if `mean` is not NULL (centered): mean = rho * mean + (1 - rho) * g and
/// denominator = max(v - mean * mean, 0) + epsilon, else v + epsilon; step = rate * g / sqrt(denominator);
/// if `velocity` is not NULL: velocity = momentum * velocity + step, w -= velocity; else w -= step.
void ck_rmsprop(float *w, const float *g, float *v, float *mean, float *velocity, long count, float rate, float rho,
                float momentum, float epsilon);
/// m and v as Adam; w -= rate * (mean_factor * m + gradient_factor * g) / (sqrt(square_factor * v) + epsilon).
void ck_nadam(float *w, const float *g, float *m, float *v, long count, float rate, float beta1, float beta2,
              float mean_factor, float gradient_factor, float square_factor, float epsilon);
/// m as Adam; u = max(beta2 * u, |g|); w -= alpha * m / (u + epsilon).
void ck_adamax(float *w, const float *g, float *m, float *u, long count, float alpha, float beta1, float beta2,
               float epsilon);
/// sums += g^2; w -= rate * g / sqrt(sums + epsilon).
void ck_adagrad(float *w, const float *g, float *sums, long count, float rate, float epsilon);
/// squares = rho * squares + (1 - rho) * g^2; step = sqrt(steps + epsilon) / sqrt(squares + epsilon) * g;
/// steps = rho * steps + (1 - rho) * step^2; w -= rate * step.
void ck_adadelta(float *w, const float *g, float *squares, float *steps, long count, float rate, float rho,
                 float epsilon);
/// w -= rate * sign(beta1 * m + (1 - beta1) * g); m = beta2 * m + (1 - beta2) * g.
void ck_lion(float *w, const float *g, float *m, long count, float rate, float beta1, float beta2);
/// m and v as Adam; step = mean_factor * m / (sqrt(square_factor * v) + epsilon).
void ck_lamb_step(const float *g, float *m, float *v, float *step, long count, float beta1, float beta2,
                  float mean_factor, float square_factor, float epsilon);
/// v as Adam; z -= rate * g / (sqrt(square_factor * v) + epsilon); the mean of all z, x = (w - (1 - beta1) * z) / beta1 with the
/// old z, moves towards the new one by `weight`; w = (1 - beta1) * z + beta1 * x.
void ck_schedule_free(float *w, const float *g, float *z, float *v, long count, float rate, float beta1, float beta2,
                      float square_factor, float weight, float epsilon);

// MARK: Arrays of data

/// y = x, each number as the nearest float.
void ck_floats_from_doubles(const double *x, float *y, long count);
/// y = x
void ck_floats_from_bytes(const uint8_t *x, float *y, long count);
/// y = x, each number as the nearest float.
void ck_floats_from_integers(const int64_t *x, float *y, long count);

typedef enum { CK_PLUS = 0, CK_MINUS = 1, CK_TIMES = 2, CK_OVER = 3 } ck_arithmetic;

/// y = a operation b over arrays of `sizes`, at least one axis and no size of 0. Steps are in elements, one for each axis, 0 where an
/// operand is repeated; y is contiguous. `index` is scratch, one number for each axis.
void ck_combine(ck_arithmetic operation, const float *a, const long *a_steps, const float *b, const long *b_steps, float *y,
                long rank, const long *sizes, long *index);
/// y = x, as `ck_combine` steps through them.
void ck_copy_strided(const float *x, const long *x_steps, float *y, const long *y_steps, long rank, const long *sizes,
                     long *index);

typedef enum {
    CK_STATISTIC_SUM = 0,
    CK_STATISTIC_SQUARED_DEVIATIONS = 1,
    CK_STATISTIC_MINIMUM = 2,
    CK_STATISTIC_MAXIMUM = 3
} ck_statistic;

/// Adds the elements of x to y, or the squares of their deviations from `mean`, or keeps the smallest or largest; NaN stays. x is
/// contiguous; the steps of y, and of `mean`, are 0 along the axes that are reduced. Else as `ck_combine`.
void ck_accumulate(ck_statistic statistic, const float *x, double *y, const double *mean, const long *y_steps, long rank,
               const long *sizes, long *index);

#ifdef __cplusplus
}
#endif

#endif
