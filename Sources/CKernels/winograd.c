// Winograd's minimal filtering for 3×3 windows, stride 1: F(2×2, 3×3) and F(4×4, 3×3) (Lavin and Gray: Fast algorithms
// for convolutional neural networks, 2015). An image is cut into tiles of m×m outputs, each from (m + 2)×(m + 2) inputs:
//
//     Y = Aᵀ [ (G g Gᵀ) ⊙ (Bᵀ d B) ] A
//
// Summed over channels, ⊙ is one matrix product for each of the (m + 2)² places, of [tiles][channels] and
// [channels][filters]. The gradients are the transposes of the same three linear maps.
//
// The maps follow from the points at which polynomials are evaluated. F(4, 3) has 0, ±√½, ±√2 and infinity, as ncnn has, for
// smaller errors than the paper's 0, ±1, ±2 (docs/design/convolution.md, "Accuracy").
//
// Every map is applied along one axis, then along the other; the loops run over channels (or filters), which are
// neighbours in memory, so they vectorise at any width.

#include <string.h>

#include "dispatch.h"

enum {
    /// Channels at once: a tile of 6×6 of them fills 9 KiB of the first-level cache.
    CHUNK = 64,
    LARGEST_SIDE = 6
};

/// The linear maps of one axis, each a small matrix times a column.
typedef enum { INPUT, INPUT_TRANSPOSED, KERNEL, KERNEL_TRANSPOSED, OUTPUT, OUTPUT_TRANSPOSED } map;

#define EACH CK_PARALLEL for (long c = 0; c < count; c++)

/// y = (matrix of F(2, 3)) x, for `count` columns at once.
CK_BODY void apply_2(map which, const float *const *x, float *const *y, long count) {
    const float *x0 = x[0], *x1 = x[1], *x2 = x[2], *x3 = x[3];
    float *y0 = y[0], *y1 = y[1], *y2 = y[2], *y3 = y[3];
    switch (which) {
    case INPUT:
        EACH {
            float a = x0[c], b = x1[c], d = x2[c], e = x3[c];
            y0[c] = a - d;
            y1[c] = b + d;
            y2[c] = d - b;
            y3[c] = b - e;
        }
        break;
    case INPUT_TRANSPOSED:
        EACH {
            float a = x0[c], b = x1[c], d = x2[c], e = x3[c];
            y0[c] = a;
            y1[c] = (b - d) + e;
            y2[c] = (b + d) - a;
            y3[c] = -e;
        }
        break;
    case KERNEL:
        EACH {
            float a = x0[c], b = x1[c], d = x2[c], outer = (a + d) * 0.5f, inner = b * 0.5f;
            y0[c] = a;
            y1[c] = outer + inner;
            y2[c] = outer - inner;
            y3[c] = d;
        }
        break;
    case KERNEL_TRANSPOSED:
        EACH {
            float a = x0[c], b = x1[c], d = x2[c], e = x3[c], outer = (b + d) * 0.5f;
            y0[c] = a + outer;
            y1[c] = (b - d) * 0.5f;
            y2[c] = outer + e;
        }
        break;
    case OUTPUT:
        EACH {
            float a = x0[c], b = x1[c], d = x2[c], e = x3[c];
            y0[c] = a + (b + d);
            y1[c] = (b - d) - e;
        }
        break;
    case OUTPUT_TRANSPOSED:
        EACH {
            float a = x0[c], b = x1[c];
            y0[c] = a;
            y1[c] = a + b;
            y2[c] = a - b;
            y3[c] = -b;
        }
        break;
    }
}

static const float root_2 = 1.4142135623730951f, root_half = 0.7071067811865476f;

