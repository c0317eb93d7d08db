/// What a parameter has to satisfy: after each step of the optimizer the parameter is put back to where it does.
///
/// Names, defaults and formulas are Keras'.
public protocol Constraint: Sendable, Codable {
    /// The name in files: Keras' class name where Keras has one.
    static var kind: String { get }

    /// Checks the settings, and that arrays of a shape can satisfy them. The default checks nothing.
    ///
    /// - Throws: `ConvNetError` of kind `argument` for a setting that is out of range, of kind `shape` for the shape.
    func validate(for shape: Shape) throws

    /// Changes the values of a parameter so that they satisfy the constraint.
    ///
    /// Called from several threads at once, for parameters of their own. It allocates no memory.
    ///
    /// - Parameters:
    ///   - values: the elements, the last axis fastest.
    ///   - shape: the parameter's shape.
    func apply(to values: UnsafeMutableBufferPointer<Float>, shape: Shape)
}

extension Constraint {
    public func validate(for shape: Shape) throws {}
}
