// Functions of one operand that are no activations, and their derivatives. The function is a constant inside each loop, so
// that the loops vectorise.

#include "dispatch.h"
#include "functions.h"

/// f(x). At 0 the sign is 0.
CK_BODY float unary_value(float x, ck_unary_function f) {
    switch (f) {
    case CK_EXP: return ck_exp(x);
    case CK_LOG: return ck_log(x);
    case CK_SQRT: return __builtin_elementwise_sqrt(x);
    case CK_RSQRT: return 1.0f / __builtin_elementwise_sqrt(x);
    case CK_ABS: return __builtin_fabsf(x);
    case CK_SIN: return ck_sin_quarter(x, 0);
    case CK_COS: return ck_sin_quarter(x, 1);
    case CK_SQUARE: return x * x;
    case CK_RECIPROCAL: return 1.0f / x;
    case CK_SIGN: return x > 0.0f ? 1.0f : x < 0.0f ? -1.0f : x * 0.0f;  // NaN stays
    }
    return x;
}

/// dy * f'(x), from the output y where that is enough (see `ck_unary_backward`), else from the input x.
CK_BODY float unary_slope(float v, float dy, ck_unary_function f) {
    switch (f) {
    case CK_EXP: return dy * v;
    case CK_LOG: return dy / v;
    case CK_SQRT: return dy * (0.5f / v);
    case CK_RSQRT: return dy * (-0.5f * (v * v * v));
    case CK_ABS: return dy * (v > 0.0f ? 1.0f : v < 0.0f ? -1.0f : v * 0.0f);
    case CK_SIN: return dy * ck_sin_quarter(v, 1);
    case CK_COS: return -dy * ck_sin_quarter(v, 0);
    case CK_SQUARE: return dy * (2.0f * v);
    case CK_RECIPROCAL: return -dy * (v * v);
    case CK_SIGN: return 0.0f;
    }
    return dy;
}

/// Calls `function` with the function as a constant, as its first argument.
#define WITH_CONSTANT_FUNCTION(f, function, ...)                    \
    switch (f) {                                                    \
    case CK_EXP: function(CK_EXP, __VA_ARGS__); break;              \
    case CK_LOG: function(CK_LOG, __VA_ARGS__); break;              \
    case CK_SQRT: function(CK_SQRT, __VA_ARGS__); break;            \
    case CK_RSQRT: function(CK_RSQRT, __VA_ARGS__); break;          \
    case CK_ABS: function(CK_ABS, __VA_ARGS__); break;              \
    case CK_SIN: function(CK_SIN, __VA_ARGS__); break;              \
    case CK_COS: function(CK_COS, __VA_ARGS__); break;              \
    case CK_SQUARE: function(CK_SQUARE, __VA_ARGS__); break;        \
    case CK_RECIPROCAL: function(CK_RECIPROCAL, __VA_ARGS__); break; \
    case CK_SIGN: function(CK_SIGN, __VA_ARGS__); break;            \
    }

CK_BODY void unary_all(ck_unary_function f, const float *x, float *y, long count) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) y[i] = unary_value(x[i], f);
}

CK_BODY void ck_unary_body(const float *x, float *y, long count, ck_unary_function f) {
    WITH_CONSTANT_FUNCTION(f, unary_all, x, y, count)
}

CK_BODY void unary_backward_all(ck_unary_function f, const float *v, const float *dy, float *dx, long count) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) dx[i] = unary_slope(v[i], dy[i], f);
}

CK_BODY void ck_unary_backward_body(const float *v, const float *dy, float *dx, long count, ck_unary_function f) {
    WITH_CONSTANT_FUNCTION(f, unary_backward_all, v, dy, dx, count)
}

CK_KERNEL(void, ck_unary, (const float *x, float *y, long count, ck_unary_function f), (x, y, count, f))
CK_KERNEL(void, ck_unary_backward,
          (const float *v, const float *dy, float *dx, long count, ck_unary_function f), (v, dy, dx, count, f))
