// Philox4x32-10: random words as a pure function of (counter, key), so dropout and shuffling give the same on any
// number of threads. Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (2011).

#include <string.h>

#include "dispatch.h"
#include "functions.h"

/// Ten rounds on one block. Inlined into a loop over blocks it becomes one block per vector lane.
CK_BODY void philox_block(uint32_t c0, uint32_t c1, uint32_t c2, uint32_t c3, uint32_t k0, uint32_t k1,
                          uint32_t *restrict output) {
    for (int round = 0; round < 10; round++) {
        uint64_t p0 = (uint64_t)0xD2511F53u * c0;  // multipliers of the paper
        uint64_t p1 = (uint64_t)0xCD9E8D57u * c2;
        c0 = (uint32_t)(p1 >> 32) ^ c1 ^ k0;
        c2 = (uint32_t)(p0 >> 32) ^ c3 ^ k1;
        c1 = (uint32_t)p1;
        c3 = (uint32_t)p0;
        k0 += 0x9E3779B9u;  // the golden ratio
        k1 += 0xBB67AE85u;  // sqrt(3) - 1
    }
    output[0] = c0;
    output[1] = c1;
    output[2] = c2;
    output[3] = c3;
}

CK_BODY void ck_philox_fill_body(uint32_t first_block, uint32_t c1, uint32_t c2, uint32_t c3, const uint32_t key[2],
                                 uint32_t *output, long count) {
    uint32_t k0 = key[0], k1 = key[1];
    long blocks = count / 4;
    CK_PARALLEL
    for (long b = 0; b < blocks; b++)
        philox_block(first_block + (uint32_t)b, c1, c2, c3, k0, k1, output + 4 * b);
    long rest = count % 4;
    if (rest > 0) {
        uint32_t words[4];
        philox_block(first_block + (uint32_t)blocks, c1, c2, c3, k0, k1, words);
        memcpy(output + 4 * blocks, words, (unsigned long)rest * sizeof *words);
    }
}

CK_BODY void ck_dropout_body(const float *x, float *y, long count, uint32_t threshold, float scale, uint32_t c1,
                             uint32_t c2, uint32_t c3, const uint32_t key[2]) {
    enum { chunk = 512 };  // words that stay in the first-level cache between the two loops
    uint32_t words[chunk];
    for (long start = 0; start < count; start += chunk) {
        long length = count - start < chunk ? count - start : chunk;
        ck_philox_fill_body((uint32_t)(start / 4), c1, c2, c3, key, words, length);
        const float *in = x + start;
        float *out = y + start;
        CK_PARALLEL
        for (long i = 0; i < length; i++) {
            float kept = in[i] * scale;
            out[i] = words[i] >= threshold ? kept : 0.0f;
        }
    }
}

CK_BODY void ck_drop_by_words_body(const float *x, float *y, long rows, long channels, const uint32_t *restrict words,
                                   const int32_t *restrict places, uint32_t threshold, float scale, float shift,
                                   float dropped) {
    for (long r = 0; r < rows; r++) {
        const float *in = x + r * channels;
        float *out = y + r * channels;
        if (places) {
            for (long c = 0; c < channels; c++)
                out[c] = words[places[c]] >= threshold ? in[c] * scale + shift : dropped;
        } else {
            CK_PARALLEL
            for (long c = 0; c < channels; c++) {
                float kept = in[c] * scale + shift;
                out[c] = words[c] >= threshold ? kept : dropped;
            }
        }
    }
}

/// Two numbers from the standard normal distribution, of two words: sqrt(-2 log(u)) times cosine and sine of an angle. u is
/// in (0, 1], at least 2^-32, so that no number lies beyond 6.67.
CK_BODY void normal_pair(uint32_t first, uint32_t second, float *a, float *b) {
    float u = (float)(int32_t)(first >> 1) * 0x1p-31f + 0x1p-32f;
    float radius = __builtin_elementwise_sqrt(-2.0f * ck_log(u > 1.0f ? 1.0f : u));
    // Two bits choose a quarter turn, the others an angle of -pi/4 ..< pi/4. Polynomials of Cephes (Moshier, `sinf.c`).
    float angle = ((float)(int32_t)((second << 2) >> 8) * 0x1p-24f - 0.5f) * 1.57079632679f;
    float q = angle * angle;
    float sine = angle + angle * q * ((-1.9515295891e-4f * q + 8.3321608736e-3f) * q - 1.6666654611e-1f);
    float cosine = 1.0f - 0.5f * q
        + q * q * ((2.443315711809948e-5f * q - 1.388731625493765e-3f) * q + 4.166664568298827e-2f);
    uint32_t quarter = second >> 30;
    float x = quarter & 1u ? -sine : cosine, y = quarter & 1u ? cosine : sine;
    float sign = quarter & 2u ? -radius : radius;
    *a = sign * x;
    *b = sign * y;
}

CK_BODY void ck_gaussian_noise_body(const float *x, float *y, long count, float deviation, int multiplies, uint32_t c1,
                                    uint32_t c2, uint32_t c3, const uint32_t key[2]) {
    enum { chunk = 512 };
    uint32_t words[chunk];
    float normal[chunk];
    for (long start = 0; start < count; start += chunk) {
        long length = count - start < chunk ? count - start : chunk;
        ck_philox_fill_body((uint32_t)(start / 4), c1, c2, c3, key, words, chunk);
        CK_PARALLEL
        for (long j = 0; j < chunk / 2; j++)
            normal_pair(words[2 * j], words[2 * j + 1], normal + 2 * j, normal + 2 * j + 1);
        const float *in = x + start;
        float *out = y + start;
        CK_PARALLEL
        for (long i = 0; i < length; i++) {
            float noise = deviation * normal[i];
            out[i] = in[i] + (multiplies ? in[i] * noise : noise);
        }
    }
}

void ck_philox(const uint32_t counter[4], const uint32_t key[2], uint32_t output[4]) {
    philox_block(counter[0], counter[1], counter[2], counter[3], key[0], key[1], output);
}

CK_KERNEL(void, ck_philox_fill,
          (uint32_t first_block, uint32_t c1, uint32_t c2, uint32_t c3, const uint32_t key[2], uint32_t *output,
           long count),
          (first_block, c1, c2, c3, key, output, count))
CK_KERNEL(void, ck_dropout,
          (const float *x, float *y, long count, uint32_t threshold, float scale, uint32_t c1, uint32_t c2,
           uint32_t c3, const uint32_t key[2]),
          (x, y, count, threshold, scale, c1, c2, c3, key))
CK_KERNEL(void, ck_drop_by_words,
          (const float *x, float *y, long rows, long channels, const uint32_t *words, const int32_t *places,
           uint32_t threshold, float scale, float shift, float dropped),
          (x, y, rows, channels, words, places, threshold, scale, shift, dropped))
CK_KERNEL(void, ck_gaussian_noise,
          (const float *x, float *y, long count, float deviation, int multiplies, uint32_t c1, uint32_t c2, uint32_t c3,
           const uint32_t key[2]),
          (x, y, count, deviation, multiplies, c1, c2, c3, key))
