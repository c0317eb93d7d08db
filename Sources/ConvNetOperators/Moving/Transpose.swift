import CKernels

/// The axes of a sample in another order.
package struct Transpose: Operator {
    /// For each axis of the output, the operand's axis that it is.
    let order: [Int]

    package init(_ order: [Int]) { self.order = order }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        try requirePlaces(for: inputs[0].shape, of: "a transposition")
        return [ValueType(Shape(order.map { inputs[0].shape[$0] }), element: inputs[0].element)]
    }

    package func kernel(at site: Site) -> any Kernel { TransposeKernel(order, of: site.inputs[0].shape) }
}

/// Runs a transposition by a table of places.
struct TransposeKernel: Kernel {
    /// For each place of the output its place in the operand, and the other way round.
    private let sources: [Int32], targets: [Int32]

    init(_ order: [Int], of shape: Shape) {
        var strides = Array(repeating: 1, count: shape.rank)
        for axis in strides.indices.dropLast().reversed() {
            strides[axis] = strides[axis + 1] * shape[axis + 1]
        }
        let sources = order.reduce(into: [Int32(0)]) { places, axis in
            let step = Int32(strides[axis]), size = Int32(shape[axis])
            places = places.flatMap { start in (0..<size).map { start + $0 * step } }
        }
        var targets = sources
        for (target, source) in sources.enumerated() { targets[Int(source)] = Int32(target) }
        self.sources = sources
        self.targets = targets
    }

    var backwardReads: BackwardReads { [] }

    func forward() -> [Stage] { [Stage(.samples) { move($0.input(), $0.output, by: sources, $0.count) }] }

    func backward() -> [Stage] {
        [Stage(.samples) { move($0.outputGradient, $0.inputGradient(), by: targets, $0.count) }]
    }

    private func move(
        _ x: UnsafePointer<Float>,
        _ y: UnsafeMutablePointer<Float>,
        by places: [Int32],
        _ samples: Int
    ) {
        for sample in 0..<samples {
            ck_gather(x + sample * places.count, places, places.count, y + sample * places.count)
        }
    }
}

extension Lowering {
    /// Runs some operators on a value whose axes stand in another order, and puts what they make back into the order before.
    ///
    /// - Parameter order: for each axis of what the operators see, the axis that it is now.
    package mutating func transposed(
        _ value: Value,
        _ order: [Int],
        _ body: (inout Lowering, Value) throws -> Value
    ) throws -> Value {
        guard order != Array(order.indices) else { return try body(&self, value) }
        let result = try body(&self, emit(Transpose(order), value)[0])
        return try emit(Transpose(order.indices.map { order.firstIndex(of: $0) ?? 0 }), result)[0]
    }
}
