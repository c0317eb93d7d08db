import SwiftConvNet

/// Where PyTorch has the values of a parameter, and in which order of axes.
struct PyTorchPlace {
    /// The parameter's name within its layer: `kernel`.
    let parameter: String
    /// The array's name within its module: `weight`, `out_proj.weight`.
    let array: String
    /// The array's shape in PyTorch.
    let shape: Shape
    /// The part of the array's first axis that is this parameter's; `nil` for all of it.
    var rows: Range<Int>?
    /// The shape that the part is seen in before its axes change places: axes that are one in PyTorch and several here are apart.
    let split: Shape
    /// Which axis of `split` each axis here is; the parameter's shape joins neighbours of them.
    let order: [Int]

    /// The parameter's values.
    ///
    /// - Parameters:
    ///   - array: the whole array, of `shape` or one that differs from it by axes of size 1.
    ///   - shape: the parameter's.
    /// - Throws: `ConvNetError` of kind `environment` if there is not enough memory.
    func values(of array: Tensor, as shape: Shape) throws -> Tensor {
        let whole = try array.reshaped(to: self.shape)
        return try (rows.map { try whole.sliced($0) } ?? whole).reshaped(to: split).transposed(order)
            .reshaped(to: shape)
    }

    /// The array, or its part, with a parameter's values.
    func array(of values: Tensor) throws -> Tensor {
        var inverse = order
        for (place, axis) in order.enumerated() { inverse[axis] = place }
        let part = rows.map { Shape([$0.count] + shape.dropFirst()) } ?? shape
        return try values.reshaped(to: Shape(order.map { split[$0] })).transposed(inverse).reshaped(to: part)
    }
}

extension PyTorchPlace {
    /// An array of the same shape and order as the parameter.
    init(_ spec: ParameterSpec, _ array: String) {
        self.init(
            parameter: spec.name,
            array: array,
            shape: spec.shape,
            split: spec.shape,
            order: Array(spec.shape.indices)
        )
    }

    /// A vector of the parameter's elements, in another order where they belong to a flattened image.
    init(vector spec: ParameterSpec, _ array: String, _ image: Shape? = nil) {
        let count = spec.shape.elementCount
        guard let image, image.elementCount == count else {
            self.init(parameter: spec.name, array: array, shape: [count], split: [count], order: [0])
            return
        }
        // [channels, height, width] there, [height, width, channels] here.
        self.init(
            parameter: spec.name,
            array: array,
            shape: [count],
            split: image.withChannelsFirst,
            order: Array(1..<image.rank) + [0]
        )
    }

    /// The numbers of `LayerScale`: `[channels, 1, 1]` in torchvision's ConvNeXt.
    init(scale spec: ParameterSpec) {
        let count = spec.shape.elementCount
        self.init(
            parameter: spec.name,
            array: "layer_scale",
            shape: [count, 1, 1],
            split: [count],
            order: [0]
        )
    }

    /// The place in `torch.nn.Linear`, of what a convolution of single pixels has: the kernel is `[out, in]` without the window. Itself, for
    /// larger windows.
    var linear: PyTorchPlace {
        guard shape.dropFirst(2).allSatisfy({ $0 == 1 }) else { return self }
        return PyTorchPlace(
            parameter: parameter,
            array: array,
            shape: Shape(Array(shape.prefix(2))),
            rows: rows,
            split: split,
            order: order
        )
    }

    /// The kernel of a convolution: `[out, in / groups, …]`, `[in, out, …]` of a transposed one; here the other way round.
    init(convolution spec: ParameterSpec) {
        let shape = Shape(
            [spec.shape[spec.shape.rank - 1], spec.shape[spec.shape.rank - 2]] + spec.shape.dropLast(2)
        )
        self.init(
            parameter: spec.name,
            array: "weight",
            shape: shape,
            split: shape,
            order: Array(2..<shape.rank) + [1, 0]
        )
    }

    /// The kernel of a convolution of each channel by itself: `[channels · multiplier, 1, …]`, here `[…, channels, multiplier]`.
    init(depthwise spec: ParameterSpec) {
        let window = Array(spec.shape.dropLast(2)), channels = Array(spec.shape.suffix(2))
        let split = Shape(channels + window)
        self.init(
            parameter: spec.name,
            array: "weight",
            shape: Shape([channels[0] * channels[1], 1] + window),
            split: split,
            order: Array(2..<split.rank) + [0, 1]
        )
    }

    /// The kernel of a dense layer: `[out, in]`, here `[in, out]`.
    ///
    /// - Parameter image: what the input is the flattened form of; `nil` for nothing.
    init(dense spec: ParameterSpec, _ image: Shape?) {
        let shape: Shape = [spec.shape[1], spec.shape[0]]
        let inner = image.flatMap { $0.elementCount == spec.shape[0] ? $0.withChannelsFirst : nil }
        let split = Shape([spec.shape[1]] + (inner ?? [spec.shape[0]]).dimensions)
        self.init(
            parameter: spec.name,
            array: "weight",
            shape: shape,
            split: split,
            order: Array(2..<max(split.rank, 2)) + [1, 0]
        )
    }
}

extension Shape {
    /// With the last axis first.
    fileprivate var withChannelsFirst: Shape { Shape(Array(suffix(1)) + dropLast()) }
}
