/// - Throws: `ConvNetError` of kind `argument` unless the range of values is one of finite numbers, and not empty.
func requireValueRange(_ range: ClosedRange<Float>) throws {
    guard range.lowerBound.isFinite, range.upperBound.isFinite, range.lowerBound < range.upperBound else {
        throw ConvNetError(
            .argument,
            "The range of the pictures' values is empty or endless",
            at: "valueRange",
            expected: "two finite numbers, the lower one first",
            received: "\(range)"
        )
    }
}

/// - Throws: `ConvNetError` of kind `shape` unless pictures have red, green and blue.
func requireColors(_ picture: Shape, for kind: String) throws {
    guard picture.last == 3 else {
        throw ConvNetError(
            .shape,
            "\(kind) takes pictures in colour",
            expected: "[height, width, 3]: red, green and blue",
            received: "\(picture)"
        )
    }
}

/// - Throws: `ConvNetError` of kind `argument` unless the number is finite.
func requireFinite(_ number: Float, as role: String) throws {
    guard number.isFinite else {
        throw ConvNetError(
            .argument,
            "Not a number that can be computed with",
            at: role,
            expected: "a finite number",
            received: "\(number)"
        )
    }
}

extension Shape {
    /// The shape that a mask of this one gets where its picture gets another: the picture's rows and columns, and its own channels.
    func mask(beside picture: Shape) -> Shape {
        Shape(Array(picture.dimensions.prefix(2)) + Array(dimensions.dropFirst(2)))
    }
}

extension ClosedRange<Float> {
    /// The nearest number of the range.
    func clamp(_ value: Float) -> Float { Swift.min(Swift.max(value, lowerBound), upperBound) }

    /// The distance of its bounds.
    var width: Float { upperBound - lowerBound }
}

/// The bin of a number among `count` of width 1 from 0 on; what is less, or no number, is in the first, what is more in the last.
func bin(of value: Float, among count: Int) -> Int { value >= 0 ? Int(min(value, Float(count - 1))) : 0 }
