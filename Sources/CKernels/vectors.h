/// Vector types for sums: sixteen lanes at every level (the compiler splits them into what the processor has), so
/// the order of a sum is the same at every level.
#ifndef CK_VECTORS_H
#define CK_VECTORS_H

#include <stdint.h>

// `aligned(4)`, `may_alias`: may be read from and written to any array of float.
typedef float ck_float16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef float ck_float8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef float ck_float1 __attribute__((vector_size(4), aligned(4), may_alias));
typedef float ck_float4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef double ck_double16 __attribute__((vector_size(128), aligned(8), may_alias));
typedef double ck_double8 __attribute__((vector_size(64), aligned(8), may_alias));
typedef double ck_double4 __attribute__((vector_size(32), aligned(8), may_alias));

typedef int32_t ck_int16 __attribute__((vector_size(64), aligned(4), may_alias));
typedef int32_t ck_int8 __attribute__((vector_size(32), aligned(4), may_alias));
typedef int32_t ck_int1 __attribute__((vector_size(4), aligned(4), may_alias));
typedef int32_t ck_int4 __attribute__((vector_size(16), aligned(4), may_alias));
typedef uint16_t ck_ushort16 __attribute__((vector_size(32), aligned(2), may_alias));
typedef uint16_t ck_ushort8 __attribute__((vector_size(16), aligned(2), may_alias));
typedef uint16_t ck_ushort4 __attribute__((vector_size(8), aligned(2), may_alias));

/// In each lane `a` where the mask (a comparison's result) is set, else `b`; of the vector type `type`, with
/// integers of the same size. C has no ?: for vectors.
#define CK_SELECT(type, integers, mask, a, b) \
    ((type)(((integers)(a) & (mask)) | ((integers)(b) & ~(mask))))

/// `ck_is_better` (functions.h) in each lane.
#define CK_BETTER(value, best) (~((value) <= (best)) & ((best) == (best)))

/// Sum and largest of the lanes, halving each time: the order does not depend on the processor.
#define CK_FOLD_LANES(name, scalar, combine)                        \
    static inline __attribute__((always_inline)) scalar name(const scalar *lanes16) { \
        scalar lanes[16];                                            \
        for (int i = 0; i < 16; i++) lanes[i] = lanes16[i];          \
        for (int half = 8; half > 0; half /= 2)                      \
            for (int i = 0; i < half; i++) lanes[i] = combine(lanes[i], lanes[i + half]); \
        return lanes[0];                                             \
    }
#define CK_PLUS(a, b) ((a) + (b))
#define CK_LARGER(a, b) ((a) > (b) ? (a) : (b))
CK_FOLD_LANES(ck_fold_sum, float, CK_PLUS)
CK_FOLD_LANES(ck_fold_sum_double, double, CK_PLUS)
CK_FOLD_LANES(ck_fold_max, float, CK_LARGER)

#endif
