// Activations and their derivatives. The activation is a constant inside each loop (a switch around the loops,
// never in them), so that the loops vectorise.

#include <stddef.h>

#include "dispatch.h"
#include "functions.h"

/// Limits x to -limit...limit; NaN stays. Keeps infinity times zero out of x * f(x), where f has long reached 0.
CK_BODY float limited(float x, float limit) {
    x = x < -limit ? -limit : x;
    return x > limit ? limit : x;
}

static const float two_sqrt_2_over_pi = 1.5957691216057308f;  // 2 sqrt(2 / pi)
static const float gelu_cubic = 0.044715f;                    // Hendrycks and Gimpel, 2016
static const float inverse_sqrt_2_pi = 0.3989422804014327f;   // 1 / sqrt(2 pi)
// Klambauer and others, Self-normalizing neural networks, 2017.
static const float selu_scale = 1.0507009873554805f;
static const float selu_scale_alpha = 1.7580993408473766f;  // times 1.6732632423543772

/// x limited to low...high; NaN stays.
CK_BODY float clamped(float x, float low, float high) {
    x = x < low ? low : x;
    return x > high ? high : x;
}

/// tanh(softplus(x)) is n / (n + 2) with e = exp(x) and n = e (e + 2); beyond 20 it is 1.
CK_BODY float mish_exponential(float x) { return ck_exp(clamped(x, -110.0f, 20.0f)); }

/// f(x)
CK_BODY float activated(float x, ck_activation f, float parameter) {
    switch (f) {
    case CK_LINEAR: return x;
    case CK_RELU: return x < 0.0f ? 0.0f : x;  // this way round NaN stays: a diverging training must be seen
    case CK_SIGMOID: return ck_sigmoid(x);
    case CK_TANH: return ck_tanh(x);
    case CK_LEAKY_RELU: return x > 0.0f ? x : parameter * x;
    case CK_ELU: return x > 0.0f ? x : parameter * ck_expm1_nonpositive(x > 0.0f ? 0.0f : x);
    case CK_GELU: {
        float l = limited(x, 20.0f);
        return (x < -20.0f ? -20.0f : x) * ck_normal_cdf(l, ck_half_square_exponential(l));
    }
    case CK_GELU_TANH: {
        // (1 + tanh(u)) / 2 is the sigmoid of 2u, which does not cancel where tanh is near -1.
        float low = x < -20.0f ? -20.0f : x;
        return low * ck_sigmoid(two_sqrt_2_over_pi * (low + gelu_cubic * low * low * low));
    }
    case CK_SILU: return (x < -110.0f ? -110.0f : x) / (1.0f + ck_exp_beside_one(-x));
    case CK_SOFTPLUS: return (x > 0.0f ? x : 0.0f) + ck_log1p_unit(ck_exp(-__builtin_fabsf(x)));
    case CK_CAPPED_RELU: {
        float low = x <= 0.0f ? 0.0f : x;
        return low > parameter ? parameter : low;
    }
    case CK_SELU: return x > 0.0f ? selu_scale * x : selu_scale_alpha * ck_expm1_nonpositive(x > 0.0f ? 0.0f : x);
    case CK_CELU: {
        // A negative alpha makes the exponent positive: it grows below zero. Not a choice that makes sense, but Keras' formula.
        float u = (x > 0.0f ? 0.0f : x) / parameter;
        float grown = ck_exp(u) - 1.0f, shrunk = ck_expm1_nonpositive(u > 0.0f ? 0.0f : u);
        return x > 0.0f ? x : parameter * (u > 0.0f ? grown : shrunk);
    }
    case CK_LOG_SIGMOID: return (x > 0.0f ? 0.0f : x) - ck_log1p_unit(ck_exp(-__builtin_fabsf(x)));
    case CK_SPARSE_SIGMOID: return clamped(0.5f * (x + 1.0f), 0.0f, 1.0f);
    case CK_HARD_SIGMOID: return clamped(x + 3.0f, 0.0f, 6.0f) / 6.0f;
    case CK_HARD_TANH: return clamped(x, -1.0f, 1.0f);
    case CK_TANH_SHRINK: return ck_tanh_shrink(x);
    case CK_SPARSE_PLUS: {
        float low = x <= -1.0f ? -1.0f : x, half = 0.5f * (low + 1.0f);
        return x >= 1.0f ? x : half * half;
    }
    case CK_SQUAREPLUS: {
        // Far out x^2 would overflow, and b is nothing beside it. Below zero the sum would cancel.
        float a = __builtin_fabsf(x), near = a > 1e18f ? 1e18f : a;
        float root = a > 1e18f ? a : __builtin_elementwise_sqrt(near * near + parameter);
        return x > 0.0f ? 0.5f * x + 0.5f * root : x == 0.0f ? 0.5f * root : 0.5f * (parameter / (root - x));
    }
    case CK_SOFTSIGN: {
        float l = limited(x, 1e30f);  // not infinity by infinity
        return l / (1.0f + __builtin_fabsf(l));
    }
    case CK_HARD_SILU: return (x < -4.0f ? -4.0f : x) * (clamped(x + 3.0f, 0.0f, 6.0f) * (1.0f / 6.0f));
    case CK_MISH: {
        float e = mish_exponential(x), n = e * (e + 2.0f);
        return (x < -110.0f ? -110.0f : x) * (n / (n + 2.0f));
    }
    case CK_SOFT_SHRINK: {
        float below = x < -parameter ? x + parameter : 0.0f * x;  // a NaN stays
        return x > parameter ? x - parameter : below;
    }
    case CK_HARD_SHRINK: return __builtin_fabsf(x) <= parameter ? 0.0f : x;
    case CK_EXPONENTIAL: return ck_exp(x);
    }
    return x;
}

