import SwiftConvNet
import TestSupport
import Testing

/// `Move`, `Split` and `Resize` by the functions that layers of users call, against oracles in double precision: of what each
/// sample has, of what all share, and of a batch as one tensor.
@Suite("Moving elements: outputs and gradients")
struct MovingTests {
    typealias Lowered = LoweringTests.Lowered

    /// A function of `Lowering`, and what it computes.
    struct Case: Sendable, CustomTestStringConvertible {
        let name: String
        let shape: Shape
        let lower: @Sendable (Value, inout Lowering) throws -> Value
        let oracle: @Sendable (ReferenceTensor) -> ReferenceTensor

        var testDescription: String { "\(name) of \(shape)" }
    }

    private static func permutations(_ items: [Int]) -> [[Int]] {
        guard items.count > 1 else { return [items] }
        return items.flatMap { first in
            permutations(items.filter { $0 != first }).map { [first] + $0 }
        }
    }

    static let transposes: [Case] = {
        let orders: [(Shape, [[Int]])] = [
            ([2, 3, 4, 5], permutations([0, 1, 2, 3])), ([1, 3, 1, 2], permutations([0, 1, 2, 3])),
            ([17, 19], permutations([0, 1])), ([2, 3, 66], permutations([0, 1, 2])),
        ]
        return orders.flatMap { shape, orders in
            orders.map { order in
                Case(
                    name: "transpose to \(order)",
                    shape: shape,
                    lower: { try $1.transpose($0, axes: order) },
                    oracle: { Reference.transpose($0, order) }
                )
            }
        }
    }()

    static let slices: [Case] = {
        let parts: [(Shape, [Int], [Int], [Int])] = [
            ([6, 5], [0, 0], [6, 5], [1, 1]), ([6, 5], [1, 2], [4, 2], [1, 1]),
            ([7, 5], [0, 1], [4, 2], [2, 3]),
            ([7, 5], [6, 4], [7, 5], [-1, -1]), ([7, 5], [5, 4], [3, 2], [-2, -3]), ([9], [8], [1], [-100]),
            ([4, 3, 5], [3, 0, 4], [2, 3, 3], [-3, 1, -2]), ([4, 6, 3], [0, 0, 2], [4, 3, 1], [1, 2, 1]),
            ([2, 4, 70], [0, 1, 3], [2, 2, 65], [1, 2, 1]),
        ]
        return parts.map { shape, starts, sizes, steps in
            Case(
                name: "\(sizes) from \(starts) by \(steps)",
                shape: shape,
                lower: { try $1.slice($0, startIndices: starts, shape: Shape(sizes), steps: steps) },
                oracle: { Reference.slice($0, starts, sizes, steps) }
            )
        }
    }()

    static let pads: [Case] = {
        let widths: [(Shape, [(Int, Int)], Float)] = [
            ([5], [(0, 0)], 1), ([5], [(2, 3)], 0.5), ([3, 4], [(0, 0), (1, 2)], 0),
            ([3, 4], [(2, 1), (0, 0)], -1),
            ([3, 4, 2], [(1, 0), (0, 2), (0, 0)], 2), ([2, 3, 2], [(1, 1), (2, 0), (0, 3)], 0.25),
            ([2, 1, 3, 2], [(0, 1), (1, 1), (0, 0), (2, 0)], 7),
        ]
        return widths.map { shape, widths, fill in
            Case(
                name: "pad \(widths) with \(fill)",
                shape: shape,
                lower: {
                    try $1.pad($0, padWidth: widths.map { ($0.0, $0.1) }, constantValue: fill)
                },
                oracle: { Reference.pad($0, widths, fill: Double(fill)) }
            )
        }
    }()

