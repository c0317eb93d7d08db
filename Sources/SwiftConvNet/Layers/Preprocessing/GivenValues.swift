/// Values that are known: the first values of what a layer has learned before its model is made. It is in no file, for the
/// parameters are.
struct GivenValues: Initializer, Hashable {
    static let kind = "GivenValues"
    private let values: [Float]

    init(_ values: [Float]) { self.values = values }

    func initialize(
        _ values: UnsafeMutableBufferPointer<Float>,
        shape: Shape,
        random: inout RandomStream
    ) throws {
        guard values.count == self.values.count else {
            throw ConvNetError(
                .shape,
                "There is not a value for each element",
                at: Self.kind,
                expected: "\(self.values.count)",
                received: "\(values.count), of \(shape)"
            )
        }
        _ = values.update(fromContentsOf: self.values)
    }
}