/// dy * f'(x), from the output y = f(x). At a kink the slope is that of the left side, as in Keras.
CK_BODY float backward_from_output(float y, float dy, ck_activation f, float parameter) {
    switch (f) {
    case CK_RELU: return y <= 0.0f ? 0.0f : dy;
    case CK_SIGMOID: return dy * (y * (1.0f - y));
    case CK_TANH: return dy * ((1.0f - y) * (1.0f + y));
    case CK_LEAKY_RELU: return y > 0.0f ? dy : dy * parameter;
    case CK_ELU: return y > 0.0f ? dy : dy * (y + parameter);
    case CK_SOFTPLUS: return dy * -ck_expm1_nonpositive(-y);  // sigmoid(x) = 1 - e^-softplus(x)
    case CK_CAPPED_RELU: {
        float below = y >= parameter ? 0.0f : dy;
        return y <= 0.0f ? 0.0f * dy : below;  // the sign of zero as in ck_clipped_relu_backward
    }
    case CK_SELU: return y < 0.0f ? dy * (y + selu_scale_alpha) : dy * selu_scale;
    case CK_CELU: return y > 0.0f ? dy : dy * (y / parameter + 1.0f);
    case CK_LOG_SIGMOID: return dy * -ck_expm1_nonpositive(y);  // sigmoid(-x) = 1 - e^y
    case CK_SPARSE_SIGMOID: return ((y <= 0.0f) | (y >= 1.0f)) ? 0.0f : 0.5f * dy;
    case CK_HARD_SIGMOID: return ((y <= 0.0f) | (y >= 1.0f)) ? 0.0f : dy / 6.0f;
    case CK_SPARSE_PLUS: {
        float inner = dy * __builtin_elementwise_sqrt(y <= 0.0f ? 0.0f : y);  // (x + 1) / 2
        return y >= 1.0f ? dy : inner;
    }
    case CK_SQUAREPLUS: {
        // x = y - b / 4y, and sqrt(x^2 + b) = y + b / 4y.
        float l = y > 1e18f ? 1e18f : y, slope = l / (l + 0.25f * parameter / l);  // not infinity by infinity
        return y <= 0.0f ? 0.0f : dy * slope;
    }
    case CK_SOFTSIGN: {
        float d = 1.0f - __builtin_fabsf(y);
        return dy * (d * d);
    }
    case CK_SOFT_SHRINK:
    case CK_HARD_SHRINK: return y == 0.0f ? 0.0f : dy;
    case CK_EXPONENTIAL: return dy * y;
    default: return dy;  // linear; the others do not determine x from y
    }
}

