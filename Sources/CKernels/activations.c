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

/// f(x)
CK_BODY float activated(float x, ck_activation f, float parameter) {
    switch (f) {
    case CK_LINEAR: return x;
    case CK_RELU: return x < 0.0f ? 0.0f : x;  // this way round NaN stays: a diverging training must be seen
    case CK_SIGMOID: return ck_sigmoid(x);
    case CK_TANH: return ck_tanh(x);
    case CK_LEAKY_RELU: return x > 0.0f ? x : parameter * x;
    case CK_ELU: return x > 0.0f ? x : parameter * ck_expm1_nonpositive(x > 0.0f ? 0.0f : x);
    case CK_GELU: return (x < -20.0f ? -20.0f : x) * ck_normal_cdf(x);
    case CK_GELU_TANH: {
        // (1 + tanh(u)) / 2 is the sigmoid of 2u, which does not cancel where tanh is near -1.
        float low = x < -20.0f ? -20.0f : x;
        return low * ck_sigmoid(two_sqrt_2_over_pi * (low + gelu_cubic * low * low * low));
    }
    case CK_SILU: return (x < -110.0f ? -110.0f : x) * ck_sigmoid(x);
    case CK_SOFTPLUS: return (x > 0.0f ? x : 0.0f) + ck_log1p_unit(ck_exp(-__builtin_fabsf(x)));
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
    default: return dy;  // linear; the others do not determine x from y
    }
}

/// dy * f'(x), from the input.
CK_BODY float backward_from_input(float x, float dy, ck_activation f, float parameter) {
    switch (f) {
    case CK_LINEAR: return dy;
    case CK_RELU: return x <= 0.0f ? 0.0f : dy;
    case CK_SIGMOID: {
        float e = ck_exp(-limited(x, 88.0f)), s = 1.0f / (1.0f + e);
        return dy * (s * (e * s));  // e s = 1 - s without the cancellation; the limit keeps e finite
    }
    case CK_TANH: {
        float t = ck_tanh(x);
        return dy * ((1.0f - t) * (1.0f + t));
    }
    case CK_LEAKY_RELU: return x > 0.0f ? dy : dy * parameter;
    case CK_ELU: return x > 0.0f ? dy : dy * (parameter * ck_exp(x > 0.0f ? 0.0f : x));
    case CK_GELU: {
        float l = limited(x, 20.0f);
        return dy * (ck_normal_cdf(l) + l * (inverse_sqrt_2_pi * ck_exp(-0.5f * l * l)));
    }
    case CK_GELU_TANH: {
        float l = limited(x, 10.0f);
        float e = ck_exp(-two_sqrt_2_over_pi * (l + gelu_cubic * l * l * l)), s = 1.0f / (1.0f + e);
        return dy * (s + l * (s * (e * s)) * (two_sqrt_2_over_pi * (1.0f + 3.0f * gelu_cubic * l * l)));
    }
    case CK_SILU: {
        float l = limited(x, 88.0f);
        float e = ck_exp(-l), s = 1.0f / (1.0f + e);
        return dy * (s * (1.0f + l * (e * s)));
    }
    case CK_SOFTPLUS: return dy * ck_sigmoid(x);
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
    }

CK_BODY void activate_all(ck_activation f, const float *x, float *y, long count, float parameter) {
    CK_PARALLEL
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
    default: break;
    }
}

CK_BODY void backward_from_input_all(ck_activation f, const float *x, const float *dy, float *dx, long count,
                                     float parameter) {
    CK_PARALLEL
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