/// y = (matrix of F(4, 3)) x, for `count` columns at once.
CK_BODY void apply_4(map which, const float *const *x, float *const *y, long count) {
    const float *x0 = x[0], *x1 = x[1], *x2 = x[2], *x3 = x[3], *x4 = x[4], *x5 = x[5];
    float *y0 = y[0], *y1 = y[1], *y2 = y[2], *y3 = y[3], *y4 = y[4], *y5 = y[5];
    switch (which) {
    case INPUT:
        EACH {
            float a = x0[c], b = x1[c], d = x2[c], e = x3[c], f = x4[c], g = x5[c];
            float even = f - 2.0f * d, odd = root_half * e - root_2 * b;
            float even2 = f - 0.5f * d, odd2 = root_2 * e - root_half * b;
            y0[c] = a - 2.5f * d + f;
            y1[c] = even + odd;
            y2[c] = even - odd;
            y3[c] = even2 + odd2;
            y4[c] = even2 - odd2;
            y5[c] = b - 2.5f * e + g;
        }
        break;
    case INPUT_TRANSPOSED:
        EACH {
            float a = x0[c], b = x1[c], d = x2[c], e = x3[c], f = x4[c], g = x5[c];
            float sum = b + d, difference = b - d, sum2 = e + f, difference2 = e - f;
            y0[c] = a;
            y1[c] = g - root_2 * difference - root_half * difference2;
            y2[c] = -2.5f * a - 2.0f * sum - 0.5f * sum2;
            y3[c] = root_half * difference + root_2 * difference2 - 2.5f * g;
            y4[c] = a + sum + sum2;
            y5[c] = g;
        }
        break;
    case KERNEL:
        EACH {
            float a = x0[c], b = x1[c], d = x2[c], third = d * (1.0f / 3);
            float outer = a * (2.0f / 3) + third, inner = b * (root_2 / 3);
            float outer2 = a * (1.0f / 6) + third, inner2 = b * (root_2 / 6);
            y0[c] = a;
            y1[c] = -outer - inner;
            y2[c] = inner - outer;
            y3[c] = outer2 + inner2;
            y4[c] = outer2 - inner2;
            y5[c] = d;
        }
        break;
    case KERNEL_TRANSPOSED:
        EACH {
            float a = x0[c], b = x1[c], d = x2[c], e = x3[c], f = x4[c], g = x5[c];
            float sum = b + d, sum2 = e + f;
            y0[c] = a - sum * (2.0f / 3) + sum2 * (1.0f / 6);
            y1[c] = (d - b) * (root_2 / 3) + (e - f) * (root_2 / 6);
            y2[c] = (sum2 - sum) * (1.0f / 3) + g;
        }
        break;
    case OUTPUT:
        EACH {
            float a = x0[c], b = x1[c], d = x2[c], e = x3[c], f = x4[c], g = x5[c];
            float sum = b + d, difference = b - d, sum2 = e + f, difference2 = e - f;
            y0[c] = a + sum + sum2;
            y1[c] = root_half * difference + root_2 * difference2;
            y2[c] = 0.5f * sum + 2.0f * sum2;
            y3[c] = 0.5f * root_half * difference + 2.0f * root_2 * difference2 + g;
        }
        break;
    case OUTPUT_TRANSPOSED:
        EACH {
            float a = x0[c], b = x1[c], d = x2[c], e = x3[c];
            float even = a + 0.5f * d, odd = root_half * b + 0.5f * root_half * e;
            float even2 = a + 2.0f * d, odd2 = root_2 * b + 2.0f * root_2 * e;
            y0[c] = a;
            y1[c] = even + odd;
            y2[c] = even - odd;
            y3[c] = even2 + odd2;
            y4[c] = even2 - odd2;
            y5[c] = e;
        }
        break;
    }
}

/// Applies a map to both axes of a square of `from`×`from` columns of `count` values; the result has `to`×`to`.
/// `from`, `to`, `m` and `which` are constants wherever it is called.
CK_BODY void transform(map which, long m, long from, long to, const float *const *in, float *const *out, long count) {
    float middle[LARGEST_SIDE * LARGEST_SIDE * CHUNK];
    const float *x[LARGEST_SIDE];
    float *y[LARGEST_SIDE];
    for (int k = 0; k < LARGEST_SIDE; k++) {
        x[k] = middle;
        y[k] = middle;
    }
    for (long column = 0; column < from; column++) {
        for (long k = 0; k < from; k++) x[k] = in[k * from + column];
        for (long k = 0; k < to; k++) y[k] = middle + (k * from + column) * CHUNK;
        if (m == 2) apply_2(which, x, y, count);
        else apply_4(which, x, y, count);
    }
    for (long row = 0; row < to; row++) {
        for (long k = 0; k < from; k++) x[k] = middle + (row * from + k) * CHUNK;
        for (long k = 0; k < to; k++) y[k] = out[row * to + k];
        if (m == 2) apply_2(which, x, y, count);
        else apply_4(which, x, y, count);
    }
}

/// Where tile `index` of an image begins among the outputs.
typedef struct {
    long row, column;
} tile_place;

CK_BODY tile_place place_of(const ck_window *w, long m, long index) {
    long across = (w->output_width + m - 1) / m;
    return (tile_place){index / across * m, index % across * m};
}

CK_BODY long smaller(long a, long b) { return a < b ? a : b; }

// MARK: Inputs