/// dy * f'(x), from the input.
CK_BODY float backward_from_input(float x, float dy, ck_activation f, float parameter) {
    switch (f) {
    case CK_LINEAR: return dy;
    case CK_RELU: return x <= 0.0f ? 0.0f : dy;
    case CK_SIGMOID: {
        float e = ck_exp_beside_one(-limited(x, 88.0f)), s = 1.0f / (1.0f + e);
        return dy * (s * (e * s));  // e s = 1 - s without the cancellation; the limit keeps e finite
    }
    case CK_TANH: {
        float t = ck_tanh(x);
        return dy * ((1.0f - t) * (1.0f + t));
    }
    case CK_LEAKY_RELU: return x > 0.0f ? dy : dy * parameter;
    case CK_ELU: return x > 0.0f ? dy : dy * (parameter * ck_exp(x > 0.0f ? 0.0f : x));
    case CK_GELU: {
        float l = limited(x, 20.0f), e = ck_half_square_exponential(l);
        return dy * (ck_normal_cdf(l, e) + l * (inverse_sqrt_2_pi * e));
    }
    case CK_GELU_TANH: {
        float l = limited(x, 10.0f);
        float e = ck_exp(-two_sqrt_2_over_pi * (l + gelu_cubic * l * l * l)), s = 1.0f / (1.0f + e);
        return dy * (s + l * (s * (e * s)) * (two_sqrt_2_over_pi * (1.0f + 3.0f * gelu_cubic * l * l)));
    }
    case CK_SILU: {
        float l = limited(x, 88.0f);
        float e = ck_exp_beside_one(-l), s = 1.0f / (1.0f + e);
        return dy * (s * (1.0f + l * (e * s)));
    }
    case CK_SOFTPLUS: return dy * ck_sigmoid(x);
    case CK_CELU: {
        float u = (x > 0.0f ? 0.0f : x) / parameter;
        return x > 0.0f ? dy : dy * ck_exp(u);
    }
    case CK_HARD_TANH: return ((x < -1.0f) | (x > 1.0f)) ? 0.0f : dy;
    case CK_TANH_SHRINK: {
        float t = ck_tanh(x);
        return dy * (t * t);
    }
    case CK_HARD_SILU: {
        float inner = dy * (x * (1.0f / 3.0f) + 0.5f), right = x >= 3.0f ? dy : inner;
        return x <= -3.0f ? 0.0f : right;
    }
    case CK_MISH: {
        float l = clamped(x, -88.0f, 20.0f);
        float e = mish_exponential(x), n = e * (e + 2.0f), s = 1.0f / (n + 2.0f);
        return dy * (n * s + l * (4.0f * e * (e + 1.0f) * s * s));
    }
    case CK_SOFT_SHRINK: return ((x > parameter) | (x < -parameter)) ? dy : 0.0f;
    case CK_HARD_SHRINK: return __builtin_fabsf(x) <= parameter ? 0.0f : dy;
    // These follow from the output, which is made again.
    case CK_CAPPED_RELU:
    case CK_SELU:
    case CK_LOG_SIGMOID:
    case CK_SPARSE_SIGMOID:
    case CK_HARD_SIGMOID:
    case CK_SPARSE_PLUS:
    case CK_SQUAREPLUS:
    case CK_SOFTSIGN:
    case CK_EXPONENTIAL: return backward_from_output(activated(x, f, parameter), dy, f, parameter);
    }
    return dy;
}

/// Calls `function` with the activation as a constant, as its first argument.
#define WITH_CONSTANT_ACTIVATION(f, function, ...)                       \
    switch (f) {                                                         \
    case CK_LINEAR: function(CK_LINEAR, __VA_ARGS__); break;             \
    case CK_RELU: function(CK_RELU, __VA_ARGS__); break;                 \
    case CK_SIGMOID: function(CK_SIGMOID, __VA_ARGS__); break;           \
    case CK_TANH: function(CK_TANH, __VA_ARGS__); break;                 \
    case CK_LEAKY_RELU: function(CK_LEAKY_RELU, __VA_ARGS__); break;     \
    case CK_ELU: function(CK_ELU, __VA_ARGS__); break;                   \
    case CK_GELU: function(CK_GELU, __VA_ARGS__); break;                 \
    case CK_GELU_TANH: function(CK_GELU_TANH, __VA_ARGS__); break;       \
    case CK_SILU: function(CK_SILU, __VA_ARGS__); break;                 \
    case CK_SOFTPLUS: function(CK_SOFTPLUS, __VA_ARGS__); break;         \
    case CK_CAPPED_RELU: function(CK_CAPPED_RELU, __VA_ARGS__); break;   \
    case CK_SELU: function(CK_SELU, __VA_ARGS__); break;                 \
    case CK_CELU: function(CK_CELU, __VA_ARGS__); break;                 \
    case CK_LOG_SIGMOID: function(CK_LOG_SIGMOID, __VA_ARGS__); break;   \
    case CK_SPARSE_SIGMOID: function(CK_SPARSE_SIGMOID, __VA_ARGS__); break;\
    case CK_HARD_SIGMOID: function(CK_HARD_SIGMOID, __VA_ARGS__); break; \
    case CK_HARD_TANH: function(CK_HARD_TANH, __VA_ARGS__); break;       \
    case CK_TANH_SHRINK: function(CK_TANH_SHRINK, __VA_ARGS__); break;   \
    case CK_SPARSE_PLUS: function(CK_SPARSE_PLUS, __VA_ARGS__); break;   \
    case CK_SQUAREPLUS: function(CK_SQUAREPLUS, __VA_ARGS__); break;     \
    case CK_SOFTSIGN: function(CK_SOFTSIGN, __VA_ARGS__); break;         \
    case CK_HARD_SILU: function(CK_HARD_SILU, __VA_ARGS__); break;       \
    case CK_MISH: function(CK_MISH, __VA_ARGS__); break;                 \
    case CK_SOFT_SHRINK: function(CK_SOFT_SHRINK, __VA_ARGS__); break;   \
    case CK_HARD_SHRINK: function(CK_HARD_SHRINK, __VA_ARGS__); break;   \
    case CK_EXPONENTIAL: function(CK_EXPONENTIAL, __VA_ARGS__); break;   \
    }

