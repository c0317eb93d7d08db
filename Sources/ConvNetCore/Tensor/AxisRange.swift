/// A part of an axis: `2..<5`, `2...4`, `2...`, `..<5` or `...4`. Counted from 0.
public protocol AxisRange: Sendable {
    /// The first index; `nil` for that of the axis.
    var firstIndex: Int? { get }
    /// The index behind the last; `nil` for the size of the axis.
    var endOfIndices: Int? { get }
}

extension Range<Int>: AxisRange {
    public var firstIndex: Int? { lowerBound }
    public var endOfIndices: Int? { upperBound }
}

extension ClosedRange<Int>: AxisRange {
    public var firstIndex: Int? { lowerBound }
    public var endOfIndices: Int? { behind(upperBound) }
}

extension PartialRangeFrom<Int>: AxisRange {
    public var firstIndex: Int? { lowerBound }
    public var endOfIndices: Int? { nil }
}

extension PartialRangeUpTo<Int>: AxisRange {
    public var firstIndex: Int? { nil }
    public var endOfIndices: Int? { upperBound }
}

extension PartialRangeThrough<Int>: AxisRange {
    public var firstIndex: Int? { nil }
    public var endOfIndices: Int? { behind(upperBound) }
}

/// The next index. No axis has the largest, so what follows it need not be there.
private func behind(_ index: Int) -> Int { index == .max ? index : index + 1 }
