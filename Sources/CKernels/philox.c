// Philox4x32-10: random words as a pure function of (counter, key), so dropout and shuffling give the same on any
// number of threads. Salmon, Moraes, Dror, Shaw: Parallel random numbers: as easy as 1, 2, 3 (2011).

#include <string.h>

#include "dispatch.h"

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