CK_BODY void activate_all(ck_activation f, const float *x, float *y, long count, float parameter) {
    CK_PARALLEL_CHAINS
    for (long i = 0; i < count; i++) y[i] = activated(x[i], f, parameter);
}

CK_BODY void ck_activate_body(const float *x, float *y, long count, ck_activation f, float parameter) {
    WITH_CONSTANT_ACTIVATION(f, activate_all, x, y, count, parameter)
}

CK_BODY void bias_activate_all(ck_activation f, float *y, const float *restrict bias, long rows, long channels,
                               float parameter) {
    for (long r = 0; r < rows; r++) {
        float *row = y + r * channels;
        CK_PARALLEL
        for (long c = 0; c < channels; c++) row[c] = activated(row[c] + bias[c], f, parameter);
    }
}

CK_BODY void ck_bias_activate_body(float *y, const float *bias, long rows, long channels, ck_activation f,
                                   float parameter) {
    if (bias == NULL) {
        if (f != CK_LINEAR) ck_activate_body(y, y, rows * channels, f, parameter);
        return;
    }
    WITH_CONSTANT_ACTIVATION(f, bias_activate_all, y, bias, rows, channels, parameter)
}

CK_BODY void backward_from_output_all(ck_activation f, const float *y, float *dy, long count, float parameter) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) dy[i] = backward_from_output(y[i], dy[i], f, parameter);
}

CK_BODY void ck_activate_backward_from_output_body(const float *y, float *dy, long count, ck_activation f,
                                                   float parameter) {
    switch (f) {
    case CK_RELU: backward_from_output_all(CK_RELU, y, dy, count, parameter); break;
    case CK_SIGMOID: backward_from_output_all(CK_SIGMOID, y, dy, count, parameter); break;
    case CK_TANH: backward_from_output_all(CK_TANH, y, dy, count, parameter); break;
    case CK_LEAKY_RELU: backward_from_output_all(CK_LEAKY_RELU, y, dy, count, parameter); break;
    case CK_ELU: backward_from_output_all(CK_ELU, y, dy, count, parameter); break;
    case CK_SOFTPLUS: backward_from_output_all(CK_SOFTPLUS, y, dy, count, parameter); break;
    case CK_CAPPED_RELU: backward_from_output_all(CK_CAPPED_RELU, y, dy, count, parameter); break;
    case CK_SELU: backward_from_output_all(CK_SELU, y, dy, count, parameter); break;
    case CK_CELU: backward_from_output_all(CK_CELU, y, dy, count, parameter); break;
    case CK_LOG_SIGMOID: backward_from_output_all(CK_LOG_SIGMOID, y, dy, count, parameter); break;
    case CK_SPARSE_SIGMOID: backward_from_output_all(CK_SPARSE_SIGMOID, y, dy, count, parameter); break;
    case CK_HARD_SIGMOID: backward_from_output_all(CK_HARD_SIGMOID, y, dy, count, parameter); break;
    case CK_SPARSE_PLUS: backward_from_output_all(CK_SPARSE_PLUS, y, dy, count, parameter); break;
    case CK_SQUAREPLUS: backward_from_output_all(CK_SQUAREPLUS, y, dy, count, parameter); break;
    case CK_SOFTSIGN: backward_from_output_all(CK_SOFTSIGN, y, dy, count, parameter); break;
    case CK_SOFT_SHRINK: backward_from_output_all(CK_SOFT_SHRINK, y, dy, count, parameter); break;
    case CK_HARD_SHRINK: backward_from_output_all(CK_HARD_SHRINK, y, dy, count, parameter); break;
    case CK_EXPONENTIAL: backward_from_output_all(CK_EXPONENTIAL, y, dy, count, parameter); break;
    default: break;
    }
}

