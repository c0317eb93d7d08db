/// A copy along a map: transposes, slices, flips, repeats, pads. Its gradient adds along the same map.
package struct Move: Operator {
    package let map: StridedMap
    /// What stands in the border.
    package let fill: Float

    package init(_ map: StridedMap, fill: Float = 0) {
        self.map = map
        self.fill = fill
    }

    package func outputs(for inputs: [ValueType]) throws -> [ValueType] {
        guard inputs[0].shape == map.input else {
            throw ConvNetError(
                .shape,
                "A map is for another shape",
                expected: "\(map.input)",
                received: "\(inputs[0].shape)"
            )
        }
        return [ValueType(try map.shape.validated(as: "output", minimum: 1), element: inputs[0].element)]
    }

    package func evaluate(_ inputs: [ConstantTensor]) throws -> [ConstantTensor]? {
        let shape = try map.shape.validated(as: "output", minimum: 1)
        guard let elements = inputs[0].floats, shape.elementCount <= Self.largestEvaluation else {
            return nil
        }
        let kernel = MoveKernel(map, fill: fill)
        var moved = [Float](repeating: fill, count: shape.elementCount)
        elements.withUnsafeBufferPointer { from in
            moved.withUnsafeMutableBufferPointer { to in
                guard let source = from.baseAddress, let target = to.baseAddress else { return }
                kernel.copy(source, target)
            }
        }
        return [try ConstantTensor(moved, shape: shape)]
    }

    /// Elements up to which a constant is moved when a plan is made: 4 MiB.
    private static let largestEvaluation = 1 << 20

    package func kernel(at site: Site) -> any Kernel {
        MoveKernel(map, fill: fill, isWhole: !site.inputs[0].isBatched)
    }
}
