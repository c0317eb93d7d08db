#include "cpeak.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

// Twelve sums: latency 4 and two multiply-adds per cycle need eight, the rest hides what the loop costs; twelve and two
// factors still fit the sixteen registers of AVX2.
enum { SUMS = 12 };

typedef float float4 __attribute__((vector_size(16)));

static double baseline(long iterations, float *sink) {
    float4 sums[SUMS], a = {0.999f, 0.999f, 0.999f, 0.999f}, b = {1e-3f, 1e-3f, 1e-3f, 1e-3f};
    for (int i = 0; i < SUMS; i++) sums[i] = (float4){i, i, i, i};
    for (long step = 0; step < iterations; step++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < SUMS; i++) sums[i] = sums[i] * a + b;
    }
    float4 total = sums[0];
    for (int i = 1; i < SUMS; i++) total += sums[i];
    *sink = total[0] + total[1] + total[2] + total[3];
    return 2.0 * 4 * SUMS * (double)iterations;
}

#if defined(__x86_64__)

__attribute__((target("avx2,fma"))) static double avx2(long iterations, float *sink) {
    __m256 sums[SUMS], a = _mm256_set1_ps(0.999f), b = _mm256_set1_ps(1e-3f);
    for (int i = 0; i < SUMS; i++) sums[i] = _mm256_set1_ps((float)i);
    for (long step = 0; step < iterations; step++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < SUMS; i++) sums[i] = _mm256_fmadd_ps(sums[i], a, b);
    }
    __m256 total = sums[0];
    for (int i = 1; i < SUMS; i++) total = _mm256_add_ps(total, sums[i]);
    *sink = total[0] + total[3] + total[7];
    return 2.0 * 8 * SUMS * (double)iterations;
}

__attribute__((target("avx512f"))) static double avx512(long iterations, float *sink) {
    __m512 sums[SUMS], a = _mm512_set1_ps(0.999f), b = _mm512_set1_ps(1e-3f);
    for (int i = 0; i < SUMS; i++) sums[i] = _mm512_set1_ps((float)i);
    for (long step = 0; step < iterations; step++) {
#pragma clang loop unroll(full)
        for (int i = 0; i < SUMS; i++) sums[i] = _mm512_fmadd_ps(sums[i], a, b);
    }
    __m512 total = sums[0];
    for (int i = 1; i < SUMS; i++) total = _mm512_add_ps(total, sums[i]);
    *sink = total[0] + total[7] + total[15];
    return 2.0 * 16 * SUMS * (double)iterations;
}

int cp_supported_level(void) {
    if (__builtin_cpu_supports("avx512f")) return CP_AVX512;
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? CP_AVX2 : CP_BASELINE;
}

double cp_multiply_add(int level, long iterations, float *sink) {
    switch (level) {
    case CP_AVX512: return avx512(iterations, sink);
    case CP_AVX2: return avx2(iterations, sink);
    default: return baseline(iterations, sink);
    }
}

#else

int cp_supported_level(void) { return CP_BASELINE; }

double cp_multiply_add(int level, long iterations, float *sink) {
    (void)level;
    return baseline(iterations, sink);
}

#endif