/// For each of the tile's inputs: the offset of its pixel, or -1 outside the image.
CK_BODY void input_pixels(const ck_window *w, long m, tile_place place, long *offsets) {
    long side = m + 2;
    for (long i = 0; i < side; i++) {
        long y = place.row - w->pad_top + i;
        for (long j = 0; j < side; j++) {
            long x = place.column - w->pad_left + j;
            int inside = y >= 0 && y < w->height && x >= 0 && x < w->width;
            offsets[i * side + j] = inside ? (y * w->width + x) * w->pixel_stride : -1;
        }
    }
}

CK_BODY void input_m(const float *image, const ck_window *w, long m, long first, long count, long plane,
                     float *products) {
    static const float zeros[CHUNK];
    long side = m + 2;
    long offsets[LARGEST_SIDE * LARGEST_SIDE];
    const float *in[LARGEST_SIDE * LARGEST_SIDE];
    float *out[LARGEST_SIDE * LARGEST_SIDE];
    for (long tile = 0; tile < count; tile++) {
        input_pixels(w, m, place_of(w, m, first + tile), offsets);
        for (long c = 0; c < w->channels; c += CHUNK) {
            for (long k = 0; k < side * side; k++) {
                in[k] = offsets[k] < 0 ? zeros : image + offsets[k] + c;
                out[k] = products + k * plane + tile * w->channels + c;
            }
            transform(INPUT, m, side, side, in, out, smaller(CHUNK, w->channels - c));
        }
    }
}

CK_BODY void input_backward_m(const float *products, const ck_window *w, long m, long first, long count, long plane,
                              float *image) {
    float sums[LARGEST_SIDE * LARGEST_SIDE * CHUNK];
    long side = m + 2;
    long offsets[LARGEST_SIDE * LARGEST_SIDE];
    const float *in[LARGEST_SIDE * LARGEST_SIDE];
    float *out[LARGEST_SIDE * LARGEST_SIDE];
    for (long tile = 0; tile < count; tile++) {
        input_pixels(w, m, place_of(w, m, first + tile), offsets);
        for (long c = 0; c < w->channels; c += CHUNK) {
            long n = smaller(CHUNK, w->channels - c);
            for (long k = 0; k < side * side; k++) {
                in[k] = products + k * plane + tile * w->channels + c;
                out[k] = sums + k * CHUNK;
            }
            transform(INPUT_TRANSPOSED, m, side, side, in, out, n);
            for (long k = 0; k < side * side; k++) {
                if (offsets[k] < 0) continue;
                float *to = image + offsets[k] + c;
                const float *from = out[k];
                CK_PARALLEL for (long i = 0; i < n; i++) to[i] += from[i];
            }
        }
    }
}

// MARK: Outputs

CK_BODY void output_m(const float *products, const ck_window *w, long filters, long m, long first, long count,
                      long plane, float *image) {
    float unused[CHUNK];
    long side = m + 2;
    const float *in[LARGEST_SIDE * LARGEST_SIDE];
    float *out[LARGEST_SIDE * LARGEST_SIDE];
    for (long tile = 0; tile < count; tile++) {
        tile_place place = place_of(w, m, first + tile);
        for (long c = 0; c < filters; c += CHUNK) {
            for (long k = 0; k < side * side; k++) in[k] = products + k * plane + tile * filters + c;
            for (long i = 0; i < m; i++)
                for (long j = 0; j < m; j++) {
                    long y = place.row + i, x = place.column + j;
                    int inside = y < w->output_height && x < w->output_width;
                    out[i * m + j] = inside ? image + (y * w->output_width + x) * filters + c : unused;
                }
            transform(OUTPUT, m, side, m, in, out, smaller(CHUNK, filters - c));
        }
    }
}

CK_BODY void output_backward_m(const float *image, const ck_window *w, long filters, long m, long first, long count,
                               long plane, float *products) {
    static const float zeros[CHUNK];
    long side = m + 2;
    const float *in[LARGEST_SIDE * LARGEST_SIDE];
    float *out[LARGEST_SIDE * LARGEST_SIDE];
    for (long tile = 0; tile < count; tile++) {
        tile_place place = place_of(w, m, first + tile);
        for (long c = 0; c < filters; c += CHUNK) {
            for (long i = 0; i < m; i++)
                for (long j = 0; j < m; j++) {
                    long y = place.row + i, x = place.column + j;
                    int inside = y < w->output_height && x < w->output_width;
                    in[i * m + j] = inside ? image + (y * w->output_width + x) * filters + c : zeros;
                }
            for (long k = 0; k < side * side; k++) out[k] = products + k * plane + tile * filters + c;
            transform(OUTPUT_TRANSPOSED, m, m, side, in, out, smaller(CHUNK, filters - c));
        }
    }
}

// MARK: Kernels

