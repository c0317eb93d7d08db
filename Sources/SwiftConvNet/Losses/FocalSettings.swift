import Foundation

/// The settings that focal losses share.
enum FocalSettings {
    /// Checks that the exponent and the weights can be used.
    static func validate(gamma: Float, alpha: [Float]) throws {
        for (name, value) in [("gamma", gamma)] + alpha.map({ ("alpha", $0) })
        where !value.isFinite || value < 0 {
            throw ConvNetError(
                .argument,
                name == "gamma" ? "Not an exponent" : "Not a weight",
                at: name,
                expected: "a finite number of at least 0",
                received: "\(value)"
            )
        }
    }

    /// `base` to the power of `gamma`, and the derivative by `base`.
    static func power(_ base: Float, _ gamma: Float) -> (value: Float, slope: Float) {
        gamma == 0 ? (1, 0) : (pow(base, gamma), gamma * pow(base, gamma - 1))
    }
}
