extension Tensor {
    /// A tensor of numbers, the last axis fastest; without a shape it has one axis.
    ///
    /// ```swift
    /// let bytes: [UInt8] = [0, 127, 255, 64]
    /// let image = try Tensor(bytes, shape: [2, 2, 1]) / 255
    /// ```
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the shape asks for another number of elements.
    @_disfavoredOverload  // Literals are Floats, as without it.
    public init<Element: TensorElement>(_ elements: [Element], shape: Shape? = nil) throws {
        let shape = shape ?? [elements.count]
        guard try shape.validated(as: "tensor").elementCount == elements.count else {
            throw ConvNetError(
                .shape,
                "The elements do not fill the shape \(shape)",
                at: "Tensor(_:shape:)",
                expected: "\(shape.elementCount) elements",
                received: "\(elements.count)"
            )
        }
        try self.init(shape: shape) { destination in
            if let address = destination.baseAddress { Element.write(elements, to: address) }
        }
    }

    /// A matrix from its rows.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the rows have different lengths.
    public init(_ rows: [[Float]]) throws { try self.init(rows: rows) }

    /// A matrix from its rows.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the rows have different lengths.
    @_disfavoredOverload
    public init<Element: TensorElement>(_ rows: [[Element]]) throws { try self.init(rows: rows) }

    /// A tensor of three axes from nested arrays, such as one image: rows, columns, channels.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the inner arrays have different lengths.
    public init(_ nested: [[[Float]]]) throws { try self.init(planes: nested) }

    /// A tensor of three axes from nested arrays, such as one image: rows, columns, channels.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the inner arrays have different lengths.
    @_disfavoredOverload
    public init<Element: TensorElement>(_ nested: [[[Element]]]) throws { try self.init(planes: nested) }

    /// A tensor of four axes from nested arrays, such as images: image, rows, columns, channels.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the inner arrays have different lengths.
    public init(_ nested: [[[[Float]]]]) throws { try self.init(images: nested) }

    /// A tensor of four axes from nested arrays, such as images: image, rows, columns, channels.
    ///
    /// - Throws: `ConvNetError` of kind `shape` if the inner arrays have different lengths.
    @_disfavoredOverload
    public init<Element: TensorElement>(_ nested: [[[[Element]]]]) throws { try self.init(images: nested) }

    private init<Element: TensorElement>(rows: [[Element]]) throws {
        let shape: Shape = rows.isEmpty ? [0] : [rows.count, rows[0].count]
        try self.init(shape: shape) { destination in
            var writer = NestedWriter(destination.baseAddress, shape: shape)
            try writer.write(rows: rows, axis: 0)
        }
    }

    private init<Element: TensorElement>(planes: [[[Element]]]) throws {
        let rows = planes.first ?? []
        let shape: Shape =
            planes.isEmpty
            ? [0] : rows.isEmpty ? [planes.count, 0] : [planes.count, rows.count, rows[0].count]
        try self.init(shape: shape) { destination in
            var writer = NestedWriter(destination.baseAddress, shape: shape)
            try writer.write(planes: planes, axis: 0)
        }
    }

    private init<Element: TensorElement>(images: [[[[Element]]]]) throws {
        let planes = images.first ?? [], rows = planes.first ?? []
        var sizes = [images.count]
        if !images.isEmpty { sizes.append(planes.count) }
        if !planes.isEmpty { sizes.append(rows.count) }
        if !rows.isEmpty { sizes.append(rows[0].count) }
        let shape = Shape(sizes)
        try self.init(shape: shape) { destination in
            var writer = NestedWriter(destination.baseAddress, shape: shape)
            var place = 0
            while place < images.count {
                let planes = images[place]
                try writer.check(planes.count, axis: 1, at: place)
                try writer.write(planes: planes, axis: 1)
                place += 1
            }
        }
    }
}

/// Writes nested arrays one after the other. Loops count by themselves, for an iterator costs a debug build more than the row.
private struct NestedWriter {
    private var destination: UnsafeMutablePointer<Float>?
    private let shape: Shape
    private let width: Int

    init(_ destination: UnsafeMutablePointer<Float>?, shape: Shape) {
        self.destination = destination
        self.shape = shape
        width = shape.dimensions.last ?? 0
    }

    mutating func write<Element: TensorElement>(planes: [[[Element]]], axis: Int) throws {
        var place = 0
        while place < planes.count {
            let rows = planes[place]
            try check(rows.count, axis: axis + 1, at: place)
            try write(rows: rows, axis: axis + 1)
            place += 1
        }
    }

    mutating func write<Element: TensorElement>(rows: [[Element]], axis: Int) throws {
        var place = 0
        while place < rows.count {
            let row = rows[place]
            if row.count != width { try check(row.count, axis: axis + 1, at: place) }
            if let address = destination, width > 0 {
                Element.write(row, to: address)
                destination = address + width
            }
            place += 1
        }
    }

    /// - Throws: `ConvNetError` of kind `shape` unless an array has the length of the first of its kind.
    func check(_ count: Int, axis: Int, at place: Int) throws {
        guard shape.rank <= axis || count != shape[axis] else { return }
        throw ConvNetError(
            .shape,
            "The arrays within an array must have one length",
            at: "Tensor, axis \(axis), array \(place)",
            expected: shape.rank > axis
                ? "\(shape[axis]) elements, as the first has" : "no element, as in the first",
            received: "\(count)"
        )
    }
}
