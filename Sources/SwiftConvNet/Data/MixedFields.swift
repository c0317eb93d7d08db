/// What `MixUp` and `CutMix` share: pairs of samples of a dataset, in which classes are arrays with a 1 at the class.
struct MixedFields: Sendable {
    let base: any Dataset
    let fields: [Field]
    /// Where each field of a partner goes, in floats.
    private let offsets: [Int]
    private let roomCount: Int

    /// - Parameters:
    ///   - classes: the number of classes; `nil` for that of the dataset's class names.
    ///   - owner: what errors call the dataset.
    /// - Throws: `ConvNetError` of kind `argument` if a target is a class and their number is not known, or less than 1.
    init(_ base: any Dataset, classes: Int?, for owner: String) throws {
        self.base = base
        let classes = classes ?? base.classNames?.count
        fields = try base.fields.map { field in
            guard field.element == .int32 else { return field }
            guard let classes, (1...largestSize).contains(classes) else {
                throw ConvNetError(
                    .argument,
                    "\(owner) mixes classes as shares of each, and has to know how many there are",
                    at: "classes",
                    expected: "1...\(largestSize)",
                    received: classes.map { "\($0)" } ?? "nil, and the dataset has no class names",
                    remedy: "Write \(owner)(data, classes: 10), say"
                )
            }
            return Field(field.name, field.role, shape: [classes])
        }
        var end = 0
        var offsets: [Int] = []
        for field in fields {
            offsets.append(end)
            end += field.shape.elementCount
        }
        self.offsets = offsets
        roomCount = end
    }

    /// Reads a sample and, if there is one, its partner.
    ///
    /// - Parameter combine: called for each field that is asked for, if there is a partner: changes the sample's values.
    func read(
        _ index: Int,
        partner: Int?,
        in reading: Reading,
        into sample: SampleWriter,
        combine: (Int, UnsafeMutableBufferPointer<Float>, UnsafeBufferPointer<Float>) -> Void
    ) throws {
        try readOne(index, in: reading, into: sample) { sample.values(of: $0) }
        guard let partner else { return }
        try withUnsafeTemporaryAllocation(of: Float.self, capacity: roomCount) { room in
            room.initialize(repeating: 0)
            func place(_ field: Int) -> UnsafeMutableBufferPointer<Float>? {
                guard sample.values(of: field) != nil else { return nil }
                let start = offsets[field]
                return UnsafeMutableBufferPointer(
                    rebasing: room[start..<(start + fields[field].shape.elementCount)]
                )
            }
            try readOne(partner, in: reading, into: sample, place)
            for field in fields.indices {
                guard let mine = sample.values(of: field), let other = place(field) else { continue }
                combine(field, mine, UnsafeBufferPointer(other))
            }
        }
    }

    /// Reads one sample of the base.
    ///
    /// - Parameter place: where a field goes; `nil` if nobody asks for it.
    private func readOne(
        _ index: Int,
        in reading: Reading,
        into sample: SampleWriter,
        _ place: (Int) -> UnsafeMutableBufferPointer<Float>?
    ) throws {
        let labels = base.fields
        try withUnsafeTemporaryAllocation(of: Int32.self, capacity: fields.count) { classes in
            classes.initialize(repeating: 0)
            guard let start = classes.baseAddress else { return }
            try sample.redirected(
                fieldCount: fields.count,
                by: { redirection in
                    for field in fields.indices {
                        guard let values = place(field) else { continue }
                        if labels[field].element == .int32 {
                            redirection.label(of: field, to: start + field)
                        } else {
                            redirection.values(of: field, to: values)
                        }
                    }
                },
                { try base.read(index, in: reading.inner, into: $0) }
            )
            for field in fields.indices where labels[field].element == .int32 {
                guard let values = place(field) else { continue }
                try write(classes[field], of: index, as: fields[field].name, to: values)
            }
        }
    }

    /// Writes a class as an array with a 1.
    private func write(
        _ label: Int32,
        of index: Int,
        as name: String,
        to values: UnsafeMutableBufferPointer<Float>
    ) throws {
        guard values.indices.contains(Int(label)) else {
            throw ConvNetError(
                .data,
                "A label is no class",
                at: "sample \(index), \"\(name)\"",
                expected: "0..<\(values.count)",
                received: "\(label)"
            )
        }
        values.update(repeating: 0)
        values[Int(label)] = 1
    }
}

/// `mine = weight · mine + (1 - weight) · other`.
func mix(
    _ mine: UnsafeMutableBufferPointer<Float>,
    _ other: UnsafeBufferPointer<Float>,
    weight: Float
) {
    for place in mine.indices { mine[place] = weight * mine[place] + (1 - weight) * other[place] }
}
