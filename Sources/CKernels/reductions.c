// Reductions to one number or to one row. Their order is written out (lanes, then rows in order) and not left to
// the compiler, so it is the same at every level.

#include <string.h>

#include "dispatch.h"
#include "functions.h"
#include "vectors.h"

/// Sums of the columns of one strip, which stay in registers while the rows go by. `vector` of 4, 8 or 16 floats.
#define SUM_STRIP(vector)                                                                     \
    do {                                                                                      \
        vector sum = {0};                                                                     \
        if (accumulate) sum = *(const vector *)(out + c);                                     \
        for (long r = 0; r < rows; r++) sum += *(const vector *)(x + r * channels + c);       \
        *(vector *)(out + c) = sum;                                                           \
    } while (0)

CK_BODY void ck_column_sums_body(const float *x, long rows, long channels, float *out, int accumulate) {
    long c = 0;
    // Two vectors at a time: with one, each addition would wait for the one before.
    for (; c + 32 <= channels; c += 32) {
        ck_float16 sum0 = {0}, sum1 = {0};
        if (accumulate) {
            sum0 = *(const ck_float16 *)(out + c);
            sum1 = *(const ck_float16 *)(out + c + 16);
        }
        for (long r = 0; r < rows; r++) {
            sum0 += *(const ck_float16 *)(x + r * channels + c);
            sum1 += *(const ck_float16 *)(x + r * channels + c + 16);
        }
        *(ck_float16 *)(out + c) = sum0;
        *(ck_float16 *)(out + c + 16) = sum1;
    }
    for (; c + 16 <= channels; c += 16) SUM_STRIP(ck_float16);
    for (; c + 8 <= channels; c += 8) SUM_STRIP(ck_float8);
    for (; c + 4 <= channels; c += 4) SUM_STRIP(ck_float4);
    for (; c < channels; c++) {
        float sum = accumulate ? out[c] : 0.0f;
        for (long r = 0; r < rows; r++) sum += x[r * channels + c];
        out[c] = sum;
    }
}

CK_BODY double ck_sum_of_squares_body(const float *x, long count) {
    ck_double16 lanes = {0};
    long i = 0;
    for (; i + 16 <= count; i += 16) {
        ck_double16 v = __builtin_convertvector(*(const ck_float16 *)(x + i), ck_double16);
        lanes += v * v;
    }
    double sum = ck_fold_sum_double((const double *)&lanes);
    for (; i < count; i++) sum += (double)x[i] * (double)x[i];
    return sum;
}

/// The sums of absolute values and of squares, each in lanes of double precision; the gradient in the same pass.
CK_BODY double ck_l1_l2_body(const float *x, float *g, long count, float l1, float l2, float scale) {
    const ck_float16 zeros = {0};
    ck_double16 absolute = {0}, squares = {0};
    long i = 0;
    for (; i + 16 <= count; i += 16) {
        ck_float16 v = *(const ck_float16 *)(x + i);
        ck_double16 wide = __builtin_convertvector(v, ck_double16);
        absolute += __builtin_elementwise_abs(wide);
        squares += wide * wide;
        if (g) {
            ck_float16 sign = __builtin_convertvector((v < zeros) - (v > zeros), ck_float16);
            *(ck_float16 *)(g + i) += scale * (l1 * sign + 2 * l2 * v);
        }
    }
    double sum1 = ck_fold_sum_double((const double *)&absolute), sum2 = ck_fold_sum_double((const double *)&squares);
    for (; i < count; i++) {
        double v = x[i];
        sum1 += v < 0 ? -v : v;
        sum2 += v * v;
        if (g) g[i] += scale * (l1 * (float)((x[i] > 0) - (x[i] < 0)) + 2 * l2 * x[i]);
    }
    return (double)l1 * sum1 + (double)l2 * sum2;
}

CK_BODY int ck_all_finite_body(const float *x, long count) {
    // In blocks, so that a value found early ends the search and the block itself has no exit inside.
    const long block = 1024;
    for (long start = 0; start < count; start += block) {
        long end = count - start < block ? count : start + block;
        uint32_t found = 0;
        for (long i = start; i < end; i++) {
            uint32_t bits;
            memcpy(&bits, x + i, sizeof bits);
            // The exponent is all ones for infinity and NaN, and only then does adding one to it carry.
            found |= (bits & 0x7fffffffu) + 0x00800000u;
        }
        if (found & 0x80000000u) return 0;
    }
    return 1;
}

/// Like the sums: a strip of columns stays in registers while the rows go by.
#define MAX_STRIP(floats, integers)                                                 \
    do {                                                                            \
        floats best = *(const floats *)(x + c);                                     \
        integers place = {0};                                                       \
        for (long r = 1; r < rows; r++) {                                           \
            floats value = *(const floats *)(x + r * channels + c);                 \
            integers better = CK_BETTER(value, best);                               \
            best = CK_SELECT(floats, integers, better, value, best);                \
            place = CK_SELECT(integers, integers, better, (integers){0} + (int32_t)r, place); \
        }                                                                           \
        *(floats *)(out + c) = best;                                                \
        if (index) *(integers *)(index + c) = place;                                \
    } while (0)

