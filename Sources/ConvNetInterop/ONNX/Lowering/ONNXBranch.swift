/// A result of the branch of an `If` that was taken when the file was read.
///
/// The other branch is not part of the model, and may have results of another shape. So at sizes of open axes at which it would be
/// taken there is an error rather than a wrong result.
///
/// Inputs: the condition, and the result.
struct ONNXBranch: Layer {
    static let kind = "ONNXBranch"

    let name: String?
    /// The value of the condition with which the branch was taken.
    let condition: Bool

    func lower(_ inputs: [Value], in lowering: inout Lowering) throws -> [Value] {
        guard inputs.count == 2 else {
            throw ConvNetError(
                .shape,
                "The branch of an If has another number of inputs",
                expected: "the condition and a result",
                received: "\(inputs.count)"
            )
        }
        let found = inputs[0].constant.flatMap { constant in
            constant.integers?.first.map { $0 != 0 } ?? constant.floats?.first.map { $0 != 0 }
        }
        guard found == condition else {
            throw ConvNetError(
                .shape,
                "An If takes another branch at these sizes than at those that the file was read for",
                at: name ?? Self.kind,
                expected: "a condition that is \(condition)",
                received: found.map { "\($0)" } ?? "a condition that is not known",
                remedy: "Import the file for these sizes: name them in ONNXOptions.sizes, or with --size"
            )
        }
        return [inputs[1]]
    }
}
