import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// `mnist-network.json`.
private struct MNISTGoldens: Decodable {
    struct Summary: Decodable {
        let sum: Double
        let absolute_sum: Double
        let largest: Double
    }

    struct Check: Decodable {
        struct Images: Decodable {
            let first: GoldenTensor
            let sum: Double
        }

        struct Weights: Decodable {
            let first: GoldenTensor
            let absolute_sum: Double
        }

        let labels: [Int]
        let images: Images
        let weights: [String: Weights]
    }

    let losses_float64: [Double]
    let final_weights_float64: [String: Summary]
    let formula_check: Check
}

@Suite("The MNIST network against Keras")
struct MNISTNetworkTests {
    private static let batch = 32
    private let goldens: MNISTGoldens

    init() throws { goldens = try Golden.read("mnist-network") }

    private func model() throws -> Sequential {
        let model = try MNISTNetwork.make()
        for (name, tensor) in try MNISTNetwork.weights() { try model.set(name, tensor) }
        try model.compile(optimizer: .adam(), loss: .sparseCategoricalCrossentropy(), metrics: [.accuracy])
        return model
    }

    @Test("images, labels and weights follow the formulas")
    func formulas() throws {
        let check = goldens.formula_check
        #expect(MNISTNetwork.labels(16) == check.labels)
        let images = try MNISTNetwork.images(640).elements
        #expect(Array(images[..<8]) == check.images.first.values)
        #expect(abs(images.reduce(0) { $0 + Double($1) } - check.images.sum) < 1e-3)
        for (name, tensor) in try MNISTNetwork.weights() {
            let expected = try #require(check.weights[name])
            let values = tensor.elements
            #expect(Array(values[..<4]) == expected.first.values)
            #expect(abs(values.reduce(0) { $0 + Double(abs($1)) } - expected.absolute_sum) < 1e-6)
        }
    }

    @Test("every gradient of the first step, and the losses of 20 steps of Adam")
    func steps() throws {
        let model = try model()
        let images = try MNISTNetwork.images(640)
        let labels = MNISTNetwork.labels(640)
        func data(_ step: Int) throws -> (Tensor, Labels) {
            let range = (step * Self.batch)..<((step + 1) * Self.batch)
            return (try images.sliced(range), try Labels(labels[range]))
        }

        let (x, y) = try data(0)
        let gradients = try model.gradients(x, y)
        let expected = try GoldenGradients()
        #expect(gradients.parameters.count == 8)
        for (name, gradient) in gradients.parameters {
            // Seen: 1.3e-6.
            #expect(
                relativeDifference(gradient.elements, try expected.values(of: name), floor: 0) < 1e-5,
                "\(name)"
            )
        }

        #expect(goldens.losses_float64.count == 20)
        for (step, expected) in goldens.losses_float64.enumerated() {
            let (x, y) = try data(step)
            let loss = try #require(try model.trainOnBatch(x, y).loss)
            // Seen: 1e-6 until, in step 11, rounding decides which of two pixels is the larger; then 1.3e-5.
            #expect(abs(loss - expected) < 5e-5 * abs(expected), "step \(step + 1)")
        }
        for (name, expected) in goldens.final_weights_float64 {
            let values = try model.value(name).elements.map(Double.init)
            #expect(abs(values.reduce(0, +) - expected.sum) < 1e-4 * expected.absolute_sum, "\(name)")
            #expect(
                abs(values.reduce(0) { $0 + abs($1) } - expected.absolute_sum) < 1e-4 * expected.absolute_sum
            )
            #expect(abs((values.map(abs).max() ?? 0) - expected.largest) < 1e-5)
        }
    }
}

/// `mnist-network-gradients.safetensors`: eight bytes with the length of a JSON header, then the values.
private struct GoldenGradients {

    private let data: Data
    private let header: [String: Any]
    private let start: Int

    init() throws {
        data = try Data(
            contentsOf: Golden.folder.appendingPathComponent("mnist-network-gradients.safetensors")
        )
        let length = data.prefix(8).reversed().reduce(0) { $0 << 8 | Int($1) }
        start = 8 + length
        header = try #require(JSONSerialization.jsonObject(with: data[8..<start]) as? [String: Any])
    }

    func values(of name: String) throws -> [Float] {
        let entry = try #require(header[name] as? [String: Any])
        let offsets = try #require(entry["data_offsets"] as? [Int])
        let bytes = data[(start + offsets[0])..<(start + offsets[1])]
        return bytes.withUnsafeBytes { raw in
            stride(from: 0, to: raw.count, by: 4).map {
                Float(
                    bitPattern: UInt32(littleEndian: raw.loadUnaligned(fromByteOffset: $0, as: UInt32.self))
                )
            }
        }
    }
}