CK_BODY void ck_column_max_body(const float *x, long rows, long channels, float *out, int32_t *index) {
    if (rows <= 0) return;
    long c = 0;
    for (; c + 16 <= channels; c += 16) MAX_STRIP(ck_float16, ck_int16);
    for (; c + 8 <= channels; c += 8) MAX_STRIP(ck_float8, ck_int8);
    for (; c + 4 <= channels; c += 4) MAX_STRIP(ck_float4, ck_int4);
    for (; c < channels; c++) {
        float best = x[c];
        int32_t place = 0;
        for (long r = 1; r < rows; r++) {
            float value = x[r * channels + c];
            int better = ck_is_better(value, best);
            best = better ? value : best;
            place = better ? (int32_t)r : place;
        }
        out[c] = best;
        if (index) index[c] = place;
    }
}

/// A mask is -1 in each lane where it is set, so subtracting it counts.
#define MAX_BACKWARD_STRIP(floats, integers)                                          \
    do {                                                                              \
        floats best = *(const floats *)(out + c);                                     \
        integers count = {0};                                                         \
        for (long r = 0; r < rows; r++) count -= *(const floats *)(x + r * channels + c) == best; \
        floats share = *(const floats *)(dy + c) / __builtin_convertvector(count, floats); \
        for (long r = 0; r < rows; r++) {                                             \
            integers is_best = *(const floats *)(x + r * channels + c) == best;       \
            *(floats *)(dx + r * channels + c) = (floats)((integers)share & is_best); \
        }                                                                             \
    } while (0)

CK_BODY void ck_column_max_backward_body(const float *x, const float *out, const float *dy, long rows, long channels,
                                         float *dx) {
    long c = 0;
    for (; c + 16 <= channels; c += 16) MAX_BACKWARD_STRIP(ck_float16, ck_int16);
    for (; c + 8 <= channels; c += 8) MAX_BACKWARD_STRIP(ck_float8, ck_int8);
    for (; c + 4 <= channels; c += 4) MAX_BACKWARD_STRIP(ck_float4, ck_int4);
    for (; c < channels; c++) {
        long count = 0;
        for (long r = 0; r < rows; r++) count += x[r * channels + c] == out[c];
        for (long r = 0; r < rows; r++)
            dx[r * channels + c] = x[r * channels + c] == out[c] ? dy[c] / (float)count : 0.0f;
    }
}

// MARK: Along rows and columns, by any of the reductions

CK_BODY float start_of(ck_reduction f, float first) {
    return f == CK_SUM ? 0.0f : f == CK_PRODUCT ? 1.0f : first;
}

CK_BODY float combined(float so_far, float value, ck_reduction f) {
    switch (f) {
    case CK_SUM: return so_far + value;
    case CK_PRODUCT: return so_far * value;
    case CK_MAX: return ck_is_better(value, so_far) ? value : so_far;
    case CK_MIN: return (!(value >= so_far) & (so_far == so_far)) ? value : so_far;
    }
    return so_far;
}

CK_BODY void reduce_rows_by(ck_reduction f, const float *x, long rows, long columns, float *out) {
    for (long r = 0; r < rows; r++) {
        const float *row = x + r * columns;
        float lanes[16], result = start_of(f, row[0]);
        for (long i = 0; i < 16; i++) lanes[i] = result;
        long c = 0;
        for (; c + 16 <= columns; c += 16)
            for (long i = 0; i < 16; i++) lanes[i] = combined(lanes[i], row[c + i], f);
        if (c > 0) {
            for (int half = 8; half > 0; half /= 2)
                for (int i = 0; i < half; i++) lanes[i] = combined(lanes[i], lanes[i + half], f);
            result = lanes[0];
        }
        for (; c < columns; c++) result = combined(result, row[c], f);
        out[r] = result;
    }
}

CK_BODY void ck_reduce_rows_body(const float *x, long rows, long columns, float *out, ck_reduction f) {
    if (columns <= 0) return;
    switch (f) {
    case CK_SUM: reduce_rows_by(CK_SUM, x, rows, columns, out); break;
    case CK_MAX: reduce_rows_by(CK_MAX, x, rows, columns, out); break;
    case CK_MIN: reduce_rows_by(CK_MIN, x, rows, columns, out); break;
    case CK_PRODUCT: reduce_rows_by(CK_PRODUCT, x, rows, columns, out); break;
    }
}

CK_BODY void reduce_columns_by(ck_reduction f, const float *x, long rows, long columns, float *out) {
    for (long c = 0; c < columns; c++) out[c] = x[c];
    for (long r = 1; r < rows; r++) {
        const float *row = x + r * columns;
        CK_PARALLEL
        for (long c = 0; c < columns; c++) out[c] = combined(out[c], row[c], f);
    }
}

