// Softmax over rows, and its relatives. Sums run in sixteen lanes whatever the processor, so their order is fixed.

#include <math.h>

#include "dispatch.h"
#include "functions.h"
#include "vectors.h"

/// The largest of a row; meaningless if there is a NaN, which the exponentials then bring back.
CK_BODY float row_max(const float *x, long count) {
    float largest = x[0];
    long c = 0;
    if (count >= 16) {
        ck_float16 lanes = *(const ck_float16 *)x;
        for (c = 16; c + 16 <= count; c += 16) {
            ck_float16 v = *(const ck_float16 *)(x + c);
            lanes = CK_SELECT(ck_float16, ck_int16, v > lanes, v, lanes);
        }
        largest = ck_fold_max((const float *)&lanes);
    }
    for (; c < count; c++) largest = x[c] > largest ? x[c] : largest;
    return largest;
}

CK_BODY float row_sum(const float *x, long count) {
    float sum = 0.0f;
    long c = 0;
    if (count >= 16) {
        ck_float16 lanes = {0};
        for (; c + 16 <= count; c += 16) lanes += *(const ck_float16 *)(x + c);
        sum = ck_fold_sum((const float *)&lanes);
    }
    for (; c < count; c++) sum += x[c];
    return sum;
}

CK_BODY float row_dot(const float *x, const float *y, long count) {
    float sum = 0.0f;
    long c = 0;
    if (count >= 16) {
        ck_float16 lanes = {0};
        for (; c + 16 <= count; c += 16) lanes += *(const ck_float16 *)(x + c) * *(const ck_float16 *)(y + c);
        sum = ck_fold_sum((const float *)&lanes);
    }
    for (; c < count; c++) sum += x[c] * y[c];
    return sum;
}

CK_BODY void ck_softmax_body(const float *x, float *y, long rows, long channels) {
    if (channels <= 0) return;
    for (long r = 0; r < rows; r++) {
        const float *in = x + r * channels;
        float *out = y + r * channels;
        float largest = row_max(in, channels);
        CK_PARALLEL
        for (long c = 0; c < channels; c++) out[c] = ck_exp(in[c] - largest);
        float scale = 1.0f / row_sum(out, channels);
        CK_PARALLEL
        for (long c = 0; c < channels; c++) out[c] *= scale;
    }
}

CK_BODY void ck_softmax_backward_body(const float *y, const float *dy, float *dx, long rows, long channels) {
    for (long r = 0; r < rows; r++) {
        const float *out = y + r * channels, *d_out = dy + r * channels;
        float *d_in = dx + r * channels;
        float dot = row_dot(d_out, out, channels);
        CK_PARALLEL
        for (long c = 0; c < channels; c++) d_in[c] = out[c] * (d_out[c] - dot);
    }
}

/// Columns that are worked on at once: their largest values and sums stay near.
enum { strip_width = 64 };

CK_BODY void ck_softmax_columns_body(const float *x, float *y, long rows, long columns, int logarithm) {
    if (rows <= 0) return;
    float largest[strip_width], sum[strip_width];
    for (long first = 0; first < columns; first += strip_width) {
        long width = columns - first < strip_width ? columns - first : strip_width;
        for (long c = 0; c < width; c++) {
            largest[c] = x[first + c];
            sum[c] = 0.0f;
        }
        for (long r = 1; r < rows; r++) {
            const float *in = x + r * columns + first;
            CK_PARALLEL
            for (long c = 0; c < width; c++) largest[c] = in[c] > largest[c] ? in[c] : largest[c];
        }
        for (long r = 0; r < rows; r++) {
            const float *in = x + r * columns + first;
            float *out = y + r * columns + first;
            CK_PARALLEL
            for (long c = 0; c < width; c++) {
                float shifted = in[c] - largest[c], e = ck_exp(shifted);
                sum[c] += e;
                out[c] = logarithm ? shifted : e;
            }
        }
        for (long c = 0; c < width; c++) sum[c] = logarithm ? ck_log(sum[c]) : 1.0f / sum[c];
        for (long r = 0; r < rows; r++) {
            float *out = y + r * columns + first;
            CK_PARALLEL
            for (long c = 0; c < width; c++) out[c] = logarithm ? out[c] - sum[c] : out[c] * sum[c];
        }
    }
}

CK_BODY void ck_softmax_columns_backward_body(const float *y, const float *dy, float *dx, long rows, long columns,
                                              int logarithm) {
    float sum[strip_width];
    for (long first = 0; first < columns; first += strip_width) {
        long width = columns - first < strip_width ? columns - first : strip_width;
        for (long c = 0; c < width; c++) sum[c] = 0.0f;
        for (long r = 0; r < rows; r++) {
            const float *out = y + r * columns + first, *d_out = dy + r * columns + first;
            CK_PARALLEL
            for (long c = 0; c < width; c++) sum[c] += logarithm ? d_out[c] : d_out[c] * out[c];
        }
        for (long r = 0; r < rows; r++) {
            const float *out = y + r * columns + first, *d_out = dy + r * columns + first;
            float *d_in = dx + r * columns + first;
            CK_PARALLEL
            for (long c = 0; c < width; c++)
                d_in[c] = logarithm ? d_out[c] - ck_exp(out[c]) * sum[c] : out[c] * (d_out[c] - sum[c]);
        }
    }
}

CK_KERNEL(void, ck_softmax_columns, (const float *x, float *y, long rows, long columns, int logarithm),
          (x, y, rows, columns, logarithm))
