/// The range that a random parameter is drawn from: a number, or two bounds.
///
/// What a number stands for is said by the layer that takes it: mostly for the range from its negative to itself.
///
/// ```swift
/// RandomRotation(factor: 0.1)           // up to a tenth of a turn either way
/// RandomRotation(factor: [-0.05, 0.2])  // from one bound to the other
/// ```
public struct Factor: Sendable, Hashable {
    /// One number, or two bounds in any order.
    public let numbers: [Float]

    /// A number.
    public init(_ number: Float) { numbers = [number] }

    /// Two bounds, in any order.
    public init(_ lower: Float, _ upper: Float) { numbers = [lower, upper] }

    /// The range: bounds in their order; of a number from its negative, or from `lowest` if that is more, to itself.
    func range(atLeast lowest: Float) -> (lower: Float, upper: Float) {
        guard let first = numbers.first, let last = numbers.last else { return (lowest, lowest) }
        return numbers.count == 1
            ? (max(-abs(first), lowest), abs(first)) : (min(first, last), max(first, last))
    }

    /// A number of the range, evenly distributed.
    func draw(_ random: inout RandomStream, atLeast lowest: Float) -> Float {
        let (lower, upper) = range(atLeast: lowest)
        return random.uniform(from: Double(lower), to: Double(upper))
    }

    /// - Throws: `ConvNetError` of kind `argument` if there are neither one nor two numbers, or one is not in `bounds`.
    func validate(in bounds: ClosedRange<Float>, as role: String) throws {
        guard (1...2).contains(numbers.count), numbers.allSatisfy(bounds.contains) else {
            throw ConvNetError(
                .argument,
                "The range of a random parameter cannot be",
                at: role,
                expected: "one or two numbers in \(bounds)",
                received: "\(self)"
            )
        }
    }
}

extension Factor: ExpressibleByFloatLiteral, ExpressibleByIntegerLiteral, ExpressibleByArrayLiteral {
    public init(floatLiteral value: Float) { self.init(value) }
    public init(integerLiteral value: Int) { self.init(Float(value)) }
    public init(arrayLiteral elements: Float...) { numbers = elements }
}

extension Factor: CustomStringConvertible {
    public var description: String { numbers.count == 1 ? "\(numbers[0])" : "\(numbers)" }
}

/// A number, or an array of two.
extension Factor: Codable {
    public init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        if let number = try? container.decode(Float.self) {
            numbers = [number]
        } else {
            numbers = try container.decode([Float].self)
        }
    }

    public func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        if numbers.count == 1 { try container.encode(numbers[0]) } else { try container.encode(numbers) }
    }
}
