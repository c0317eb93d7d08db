#include "ckernels.h"

void ck_normalize_u8(const uint8_t *x, float *y, long count, float scale, float offset) {
    for (long i = 0; i < count; i++) y[i] = (float)x[i] * scale + offset;
}
