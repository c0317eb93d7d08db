import SwiftConvNet

/// Numbers for tests: the same on every run.
public enum TestValues {
    /// Values in -limit ..< limit.
    public static func uniform(_ shape: Shape, seed: UInt64, limit: Float = 1) throws -> Tensor {
        var random = RandomStream(seed: seed, purpose: .user)
        return try Tensor(shape: shape) { _ in random.uniform(in: -limit..<limit) }
    }

    /// Values in -limit ... limit of which no two are equal and none is 0: the middles of equal intervals, shuffled.
    /// So the gradient of a maximum or a rectifier is not taken where there is none.
    public static func distinct(_ shape: Shape, seed: UInt64, limit: Float = 2) throws -> Tensor {
        var random = RandomStream(seed: seed, purpose: .user)
        // An odd number of intervals would put the middle one around 0.
        let intervals = (shape.elementCount + 1) / 2 * 2
        let order = random.permutation(of: intervals)
        let step = 2 * limit / Float(intervals)
        return try Tensor(
            order.prefix(shape.elementCount).map { (Float($0) + 0.5) * step - limit },
            shape: shape
        )
    }

    /// Gives every parameter random values: around 1 what multiplies or is a variance, around 0 all else.
    public static func randomizeParameters(of model: Model, seed: UInt64) throws {
        for (place, entry) in model.store.entries.enumerated() {
            let values = try uniform(entry.spec.shape, seed: seed &+ 1000 &+ UInt64(place), limit: 0.5)
            let isAroundOne = ["gamma", "scale", "moving_variance", "variance"].contains(entry.spec.name)
            try setParameter(
                entry.name,
                of: model,
                to: isAroundOne ? Tensor(values.elements.map { $0 + 1 }, shape: values.shape) : values
            )
        }
    }

    /// Every parameter by its name such as `conv2d/kernel`.
    public static func parameters(of model: Model) throws -> [String: Tensor] {
        let store = model.store
        return Dictionary(
            uniqueKeysWithValues: try store.entries.map { ($0.name, try store.tensor($0)) }
        )
    }

    /// Replaces a parameter.
    public static func setParameter(_ name: String, of model: Model, to tensor: Tensor) throws {
        guard let entry = model.store.entries.first(where: { $0.name == name }) else {
            throw ConvNetError(.argument, "No such parameter", received: name)
        }
        try model.store.set(tensor, for: entry)
    }
}
