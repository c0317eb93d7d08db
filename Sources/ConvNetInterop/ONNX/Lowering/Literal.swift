import Foundation

/// A tensor whose elements are known before anything runs: shapes, axes, indices, scales.
///
/// Elements are kept as `Double`, in which whole numbers up to 2⁵³ are exact. Numbers beyond it, such as the largest `Int64` that
/// slices end at, are limits and not counts.
struct Literal: Sendable, Hashable {
    let type: ONNXType
    let dims: [Int]
    let numbers: [Double]

    /// The most elements that are computed when a plan is made.
    static let countLimit = 1 << 20

    /// - Precondition: there are as many numbers as the sizes say; what reads files checks it.
    init(_ type: ONNXType, _ dims: [Int], _ numbers: [Double]) {
        // Where a size is 0, the product of the others may be larger than any number.
        precondition(numbers.count == dims.reduce(1, &*), "the numbers of a literal fill its shape")
        self.type = type
        self.dims = dims
        self.numbers = numbers
    }

    /// A list of whole numbers.
    init(_ integers: [Int]) { self.init(.int64, [integers.count], integers.map(Double.init)) }

    /// What a constant of the engine holds.
    init(_ constant: ConstantTensor, type: ONNXType, dims: [Int]) {
        let numbers =
            constant.integers.map { $0.map(Double.init) } ?? constant.floats.map { $0.map(Double.init) }
        self.init(type, dims, numbers ?? [])
    }

    /// The numbers as whole ones; what is beyond `Int` is its limit.
    var integers: [Int] { numbers.map(Self.integer) }
    var floats: [Float] { numbers.map { Float($0) } }
    var count: Int { numbers.count }

    /// The constant of the engine with these elements: float32, or int64 for whole numbers and truth values.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the sizes beside one of 0 are too large for any tensor.
    func constant() throws -> ConstantTensor {
        let shape = try Shape(Self.checked(dims, as: "constant"))
        return type.isFloat
            ? try ConstantTensor(floats, shape: shape)
            : ConstantTensor(integers: numbers.map { Int64(Self.integer($0)) }, shape: shape)
    }

    /// The same elements in another shape.
    func viewed(as dims: [Int]) -> Literal { Literal(type, dims, numbers) }

    /// The elements from which those of another shape come.
    func gathered(_ dims: [Int], _ source: [Int]) -> Literal {
        Literal(type, dims, source.map { numbers[$0] })
    }

    /// With the axes in another order.
    func permuted(_ order: [Int]) -> Literal {
        let strides = Self.strides(dims)
        return gathered(
            order.map { dims[$0] },
            Self.places(order.map { dims[$0] }, order.map { strides[$0] })
        )
    }

    /// Elements from one place to the next along each axis; of no meaning where there are no elements.
    static func strides(_ dims: [Int]) -> [Int] {
        var strides = dims, step = 1
        for axis in dims.indices.reversed() {
            strides[axis] = step
            step &*= dims[axis]
        }
        return strides
    }

    /// Sizes that a file says or that follow from it, if all of them fit, also those beside a size of 0: then products of some
    /// of them fit as well.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if one is negative, or they are too large.
    static func checked(_ dims: [Int], as role: String) throws -> [Int] {
        guard dims.contains(0) else { return try Shape(dims).validated(as: role).dimensions }
        _ = try Shape(dims.map { $0 == 0 ? 1 : $0 }).validated(as: role)
        return dims
    }

    /// The offset of each element of a shape, for strides and a first offset.
    static func places(_ dims: [Int], _ strides: [Int], from first: Int = 0) -> [Int] {
        guard !dims.contains(0) else { return [] }
        var places = [first]
        for (size, stride) in zip(dims, strides) {
            places = places.flatMap { start in (0..<size).map { start + $0 * stride } }
        }
        return places
    }

    /// The strides of a shape within a larger one that it stretches to: 0 where it has one element.
    static func stretched(_ dims: [Int], to outer: [Int]) -> [Int] {
        let own = Array(repeating: 1, count: outer.count - dims.count) + dims
        return zip(own, strides(own)).map { $0 == 1 ? 0 : $1 }
    }

    /// An index that is kept as a number, counted from 0; `nil` if there are not as many elements.
    static func index(_ number: Float, below count: Int) -> Int? {
        let index = integer(Double(number))
        return (0..<max(count, 0)).contains(index) ? index : nil
    }

    /// A number as a whole one; what is beyond `Int` is its limit.
    static func integer(_ number: Double) -> Int {
        number.isNaN ? 0 : number >= 0x1p63 ? .max : number <= -0x1p63 ? .min : Int(number)
    }
}

extension Literal: Codable {
    private enum Keys: String, CodingKey { case type, dims, numbers }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: Keys.self)
        let type = try container.decode(ONNXType.self, forKey: .type)
        let dims = try container.decode([Int].self, forKey: .dims)
        let data = try container.decode(Data.self, forKey: .numbers)
        let shape = try Shape(Self.checked(dims, as: "literal"))
        guard data.count.isMultiple(of: 8), data.count / 8 == shape.elementCount else {
            throw ConvNetError(
                .format,
                "The elements of a literal do not fill its shape",
                expected: "8 bytes for each of \(shape.elementCount), for \(shape)",
                received: "\(data.count)"
            )
        }
        let numbers = data.withUnsafeBytes { bytes in
            stride(from: 0, to: bytes.count, by: 8).map {
                Double(
                    bitPattern: UInt64(littleEndian: bytes.loadUnaligned(fromByteOffset: $0, as: UInt64.self))
                )
            }
        }
        self.init(type, dims, numbers)
    }

    /// Writes the elements as the bytes of their `Double`s, for JSON has no infinities.
    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: Keys.self)
        try container.encode(type, forKey: .type)
        try container.encode(dims, forKey: .dims)
        try container.encode(
            numbers.map(\.bitPattern.littleEndian).withUnsafeBytes { Data($0) },
            forKey: .numbers
        )
    }
}
