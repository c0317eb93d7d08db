/// exp, tanh, the normal distribution and their relatives, as plain arithmetic without branches or calls, so that
/// a loop around them becomes vector code. libm's would be called once per element, 10 to 20 times slower.
///
/// Every function gives NaN for NaN. Choices are written `x > limit ? limit : x`, in the direction in which a NaN
/// stays. The errors stated are the largest over six million values, with and without FMA, against libm in double.
#ifndef CK_FUNCTIONS_H
#define CK_FUNCTIONS_H

#include <stdint.h>
#include <string.h>

#include "dispatch.h"

CK_BODY uint32_t ck_bits(float x) {
    uint32_t bits;
    memcpy(&bits, &x, sizeof bits);
    return bits;
}

CK_BODY float ck_from_bits(uint32_t bits) {
    float x;
    memcpy(&x, &bits, sizeof x);
    return x;
}

/// e^r - 1 - r for |r| <= ln(2)/2. Minimax polynomial of Cephes (Moshier, `expf.c`, 1989).
CK_BODY float ck_exp_tail(float r) {
    float p = 1.9875691500e-4f;
    p = p * r + 1.3981999507e-3f;
    p = p * r + 8.3334519073e-3f;
    p = p * r + 4.1665795894e-2f;
    p = p * r + 1.6666665459e-1f;
    p = p * r + 5.0000001201e-1f;
    return p * (r * r);
}

/// x = n ln(2) + r with |r| <= ln(2)/2; returns n as a float whose lowest bits are n.
/// Adding 1.5 * 2^23 rounds to an integer, and leaves it in the lowest bits: the baseline has no rounding
/// instruction, and a conversion to an integer would be undefined for NaN.
CK_BODY uint32_t ck_exp_reduce(float x, float *r) {
    const float magic = 12582912.0f;
    float shifted = x * 1.44269504088896341f + magic;
    float n = shifted - magic;
    // ln(2) in two parts, of which the first has so few bits that n * first is exact.
    *r = (x - n * 0.693359375f) + n * 2.12194440e-4f;
    return ck_bits(shifted) - ck_bits(magic);
}

/// e^x, within 1 ulp; infinity above 88.72, denormal and then 0 below -87.3.
CK_BODY float ck_exp(float x) {
    x = x > 89.0f ? 89.0f : x;
    x = x < -104.0f ? -104.0f : x;
    float r;
    int32_t n = (int32_t)ck_exp_reduce(x, &r);
    float p = 1.0f + (r + ck_exp_tail(r));
    // 2^n in two factors, for n reaches from -150 to 128 and one float's exponent only from -126 to 127.
    int32_t half = n >> 1;
    float scale1 = ck_from_bits((uint32_t)(half + 127) << 23);
    float scale2 = ck_from_bits((uint32_t)(n - half + 127) << 23);
    return p * scale1 * scale2;
}

/// e^x, within 1 ulp, where it is to be added to 1: infinity from 88.38 on, and below -87 about 1e-38. One factor is
/// enough for the power of two then.
CK_BODY float ck_exp_beside_one(float x) {
    x = x > 89.0f ? 89.0f : x;
    x = x < -87.0f ? -87.0f : x;
    float r;
    uint32_t n = ck_exp_reduce(x, &r);
    return (1.0f + (r + ck_exp_tail(r))) * ck_from_bits((n + 127) << 23);  // n = 128 makes an infinity
}

/// e^x - 1 for x <= 0, without the cancellation near zero; within 1 ulp.
CK_BODY float ck_expm1_nonpositive(float x) {
    x = x < -87.0f ? -87.0f : x;
    float r;
    int32_t n = (int32_t)ck_exp_reduce(x, &r);
    float q = r + ck_exp_tail(r);
    float scale = ck_from_bits((uint32_t)(n + 127) << 23);
    return scale * q + (scale - 1.0f);
}