CK_BODY void ck_reduce_columns_body(const float *x, long rows, long columns, float *out, ck_reduction f) {
    if (rows <= 0) return;
    switch (f) {
    case CK_SUM: ck_column_sums_body(x, rows, columns, out, 0); break;
    case CK_MAX: ck_column_max_body(x, rows, columns, out, NULL); break;
    case CK_MIN: reduce_columns_by(CK_MIN, x, rows, columns, out); break;
    case CK_PRODUCT: reduce_columns_by(CK_PRODUCT, x, rows, columns, out); break;
    }
}

/// The product of a line of numbers without its zeros, and their number.
CK_BODY float product_without_zeros(const float *x, long stride, long count, long *zeros) {
    float product = 1.0f;
    *zeros = 0;
    for (long i = 0; i < count; i++) {
        int is_zero = x[i * stride] == 0.0f;
        product *= is_zero ? 1.0f : x[i * stride];
        *zeros += is_zero;
    }
    return product;
}

/// The gradient of a line of numbers, from those of the reduction.
CK_BODY void line_backward(ck_reduction f, const float *x, float out, float dy, long stride, long count, float *dx) {
    if (f == CK_PRODUCT) {
        long zeros;
        float product = product_without_zeros(x, stride, count, &zeros);
        for (long i = 0; i < count; i++) {
            float v = x[i * stride];
            // One zero has all of the gradient; two leave none.
            dx[i * stride] = zeros == 0 ? dy * (product / v) : zeros == 1 && v == 0.0f ? dy * product : 0.0f;
        }
        return;
    }
    long equal = 0;
    for (long i = 0; i < count; i++) equal += x[i * stride] == out;
    float share = dy / (float)equal;
    for (long i = 0; i < count; i++) dx[i * stride] = x[i * stride] == out ? share : 0.0f;
}

CK_BODY void ck_reduce_rows_backward_body(const float *x, const float *out, const float *dy, long rows, long columns,
                                          float *dx, ck_reduction f) {
    for (long r = 0; r < rows; r++) {
        const float *row = x + r * columns;
        float *target = dx + r * columns;
        if (f == CK_SUM)
            for (long c = 0; c < columns; c++) target[c] = dy[r];
        else if (f == CK_PRODUCT)
            line_backward(CK_PRODUCT, row, out[r], dy[r], 1, columns, target);
        else
            line_backward(CK_MAX, row, out[r], dy[r], 1, columns, target);
    }
}

CK_BODY void ck_reduce_columns_backward_body(const float *x, const float *out, const float *dy, long rows, long columns,
                                             float *dx, ck_reduction f) {
    switch (f) {
    case CK_SUM:
        for (long r = 0; r < rows; r++) memcpy(dx + r * columns, dy, (size_t)columns * sizeof(float));
        break;
    case CK_MAX:
    case CK_MIN: ck_column_max_backward_body(x, out, dy, rows, columns, dx); break;
    case CK_PRODUCT:
        for (long c = 0; c < columns; c++)
            line_backward(CK_PRODUCT, x + c, out[c], dy[c], columns, rows, dx + c);
        break;
    }
}

CK_KERNEL(void, ck_reduce_rows, (const float *x, long rows, long columns, float *out, ck_reduction f),
          (x, rows, columns, out, f))
CK_KERNEL(void, ck_reduce_columns, (const float *x, long rows, long columns, float *out, ck_reduction f),
          (x, rows, columns, out, f))
CK_KERNEL(void, ck_reduce_rows_backward,
          (const float *x, const float *out, const float *dy, long rows, long columns, float *dx, ck_reduction f),
          (x, out, dy, rows, columns, dx, f))
CK_KERNEL(void, ck_reduce_columns_backward,
          (const float *x, const float *out, const float *dy, long rows, long columns, float *dx, ck_reduction f),
          (x, out, dy, rows, columns, dx, f))
CK_KERNEL(void, ck_column_sums, (const float *x, long rows, long channels, float *out, int accumulate),
          (x, rows, channels, out, accumulate))
CK_KERNEL(double, ck_sum_of_squares, (const float *x, long count), (x, count))
CK_KERNEL(double, ck_l1_l2, (const float *x, float *g, long count, float l1, float l2, float scale),
          (x, g, count, l1, l2, scale))
CK_KERNEL(int, ck_all_finite, (const float *x, long count), (x, count))
CK_KERNEL(void, ck_column_max, (const float *x, long rows, long channels, float *out, int32_t *index),
          (x, rows, channels, out, index))
CK_KERNEL(void, ck_column_max_backward,
          (const float *x, const float *out, const float *dy, long rows, long channels, float *dx),
          (x, out, dy, rows, channels, dx))
