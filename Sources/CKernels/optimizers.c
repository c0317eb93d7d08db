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

CK_BODY void ck_nadam_body(float *w, const float *g, float *m, float *v, long count, float rate, float beta1,
                           float beta2, float mean_factor, float gradient_factor, float square_factor,
                           float epsilon) {
    float rate1 = 1.0f - beta1, rate2 = 1.0f - beta2;
    CK_PARALLEL
    for (long i = 0; i < count; i++) {
        float m1 = m[i] + (g[i] - m[i]) * rate1;
        float v1 = v[i] + (g[i] * g[i] - v[i]) * rate2;
        m[i] = m1;
        v[i] = v1;
        float step = mean_factor * m1 + gradient_factor * g[i];
        w[i] -= rate * step / (__builtin_elementwise_sqrt(v1 * square_factor) + epsilon);
    }
}

CK_BODY void ck_adamax_body(float *w, const float *g, float *m, float *u, long count, float alpha, float beta1,
                            float beta2, float epsilon) {
    float rate1 = 1.0f - beta1;
    CK_PARALLEL
    for (long i = 0; i < count; i++) {
        float m1 = m[i] + (g[i] - m[i]) * rate1;
        float size = __builtin_elementwise_abs(g[i]), kept = beta2 * u[i];
        float u1 = kept > size ? kept : size;
        m[i] = m1;
        u[i] = u1;
        w[i] -= alpha * m1 / (u1 + epsilon);
    }
}

CK_BODY void ck_adagrad_body(float *w, const float *g, float *sums, long count, float rate, float epsilon) {
    CK_PARALLEL
    for (long i = 0; i < count; i++) {
        float sum = sums[i] + g[i] * g[i];
        sums[i] = sum;
        w[i] -= rate * g[i] / __builtin_elementwise_sqrt(sum + epsilon);
    }
}

CK_BODY void ck_adadelta_body(float *w, const float *g, float *squares, float *steps, long count, float rate,
                              float rho, float epsilon) {
    float rest = 1.0f - rho;
    CK_PARALLEL
    for (long i = 0; i < count; i++) {
        float square = rho * squares[i] + rest * g[i] * g[i];
        float step = __builtin_elementwise_sqrt(steps[i] + epsilon) * g[i] /
                     __builtin_elementwise_sqrt(square + epsilon);
        squares[i] = square;
        steps[i] = rho * steps[i] + rest * step * step;
        w[i] -= rate * step;
    }
}

CK_BODY void ck_lion_body(float *w, const float *g, float *m, long count, float rate, float beta1, float beta2) {
    float rest1 = 1.0f - beta1, rest2 = 1.0f - beta2;
    CK_PARALLEL
    for (long i = 0; i < count; i++) {
        float direction = beta1 * m[i] + rest1 * g[i];
        w[i] -= direction > 0 ? rate : direction < 0 ? -rate : 0.0f;
        m[i] = beta2 * m[i] + rest2 * g[i];
    }
}

CK_BODY void ck_lamb_step_body(const float *g, float *m, float *v, float *step, long count, float beta1, float beta2,
                               float mean_factor, float square_factor, float epsilon) {
    float rate1 = 1.0f - beta1, rate2 = 1.0f - beta2;
    CK_PARALLEL
    for (long i = 0; i < count; i++) {
        float m1 = m[i] + (g[i] - m[i]) * rate1;
        float v1 = v[i] + (g[i] * g[i] - v[i]) * rate2;
        m[i] = m1;
        v[i] = v1;
        step[i] = mean_factor * m1 / (__builtin_elementwise_sqrt(v1 * square_factor) + epsilon);
    }
}

CK_BODY void ck_schedule_free_body(float *w, const float *g, float *z, float *v, long count, float rate, float beta1,
                                   float beta2, float square_factor, float weight, float epsilon) {
    float rest1 = 1.0f - beta1, rate2 = 1.0f - beta2;
    CK_PARALLEL
    for (long i = 0; i < count; i++) {
        float v1 = v[i] + (g[i] * g[i] - v[i]) * rate2;
        float z0 = z[i];
        float z1 = z0 - rate * g[i] / (__builtin_elementwise_sqrt(v1 * square_factor) + epsilon);
        float mean = (w[i] - rest1 * z0) / beta1;
        mean = (1.0f - weight) * mean + weight * z1;
        v[i] = v1;
        z[i] = z1;
        w[i] = rest1 * z1 + beta1 * mean;
    }
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
CK_KERNEL(void, ck_nadam,
          (float *w, const float *g, float *m, float *v, long count, float rate, float beta1, float beta2,
           float mean_factor, float gradient_factor, float square_factor, float epsilon),
          (w, g, m, v, count, rate, beta1, beta2, mean_factor, gradient_factor, square_factor, epsilon))
CK_KERNEL(void, ck_adamax,
          (float *w, const float *g, float *m, float *u, long count, float alpha, float beta1, float beta2,
           float epsilon),
          (w, g, m, u, count, alpha, beta1, beta2, epsilon))
CK_KERNEL(void, ck_adagrad, (float *w, const float *g, float *sums, long count, float rate, float epsilon),
          (w, g, sums, count, rate, epsilon))
CK_KERNEL(void, ck_adadelta,
          (float *w, const float *g, float *squares, float *steps, long count, float rate, float rho, float epsilon),
          (w, g, squares, steps, count, rate, rho, epsilon))
CK_KERNEL(void, ck_lion,
          (float *w, const float *g, float *m, long count, float rate, float beta1, float beta2),
          (w, g, m, count, rate, beta1, beta2))
CK_KERNEL(void, ck_lamb_step,
          (const float *g, float *m, float *v, float *step, long count, float beta1, float beta2, float mean_factor,
           float square_factor, float epsilon),
          (g, m, v, step, count, beta1, beta2, mean_factor, square_factor, epsilon))
CK_KERNEL(void, ck_schedule_free,
          (float *w, const float *g, float *z, float *v, long count, float rate, float beta1, float beta2,
           float square_factor, float weight, float epsilon),
          (w, g, z, v, count, rate, beta1, beta2, square_factor, weight, epsilon))
