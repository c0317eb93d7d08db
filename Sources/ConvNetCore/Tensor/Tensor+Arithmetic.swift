import CKernels

// Between tensors the operators throw, for shapes may not fit; with numbers they do not.

extension Tensor {
    /// The sum, element by element. An axis of size 1 is repeated as in NumPy, and the shorter shape gets axes in front.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the shapes do not fit.
    public static func + (a: Tensor, b: Tensor) throws -> Tensor { try combined(a, CK_PLUS, b, "+") }

    /// The difference, element by element, with axes as for `+`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the shapes do not fit.
    public static func - (a: Tensor, b: Tensor) throws -> Tensor { try combined(a, CK_MINUS, b, "-") }

    /// The product, element by element, with axes as for `+`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the shapes do not fit.
    public static func * (a: Tensor, b: Tensor) throws -> Tensor { try combined(a, CK_TIMES, b, "*") }

    /// The quotient, element by element, with axes as for `+`.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the shapes do not fit.
    public static func / (a: Tensor, b: Tensor) throws -> Tensor { try combined(a, CK_OVER, b, "/") }

    /// Adds a number to each element.
    public static func + (a: Tensor, b: Float) -> Tensor { a.combined(CK_PLUS, with: b) }
    /// Subtracts a number from each element.
    public static func - (a: Tensor, b: Float) -> Tensor { a.combined(CK_MINUS, with: b) }
    /// Multiplies each element by a number.
    public static func * (a: Tensor, b: Float) -> Tensor { a.combined(CK_TIMES, with: b) }
    /// Divides each element by a number.
    public static func / (a: Tensor, b: Float) -> Tensor { a.combined(CK_OVER, with: b) }

    /// Adds each element to a number.
    public static func + (a: Float, b: Tensor) -> Tensor { b.combined(CK_PLUS, with: a) }
    /// Subtracts each element from a number.
    public static func - (a: Float, b: Tensor) -> Tensor { b.combined(CK_MINUS, from: a) }
    /// Multiplies a number by each element.
    public static func * (a: Float, b: Tensor) -> Tensor { b.combined(CK_TIMES, with: a) }
    /// Divides a number by each element.
    public static func / (a: Float, b: Tensor) -> Tensor { b.combined(CK_OVER, from: a) }

    /// The elements with the other sign.
    public static prefix func - (a: Tensor) -> Tensor { a * -1 }

    /// Adds a number to each element.
    public static func += (a: inout Tensor, b: Float) { a = a + b }
    /// Subtracts a number from each element.
    public static func -= (a: inout Tensor, b: Float) { a = a - b }
    /// Multiplies each element by a number.
    public static func *= (a: inout Tensor, b: Float) { a = a * b }
    /// Divides each element by a number.
    public static func /= (a: inout Tensor, b: Float) { a = a / b }

    /// What a closure makes of each element, in the same shape.
    public func map(_ transform: (Float) throws -> Float) rethrows -> Tensor {
        var result = self
        try result.withUnsafeMutableBufferPointer { values in
            for place in values.indices { values[place] = try transform(values[place]) }
        }
        return result
    }

    private func combined(_ operation: ck_arithmetic, with number: Float) -> Tensor {
        let axes = StridedAxes([count], [[1], [0]])
        return combined(axes) { own, result, index in
            withUnsafePointer(to: number) {
                ck_combine(operation, own, axes.steps[0], $0, axes.steps[1], result, 1, axes.sizes, index)
            }
        }
    }

    private func combined(_ operation: ck_arithmetic, from number: Float) -> Tensor {
        let axes = StridedAxes([count], [[1], [0]])
        return combined(axes) { own, result, index in
            withUnsafePointer(to: number) {
                ck_combine(operation, $0, axes.steps[1], own, axes.steps[0], result, 1, axes.sizes, index)
            }
        }
    }

    private func combined(
        _ axes: StridedAxes,
        _ body: (UnsafePointer<Float>, UnsafeMutablePointer<Float>, UnsafeMutablePointer<Int>) -> Void
    ) -> Tensor {
        var index = 0
        return copied { own, result in
            if !axes.isEmpty { body(own, result, &index) }
        }
    }

    private static func combined(_ a: Tensor, _ operation: ck_arithmetic, _ b: Tensor, _ sign: String) throws
        -> Tensor
    {
        let rank = Swift.max(a.shape.rank, b.shape.rank)
        func aligned(_ shape: Shape) -> [Int] {
            [Int](repeating: 1, count: rank - shape.rank) + shape.dimensions
        }
        let first = aligned(a.shape), second = aligned(b.shape)
        guard zip(first, second).allSatisfy({ $0 == $1 || $0 == 1 || $1 == 1 }) else {
            throw ConvNetError(
                .shape,
                "The shapes of two tensors do not fit",
                at: "Tensor \(sign) Tensor",
                expected: "equal sizes, or 1, along each axis from the last one on",
                received: "\(a.shape) and \(b.shape)"
            )
        }
        let shape = Shape(zip(first, second).map { $0 == 1 ? $1 : $0 })
        func steps(_ sizes: [Int]) -> [Int] {
            zip(sizes, Shape(sizes).steps).map { $0 == 1 ? 0 : $1 }
        }
        let axes = StridedAxes(shape.dimensions, [steps(first), steps(second)])
        return try Tensor(shape: shape) { result in
            guard let result = result.baseAddress, !axes.isEmpty else { return }
            var index = axes.index
            a.withUnsafeBufferPointer { a in
                b.withUnsafeBufferPointer { b in
                    guard let a = a.baseAddress, let b = b.baseAddress else { return }
                    ck_combine(
                        operation,
                        a,
                        axes.steps[0],
                        b,
                        axes.steps[1],
                        result,
                        axes.sizes.count,
                        axes.sizes,
                        &index
                    )
                }
            }
        }
    }
}
