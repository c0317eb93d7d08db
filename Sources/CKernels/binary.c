// Functions of two operands, one of which may be stretched along rows or columns, and their derivatives. Function and strides
// along the columns are constants inside each loop, so that the loops vectorise.

#include <math.h>

#include "dispatch.h"
#include "vectors.h"

CK_BODY float binary_value(float a, float b, ck_binary_function f) {
    switch (f) {
    case CK_SUBTRACT: return a - b;
    case CK_MULTIPLY: return a * b;
    case CK_DIVIDE: return a / b;
    // A NaN of either wins.
    case CK_MAXIMUM: return ((a >= b) | (a != a)) ? a : b;
    case CK_MINIMUM: return ((a <= b) | (a != a)) ? a : b;
    case CK_POWER: return powf(a, b);
    }
    return a;
}

/// dy times the derivative by the first operand, or by the second. Equal operands of a maximum or minimum: the first has all,
/// as in TensorFlow.
CK_BODY float binary_slope(float a, float b, float dy, ck_binary_function f, int operand) {
    switch (f) {
    case CK_SUBTRACT: return operand == 0 ? dy : -dy;
    case CK_MULTIPLY: return operand == 0 ? dy * b : dy * a;
    case CK_DIVIDE: return operand == 0 ? dy / b : -dy * (a / b) / b;
    case CK_MAXIMUM: return (a >= b) == (operand == 0) ? dy : 0.0f;
    case CK_MINIMUM: return (a <= b) == (operand == 0) ? dy : 0.0f;
    case CK_POWER:
        if (operand == 0) return b == 0.0f ? 0.0f : dy * b * powf(a, b - 1.0f);
        return a > 0.0f ? dy * powf(a, b) * logf(a) : 0.0f;
    }
    return dy;
}

/// Calls `function` with the function and the strides along the columns as constants, as its first arguments.
#define WITH_CONSTANT_STRIDES(f, function, ...)                                        \
    do {                                                                               \
        if (a_column && b_column) function(f, 1, 1, __VA_ARGS__);                      \
        else if (a_column) function(f, 1, 0, __VA_ARGS__);                             \
        else function(f, 0, 1, __VA_ARGS__);                                           \
    } while (0)
#define WITH_CONSTANT_FUNCTION(f, function, ...)                                       \
    switch (f) {                                                                       \
    case CK_SUBTRACT: WITH_CONSTANT_STRIDES(CK_SUBTRACT, function, __VA_ARGS__); break; \
    case CK_MULTIPLY: WITH_CONSTANT_STRIDES(CK_MULTIPLY, function, __VA_ARGS__); break; \
    case CK_DIVIDE: WITH_CONSTANT_STRIDES(CK_DIVIDE, function, __VA_ARGS__); break;    \
    case CK_MAXIMUM: WITH_CONSTANT_STRIDES(CK_MAXIMUM, function, __VA_ARGS__); break;  \
    case CK_MINIMUM: WITH_CONSTANT_STRIDES(CK_MINIMUM, function, __VA_ARGS__); break;  \
    case CK_POWER: break;                                                              \
    }

CK_BODY void binary_all(ck_binary_function f, int ac, int bc, const float *a, long a_row, const float *b, long b_row,
                        float *y, long rows, long columns) {
    for (long r = 0; r < rows; r++) {
        const float *row_a = a + r * a_row, *row_b = b + r * b_row;
        float *row_y = y + r * columns;
        // What stays the same along a row is read before anything is written.
        const float first_a = *row_a, first_b = *row_b;
        CK_PARALLEL
        for (long c = 0; c < columns; c++)
            row_y[c] = binary_value(ac ? row_a[c] : first_a, bc ? row_b[c] : first_b, f);
    }
}

/// libm's functions are called for one element after the other.
CK_BODY void power_all(const float *a, long a_row, int a_column, const float *b, long b_row, int b_column, float *y,
                       long rows, long columns) {
    for (long r = 0; r < rows; r++)
        for (long c = 0; c < columns; c++)
            y[r * columns + c] = powf(a[r * a_row + c * a_column], b[r * b_row + c * b_column]);
}

CK_BODY void ck_binary_body(ck_binary_function f, const float *a, long a_row, int a_column, const float *b, long b_row,
                            int b_column, float *y, long rows, long columns) {
    if (rows <= 0 || columns <= 0) return;
    if (f == CK_POWER) return power_all(a, a_row, a_column, b, b_row, b_column, y, rows, columns);
    WITH_CONSTANT_FUNCTION(f, binary_all, a, a_row, b, b_row, y, rows, columns)
}