CK_BODY void kernel_m(const float *kernel, long stride, long m, long count, long plane, float *products) {
    long side = m + 2;
    const float *in[9];
    float *out[LARGEST_SIDE * LARGEST_SIDE];
    for (long c = 0; c < count; c += CHUNK) {
        for (long k = 0; k < 9; k++) in[k] = kernel + k * stride + c;
        for (long k = 0; k < side * side; k++) out[k] = products + k * plane + c;
        transform(KERNEL, m, 3, side, in, out, smaller(CHUNK, count - c));
    }
}

CK_BODY void kernel_backward_m(const float *products, long plane, long m, long count, long stride, int accumulate,
                               float *kernel) {
    float sums[9 * CHUNK];
    long side = m + 2;
    const float *in[LARGEST_SIDE * LARGEST_SIDE];
    float *out[9];
    for (long c = 0; c < count; c += CHUNK) {
        long n = smaller(CHUNK, count - c);
        for (long k = 0; k < side * side; k++) in[k] = products + k * plane + c;
        for (long k = 0; k < 9; k++) out[k] = accumulate ? sums + k * CHUNK : kernel + k * stride + c;
        transform(KERNEL_TRANSPOSED, m, side, 3, in, out, n);
        for (long k = 0; accumulate && k < 9; k++) {
            float *to = kernel + k * stride + c;
            CK_PARALLEL for (long i = 0; i < n; i++) to[i] += out[k][i];
        }
    }
}

// MARK: For both sizes of tiles

CK_BODY void ck_winograd_input_body(const float *image, const ck_window *window, long tile, long first, long count,
                                    long plane, float *products) {
    ck_window w = *window;
    if (tile == 2) input_m(image, &w, 2, first, count, plane, products);
    else input_m(image, &w, 4, first, count, plane, products);
}

CK_BODY void ck_winograd_input_backward_body(const float *products, const ck_window *window, long tile, long first,
                                             long count, long plane, float *image) {
    ck_window w = *window;
    if (tile == 2) input_backward_m(products, &w, 2, first, count, plane, image);
    else input_backward_m(products, &w, 4, first, count, plane, image);
}

CK_BODY void ck_winograd_output_body(const float *products, const ck_window *window, long filters, long tile,
                                     long first, long count, long plane, float *image) {
    ck_window w = *window;
    if (tile == 2) output_m(products, &w, filters, 2, first, count, plane, image);
    else output_m(products, &w, filters, 4, first, count, plane, image);
}

CK_BODY void ck_winograd_output_backward_body(const float *image, const ck_window *window, long filters, long tile,
                                              long first, long count, long plane, float *products) {
    ck_window w = *window;
    if (tile == 2) output_backward_m(image, &w, filters, 2, first, count, plane, products);
    else output_backward_m(image, &w, filters, 4, first, count, plane, products);
}

CK_BODY void ck_winograd_kernel_body(const float *kernel, long stride, long tile, long count, long plane,
                                     float *products) {
    if (tile == 2) kernel_m(kernel, stride, 2, count, plane, products);
    else kernel_m(kernel, stride, 4, count, plane, products);
}

CK_BODY void ck_winograd_kernel_backward_body(const float *products, long plane, long tile, long count, long stride,
                                              int accumulate, float *kernel) {
    if (tile == 2) kernel_backward_m(products, plane, 2, count, stride, accumulate, kernel);
    else kernel_backward_m(products, plane, 4, count, stride, accumulate, kernel);
}

CK_KERNEL(void, ck_winograd_input,
          (const float *image, const ck_window *window, long tile, long first, long count, long plane, float *products),
          (image, window, tile, first, count, plane, products))
CK_KERNEL(void, ck_winograd_input_backward,
          (const float *products, const ck_window *window, long tile, long first, long count, long plane, float *image),
          (products, window, tile, first, count, plane, image))
CK_KERNEL(void, ck_winograd_output,
          (const float *products, const ck_window *window, long filters, long tile, long first, long count, long plane,
           float *image),
          (products, window, filters, tile, first, count, plane, image))
CK_KERNEL(void, ck_winograd_output_backward,
          (const float *image, const ck_window *window, long filters, long tile, long first, long count, long plane,
           float *products),
          (image, window, filters, tile, first, count, plane, products))
CK_KERNEL(void, ck_winograd_kernel,
          (const float *kernel, long stride, long tile, long count, long plane, float *products),
          (kernel, stride, tile, count, plane, products))
CK_KERNEL(void, ck_winograd_kernel_backward,
          (const float *products, long plane, long tile, long count, long stride, int accumulate, float *kernel),
          (products, plane, tile, count, stride, accumulate, kernel))