CK_KERNEL(void, ck_softmax_columns_backward,
          (const float *y, const float *dy, float *dx, long rows, long columns, int logarithm),
          (y, dy, dx, rows, columns, logarithm))
CK_KERNEL(void, ck_softmax, (const float *x, float *y, long rows, long channels), (x, y, rows, channels))
CK_KERNEL(void, ck_softmax_backward, (const float *y, const float *dy, float *dx, long rows, long channels),
          (y, dy, dx, rows, channels))

CK_BODY void ck_log_softmax_body(const float *x, float *y, long rows, long channels) {
    enum { chunk = 512 };  // exponentials that stay in the first-level cache until they are added up
    float exponentials[chunk];
    if (channels <= 0) return;
    for (long r = 0; r < rows; r++) {
        const float *in = x + r * channels;
        float *out = y + r * channels;
        float largest = row_max(in, channels);
        double sum = 0.0;
        for (long start = 0; start < channels; start += chunk) {
            long length = channels - start < chunk ? channels - start : chunk;
            CK_PARALLEL
            for (long c = 0; c < length; c++) exponentials[c] = ck_exp(in[start + c] - largest);
            sum += (double)row_sum(exponentials, length);
        }
        float shift = (float)log(sum);
        CK_PARALLEL
        for (long c = 0; c < channels; c++) out[c] = (in[c] - largest) - shift;
    }
}

CK_BODY void ck_log_softmax_backward_body(const float *y, const float *dy, float *dx, long rows, long channels) {
    for (long r = 0; r < rows; r++) {
        const float *out = y + r * channels, *d_out = dy + r * channels;
        float *d_in = dx + r * channels;
        float sum = row_sum(d_out, channels);
        CK_PARALLEL
        for (long c = 0; c < channels; c++) d_in[c] = d_out[c] - ck_exp(out[c]) * sum;
    }
}

/// The threshold by Michelot's algorithm (1986): of all elements at first, then of those above it, until none goes. No
/// more passes than elements; in practice a few.
CK_BODY void ck_sparsemax_body(const float *x, float *y, long rows, long channels) {
    if (channels <= 0) return;
    for (long r = 0; r < rows; r++) {
        const float *in = x + r * channels;
        float *out = y + r * channels;
        float largest = row_max(in, channels);
        double tau = -INFINITY;
        for (long before = channels + 1, count = 0;; before = count) {
            double sum = 0.0;
            count = 0;
            for (long c = 0; c < channels; c++) {
                double v = (double)in[c] - (double)largest;
                int is_above = !(v <= tau);  // a NaN is above all, and makes the row NaN
                sum += is_above ? v : 0.0;
                count += is_above;
            }
            if (count == 0 || count >= before) break;
            tau = (sum - 1.0) / (double)count;
        }
        for (long c = 0; c < channels; c++) {
            float v = (float)((double)in[c] - (double)largest - tau);
            out[c] = v < 0.0f ? 0.0f : v;
        }
    }
}

CK_BODY void ck_sparsemax_backward_body(const float *y, const float *dy, float *dx, long rows, long channels) {
    for (long r = 0; r < rows; r++) {
        const float *out = y + r * channels, *d_out = dy + r * channels;
        float *d_in = dx + r * channels;
        double sum = 0.0;
        long count = 0;
        for (long c = 0; c < channels; c++) {
            sum += out[c] > 0.0f ? (double)d_out[c] : 0.0;
            count += out[c] > 0.0f;
        }
        float mean = count > 0 ? (float)(sum / (double)count) : 0.0f;
        CK_PARALLEL
        for (long c = 0; c < channels; c++) d_in[c] = out[c] > 0.0f ? d_out[c] - mean : 0.0f;
    }
}

CK_BODY void ck_glu_body(const float *x, float *y, long rows, long channels) {
    for (long r = 0; r < rows; r++) {
        const float *value = x + 2 * r * channels, *gate = value + channels;
        float *out = y + r * channels;
        CK_PARALLEL
        for (long c = 0; c < channels; c++) out[c] = value[c] * ck_sigmoid(gate[c]);
    }
}

CK_BODY void ck_glu_backward_body(const float *x, const float *dy, float *dx, long rows, long channels) {
    for (long r = 0; r < rows; r++) {
        const float *value = x + 2 * r * channels, *gate = value + channels, *d_out = dy + r * channels;
        float *d_value = dx + 2 * r * channels, *d_gate = d_value + channels;
        CK_PARALLEL
        for (long c = 0; c < channels; c++) {
            float g = gate[c] < -88.0f ? -88.0f : gate[c];
            float e = ck_exp(-g), s = 1.0f / (1.0f + e), d = d_out[c];
            d_value[c] = d * s;
            d_gate[c] = d * value[c] * (s * (e * s));  // e s = 1 - s without the cancellation
        }
    }
}

CK_KERNEL(void, ck_log_softmax, (const float *x, float *y, long rows, long channels), (x, y, rows, channels))
CK_KERNEL(void, ck_log_softmax_backward, (const float *y, const float *dy, float *dx, long rows, long channels),
          (y, dy, dx, rows, channels))
CK_KERNEL(void, ck_sparsemax, (const float *x, float *y, long rows, long channels), (x, y, rows, channels))
CK_KERNEL(void, ck_sparsemax_backward, (const float *y, const float *dy, float *dx, long rows, long channels),
          (y, dy, dx, rows, channels))
CK_KERNEL(void, ck_glu, (const float *x, float *y, long rows, long channels), (x, y, rows, channels))
CK_KERNEL(void, ck_glu_backward, (const float *x, const float *dy, float *dx, long rows, long channels),
          (x, dy, dx, rows, channels))
