/// The class of every sample of a dataset, for whatever treats classes differently.
struct SampleClasses {
    /// The class of each sample.
    let classes: [Int32]

    /// Reads the classes of all samples, once.
    ///
    /// - Parameters:
    ///   - dataset: a dataset with a class, one-hot values, or a single value for each sample.
    ///   - name: the field that has it; `nil` for the only one that can.
    ///   - caller: who asks, for errors.
    /// - Throws: `ConvNetError` of kind `argument` if there is no such field, or more than one; what the dataset throws.
    init(of dataset: any Dataset, in name: String?, for caller: String) throws {
        let fields = dataset.fields
        let targets = fields.indices.filter {
            fields[$0].role == .target && (name == nil || fields[$0].name == name)
        }
        let labels = targets.filter { fields[$0].element == .int32 }
        // As for class weights: the index of the largest value is the class, a single value its number.
        let values = targets.filter { fields[$0].element != .int32 && fields[$0].shape.rank <= 1 }
        guard
            let field = labels.count == 1 ? labels[0] : labels.isEmpty && values.count == 1 ? values[0] : nil
        else {
            throw ConvNetError(
                .argument,
                labels.count + values.count > 1
                    ? "It is not said which target has the class" : "The dataset has no classes",
                at: caller,
                expected: "one target that is a class, or one-hot values"
                    + (name.map { ", named \"\($0)\"" } ?? ""),
                received: targets.map { "\(fields[$0].name) \(fields[$0].shape)" }.joined(separator: ", "),
                remedy: labels.count + values.count > 1 ? "Name the field" : nil
            )
        }
        try MemoryCheck.require(dataset.count * 4, for: "the classes of \(dataset.count) samples")
        var classes = [Int32](repeating: 0, count: dataset.count)
        if fields[field].element == .int32 {
            for sample in classes.indices { classes[sample] = try dataset.label(field, of: sample) }
        } else {
            var target = try Tensor(zeros: fields[field].shape)
            try target.withUnsafeMutableBufferPointer { places in
                for sample in classes.indices {
                    try dataset.readValues(field, of: sample, into: places)
                    guard let label = SampleWeights.label(of: UnsafeBufferPointer(places)),
                        let label = Int32(exactly: label)
                    else {
                        throw ConvNetError(
                            .data,
                            "A target value is no class",
                            at: "\(caller), sample \(sample)",
                            received: "\(places.first ?? .nan)"
                        )
                    }
                    classes[sample] = label
                }
            }
        }
        self.classes = classes
    }

    /// The samples of each class, in their order; classes in the order of their numbers.
    var samples: [(label: Int32, indices: [Int])] {
        Dictionary(grouping: classes.indices) { classes[$0] }.sorted { $0.key < $1.key }
            .map { (label: $0.key, indices: $0.value) }
    }
}
