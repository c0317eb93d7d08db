// Products of a matrix with a vector, each in an order of its own: for the power iteration of spectral normalisation.

#include "dispatch.h"
#include "vectors.h"

CK_BODY void ck_matrix_vector_body(const float *a, long rows, long columns, const float *x, float *y) {
    for (long r = 0; r < rows; r++) {
        const float *row = a + r * columns;
        ck_float16 lanes = {0};
        long c = 0;
        for (; c + 16 <= columns; c += 16) lanes += *(const ck_float16 *)(row + c) * *(const ck_float16 *)(x + c);
        float sum = ck_fold_sum((const float *)&lanes);
        for (; c < columns; c++) sum += row[c] * x[c];
        y[r] = sum;
    }
}

CK_BODY void ck_vector_matrix_body(const float *a, long rows, long columns, const float *x, float *restrict y) {
    for (long c = 0; c < columns; c++) y[c] = 0.0f;
    for (long r = 0; r < rows; r++) {
        const float *row = a + r * columns;
        float factor = x[r];
        CK_PARALLEL
        for (long c = 0; c < columns; c++) y[c] += factor * row[c];
    }
}

CK_KERNEL(void, ck_matrix_vector, (const float *a, long rows, long columns, const float *x, float *y),
          (a, rows, columns, x, y))
CK_KERNEL(void, ck_vector_matrix, (const float *a, long rows, long columns, const float *x, float *y),
          (a, rows, columns, x, y))
