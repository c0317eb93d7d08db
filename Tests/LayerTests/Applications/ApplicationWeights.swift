import SwiftConvNet
import TestSupport

/// The weights by formula of `applications.py`.
enum ApplicationWeights {
    /// The length of a pattern, a prime number.
    private static let period = 4093

    /// The FNV-1a hash of a text.
    private static func hash<Bits: FixedWidthInteger>(_ text: String, basis: Bits, prime: Bits) -> Bits {
        text.utf8.reduce(basis) { ($0 ^ Bits($1)) &* prime }
    }

    /// The hash of names and shapes of all parameters, in the order of the names.
    static func digest(of model: Model) -> String {
        let lines = model.store.entries.map { "\($0.name) \($0.spec.shape)" }.sorted()
        let bits = hash(
            lines.joined(separator: "\n"),
            basis: 0xCBF2_9CE4_8422_2325 as UInt64,
            prime: 0x100_0000_01B3
        )
        let digits = String(bits, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    /// - Parameter gain: by which kernels are larger, so that signals neither vanish nor explode.
    static func formula(_ name: String, _ shape: Shape, gain: Double) throws -> Tensor {
        let kind = name.split(separator: "/").last.map(String.init) ?? name
        if kind == "count" { return try Tensor([0], shape: shape) }
        let stream = hash(name, basis: 0x811C_9DC5 as UInt32, prime: 0x0100_0193)
        let numbers = Golden.uniform(stream: stream, count: period).map(Double.init)
        let pattern: [Float]
        if ["gamma", "moving_variance", "variance"].contains(kind) {
            pattern = numbers.map { Float(1 + 0.25 * $0) }
        } else if shape.rank >= 2, !kind.contains("embedding") {
            let isDepthwise =
                name.contains("depthwise") || name.contains("dw") || (shape.rank == 4 && shape[3] == 1)
            let fanIn = isDepthwise ? shape[0] * shape[1] : shape.elementCount / (shape.last ?? 1)
            let limit = (6 / Double(fanIn)).squareRoot()
            pattern = numbers.map { Float($0 * gain * limit) }
        } else {
            pattern = numbers.map { Float(0.1 * $0) }
        }
        var values: [Float] = []
        values.reserveCapacity(shape.elementCount)
        while values.count < shape.elementCount {
            values += pattern.prefix(shape.elementCount - values.count)
        }
        return try Tensor(values, shape: shape)
    }

    /// Gives a model its weights.
    static func set(_ model: Model, gain: Double) throws {
        let weights = try model.store.entries.map { try formula($0.name, $0.spec.shape, gain: gain) }
        try model.setWeights(weights)
    }

    /// Images of a stream, as the goldens have them.
    static func images(_ shape: [Int], scale: Double = 1) throws -> Tensor {
        let values = Golden.uniform(stream: 1, count: 2 * shape.reduce(1, *))
        guard scale > 1 else { return try Tensor(values, shape: Shape([2] + shape)) }
        return try Tensor(
            values.map { Float((scale * Double($0) + scale) / 2) },
            shape: Shape([2] + shape)
        )
    }
}
