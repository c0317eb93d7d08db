// The errors of Winograd convolution and of im2col against double precision, on shapes of real layers: the table of
// docs/design/convolution.md, "Accuracy". From the root of the repository:
//
//     clang -O2 -ISources/CKernels/include $(pkg-config --cflags openblas) Benchmarks/Accuracy/winograd.c \
//         Sources/CKernels/{winograd,im2col,levels}.c -o /tmp/winograd-accuracy $(pkg-config --libs openblas) -lm
//     /tmp/winograd-accuracy

#include <cblas.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "ckernels.h"

typedef struct {
    long size, channels, filters, pad;
} layer;

static float *numbers(long count, double scale) {
    float *values = malloc((size_t)count * sizeof(float));
    for (long i = 0; i < count; i++) values[i] = (float)(scale * ((rand() % 200001) / 100000.0 - 1));
    return values;
}

/// The largest error, relative to the largest value.
static double error(const float *values, const double *exact, long count) {
    double worst = 0, largest = 0;
    for (long i = 0; i < count; i++) {
        worst = fmax(worst, fabs(values[i] - exact[i]));
        largest = fmax(largest, fabs(exact[i]));
    }
    return worst / largest;
}

static void product(int transposeA, int transposeB, long m, long n, long k, const float *a, const float *b, float *c) {
    cblas_sgemm(CblasRowMajor, transposeA ? CblasTrans : CblasNoTrans, transposeB ? CblasTrans : CblasNoTrans, (int)m,
                (int)n, (int)k, 1, a, (int)(transposeA ? m : k), b, (int)(transposeB ? k : n), 0, c, (int)n);
}

int main(void) {
    static const layer layers[] = {{13, 32, 64, 0},   {32, 64, 64, 1},   {56, 64, 64, 1},
                                   {28, 128, 128, 1}, {14, 256, 256, 1}, {7, 512, 512, 1}};
    openblas_set_num_threads(1);
    puts("layer: errors of outputs, input gradient, weight gradient");
    for (size_t l = 0; l < sizeof(layers) / sizeof(*layers); l++) {
        long H = layers[l].size, C = layers[l].channels, F = layers[l].filters, pad = layers[l].pad, O = H + 2 * pad - 2;
        long inputs = H * H * C, outputs = O * O * F, weights = 9 * C * F;
        float *x = numbers(inputs, 1), *dy = numbers(outputs, 1), *g = numbers(weights, sqrt(6.0 / (9 * C + 9 * F)));

        double *exactY = calloc((size_t)outputs, sizeof(double)), *exactDX = calloc((size_t)inputs, sizeof(double)),
               *exactDG = calloc((size_t)weights, sizeof(double));
        for (long pixel = 0; pixel < O * O; pixel++)
            for (long k = 0; k < 9; k++) {
                long row = pixel / O + k / 3 - pad, column = pixel % O + k % 3 - pad;
                if (row < 0 || column < 0 || row >= H || column >= H) continue;
                for (long c = 0; c < C; c++) {
                    long in = (row * H + column) * C + c, weight = (k * C + c) * F;
                    for (long f = 0; f < F; f++) {
                        exactY[pixel * F + f] += (double)x[in] * g[weight + f];
                        exactDX[in] += (double)dy[pixel * F + f] * g[weight + f];
                        exactDG[weight + f] += (double)dy[pixel * F + f] * x[in];
                    }
                }
            }

        ck_window window = {
            .depth = 1, .height = H, .width = H, .channels = C, .pixel_stride = C,
            .kernel_depth = 1, .kernel_height = 3, .kernel_width = 3,
            .stride_depth = 1, .stride_height = 1, .stride_width = 1,
            .dilation_depth = 1, .dilation_height = 1, .dilation_width = 1,
            .pad_top = pad, .pad_left = pad,
            .output_depth = 1, .output_height = O, .output_width = O,
        };
        float *y = numbers(outputs, 0), *dx = numbers(inputs, 0), *dg = numbers(weights, 0);
        float *columns = numbers(O * O * 9 * C, 0);
        printf("%ld×%ld×%ld → %ld", H, H, C, F);
        ck_im2col(x, &window, 0, O * O, columns);
        product(0, 0, O * O, F, 9 * C, columns, g, y);
        product(1, 0, 9 * C, F, O * O, columns, dy, dg);
        product(0, 1, O * O, 9 * C, F, dy, g, columns);
        ck_col2im(columns, &window, 0, O * O, 1, dx);
        printf(" | im2col %.1e %.1e %.1e", error(y, exactY, outputs), error(dx, exactDX, inputs),
               error(dg, exactDG, weights));

        for (long m = 2; m <= 4; m += 2) {
            long places = (m + 2) * (m + 2), across = (O + m - 1) / m, T = across * across;
            float *V = numbers(places * T * C, 0), *M = numbers(places * T * F, 0);
            float *U = numbers(places * C * F, 0), *dU = numbers(places * C * F, 0);
            ck_winograd_kernel(g, C * F, m, C * F, C * F, U);
            ck_winograd_input(x, &window, m, 0, T, T * C, V);
            for (long p = 0; p < places; p++) product(0, 0, T, F, C, V + p * T * C, U + p * C * F, M + p * T * F);
            ck_winograd_output(M, &window, F, m, 0, T, T * F, y);
            ck_winograd_output_backward(dy, &window, F, m, 0, T, T * F, M);
            for (long p = 0; p < places; p++) {
                product(1, 0, C, F, T, V + p * T * C, M + p * T * F, dU + p * C * F);
                product(0, 1, T, C, F, M + p * T * F, U + p * C * F, V + p * T * C);
            }
            memset(dx, 0, (size_t)inputs * sizeof(float));
            ck_winograd_input_backward(V, &window, m, 0, T, T * C, dx);
            ck_winograd_kernel_backward(dU, C * F, m, C * F, C * F, 0, dg);
            printf(" | F(%ld×%ld) %.1e %.1e %.1e", m, m, error(y, exactY, outputs), error(dx, exactDX, inputs),
                   error(dg, exactDG, weights));
            free(V), free(M), free(U), free(dU);
        }
        puts("");
        free(x), free(dy), free(g), free(exactY), free(exactDX), free(exactDG), free(y), free(dx), free(dg), free(columns);
    }
}
