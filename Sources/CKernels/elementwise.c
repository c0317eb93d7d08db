// Element-wise arithmetic: one pass over memory each.

#include "dispatch.h"

CK_BODY void ck_add_body(const float *x, float *y, long count) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) y[i] += x[i];
}

CK_BODY void ck_add_to_body(const float *x, const float *y, float *z, long count) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) z[i] = x[i] + y[i];
}

CK_BODY void ck_scale_body(float *y, long count, float a) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) y[i] *= a;
}

CK_BODY void ck_affine_body(const float *x, float *y, long count, float a, float b) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) y[i] = a * x[i] + b;
}

CK_BODY void ck_clip_body(const float *x, float *y, long count, float low, float high) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) {
        float v = x[i] < low ? low : x[i];  // false for NaN, which so stays
        y[i] = v > high ? high : v;
    }
}

CK_BODY void ck_normalize_u8_body(const uint8_t *x, float *y, long count, float scale, float offset) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) y[i] = (float)x[i] * scale + offset;
}

CK_BODY void ck_mix_body(float *y, const float *x, long count, float kept) {
    float rest = 1.0f - kept;
    CK_PARALLEL
    for (long i = 0; i < count; i++) y[i] = kept * y[i] + rest * x[i];
}

CK_KERNEL(void, ck_mix, (float *y, const float *x, long count, float kept), (y, x, count, kept))
CK_KERNEL(void, ck_add, (const float *x, float *y, long count), (x, y, count))
CK_KERNEL(void, ck_add_to, (const float *x, const float *y, float *z, long count), (x, y, z, count))
CK_KERNEL(void, ck_scale, (float *y, long count, float a), (y, count, a))
CK_KERNEL(void, ck_affine, (const float *x, float *y, long count, float a, float b), (x, y, count, a, b))
CK_KERNEL(void, ck_clip, (const float *x, float *y, long count, float low, float high), (x, y, count, low, high))
CK_KERNEL(void, ck_normalize_u8, (const uint8_t *x, float *y, long count, float scale, float offset),
          (x, y, count, scale, offset))

/// In squares of 8, so that both sides' cache lines are used whole while they are near.
CK_BODY void ck_transpose_body(const float *x, long rows, long columns, float *y) {
    for (long r = 0; r < rows; r += 8)
        for (long c = 0; c < columns; c += 8)
            for (long i = r; i < r + 8 && i < rows; i++)
                for (long j = c; j < c + 8 && j < columns; j++) y[j * rows + i] = x[i * columns + j];
}

CK_KERNEL(void, ck_transpose, (const float *x, long rows, long columns, float *y), (x, rows, columns, y))