    static let repeats: [Case] = {
        let counts: [(Shape, [Int])] = [
            ([4], [3]), ([3, 1], [2, 1]), ([3, 2], [1, 3]), ([2, 3, 4], [2, 1, 3]), ([2, 2, 66], [2, 2, 1]),
        ]
        let tiles = counts.map { shape, counts in
            Case(
                name: "tile \(counts)",
                shape: shape,
                lower: { try $1.tile($0, repeats: counts) },
                oracle: { Reference.tile($0, counts) }
            )
        }
        let repeats = counts.map { shape, counts in
            Case(
                name: "repeat \(counts)",
                shape: shape,
                lower: { value, lowering in
                    try counts.enumerated().reduce(value) {
                        try lowering.repeated($0, repeats: $1.element, axis: $1.offset)
                    }
                },
                oracle: { Reference.repeatElements($0, counts) }
            )
        }
        let flips = [[], [0], [1], [-1], [0, 2], [0, 1, 2]].map { axes in
            Case(
                name: "flip \(axes)",
                shape: [3, 2, 5],
                lower: { try $1.flip($0, axes: axes) },
                oracle: { x in
                    let places = axes.map { $0 < 0 ? $0 + 3 : $0 }, sizes = [3, 2, 5]
                    return Reference.gather(x, shape: sizes) { index in
                        index.indices.map {
                            places.contains($0) ? sizes[$0] - 1 - index[$0] : index[$0]
                        }
                    }
                }
            )
        }
        return tiles + repeats + flips
    }()

    static let resizes: [Case] = {
        let sizes: [(Shape, Size2D)] = [
            ([4, 4, 2], [8, 8]), ([8, 4, 1], [4, 8]), ([6, 5, 3], [3, 10]), ([1, 3, 2], [4, 3]),
            ([4, 8, 5], [2, 16]),
        ]
        return Interpolation.allCases.flatMap { interpolation in
            [false, true].flatMap { antialias in
                sizes.map { shape, size in
                    Case(
                        name: "\(interpolation) to \(size)\(antialias ? ", antialias" : "")",
                        shape: shape,
                        lower: {
                            try $1.resize($0, size: size, interpolation: interpolation, antialias: antialias)
                        },
                        oracle: {
                            Reference.resize(
                                $0,
                                height: size.height,
                                width: size.width,
                                interpolation,
                                antialias: antialias
                            )
                        }
                    )
                }
            }
        }
    }()

    private func check(_ item: Case, batch: Int) throws {
        try LayerCase(
            name: item.name,
            layer: Lowered { try item.lower($0, &$1) },
            inputs: [item.shape],
            batch: batch
        ) { inputs, _ in item.oracle(inputs[0]) }.check()
    }

    @Test("Of each sample", arguments: transposes + slices + pads + repeats + resizes, [1, 9])
    func batched(_ item: Case, batch: Int) throws { try check(item, batch: batch) }

    /// A parameter takes the place of the sample; the sample is added so that there is one.
    @Test("Of what all samples share", arguments: transposes + slices + pads + repeats + resizes)
    func whole(_ item: Case) throws {
        let layer = Lowered { x, lowering in
            let weight = try lowering.parameter("weight", item.shape, .glorotUniform)
            let moved = try item.lower(weight, &lowering)
            return try lowering.emit(Sum(), item.lower(x, &lowering), moved)[0]
        }
        try LayerCase(name: item.name, layer: layer, inputs: [item.shape], batch: 3) { inputs, parameters in
            let weight = parameters["weight"] ?? inputs[0]
            let moved = item.oracle(weight.reshaped([1] + weight.shape))
            return Reference.add([item.oracle(inputs[0]), moved])
        }.check()
    }