/// To an operand that has an element for each column: stored, or added to what is there.
CK_BODY void slopes_to_columns(ck_binary_function f, int ac, int bc, int operand, const float *a, long a_row,
                               const float *b, long b_row, const float *dy, float *d, long d_row, long rows,
                               long columns, int accumulate) {
    for (long r = 0; r < rows; r++) {
        const float *row_a = a + r * a_row, *row_b = b + r * b_row, *row_dy = dy + r * columns;
        float *row_d = d + r * d_row;
        const float first_a = *row_a, first_b = *row_b;
        if (accumulate) {
            CK_PARALLEL
            for (long c = 0; c < columns; c++)
                row_d[c] += binary_slope(ac ? row_a[c] : first_a, bc ? row_b[c] : first_b, row_dy[c], f, operand);
        } else {
            CK_PARALLEL
            for (long c = 0; c < columns; c++)
                row_d[c] = binary_slope(ac ? row_a[c] : first_a, bc ? row_b[c] : first_b, row_dy[c], f, operand);
        }
    }
}

/// To an operand that is the same along a row: added up in sixteen lanes, so that the order is the same at every level, and
/// then added to what is there.
CK_BODY void slopes_to_row(ck_binary_function f, int ac, int bc, int operand, const float *a, long a_row,
                           const float *b, long b_row, const float *dy, float *d, long d_row, long rows,
                           long columns) {
    for (long r = 0; r < rows; r++) {
        const float *row_a = a + r * a_row, *row_b = b + r * b_row, *row_dy = dy + r * columns;
        const float first_a = *row_a, first_b = *row_b;
        float lanes[16] = {0};
        long c = 0;
        for (; c + 16 <= columns; c += 16)
            for (long i = 0; i < 16; i++)
                lanes[i] += binary_slope(ac ? row_a[c + i] : first_a, bc ? row_b[c + i] : first_b, row_dy[c + i], f,
                                         operand);
        float sum = ck_fold_sum(lanes);
        for (; c < columns; c++)
            sum += binary_slope(ac ? row_a[c] : first_a, bc ? row_b[c] : first_b, row_dy[c], f, operand);
        d[r * d_row] += sum;
    }
}

CK_BODY void backward_all(ck_binary_function f, int ac, int bc, int operand, const float *a, long a_row, const float *b,
                          long b_row, const float *dy, float *d, long d_row, int d_column, long rows, long columns,
                          int accumulate) {
    // The operand as a constant, too.
    if (!d_column && operand == 0)
        slopes_to_row(f, ac, bc, 0, a, a_row, b, b_row, dy, d, d_row, rows, columns);
    else if (!d_column)
        slopes_to_row(f, ac, bc, 1, a, a_row, b, b_row, dy, d, d_row, rows, columns);
    else if (operand == 0)
        slopes_to_columns(f, ac, bc, 0, a, a_row, b, b_row, dy, d, d_row, rows, columns, accumulate);
    else
        slopes_to_columns(f, ac, bc, 1, a, a_row, b, b_row, dy, d, d_row, rows, columns, accumulate);
}

CK_BODY void power_backward_all(int operand, const float *a, long a_row, int a_column, const float *b, long b_row,
                                int b_column, const float *dy, float *d, long d_row, int d_column, long rows,
                                long columns, int accumulate) {
    for (long r = 0; r < rows; r++)
        for (long c = 0; c < columns; c++) {
            float slope = binary_slope(a[r * a_row + c * a_column], b[r * b_row + c * b_column], dy[r * columns + c],
                                       CK_POWER, operand);
            float *place = d + r * d_row + c * d_column;
            *place = accumulate ? *place + slope : slope;
        }
}

CK_BODY void ck_binary_backward_body(ck_binary_function f, int operand, const float *a, long a_row, int a_column,
                                     const float *b, long b_row, int b_column, const float *dy, float *d, long rows,
                                     long columns, int accumulate) {
    if (rows <= 0 || columns <= 0) return;
    long d_row = operand == 0 ? a_row : b_row;
    int d_column = operand == 0 ? a_column : b_column;
    if (f == CK_POWER)
        return power_backward_all(operand, a, a_row, a_column, b, b_row, b_column, dy, d, d_row, d_column, rows, columns,
                                  accumulate);
    WITH_CONSTANT_FUNCTION(f, backward_all, operand, a, a_row, b, b_row, dy, d, d_row, d_column, rows, columns,
                           accumulate)
}

CK_KERNEL(void, ck_binary,
          (ck_binary_function f, const float *a, long a_row, int a_column, const float *b, long b_row, int b_column,
           float *y, long rows, long columns),
          (f, a, a_row, a_column, b, b_row, b_column, y, rows, columns))
CK_KERNEL(void, ck_binary_backward,
          (ck_binary_function f, int operand, const float *a, long a_row, int a_column, const float *b, long b_row,
           int b_column, const float *dy, float *d, long rows, long columns, int accumulate),
          (f, operand, a, a_row, a_column, b, b_row, b_column, dy, d, rows, columns, accumulate))
