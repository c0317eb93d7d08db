extension ConvNetError {
    /// What stands in the way of a file that is to hold a closure.
    ///
    /// - Parameters:
    ///   - kind: the type that holds the closure.
    ///   - place: which of them; `nil` if it is not known.
    ///   - others: what files do hold in its place.
    ///   - replacement: what to write in its place.
    static func closure(
        _ kind: String,
        at place: String?,
        others: String,
        replacement: String
    ) -> ConvNetError {
        ConvNetError(
            .argument,
            "A \(kind) cannot be saved, for it is a closure",
            at: place,
            expected: "\(others) that are in files",
            received: kind,
            remedy:
                "Write a struct that conforms to \(replacement); or save the weights alone: model.saveWeights(to:)"
        )
    }
}
