extension SampleWriter {
    /// Where fields go, in place of where the reader of a sample wants them.
    package struct Redirection {
        fileprivate let places: UnsafeMutableBufferPointer<Place>

        /// Sends the elements of a field elsewhere.
        package func values(of field: Int, to buffer: UnsafeMutableBufferPointer<Float>) {
            places[field] = Place(
                address: buffer.baseAddress.map { UnsafeMutableRawPointer($0) },
                count: buffer.count
            )
        }

        /// Sends the class that is a field elsewhere.
        package func label(of field: Int, to place: UnsafeMutablePointer<Int32>) {
            places[field] = Place(address: UnsafeMutableRawPointer(place), count: 1, isLabel: true)
        }
    }

    /// Lends a writer for a dataset within another one, some of whose fields go elsewhere.
    ///
    /// - Parameters:
    ///   - count: the number of fields.
    ///   - change: sends fields elsewhere; those that it does not name go where they would go.
    package func redirected(
        fieldCount count: Int,
        by change: (Redirection) -> Void,
        _ body: (SampleWriter) throws -> Void
    ) throws {
        try withUnsafeTemporaryAllocation(of: Place.self, capacity: count) { changed in
            for field in 0..<count {
                changed.initializeElement(
                    at: field,
                    to: places.indices.contains(field) ? places[field] : Place()
                )
            }
            change(Redirection(places: changed))
            try body(SampleWriter(places: changed))
        }
    }
}
