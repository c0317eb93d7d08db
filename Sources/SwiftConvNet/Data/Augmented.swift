/// A dataset whose pictures are changed at random each time that they are read for training.
///
/// ```swift
/// let train = try Augmented(data) {
///     RandomFlip(mode: .horizontal)
///     RandomTranslation(heightFactor: 0.1, widthFactor: 0.1)
/// }
/// ```
///
/// The changes depend on the seed of the model (or of a transform), on the epoch, on the sample's index and on the transform's place
/// in the list: not on batches or workers, and a run that is resumed sees the same ones. In an evaluation pictures stay as they are,
/// except that a `RandomCrop` takes their middle. Masks, which are the targets of the picture's height and width, move with it, and their
/// classes stay whole: transforms of colours leave them as they are, whatever number of channels they have.
public struct Augmented: Dataset {
    /// The dataset whose pictures are changed.
    public let base: any Dataset
    /// What changes them, in order.
    public let transforms: [any ImageTransform]
    public let fields: [Field]
    public let identity: String?
    /// The picture first, then masks.
    private let chains: [Chain]
    /// Floats: for all chains beside each other, then for what is between two transforms, then for scratch.
    private let roomCount: Int, betweenOffset: Int, scratchOffset: Int
    private let actsInInference: Bool

    /// A field that goes through all transforms.
    private struct Chain {
        let field: Int
        let role: PictureContext.Role
        /// Before each transform and after the last.
        let shapes: [Shape]
        /// Where it begins in the memory of a sample, and how much it has there.
        var offset = 0
        var count: Int { shapes.dropLast().map(\.elementCount).max() ?? 0 }
    }

    /// What tells it from other ones, in checkpoints.
    private struct Settings: Encodable {
        let field: String
        let masks: [String]
        let transforms: [CodedLayer]
    }

    /// A dataset whose pictures go through transforms.
    ///
    /// - Parameters:
    ///   - base: the dataset whose pictures are changed.
    ///   - field: the input that is a picture, `[height, width, channels]`. Default `nil`: the only such input.
    ///   - masks: the fields that have a class for each pixel, `[height, width]` or `[height, width, channels]`, and move with the
    ///     picture. Default `nil`: all such targets.
    ///   - transforms: what changes the pictures, in order.
    /// - Throws: `ConvNetError` of kind `argument` if there is no such field or a setting of a transform is out of range, of kind
    ///   `shape` if pictures and masks do not fit.
    public init(
        _ base: any Dataset,
        field: String? = nil,
        masks: [String]? = nil,
        @TransformBuilder transforms: () throws -> [any ImageTransform]
    ) throws {
        // Transforms of a pipeline draw as if they stood in the list.
        let transforms = Pipeline(layers: try transforms()).flattened
        var fields = base.fields
        let picture = try Self.picture(named: field, in: fields)
        let masks = masks ?? Self.masks(in: fields, of: fields[picture])
        var chains: [Chain] = []
        for (index, role) in try [(picture, PictureContext.Role.picture)]
            + masks.map({ (try Self.mask(named: $0, in: fields, of: fields[picture]), .mask) })
        {
            let ofPicture = chains.first?.shapes
            let own = fields[index].shape
            var shapes = [own.rank == 2 ? Shape(own.dimensions + [1]) : own]
            for (place, transform) in transforms.enumerated() {
                do {
                    shapes.append(
                        try Self.shape(of: transform, for: shapes[place], beside: ofPicture?[place + 1])
                    )
                } catch let error as ConvNetError {
                    throw error.located(at: "Augmented, transform \(place), \(type(of: transform).kind)")
                }
            }
            let last = shapes[transforms.count]
            fields[index] = Field(
                fields[index].name,
                fields[index].role,
                shape: own.rank == 2 ? Shape(Array(last.dimensions.dropLast())) : last
            )
            chains.append(Chain(field: index, role: role, shapes: shapes))
        }
        var end = 0
        for index in chains.indices {
            chains[index].offset = end
            end += chains[index].count
        }
        betweenOffset = end
        scratchOffset = end + (chains.map(\.count).max() ?? 0)
        let scratch = chains.flatMap { chain in
            zip(transforms, chain.shapes).map { $0.scratchCount(for: $1) }
        }
        roomCount = scratchOffset + (scratch.max() ?? 0)
        self.base = base
        self.transforms = transforms
        self.fields = fields
        self.chains = chains
        actsInInference = transforms.contains { $0.actsInInference }
        let settings = try StableJSON.text(
            of: Settings(
                field: fields[picture].name,
                masks: masks,
                transforms: transforms.map { CodedLayer(wrappedValue: $0) }
            )
        )
        identity = "Augmented \(settings)" + (base.identity.map { " of \($0)" } ?? "")
    }

    public var count: Int { base.count }
    public var hasTargetsInMemory: Bool { base.hasTargetsInMemory }
    public var readsAhead: Int { base.readsAhead }
    public var classNames: [String]? { base.classNames }

