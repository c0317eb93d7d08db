import SwiftConvNet

/// Arrays as the inputs of a model: a sample of each along its first axis, or, where a model's file has no batch axis, all of it.
struct ArrayInputs: Dataset {
    private struct Part: Sendable {
        let array: SampleArray
        let isWhole: Bool
    }

    let count: Int
    let fields: [Field]
    private let parts: [Part]

    /// - Parameters:
    ///   - arrays: by the names that the file gives to inputs; a model of one input needs no name.
    ///   - loaded: the model.
    /// - Throws: `ConvNetError` of kind `argument` if an input is missing, given twice or unknown, of kind `data` if the numbers of samples
    ///   differ.
    init(_ arrays: [(name: String?, array: SampleArray)], for loaded: LoadedModel) throws {
        var found: [String: SampleArray] = [:]
        for (name, array) in arrays {
            let port = try loaded.input(arrays.count == 1 && loaded.inputs.count == 1 ? nil : name)
            guard found.updateValue(array, forKey: port.layer) == nil else {
                throw ConvNetError(.argument, "An input is given twice", at: port.name)
            }
        }
        let missing = loaded.inputs.filter { found[$0.layer] == nil && $0.name != LoadedModel.placeholder }
        guard missing.isEmpty else {
            throw ConvNetError(
                .argument,
                "Inputs are missing",
                at: loaded.path,
                expected: missing.map { "--input \($0.name)=FILE, \($0.arrayShape)" }.joined(separator: "; ")
            )
        }
        var counts: [(name: String, count: Int)] = []
        var fields: [Field] = [], parts: [Part] = []
        for port in loaded.inputs {
            let array = try found[port.layer] ?? .memory(Tensor(zeros: [1, 1]))
            let shape = array.shape
            if port.hasBatchAxis {
                guard let count = shape.first else {
                    throw ConvNetError(
                        .shape,
                        "Samples need an axis that counts them",
                        at: port.name,
                        expected: port.arrayShape,
                        received: "\(shape)"
                    )
                }
                counts.append((port.name, count))
            }
            let own = port.hasBatchAxis ? Array(shape.dropFirst()) : shape.dimensions
            // A single number enters as an axis of size 1.
            fields.append(Field(port.layer, .input, shape: own.isEmpty ? [1] : Shape(own)))
            let isWhole = !port.hasBatchAxis
            parts.append(Part(array: isWhole ? .memory(try array.tensor) : array, isWhole: isWhole))
        }
        let samples = counts.first?.count ?? 1
        if let odd = counts.first(where: { $0.count != samples }) {
            throw ConvNetError(
                .data,
                "There must be as many samples for each input",
                at: odd.name,
                expected: "\(samples), as for \(counts[0].name)",
                received: "\(odd.count)"
            )
        }
        count = samples
        self.fields = fields
        self.parts = parts
    }

    func read(_ index: Int, in reading: Reading, into sample: SampleWriter) throws {
        for (field, part) in parts.enumerated() {
            if let values = sample.values(of: field) {
                try part.array.read(part.isWhole ? 0 : index, into: values)
            }
        }
    }
}

extension LoadedModel {
    /// The input that a graph without inputs gets.
    static let placeholder = "call"
}