    @Test("Of a batch as one tensor, in tasks", arguments: [1, 3, 40])
    func folded(batch: Int) throws {
        // 40 samples are more than a task's 65,536 elements.
        let layer = Lowered { x, lowering in
            let folded = try lowering.foldBatch(lowering.activate(x, .tanh))
            let turned = try lowering.transpose(folded, axes: [1, 0, 2])
            let padded = try lowering.pad(turned, padWidth: [(0, 0), (0, 0), (1, 0)], constantValue: 0.5)
            return try lowering.unfoldBatch(lowering.transpose(padded, axes: [1, 0, 2]))
        }
        let shape: Shape = batch == 40 ? [40, 61] : [3, 5]
        try LayerCase(name: "folded", layer: layer, inputs: [shape], batch: batch) { inputs, _ in
            Reference.pad(Reference.activate(inputs[0], .tanh), [(0, 0), (1, 0)], fill: 0.5)
        }.check()
    }

    @Test("Parts, of which some are read", arguments: [[0, 1, 2], [1], [2, 0]], [1, 9])
    func splits(_ read: [Int], batch: Int) throws {
        let layer = Lowered { x, lowering in
            let parts = try lowering.split(lowering.activate(x, .tanh), indices: [1, 4], axis: -2)
            return try lowering.emit(Join(axis: 1), read.map { parts[$0] })[0]
        }
        try LayerCase(name: "split", layer: layer, inputs: [[3, 6, 2]], batch: batch) { inputs, _ in
            let x = Reference.activate(inputs[0], .tanh), starts = [0, 1, 4], sizes = [1, 3, 2]
            let parts = read.map { Reference.slice(x, [0, starts[$0], 0], [3, sizes[$0], 2], [1, 1, 1]) }
            return Reference.concatenate(parts, axis: 2)
        }.check()
    }

    @Test("Equal parts")
    func equalParts() throws {
        let layer = Lowered { x, lowering in
            try lowering.emit(Sum(), lowering.split(x, sections: 3, axis: 1))[0]
        }
        try LayerCase(name: "thirds", layer: layer, inputs: [[2, 6]], batch: 2) { inputs, _ in
            Reference.add((0..<3).map { Reference.slice(inputs[0], [0, 2 * $0], [2, 2], [1, 1]) })
        }.check()
    }

    @Test("What is known is moved when a plan is made, and nothing is copied where nothing moves")
    func constants() throws {
        var lowering = Lowering(batch: 2, mode: .inference)
        let constant = lowering.constant(try ConstantTensor([1, 2, 3, 4, 5, 6], shape: [2, 3]))
        #expect(try lowering.transpose(constant).constant?.floats == [1, 4, 2, 5, 3, 6])
        let padded = try lowering.pad(constant, padWidth: [(0, 1), (0, 0)], constantValue: 9)
        #expect(padded.constant?.floats == [1, 2, 3, 4, 5, 6, 9, 9, 9] && padded.shape == [3, 3])
        #expect(lowering.graph.operations.isEmpty)
        func isIdentity(_ shape: Shape, _ change: (StridedMap) -> StridedMap) -> Bool {
            let map = change(StridedMap(shape))
            let types = [ValueType(shape)], outputs = [ValueType(map.shape)]
            let site = Site(
                inputs: types,
                outputs: outputs,
                batch: 1,
                mode: .inference,
                needsGradient: [false]
            )
            return Move(map).kernel(at: site).isIdentity
        }
        #expect(isIdentity([2, 1, 3]) { $0.permuted([1, 0, 2]) })
        #expect(isIdentity([2, 3]) { $0.sliced(0, from: 0, count: 2) })
        #expect(!isIdentity([2, 3]) { $0.permuted([1, 0]) })
        #expect(!isIdentity([2, 3]) { $0.sliced(0, from: 0, count: 1) })
        #expect(!isIdentity([2, 3]) { $0.padded(1, before: 0, after: 1) })
        #expect(!isIdentity([2, 3]) { $0.flipped(0) })
    }

