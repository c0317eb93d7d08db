// Which vector instructions to use: asked of the processor once, lowered by tests on purpose.

#include <stdatomic.h>

#include "dispatch.h"

enum { CK_LEVEL_UNKNOWN = -1 };

// Relaxed is enough: the value guards no other memory, and every thread that probes finds the same.
static _Atomic int level_in_use = CK_LEVEL_UNKNOWN;

ck_level ck_supported_level(void) {
#if defined(__x86_64__)
    __builtin_cpu_init();
    // These also ask whether the operating system saves the wide registers.
    if (!__builtin_cpu_supports("avx2") || !__builtin_cpu_supports("fma") || !__builtin_cpu_supports("bmi")
        || !__builtin_cpu_supports("bmi2"))
        return CK_LEVEL_BASELINE;
    if (!__builtin_cpu_supports("avx512f") || !__builtin_cpu_supports("avx512bw")
        || !__builtin_cpu_supports("avx512dq") || !__builtin_cpu_supports("avx512vl"))
        return CK_LEVEL_AVX2;
    return CK_LEVEL_AVX512;
#else
    return CK_LEVEL_BASELINE;
#endif
}

ck_level ck_active_level(void) {
    int level = atomic_load_explicit(&level_in_use, memory_order_relaxed);
    if (__builtin_expect(level == CK_LEVEL_UNKNOWN, 0)) {
        int expected = CK_LEVEL_UNKNOWN;
        level = (int)ck_supported_level();
        // Not a plain store: that could undo a `ck_set_level` of another thread.
        if (!atomic_compare_exchange_strong_explicit(&level_in_use, &expected, level, memory_order_relaxed,
                                                     memory_order_relaxed))
            level = expected;
    }
    return (ck_level)level;
}

ck_level ck_current_level(void) { return ck_active_level(); }

ck_level ck_set_level(ck_level level) {
    ck_level supported = ck_supported_level();
    ck_level chosen = level < supported ? level : supported;
    atomic_store_explicit(&level_in_use, (int)chosen, memory_order_relaxed);
    return chosen;
}

const char *ck_level_name(ck_level level) {
    switch (level) {
    case CK_LEVEL_BASELINE: return "baseline";
    case CK_LEVEL_AVX2: return "AVX2";
    case CK_LEVEL_AVX512: return "AVX-512";
    }
    return "unknown";
}