CK_BODY void backward_from_input_all(ck_activation f, const float *x, const float *dy, float *dx, long count,
                                     float parameter) {
    CK_PARALLEL_CHAINS
    for (long i = 0; i < count; i++) dx[i] = backward_from_input(x[i], dy[i], f, parameter);
}

CK_BODY void ck_activate_backward_from_input_body(const float *x, const float *dy, float *dx, long count,
                                                  ck_activation f, float parameter) {
    WITH_CONSTANT_ACTIVATION(f, backward_from_input_all, x, dy, dx, count, parameter)
}

CK_BODY void ck_clipped_relu_body(const float *x, float *y, long count, float slope, float threshold, float maximum) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) {
        float v = x[i];
        float below = slope == 0.0f ? 0.0f : slope * (v - threshold);  // not 0 * infinity
        float above = v > maximum ? maximum : v;                       // a NaN stays
        y[i] = v <= threshold ? below : above;
    }
}

CK_BODY void ck_clipped_relu_backward_body(const float *x, const float *dy, float *dx, long count, float slope,
                                           float threshold, float maximum) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) {
        float g = dy[i], above = x[i] >= maximum ? 0.0f : g;
        dx[i] = x[i] <= threshold ? slope * g : above;
    }
}

CK_BODY void ck_threshold_body(const float *x, float *y, long count, float threshold, float value) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) y[i] = x[i] <= threshold ? value : x[i];  // a NaN stays
}

CK_BODY void ck_threshold_backward_body(const float *x, const float *dy, float *dx, long count, float threshold) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) dx[i] = x[i] <= threshold ? 0.0f : dy[i];
}

CK_BODY void ck_prelu_body(const float *x, const float *restrict alpha, float *y, long rows, long channels) {
    for (long r = 0; r < rows; r++) {
        const float *in = x + r * channels;
        float *out = y + r * channels;
        CK_PARALLEL
        for (long c = 0; c < channels; c++) out[c] = in[c] > 0.0f ? in[c] : alpha[c] * in[c];
    }
}

CK_BODY void ck_prelu_backward_body(const float *x, const float *restrict alpha, const float *dy, long rows,
                                    long channels, float *dx, float *restrict d_alpha) {
    for (long r = 0; r < rows; r++) {
        const float *in = x + r * channels, *d_out = dy + r * channels;
        if (d_alpha) {
            CK_PARALLEL
            for (long c = 0; c < channels; c++) d_alpha[c] += in[c] > 0.0f ? 0.0f : in[c] * d_out[c];
        }
        if (dx) {
            float *d_in = dx + r * channels;
            CK_PARALLEL
            for (long c = 0; c < channels; c++) {
                // Keras' formula is relu(x) - alpha relu(-x), whose slope at zero is zero.
                float left = in[c] == 0.0f ? 0.0f : alpha[c] * d_out[c];
                d_in[c] = in[c] > 0.0f ? d_out[c] : left;
            }
        }
    }
}

CK_KERNEL(void, ck_threshold, (const float *x, float *y, long count, float threshold, float value),
          (x, y, count, threshold, value))
CK_KERNEL(void, ck_threshold_backward, (const float *x, const float *dy, float *dx, long count, float threshold),
          (x, dy, dx, count, threshold))
CK_KERNEL(void, ck_prelu, (const float *x, const float *alpha, float *y, long rows, long channels),
          (x, alpha, y, rows, channels))
CK_KERNEL(void, ck_prelu_backward,
          (const float *x, const float *alpha, const float *dy, long rows, long channels, float *dx, float *d_alpha),
          (x, alpha, dy, rows, channels, dx, d_alpha))
CK_KERNEL(void, ck_activate, (const float *x, float *y, long count, ck_activation f, float parameter),
          (x, y, count, f, parameter))
CK_KERNEL(void, ck_bias_activate,
          (float *y, const float *bias, long rows, long channels, ck_activation f, float parameter),
          (y, bias, rows, channels, f, parameter))
CK_KERNEL(void, ck_activate_backward_from_output,
          (const float *y, float *dy, long count, ck_activation f, float parameter), (y, dy, count, f, parameter))
CK_KERNEL(void, ck_activate_backward_from_input,
          (const float *x, const float *dy, float *dx, long count, ck_activation f, float parameter),
          (x, dy, dx, count, f, parameter))
CK_KERNEL(void, ck_clipped_relu,
          (const float *x, float *y, long count, float slope, float threshold, float maximum),
          (x, y, count, slope, threshold, maximum))
CK_KERNEL(void, ck_clipped_relu_backward,
          (const float *x, const float *dy, float *dx, long count, float slope, float threshold, float maximum),
          (x, dy, dx, count, slope, threshold, maximum))
