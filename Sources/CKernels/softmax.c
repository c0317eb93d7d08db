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
