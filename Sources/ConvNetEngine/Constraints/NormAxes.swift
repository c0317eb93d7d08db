/// The axes over which the norms of a parameter's vectors are taken: `[0]` for the weights into each unit of a `Dense` layer,
/// `[0, 1, 2]` for each filter of a `Conv2D` layer.
struct NormAxes: Sendable {
    /// What Keras divides by besides the norm: `keras.config.epsilon()`.
    static let epsilon = 1e-7

    let axes: [Int]

    /// - Throws: `ConvNetError` of kind `argument` if a parameter of the shape has not these axes.
    func validate(for shape: Shape, kind: String) throws {
        let places = axes.map { $0 < 0 ? $0 + shape.rank : $0 }
        guard !axes.isEmpty, places.allSatisfy(shape.indices.contains), Set(places).count == axes.count else {
            throw ConvNetError(
                .argument,
                "A parameter has not the axes of its constraint",
                at: "\(kind), axes",
                expected: "different axes in \(-shape.rank)..<\(shape.rank), of \(shape)",
                received: "\(axes)"
            )
        }
    }

    /// Multiplies each vector with a factor, which depends on its norm.
    func scale(
        _ values: UnsafeMutableBufferPointer<Float>,
        shape: Shape,
        by factor: (_ norm: Double) -> Double
    ) {
        walk(shape, inside: false) { start in
            var squares = 0.0
            walk(shape, inside: true) { offset in
                let value = Double(values[start + offset])
                squares += value * value
            }
            let factor = Float(factor(squares.squareRoot()))
            walk(shape, inside: true) { values[start + $0] *= factor }
        }
    }

    /// Calls `body` with the places of all indices along these axes, or along the others; along the rest the index is 0.
    private func walk(_ shape: Shape, inside: Bool, _ body: (Int) -> Void) {
        func isWalked(_ axis: Int) -> Bool {
            (axes.contains(axis) || axes.contains(axis - shape.rank)) == inside
        }
        func step(_ axis: Int, _ place: Int) {
            guard axis < shape.rank else { return body(place) }
            let stride = shape.dropFirst(axis + 1).reduce(1, *)
            for index in 0..<(isWalked(axis) ? shape[axis] : 1) { step(axis + 1, place + index * stride) }
        }
        step(0, 0)
    }
}
