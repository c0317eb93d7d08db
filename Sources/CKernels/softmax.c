// Softmax over rows. Sums run in sixteen lanes whatever the processor, so their order is fixed.

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
