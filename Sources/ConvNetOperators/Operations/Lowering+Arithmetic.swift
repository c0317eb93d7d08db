/// Arithmetic for layers and closures, under the names of `keras.ops`.
///
/// Shapes are those of a sample, without the batch axis. Two operands have one shape, or stretch to one: an axis of size 1 stands for
/// as many as the other has, and missing axes in front count as axes of size 1.
///
/// ```swift
/// let gate = Lambda { x, ops in try ops.multiply(x, ops.sigmoid(x)) }
/// ```
extension Lowering {
    /// x + y, element by element.
    public mutating func add(_ x: Value, _ y: Value) throws -> Value { try emit(Sum(), x, y)[0] }
    /// x + y for a number y; the shape of x.
    public mutating func add(_ x: Value, _ y: Float) throws -> Value {
        try emit(Affine(scale: 1, offset: y), x)[0]
    }
    /// x - y, element by element.
    public mutating func subtract(_ x: Value, _ y: Value) throws -> Value {
        try emit(Elementwise(.subtract), x, y)[0]
    }
    /// x - y for a number y; the shape of x.
    public mutating func subtract(_ x: Value, _ y: Float) throws -> Value { try add(x, -y) }
    /// x - y for a number x; the shape of y.
    public mutating func subtract(_ x: Float, _ y: Value) throws -> Value {
        try emit(Affine(scale: -1, offset: x), y)[0]
    }
    /// x · y, element by element.
    public mutating func multiply(_ x: Value, _ y: Value) throws -> Value {
        try emit(Elementwise(.multiply), x, y)[0]
    }
    /// x · y for a number y; the shape of x.
    public mutating func multiply(_ x: Value, _ y: Float) throws -> Value {
        try emit(Affine(scale: y, offset: 0), x)[0]
    }
    /// x / y, element by element.
    public mutating func divide(_ x: Value, _ y: Value) throws -> Value {
        try emit(Elementwise(.divide), x, y)[0]
    }
    /// x / y for a number y; the shape of x. It multiplies with 1 / y.
    public mutating func divide(_ x: Value, _ y: Float) throws -> Value { try multiply(x, 1 / y) }
    /// x / y for a number x; the shape of y.
    public mutating func divide(_ x: Float, _ y: Value) throws -> Value { try multiply(reciprocal(y), x) }
    /// The larger of x and y, element by element. Where they are equal, x has the gradient.
    public mutating func maximum(_ x: Value, _ y: Value) throws -> Value {
        try emit(Elementwise(.maximum), x, y)[0]
    }
    /// The larger of x and a number; the shape of x.
    public mutating func maximum(_ x: Value, _ y: Float) throws -> Value { try maximum(x, number(y)) }
    /// The smaller of x and y, element by element. Where they are equal, x has the gradient.
    public mutating func minimum(_ x: Value, _ y: Value) throws -> Value {
        try emit(Elementwise(.minimum), x, y)[0]
    }
    /// The smaller of x and a number; the shape of x.
    public mutating func minimum(_ x: Value, _ y: Float) throws -> Value { try minimum(x, number(y)) }
    /// x limited to low...high; the shape of x.
    public mutating func clip(_ x: Value, _ low: Float, _ high: Float) throws -> Value {
        try minimum(maximum(x, low), high)
    }
    /// x to the power of y, element by element. The gradient of y is 0 where x is not positive.
    public mutating func power(_ x: Value, _ y: Value) throws -> Value {
        try emit(Elementwise(.power), x, y)[0]
    }
    /// x to the power of a number; the shape of x. The powers 2, 1, 1/2, -1/2 and -1 are the faster functions.
    public mutating func power(_ x: Value, _ y: Float) throws -> Value {
        switch y {
        case 2: try square(x)
        case 1: x
        case 0.5: try sqrt(x)
        case -0.5: try rsqrt(x)
        case -1: try reciprocal(x)
        default: try power(x, number(y))
        }
    }

    /// A number that all samples share.
    private mutating func number(_ number: Float) throws -> Value {
        constant(try ConstantTensor([number], shape: []))
    }
}
