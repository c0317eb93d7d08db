import SwiftConvNet

extension Model {
    /// Gives every parameter random values with which signals neither vanish nor grow, biases and moving statistics
    /// included: so that equal outputs elsewhere show that all of them arrived.
    func randomizeParameters(seed: UInt64 = 1) throws {
        var random = RandomStream(seed: seed, purpose: .user, 7)
        var values: [String: Tensor] = [:]
        for parameter in parameters {
            let shape = parameter.values.shape
            let inputs = shape.dropLast().reduce(1, *)
            let kind = parameter.name.split(separator: "/").last ?? ""
            values[parameter.name] = try Tensor(shape: shape) { values in
                for place in values.indices {
                    switch kind {
                    case "kernel":
                        values[place] = random.normal(standardDeviation: (2 / Float(inputs)).squareRoot())
                    case "gamma", "moving_variance": values[place] = random.uniform(in: 0.5..<1.5)
                    default: values[place] = random.normal(standardDeviation: 0.1)
                    }
                }
            }
        }
        try setParameters(values)
    }
}
