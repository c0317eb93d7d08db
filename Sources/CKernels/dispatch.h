/// How one body becomes a function for every vector level.
///
/// SwiftPM compiles for the oldest processor of the architecture (SSE2 on x86-64), and a package must not raise
/// that for its users. So each kernel is written once, as an inline body `NAME_body`, and
///
///     CK_KERNEL(void, ck_scale, (float *y, long count, float a), (y, count, a))
///
/// compiles it at every level and defines the public function, which picks one. (`target_clones` would do the
/// same, but its resolver crashes under the thread sanitizer, and tests could not choose the level.)
#ifndef CK_DISPATCH_H
#define CK_DISPATCH_H

#include "ckernels.h"

/// A body must be inlined: only then is it compiled for the features of the function around it.
#define CK_BODY static inline __attribute__((always_inline))

/// Before a loop whose iterations are independent. The compiler then vectorises without checking for overlap, so
/// a call in place (y == x) is as fast as any other; and it warns if it cannot vectorise.
#define CK_PARALLEL _Pragma("clang loop vectorize(assume_safety)")

/// The same before a long loop whose body is a long chain of operations: four vectors at a time, for each would wait for the
/// one before (exponentials take half the time).
#define CK_PARALLEL_CHAINS _Pragma("clang loop vectorize(assume_safety) interleave_count(4)")

/// The level in use on this thread; looked up from the processor at the thread's first call.
__attribute__((visibility("hidden"))) ck_level ck_active_level(void);

/// What stands in the parentheses.
#define CK_ARGUMENTS(...) __VA_ARGS__

#if defined(__x86_64__)

#define CK_AVX2 __attribute__((target("avx2,fma,bmi,bmi2")))
#define CK_AVX512 __attribute__((target("avx512f,avx512bw,avx512dq,avx512vl,avx2,fma,bmi,bmi2")))

#define CK_KERNEL(result, name, parameters, arguments)                        \
    static result name##_baseline parameters { return name##_body arguments; } \
    CK_AVX2 static result name##_avx2 parameters { return name##_body arguments; } \
    CK_AVX512 static result name##_avx512 parameters { return name##_body arguments; } \
    result name parameters {                                                  \
        switch (ck_active_level()) {                                          \
        case CK_LEVEL_AVX512: return name##_avx512 arguments;                 \
        case CK_LEVEL_AVX2: return name##_avx2 arguments;                     \
        default: return name##_baseline arguments;                            \
        }                                                                     \
    }

/// As CK_KERNEL; the body has the level as its first parameter, a constant, for choices that depend on the number of
/// registers.
#define CK_KERNEL_WITH_LEVEL(result, name, parameters, arguments)             \
    static result name##_baseline parameters {                                \
        return name##_body(CK_LEVEL_BASELINE, CK_ARGUMENTS arguments);        \
    }                                                                         \
    CK_AVX2 static result name##_avx2 parameters { return name##_body(CK_LEVEL_AVX2, CK_ARGUMENTS arguments); } \
    CK_AVX512 static result name##_avx512 parameters { return name##_body(CK_LEVEL_AVX512, CK_ARGUMENTS arguments); } \
    result name parameters {                                                  \
        switch (ck_active_level()) {                                          \
        case CK_LEVEL_AVX512: return name##_avx512 arguments;                 \
        case CK_LEVEL_AVX2: return name##_avx2 arguments;                     \
        default: return name##_baseline arguments;                            \
        }                                                                     \
    }

#else

#define CK_KERNEL_WITH_LEVEL(result, name, parameters, arguments) \
    result name parameters { return name##_body(CK_LEVEL_BASELINE, CK_ARGUMENTS arguments); }

#define CK_KERNEL(result, name, parameters, arguments) \
    result name parameters { return name##_body arguments; }

#endif

#endif
