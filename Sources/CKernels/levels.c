// Which vector instructions to use: asked of the processor once per thread, lowered by tests on purpose.

#include "dispatch.h"

enum { CK_LEVEL_UNKNOWN = -1 };

// Of the thread alone: a test that lowers it must not change the bits of another that computes beside it.
static _Thread_local int level_in_use = CK_LEVEL_UNKNOWN;

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
    if (__builtin_expect(level_in_use == CK_LEVEL_UNKNOWN, 0)) level_in_use = (int)ck_supported_level();
    return (ck_level)level_in_use;
}

ck_level ck_current_level(void) { return ck_active_level(); }

ck_level ck_set_level(ck_level level) {
    ck_level supported = ck_supported_level();
    level_in_use = (int)(level < supported ? level : supported);
    return (ck_level)level_in_use;
}

const char *ck_level_name(ck_level level) {
    switch (level) {
    case CK_LEVEL_BASELINE: return "baseline";
    case CK_LEVEL_AVX2: return "AVX2";
    case CK_LEVEL_AVX512: return "AVX-512";
    }
    return "unknown";
}
