// Optimizer updates: each reads and writes every array once, for they are bound by memory. Formulas as in Keras 3.

#include <stddef.h>

#include "dispatch.h"

CK_BODY void ck_weight_decay_body(float *w, long count, float rate, float decay) {
    float factor = rate * decay;
    CK_PARALLEL
    for (long i = 0; i < count; i++) w[i] -= factor * w[i];
}

CK_BODY void ck_sgd_body(float *w, const float *g, long count, float rate) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) w[i] -= rate * g[i];
}

CK_BODY void ck_sgd_momentum_body(float *w, const float *g, float *v, long count, float rate, float momentum,
                                  int nesterov) {
    if (nesterov) {
        CK_PARALLEL
        for (long i = 0; i < count; i++) {
            float velocity = momentum * v[i] - rate * g[i];
            v[i] = velocity;
            w[i] += momentum * velocity - rate * g[i];
        }
    } else {
        CK_PARALLEL
        for (long i = 0; i < count; i++) {
            float velocity = momentum * v[i] - rate * g[i];
            v[i] = velocity;
            w[i] += velocity;
        }
    }
}

CK_BODY void ck_adam_body(float *w, const float *g, float *m, float *v, float *v_max, long count, float alpha,
                          float beta1, float beta2, float epsilon) {
    float rate1 = 1.0f - beta1, rate2 = 1.0f - beta2;
    if (v_max == NULL) {
        CK_PARALLEL
        for (long i = 0; i < count; i++) {
            float m1 = m[i] + (g[i] - m[i]) * rate1;
            float v1 = v[i] + (g[i] * g[i] - v[i]) * rate2;
            m[i] = m1;
            v[i] = v1;
            w[i] -= alpha * m1 / (__builtin_elementwise_sqrt(v1) + epsilon);
        }
    } else {
        CK_PARALLEL
        for (long i = 0; i < count; i++) {
            float m1 = m[i] + (g[i] - m[i]) * rate1;
            float v1 = v[i] + (g[i] * g[i] - v[i]) * rate2;
            float largest = v_max[i] > v1 ? v_max[i] : v1;  // a NaN in v is taken over
            m[i] = m1;
            v[i] = v1;
            v_max[i] = largest;
            w[i] -= alpha * m1 / (__builtin_elementwise_sqrt(largest) + epsilon);
        }
    }
}

/// One loop for the four forms; `centered` and `with_velocity` are constants where it is inlined.
CK_BODY void rmsprop_loop(float *w, const float *g, float *v, float *mean, float *velocity, long count, float rate,
                          float rho, float momentum, float epsilon, int centered, int with_velocity) {
    float rest = 1.0f - rho;
    CK_PARALLEL
    for (long i = 0; i < count; i++) {
        float v1 = rho * v[i] + rest * g[i] * g[i];
        float denominator = v1 + epsilon;
        v[i] = v1;
        if (centered) {
            float mean1 = rho * mean[i] + rest * g[i];
            mean[i] = mean1;
            float variance = v1 - mean1 * mean1;  // rounding must not make it negative; a NaN stays
            denominator = (variance < 0 ? 0 : variance) + epsilon;
        }
        float step = rate * g[i] / __builtin_elementwise_sqrt(denominator);
        if (with_velocity) {
            step = momentum * velocity[i] + step;
            velocity[i] = step;
        }
        w[i] -= step;
    }
}

CK_BODY void ck_rmsprop_body(float *w, const float *g, float *v, float *mean, float *velocity, long count,
                             float rate, float rho, float momentum, float epsilon) {
    if (mean && velocity) rmsprop_loop(w, g, v, mean, velocity, count, rate, rho, momentum, epsilon, 1, 1);
    else if (mean) rmsprop_loop(w, g, v, mean, velocity, count, rate, rho, momentum, epsilon, 1, 0);
    else if (velocity) rmsprop_loop(w, g, v, mean, velocity, count, rate, rho, momentum, epsilon, 0, 1);
    else rmsprop_loop(w, g, v, mean, velocity, count, rate, rho, momentum, epsilon, 0, 0);
}

CK_KERNEL(void, ck_weight_decay, (float *w, long count, float rate, float decay), (w, count, rate, decay))
CK_KERNEL(void, ck_sgd, (float *w, const float *g, long count, float rate), (w, g, count, rate))
CK_KERNEL(void, ck_sgd_momentum,
          (float *w, const float *g, float *v, long count, float rate, float momentum, int nesterov),
          (w, g, v, count, rate, momentum, nesterov))
CK_KERNEL(void, ck_adam,
          (float *w, const float *g, float *m, float *v, float *v_max, long count, float alpha, float beta1,
           float beta2, float epsilon),
          (w, g, m, v, v_max, count, alpha, beta1, beta2, epsilon))
CK_KERNEL(void, ck_rmsprop,
          (float *w, const float *g, float *v, float *mean, float *velocity, long count, float rate, float rho,
           float momentum, float epsilon),
          (w, g, v, mean, velocity, count, rate, rho, momentum, epsilon))
