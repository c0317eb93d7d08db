/// How gradients are limited before an update, as Keras' `clipnorm`, `global_clipnorm` and `clipvalue`.
public enum GradientClipping: Sendable, Hashable, Codable {
    /// Each parameter's gradient is scaled down to this Euclidean norm, if its norm is larger.
    case norm(Float)
    /// All gradients together are scaled down to this Euclidean norm, if theirs is larger.
    case globalNorm(Float)
    /// Each element is limited to minus this number ... this number.
    case value(Float)

    /// Checks the limit.
    ///
    /// - Throws: `ConvNetError` of kind `argument` if it is not a positive number.
    func validate() throws {
        let limit =
            switch self {
            case .norm(let limit), .globalNorm(let limit), .value(let limit): limit
            }
        guard limit > 0, limit.isFinite else {
            throw ConvNetError(
                .argument,
                "Not a limit for gradients",
                at: "clipping",
                expected: "a positive number",
                received: "\(limit)"
            )
        }
    }
}
