// Batch normalisation. The statistics are sums over a hundred thousand values and more; in double they cost no
// more time than the memory, and the mean of large values loses nothing.

#include "dispatch.h"
#include "vectors.h"

/// Rows that a strip asks for ahead. It takes 16 channels of each row, and the processor sees no stream in such steps.
enum { rows_ahead = 16 };

#define PREFETCH(x) __builtin_prefetch((x) + rows_ahead * channels)

/// Both passes over one strip of columns, in double. `floats` and `doubles` of the same 4, 8 or 16 lanes.
#define MOMENTS_STRIP(floats, doubles)                                                         \
    do {                                                                                       \
        doubles sum = {0}, squares = {0};                                                      \
        for (long r = 0; r < rows; r++) {                                                      \
            PREFETCH(x + r * channels + c);                                                    \
            sum += __builtin_convertvector(*(const floats *)(x + r * channels + c), doubles);  \
        }                                                                                      \
        sum /= (double)rows;                                                                   \
        for (long r = 0; r < rows; r++) {                                                      \
            doubles d = __builtin_convertvector(*(const floats *)(x + r * channels + c), doubles) - sum; \
            squares += d * d;                                                                  \
        }                                                                                      \
        *(doubles *)(mean + c) = sum;                                                          \
        *(doubles *)(m2 + c) = squares;                                                        \
    } while (0)

CK_BODY void ck_channel_moments_body(const float *x, long rows, long channels, double *mean, double *m2) {
    if (rows <= 0) {
        for (long c = 0; c < channels; c++) mean[c] = m2[c] = 0.0;
        return;
    }
    long c = 0;
    for (; c + 16 <= channels; c += 16) MOMENTS_STRIP(ck_float16, ck_double16);
    for (; c + 8 <= channels; c += 8) MOMENTS_STRIP(ck_float8, ck_double8);
    for (; c + 4 <= channels; c += 4) MOMENTS_STRIP(ck_float4, ck_double4);
    for (; c < channels; c++) {
        double sum = 0.0, squares = 0.0;
        for (long r = 0; r < rows; r++) sum += (double)x[r * channels + c];
        sum /= (double)rows;
        for (long r = 0; r < rows; r++) {
            double d = (double)x[r * channels + c] - sum;
            squares += d * d;
        }
        mean[c] = sum;
        m2[c] = squares;
    }
}

/// The inverse deviation is the same for all rows: it multiplies the sum, not each term.
#define GRADIENT_SUMS_STRIP(floats, doubles)                                                   \
    do {                                                                                       \
        doubles m = __builtin_convertvector(*(const floats *)(mean + c), doubles);             \
        doubles sum = {0}, products = {0};                                                     \
        for (long r = 0; r < rows; r++) {                                                      \
            PREFETCH(dy + r * channels + c);                                                   \
            PREFETCH(x + r * channels + c);                                                    \
            doubles g = __builtin_convertvector(*(const floats *)(dy + r * channels + c), doubles); \
            doubles v = __builtin_convertvector(*(const floats *)(x + r * channels + c), doubles);  \
            sum += g;                                                                          \
            products += g * (v - m);                                                           \
        }                                                                                      \
        *(doubles *)(sum_dy + c) = sum;                                                        \
        *(doubles *)(sum_dy_xhat + c) =                                                        \
            products * __builtin_convertvector(*(const floats *)(inverse_deviation + c), doubles); \
    } while (0)

CK_BODY void ck_channel_gradient_sums_body(const float *x, const float *dy, long rows, long channels,
                                           const float *mean, const float *inverse_deviation, double *sum_dy,
                                           double *sum_dy_xhat) {
    long c = 0;
    for (; c + 16 <= channels; c += 16) GRADIENT_SUMS_STRIP(ck_float16, ck_double16);
    for (; c + 8 <= channels; c += 8) GRADIENT_SUMS_STRIP(ck_float8, ck_double8);
    for (; c + 4 <= channels; c += 4) GRADIENT_SUMS_STRIP(ck_float4, ck_double4);
    for (; c < channels; c++) {
        double sum = 0.0, products = 0.0;
        for (long r = 0; r < rows; r++) {
            double g = (double)dy[r * channels + c];
            sum += g;
            products += g * ((double)x[r * channels + c] - (double)mean[c]);
        }
        sum_dy[c] = sum;
        sum_dy_xhat[c] = products * (double)inverse_deviation[c];
    }
}

CK_BODY void ck_channel_standardize_body(const float *x, float *y, long rows, long channels, const float *shift,
                                         const float *scale) {
    for (long r = 0; r < rows; r++) {
        CK_PARALLEL
        for (long c = 0; c < channels; c++) y[r * channels + c] = (x[r * channels + c] - shift[c]) * scale[c];
    }
}

CK_BODY void ck_channel_affine_body(const float *x, float *y, long rows, long channels,
                                    const float *restrict scale, const float *restrict shift) {
    for (long r = 0; r < rows; r++) {
        const float *in = x + r * channels;
        float *out = y + r * channels;
        CK_PARALLEL
        for (long c = 0; c < channels; c++) out[c] = in[c] * scale[c] + shift[c];
    }
}

CK_BODY void ck_channel_gradient_body(const float *x, const float *dy, float *dx, long rows, long channels,
                                      const float *restrict a, const float *restrict b, const float *restrict d) {
    for (long r = 0; r < rows; r++) {
        const float *in = x + r * channels, *d_out = dy + r * channels;
        float *d_in = dx + r * channels;
        CK_PARALLEL
        for (long c = 0; c < channels; c++) d_in[c] = a[c] * d_out[c] + b[c] * in[c] + d[c];
    }
}

CK_KERNEL(void, ck_channel_moments, (const float *x, long rows, long channels, double *mean, double *m2),
          (x, rows, channels, mean, m2))
CK_KERNEL(void, ck_channel_standardize,
          (const float *x, float *y, long rows, long channels, const float *shift, const float *scale),
          (x, y, rows, channels, shift, scale))
CK_KERNEL(void, ck_channel_affine,
          (const float *x, float *y, long rows, long channels, const float *scale, const float *shift),
          (x, y, rows, channels, scale, shift))
CK_KERNEL(void, ck_channel_gradient_sums,
          (const float *x, const float *dy, long rows, long channels, const float *mean,
           const float *inverse_deviation, double *sum_dy, double *sum_dy_xhat),
          (x, dy, rows, channels, mean, inverse_deviation, sum_dy, sum_dy_xhat))
CK_KERNEL(void, ck_channel_gradient,
          (const float *x, const float *dy, float *dx, long rows, long channels, const float *a, const float *b,
           const float *d),
          (x, dy, dx, rows, channels, a, b, d))