    public func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        let isWanted = chains.contains { sample.values(of: $0.field) != nil }
        guard isWanted, !transforms.isEmpty, reading.isTraining || actsInInference else {
            return try base.read(index, in: reading.inner, into: sample)
        }
        try withUnsafeTemporaryAllocation(of: Float.self, capacity: roomCount) { room in
            guard let start = room.baseAddress else { return }
            start.initialize(repeating: 0, count: roomCount)
            try sample.redirected(
                fieldCount: fields.count,
                by: { redirection in
                    for chain in chains where sample.values(of: chain.field) != nil {
                        redirection.values(
                            of: chain.field,
                            to: UnsafeMutableBufferPointer(
                                start: start + chain.offset,
                                count: chain.shapes[0].elementCount
                            )
                        )
                    }
                },
                { try base.read(index, in: reading.inner, into: $0) }
            )
            for chain in chains {
                guard let destination = sample.values(of: chain.field)?.baseAddress else { continue }
                run(chain, of: index, in: reading, start, to: destination)
            }
        }
    }

    /// The shape after a transform; of a mask that of its changed picture, but for the channels, which stay.
    ///
    /// - Parameter changed: the changed picture, beside which a mask is; `nil` for the picture itself.
    /// - Throws: what the transform throws; `ConvNetError` of kind `shape` if the picture, or what the transform needs, is too large to
    ///   be held in memory several times.
    private static func shape(
        of transform: some ImageTransform,
        for picture: Shape,
        beside changed: Shape?
    ) throws -> Shape {
        let output = try (changed.map { picture.mask(beside: $0) } ?? transform.outputShape(for: picture))
            .validated(as: "output", minimum: 1)
        guard output == picture || transform.actsInInference else { throw transform.changesShapeInTraining }
        let largest = 1 << 40
        guard output.elementCount < largest, transform.scratchCount(for: picture) < largest else {
            throw ConvNetError(
                .shape,
                "A picture does not fit in memory",
                expected: "less than \(largest) numbers",
                received: "\(output)"
            )
        }
        return output
    }

    /// Takes a picture through all transforms.
    private func run(
        _ chain: Chain,
        of index: Int,
        in reading: Reading,
        _ room: UnsafeMutablePointer<Float>,
        to destination: UnsafeMutablePointer<Float>
    ) {
        var source = room + chain.offset, other = room + betweenOffset
        for (place, transform) in transforms.enumerated() {
            let isLast = place == transforms.count - 1
            let before = chain.shapes[place], after = chain.shapes[place + 1]
            let output = isLast ? destination : other
            transform.transform(
                PictureContext(
                    source: UnsafeBufferPointer(start: source, count: before.elementCount),
                    output: UnsafeMutableBufferPointer(start: output, count: after.elementCount),
                    scratch: room + scratchOffset,
                    shape: before,
                    outputShape: after,
                    random: reading.seeded(transform.seed).random(index, transform: place),
                    isTraining: reading.isTraining,
                    role: chain.role
                )
            )
            swap(&source, &other)
        }
    }

    /// The index of the picture.
    static func picture(named name: String?, in fields: [Field], of owner: String = "Augmented") throws -> Int
    {
        let found = fields.indices.filter {
            fields[$0].role == .input && fields[$0].shape.rank == 3
                && (name ?? fields[$0].name) == fields[$0].name
        }
        guard found.count == 1 else {
            throw ConvNetError(
                .argument,
                "\(owner) changes one picture of each sample",
                at: "field",
                expected: "the name of an input [height, width, channels]",
                received:
                    "\(name.map { "\"\($0)\"" } ?? "none"), of \(fields.map { "\"\($0.name)\" \($0.shape)" })",
                remedy: "Name it: field: \"\(fields.first?.name ?? "input")\""
            )
        }
        return found[0]
    }

    /// The names of the targets that have a value for each pixel of a picture.
    static func masks(in fields: [Field], of picture: Field) -> [String] {
        fields.filter { $0.role == .target && isMask($0, of: picture) }.map(\.name)
    }

    private static func isMask(_ field: Field, of picture: Field) -> Bool {
        field.element == .float32 && (2...3).contains(field.shape.rank)
            && field.shape.dimensions.prefix(2) == picture.shape.dimensions.prefix(2)
    }

    /// The index of a mask.
    static func mask(named name: String, in fields: [Field], of picture: Field) throws -> Int {
        let found = fields.indices.filter { fields[$0].name == name && fields[$0] != picture }
        guard let index = found.first, found.count == 1, isMask(fields[index], of: picture) else {
            throw ConvNetError(
                .argument,
                "A mask has a class for each pixel of its picture",
                at: "masks, \"\(name)\"",
                expected:
                    "a field [\(picture.shape[0]), \(picture.shape[1])] or [\(picture.shape[0]), \(picture.shape[1]), channels]",
                received: found.isEmpty ? "no such field" : "\(found.map { fields[$0].shape })"
            )
        }
        return index
    }
}
