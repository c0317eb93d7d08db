/// A node while it is lowered: its operands, and what emits the engine's operators.
final class NodeContext {
    let node: ONNXNode
    /// The graph of operators that grows.
    var lowering = Lowering(batch: 1, mode: .inference)

    init(_ node: ONNXNode) { self.node = node }

    // MARK: Forms

    /// A value that kernels read: whole numbers as float32.
    func runtime(_ x: ONNXValue) throws -> ONNXValue {
        guard let constant = x.value.constant, constant.integers != nil else { return x }
        let floats = (constant.integers ?? []).map { Float($0) }
        let value = lowering.constant(try ConstantTensor(floats, shape: constant.type.shape))
        return ONNXValue(value, x.form)
    }

    /// With the axes in an order; nothing moves where only axes of size 1 change their places.
    func arranged(_ x: ONNXValue, _ order: [Int]) throws -> ONNXValue {
        let x = try runtime(x)
        guard x.order != order else { return x }
        guard order.isOrder(of: x.rank) else {
            throw ConvNetError(
                .shape,
                "A tensor has another number of axes than its operator reads",
                expected: "\(order.count) axes",
                received: "\(x.dims)"
            )
        }
        if x.impliesFirstAxis, order.first != 0 || x.order.first != 0 {
            return try arranged(explicit(x), order)
        }
        let dropped = x.impliesFirstAxis ? 1 : 0
        let permutation = order.dropFirst(dropped).map { (x.order.firstIndex(of: $0) ?? 0) - dropped }
        let moved = permutation.filter { x.value.shape[$0] != 1 }
        let value =
            moved == moved.sorted()
            ? try lowering.view(x.value, as: Shape(permutation.map { x.value.shape[$0] }))
            : try lowering.transpose(x.value, axes: permutation)
        return ONNXValue(value, x.type, order: order, impliesFirstAxis: x.impliesFirstAxis)
    }

    /// With the axes as in ONNX.
    func plain(_ x: ONNXValue) throws -> ONNXValue { try arranged(x, .plain(x.rank)) }

    /// With the axis of the batch, if it is implied.
    ///
    /// - Parameter mixes: whether what follows mixes elements along that axis.
    /// - Throws: `ConvNetError` if the rule for samples forbids it.
    func explicit(_ x: ONNXValue, mixes: Bool = false) throws -> ONNXValue {
        let x = try runtime(x)
        guard x.impliesFirstAxis else { return x }
        let rule = node.layer.samples
        guard rule != .strict, !(mixes && rule == .open) else {
            throw ConvNetError(
                .argument,
                "The operator does not treat the samples of a batch one by one",
                expected: "an operator that leaves the first axis alone"
            )
        }
        let value = try lowering.view(x.value, as: Shape([1] + x.value.shape.dimensions))
        return ONNXValue(value, x.type, order: x.order, impliesFirstAxis: false)
    }

    /// With the axes as in ONNX, that of the batch among them.
    func entire(_ x: ONNXValue, mixes: Bool = false) throws -> ONNXValue {
        try plain(explicit(x, mixes: mixes))
    }

    /// Without the first axis, if it has size 1.
    func implied(_ x: ONNXValue) throws -> ONNXValue {
        guard !x.impliesFirstAxis, x.rank > 0, x.dims[0] == 1, x.order.first == 0 else { return x }
        let x = try runtime(x)
        let value = try lowering.view(x.value, as: Shape(Array(x.value.shape.dropFirst())))
        return ONNXValue(value, x.type, order: x.order, impliesFirstAxis: true)
    }

    /// With the axes that a form has.
    ///
    /// - Throws: `ConvNetError` if the form leaves out a first axis that has another size than 1, or if the tensor has other axes.
    func formed(_ x: ONNXValue, as form: TensorForm) throws -> ONNXValue {
        guard !x.form.hasAxes(of: form) else { return x }
        guard x.rank == form.order.count else {
            throw ConvNetError(
                .shape,
                "A tensor has another number of axes than at the sizes that the file was read for",
                expected: "\(form.order.count)",
                received: "\(x.dims)"
            )
        }
        guard form.impliesFirstAxis else { return try arranged(explicit(x), form.order) }
        let result = try implied(arranged(x, form.order))
        guard result.impliesFirstAxis else {
            throw ConvNetError(
                .shape,
                "The first axis has size 1 at the sizes that the file was read for, and another one at these",
                expected: "a size of 1",
                received: "\(x.dims)",
                remedy: "Name other sizes in the options: sizes"
            )
        }
        return result
    }

    /// A result in the form of an operand.
    func result(_ value: Value, like x: ONNXValue, type: ONNXType? = nil) -> ONNXValue {
        ONNXValue(value, type ?? x.type, order: x.order, impliesFirstAxis: x.impliesFirstAxis)
    }

    /// A result whose axes are all there, as ONNX has them.
    func result(_ value: Value, _ type: ONNXType) -> ONNXValue {
        ONNXValue(value, type, order: .plain(value.shape.rank), impliesFirstAxis: false)
    }

    /// The same elements in the shape that ONNX has them in.
    ///
    /// The batch stays implied where the shape begins with an axis of size 1 and the batch is implied already.
    func viewed(_ x: ONNXValue, as dims: [Int]) throws -> ONNXValue {
        let x = try plain(x)
        if x.impliesFirstAxis, dims.first == 1 {
            let value = try lowering.view(x.value, as: Shape(Array(dims.dropFirst())))
            return ONNXValue(value, x.type, order: .plain(dims.count), impliesFirstAxis: true)
        }
        return result(try lowering.view(explicit(x).value, as: Shape(dims)), x.type)
    }

    /// Runs a body on each part along the first axis, which has no place inside; the parts' results are joined.
    ///
    /// - Parameter body: takes a value whose first axis is implied, and gives such values.
    func eachSample(_ x: ONNXValue, _ body: (ONNXValue) throws -> [ONNXValue]) throws -> [ONNXValue] {
        let x = try implied(runtime(x))
        if x.impliesFirstAxis { return try body(x) }
        let entire = try x.order.first == 0 ? x : plain(x)
        guard let count = entire.dims.first, count > 0 else {
            throw ConvNetError(
                .shape,
                "A tensor has no samples along its first axis",
                expected: "a first axis of at least one element",
                received: "\(x.dims)"
            )
        }
        let parts = try lowering.split(entire.value, sections: count)
        let results = try parts.map { part in
            try body(implied(ONNXValue(part, x.type, order: entire.order, impliesFirstAxis: false)))
        }
        return try results[0].indices.map { output in
            let pieces = try results.map { try explicit($0[output]) }
            let value = try lowering.emit(Join(axis: 0), pieces.map(\.value))[0]
            return ONNXValue(value, pieces[0].type, order: pieces[0].order, impliesFirstAxis: false)
        }
    }
}
