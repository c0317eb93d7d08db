/// A penalty for numbers that a layer learns, or that it puts out: added to the loss, so that training keeps it small.
///
/// Names, defaults and formulas are Keras'. Write one of your own by conforming a type to this protocol:
///
/// ```swift
/// struct Tilt: Regularizer {
///     static let kind = "Tilt"
///     func penalty(_ values: UnsafeBufferPointer<Float>, shape: Shape, gradient: PenaltyGradient?) -> Double {
///         for place in values.indices { gradient?.add(0.01, at: place) }
///         return values.reduce(0) { $0 + 0.01 * Double($1) }
///     }
/// }
/// ```
public protocol Regularizer: Sendable, Codable {
    /// The name in files: Keras' class name where Keras has one.
    static var kind: String { get }

    /// Whether the penalty is a sum over the elements, each for itself: then several threads may share one array, and the penalty
    /// may be one for what a layer puts out. The default is `false`.
    var isSumOverElements: Bool { get }

    /// Checks the settings, and that there is a penalty for arrays of a shape. The default checks nothing.
    ///
    /// - Throws: `ConvNetError` of kind `argument` for a setting that is out of range, of kind `shape` for the shape.
    func validate(for shape: Shape) throws

    /// The penalty of an array, of at least 0.
    ///
    /// Called from several threads at once, for arrays, or parts of one, of their own. It allocates no memory.
    ///
    /// - Parameters:
    ///   - values: the elements, the last axis fastest; if `isSumOverElements`, perhaps a part of them.
    ///   - shape: the array's shape.
    ///   - gradient: where the penalty's derivative is added to, if it is wanted.
    func penalty(_ values: UnsafeBufferPointer<Float>, shape: Shape, gradient: PenaltyGradient?) -> Double
}

extension Regularizer {
    public var isSumOverElements: Bool { false }
    public func validate(for shape: Shape) throws {}
}

/// Where the derivative of a penalty is added to.
public struct PenaltyGradient {
    /// The sums, one for each element.
    let sums: UnsafeMutablePointer<Float>
    /// What each derivative is multiplied with.
    let scale: Float

    package init(_ sums: UnsafeMutablePointer<Float>, scale: Float = 1) {
        self.sums = sums
        self.scale = scale
    }

    /// Adds the derivative of the penalty by an element.
    public func add(_ derivative: Float, at index: Int) { sums[index] += scale * derivative }
}

extension Regularizer {
    /// Throws unless a factor is a finite number of at least 0, as Keras asks for.
    func require(_ factor: Float, _ name: String) throws {
        guard factor.isFinite, factor >= 0 else {
            throw ConvNetError(
                .argument,
                "Not the factor of a penalty",
                at: "\(Self.kind), \(name)",
                expected: "a finite number of at least 0",
                received: "\(factor)"
            )
        }
    }
}
