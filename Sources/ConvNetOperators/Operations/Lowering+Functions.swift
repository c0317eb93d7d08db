/// Functions of each element, under the names of `keras.ops`; each has the shape of its operand.
extension Lowering {
    /// -x.
    public mutating func negative(_ x: Value) throws -> Value { try multiply(x, -1) }
    /// e to the power of x.
    public mutating func exp(_ x: Value) throws -> Value { try emit(Elementwise(.exp), x)[0] }
    /// The natural logarithm of x: -infinity at 0, NaN below.
    public mutating func log(_ x: Value) throws -> Value { try emit(Elementwise(.log), x)[0] }
    /// The square root of x: NaN below 0.
    public mutating func sqrt(_ x: Value) throws -> Value { try emit(Elementwise(.sqrt), x)[0] }
    /// 1 divided by the square root of x.
    public mutating func rsqrt(_ x: Value) throws -> Value { try emit(Elementwise(.rsqrt), x)[0] }
    /// x · x.
    public mutating func square(_ x: Value) throws -> Value { try emit(Elementwise(.square), x)[0] }
    /// 1 / x.
    public mutating func reciprocal(_ x: Value) throws -> Value { try emit(Elementwise(.reciprocal), x)[0] }
    /// x without its sign. The derivative at 0 is 0.
    public mutating func abs(_ x: Value) throws -> Value { try emit(Elementwise(.abs), x)[0] }
    /// 1 where x is positive, -1 where it is negative, 0 at 0. The derivative is 0.
    public mutating func sign(_ x: Value) throws -> Value { try emit(Elementwise(.sign), x)[0] }
    /// The sine of x in radians; NaN where x is beyond 1e9.
    public mutating func sin(_ x: Value) throws -> Value { try emit(Elementwise(.sin), x)[0] }
    /// The cosine of x in radians; NaN where x is beyond 1e9.
    public mutating func cos(_ x: Value) throws -> Value { try emit(Elementwise(.cos), x)[0] }
    /// The hyperbolic tangent of x.
    public mutating func tanh(_ x: Value) throws -> Value { try activate(x, .tanh) }
    /// 1 / (1 + exp(-x)).
    public mutating func sigmoid(_ x: Value) throws -> Value { try activate(x, .sigmoid) }
    /// max(x, 0). Other activations: `activate(x, .gelu())`.
    public mutating func relu(_ x: Value) throws -> Value { try activate(x, .relu) }
}