/// log(1 + u) for 0 <= u <= 1, within 2 ulp: 2 artanh(u / (2 + u)), by the series s + s^3/3 + s^5/5 ..., whose
/// argument is at most 1/3; the first term left out is 2e-9 of the sum.
CK_BODY float ck_log1p_unit(float u) {
    float s = u / (2.0f + u);
    float q = s * s;
    float p = 1.0f / 15.0f;
    p = p * q + 1.0f / 13.0f;
    p = p * q + 1.0f / 11.0f;
    p = p * q + 1.0f / 9.0f;
    p = p * q + 1.0f / 7.0f;
    p = p * q + 1.0f / 5.0f;
    p = p * q + 1.0f / 3.0f;
    p = p * q;
    return 2.0f * (s + s * p);
}

/// The natural logarithm, within 2 ulp: -infinity for 0 and for denormals, which count as 0; NaN below 0. Polynomial of
/// Cephes (Moshier, `logf.c`, 1989).
CK_BODY float ck_log(float x) {
    // x = m 2^e with sqrt(1/2) <= m < sqrt(2); the shift of a negative number rounds down.
    uint32_t bits = ck_bits(x);
    int32_t e = (int32_t)(bits - 0x3f3504f3u) >> 23;
    float m = ck_from_bits(bits - ((uint32_t)e << 23));
    float t = m - 1.0f, z = t * t, n = (float)e;
    float p = 7.0376836292e-2f;
    p = p * t - 1.1514610310e-1f;
    p = p * t + 1.1676998740e-1f;
    p = p * t - 1.2420140846e-1f;
    p = p * t + 1.4249322787e-1f;
    p = p * t - 1.6668057665e-1f;
    p = p * t + 2.0000714765e-1f;
    p = p * t - 2.4999993993e-1f;
    p = p * t + 3.3333331174e-1f;
    // ln(2) in two parts, as in ck_exp_reduce.
    float y = t * z * p + n * -2.12194440e-4f - 0.5f * z;
    y = t + y + n * 0.693359375f;
    y = x < 1.17549435e-38f ? -__builtin_inff() : y;
    y = x < 0.0f ? __builtin_nanf("") : y;
    return x < __builtin_inff() ? y : x;  // infinity and NaN stay
}

/// sin(x + quarters * pi / 2), within 1 ulp for |x| <= 1e6; farther out the error grows with x, which is known to no better
/// than its own last bit. NaN beyond 1e9, where neighbouring numbers lie several periods apart.
///
/// In double, for the reduction to |r| <= pi / 4 cancels. Polynomials and the two parts of pi / 2 of fdlibm (Sun Microsystems,
/// 1993; `k_sinf.c`, `k_cosf.c`, `e_rem_pio2f.c`).
CK_BODY float ck_sin_quarter(float x, int64_t quarters) {
    const double magic = 6755399441055744.0;  // 1.5 * 2^52: rounds to an integer, and leaves it in the lowest bits
    double v = x, shifted = v * 0.63661977236758134308 + magic, n = shifted - magic;
    double r = (v - n * 1.57079632673412561417) - n * 6.07710050650619224932e-11;
    int64_t bits;
    memcpy(&bits, &shifted, sizeof bits);
    bits += quarters;
    double z = r * r, w = z * z;
    double sine = r + z * r * (-0.166666666416265235595 + z * 0.0083333293858894631756)
                  + z * r * w * (-0.000198393348360966317347 + z * 0.0000027183114939898219064);
    double cosine = 1.0 - z * 0.499999997251031003120 + w * 0.0416666233237390631894
                    + w * z * (-0.00138867637746099294692 + z * 0.0000243904487962774090654);
    double y = bits & 1 ? cosine : sine;
    y = bits & 2 ? -y : y;
    return __builtin_fabsf(x) <= 1e9f ? (float)y : __builtin_nanf("");
}

/// 1 / (1 + e^-x), within 3 ulp; 0 below -88.38.
CK_BODY float ck_sigmoid(float x) { return 1.0f / (1.0f + ck_exp_beside_one(-x)); }

