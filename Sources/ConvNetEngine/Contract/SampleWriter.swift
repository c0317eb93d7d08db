/// Where a dataset writes one sample: a place for each of its fields.
public struct SampleWriter {
    struct Place {
        var address: UnsafeMutableRawPointer?
        var count = 0
        var isLabel = false
    }

    let places: UnsafeMutableBufferPointer<Place>

    /// The places for the elements of field `index` of the dataset's `fields`; `nil` if nobody asks for it now, or it is a class.
    public func values(of index: Int) -> UnsafeMutableBufferPointer<Float>? {
        guard places.indices.contains(index), let address = places[index].address, !places[index].isLabel
        else { return nil }
        return UnsafeMutableBufferPointer(
            start: address.assumingMemoryBound(to: Float.self),
            count: places[index].count
        )
    }

    /// The place for the class that is field `index`; `nil` if nobody asks for it now, or it is no class.
    public func label(of index: Int) -> UnsafeMutablePointer<Int32>? {
        guard places.indices.contains(index), places[index].isLabel else { return nil }
        return places[index].address?.assumingMemoryBound(to: Int32.self)
    }
}
