/// An activation function of a user: a function of one number, and its derivative.
///
/// ```swift
/// struct Snake: CustomActivation {                // x + sin²(a x) / a
///     static let kind = "Snake"
///     var a: Float = 1
///     func value(_ x: Float) -> Float { x + (1 - cos(2 * a * x)) / (2 * a) }
///     func derivative(_ x: Float) -> Float { 1 + sin(2 * a * x) }
/// }
/// let layer = Dense(units: 10, activation: .custom(Snake()))
/// ```
///
/// A model with one is saved as any other is; `CustomTypes(activations: [Snake.self])` names it where the file is read.
public protocol CustomActivation: Sendable, Hashable, Codable {
    /// The function's name in files.
    static var kind: String { get }

    /// f(x). Called from several threads at once.
    func value(_ x: Float) -> Float

    /// f'(x).
    func derivative(_ x: Float) -> Float

    /// f(x) of every element of `x`, into `y` of as many, which may be the same memory. The default calls `value` for each.
    func values(of x: UnsafeBufferPointer<Float>, into y: UnsafeMutableBufferPointer<Float>)

    /// `gradient` times f'(x) for every element of `x`, into `result`; all have as many, and `result` may be the memory of
    /// `gradient`. The default calls `derivative` for each.
    func gradients(
        at x: UnsafeBufferPointer<Float>,
        from gradient: UnsafeBufferPointer<Float>,
        into result: UnsafeMutableBufferPointer<Float>
    )
}

extension CustomActivation {
    /// Calls `value` for each element.
    @inlinable
    public func values(of x: UnsafeBufferPointer<Float>, into y: UnsafeMutableBufferPointer<Float>) {
        for place in x.indices { y[place] = value(x[place]) }
    }

    /// Calls `derivative` for each element.
    @inlinable
    public func gradients(
        at x: UnsafeBufferPointer<Float>,
        from gradient: UnsafeBufferPointer<Float>,
        into result: UnsafeMutableBufferPointer<Float>
    ) {
        for place in x.indices { result[place] = gradient[place] * derivative(x[place]) }
    }
}

extension ActivationFunction {
    /// A function of a user.
    ///
    /// - Parameter function: the function and its derivative.
    public static func custom(_ function: some CustomActivation) -> ActivationFunction {
        .userDefined(UserActivation(function))
    }

    /// A function of a user, as two closures. A model with it cannot be saved: for that, see `custom(_:)`.
    ///
    /// ```swift
    /// Activation(.custom(name: "square", value: { $0 * $0 }, derivative: { 2 * $0 }))
    /// ```
    ///
    /// - Parameters:
    ///   - name: what tables and errors call it.
    ///   - value: f(x). Called from several threads at once.
    ///   - derivative: f'(x).
    public static func custom(
        name: String,
        value: @escaping @Sendable (Float) -> Float,
        derivative: @escaping @Sendable (Float) -> Float
    ) -> ActivationFunction {
        .userDefined(UserActivation(ClosureActivation(name: name, value: value, derivative: derivative)))
    }
}