/// tanh, within 2 ulp. Polynomial below 0.625 from Cephes (Moshier, `tanhf.c`); above, by e^2x.
CK_BODY float ck_tanh(float x) {
    float a = __builtin_fabsf(x);
    float q = x * x;
    float p = -5.70498872745e-3f;
    p = p * q + 2.06390887954e-2f;
    p = p * q - 5.37397155531e-2f;
    p = p * q + 1.33314422036e-1f;
    p = p * q - 3.33332819422e-1f;
    float small = x + x * q * p;
    float large = __builtin_copysignf(1.0f - 2.0f / (ck_exp(2.0f * a) + 1.0f), x);
    return a < 0.625f ? small : large;
}

/// x - tanh(x), without the cancellation near zero: the polynomial of `ck_tanh` below 0.625.
CK_BODY float ck_tanh_shrink(float x) {
    float a = __builtin_fabsf(x);
    float q = x * x;
    float p = -5.70498872745e-3f;
    p = p * q + 2.06390887954e-2f;
    p = p * q - 5.37397155531e-2f;
    p = p * q + 1.33314422036e-1f;
    p = p * q - 3.33332819422e-1f;
    float small = -(x * q * p);
    float large = x - __builtin_copysignf(1.0f - 2.0f / (ck_exp(2.0f * a) + 1.0f), x);
    return a < 0.625f ? small : large;
}

/// e^(-x^2 / 2) for |x| <= 20, within 2 ulp near 0, and 2^-24 x^2 relative farther out; 0 where it is below e^-87. By
/// 2^f * 2^n with |f| <= 1/2; minimax polynomial of 2^f, whose error is 2e-9.
CK_BODY float ck_half_square_exponential(float x) {
    const float magic = 12582912.0f;  // as in ck_exp_reduce
    float y = (x * x) * -0.72134752044448170f;
    float limited = y < -125.5f ? -125.5f : y;
    float shifted = limited + magic;
    float f = limited - (shifted - magic);
    float p = 1.534581243e-4f;
    p = p * f + 1.339993090e-3f;
    p = p * f + 9.618489072e-3f;
    p = p * f + 5.550328642e-2f;
    p = p * f + 2.402264625e-1f;
    p = p * f + 6.931471825e-1f;
    p = p * f + 1.0f;
    float power = ck_from_bits(ck_bits(p) + (ck_bits(shifted) << 23));
    return y < -125.5f ? 0.0f : power;
}

/// Phi(x), the probability that a standard normal number is below x, from `e`, the `ck_half_square_exponential` of x, for |x| <= 20:
/// absolute error up to 2e-7, and small relative to the result in the lower tail also, where (1 + erf(x / sqrt(2))) / 2
/// would cancel. Phi(-x) e^(x^2 / 2) is t P(t) with t = 1 / (1 + 0.27 x); minimax polynomial, whose relative error is 2.5e-8.
CK_BODY float ck_normal_cdf(float x, float e) {
    float t = 1.0f / (1.0f + 0.27f * __builtin_fabsf(x));
    float p = 2.906431444e-2f;
    p = p * t - 1.270033270e-1f;
    p = p * t + 1.708916426e-1f;
    p = p * t - 7.052196562e-2f;
    p = p * t + 1.087674871e-1f;
    p = p * t + 7.163123041e-2f;
    p = p * t + 1.019225195e-1f;
    p = p * t + 1.075264439e-1f;
    p = p * t + 1.077216715e-1f;
    float upper = p * (t * e);
    return x > 0.0f ? 1.0f - upper : upper;
}

/// Whether `value` takes the place of `best` in a search for the maximum in which the first of equals stays and a NaN
/// wins over every number: it does if it is not smaller or equal, unless the best is a NaN already.
CK_BODY int ck_is_better(float value, float best) { return !(value <= best) & (best == best); }

#endif
