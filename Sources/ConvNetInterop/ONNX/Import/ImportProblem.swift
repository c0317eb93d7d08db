/// What of a node is not supported.
struct ImportProblem: Sendable, Hashable {
    let node: String, operatorType: String, reason: String

    /// One error that lists all of them.
    static func error(_ problems: [ImportProblem], at path: String) -> ConvNetError {
        let lines = problems.map { problem in
            problem.operatorType.isEmpty
                ? "\(problem.node): \(problem.reason)"
                : "\(problem.node) (\(problem.operatorType)): \(problem.reason)"
        }
        return ConvNetError(
            .argument,
            "The ONNX file has \(problems.count == 1 ? "a node" : "\(problems.count) nodes") that this library does not run",
            at: path,
            received: lines.joined(separator: "; ")
        )
    }
}