    @Test("Settings out of range are errors, not traps")
    func refusals() throws {
        func refused(_ lower: (Value, inout Lowering) throws -> Void) {
            var lowering = Lowering(batch: 2, mode: .inference)
            let x = lowering.constant(ConstantTensor.zeros([2, 3]))
            #expect(throws: ConvNetError.self) { try lower(x, &lowering) }
        }
        for axes in [[0], [0, 0], [0, 2], [0, -3], [Int.max, Int.min], []] {
            refused { _ = try $1.transpose($0, axes: axes) }
        }
        for (start, count, step) in [
            (2, 1, 1), (0, 3, 1), (0, 0, 1), (0, 2, 0), (-3, 1, 1), (1, 2, 1), (0, 2, -1), (Int.min, 1, 1),
            (Int.max, 1, 1), (0, Int.max, Int.max), (0, 2, Int.min), (1, Int.min, Int.max),
        ] {
            refused { _ = try $1.slice($0, startIndices: [start, 0], shape: [count, 3], steps: [step, 1]) }
        }
        refused { _ = try $1.slice($0, startIndices: [0], shape: [1, 1]) }
        for width in [-1, Int.min, Int.max] {
            refused { _ = try $1.pad($0, padWidth: [(width, 0), (0, 0)]) }
            refused { _ = try $1.tile($0, repeats: [width, 1]) }
            refused { _ = try $1.repeated($0, repeats: width, axis: 0) }
            refused { _ = try $1.resize($0, size: Size2D(width, 1)) }
            refused { _ = try $1.split($0, sections: width) }
            refused { _ = try $1.split($0, indices: [width]) }
        }
        refused { _ = try $1.pad($0, padWidth: [(0, 0)]) }
        refused { _ = try $1.tile($0, repeats: [1]) }
        refused { _ = try $1.tile($0, repeats: [Int(Int32.max), Int(Int32.max)]) }
        for axis in [-3, 2, Int.min, Int.max] {
            refused { _ = try $1.repeated($0, repeats: 2, axis: axis) }
            refused { _ = try $1.flip($0, axes: [axis]) }
            refused { _ = try $1.split($0, sections: 1, axis: axis) }
        }
        refused { _ = try $1.split($0, sections: 2, axis: 1) }
        refused { _ = try $1.split($0, indices: [2, 1], axis: 1) }
        refused { _ = try $1.resize($0, size: 2) }  // no image
    }

    @Test("The same bits on any number of workers")
    func workers() throws {
        let layer = Lowered { x, lowering in
            let weight = try lowering.parameter("weight", [300, 250], .glorotUniform)
            let turned = try lowering.transpose(weight)
            let part = try lowering.slice(turned, startIndices: [3, 290], shape: [6, 5], steps: [2, -1])
            let larger = try lowering.repeated(lowering.flip(x), repeats: 2, axis: 0)
            let image = try lowering.view(lowering.tile(larger, repeats: [1, 2]), as: [6, 5, 2])
            let resized = try lowering.resize(image, size: [12, 5], interpolation: .bicubic)
            let halves = try lowering.split(resized, sections: 2, axis: -1)
            let sum = try lowering.emit(Sum(), halves)[0]
            let small = try lowering.resize(sum, size: [6, 5], antialias: true)
            return try lowering.emit(Sum(), lowering.view(small, as: [6, 5]), part)[0]
        }
        let x = try TestValues.distinct([21, 3, 5], seed: 3)
        let y = try TestValues.distinct([21, 6, 5], seed: 4)
        let gradients = try [1, 2, 3, 8].map { threads in
            let model = try Sequential(
                inputShape: [3, 5],
                layers: [layer],
                seed: 5,
                options: ComputeOptions(threads: threads)
            )
            try model.compile(loss: .meanSquaredError())
            return try model.gradients(x, y, includingSamples: true)
        }
        for other in gradients.dropFirst() {
            #expect(other.parameters == gradients[0].parameters)
            #expect(other.samples == gradients[0].samples)
        }
    }
}

extension ConstantTensor {
    fileprivate static func zeros(_ shape: Shape) -> ConstantTensor {
        guard let zeros = try? ConstantTensor(Array(repeating: 0, count: shape.elementCount), shape: shape)
        else {
            preconditionFailure("\(shape)")
        }
        return zeros
    }
}
