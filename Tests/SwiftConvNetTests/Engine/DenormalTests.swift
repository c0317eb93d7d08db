import SwiftConvNet
import Testing

@Suite("Denormals")
struct DenormalTests {
    @Test("They are zero on every worker, and the caller's setting is as before", arguments: [1, 3])
    func flushedAndRestored(threads: Int) throws {
        let model = try Sequential(
            inputShape: [4], layers: [Halving()], options: ComputeOptions(threads: threads))
        let smallest = Float.leastNormalMagnitude
        let halves = try model.predict(Tensor(shape: [64, 4], repeating: smallest), batchSize: 64)
        #expect(halves.elements.allSatisfy { $0 == 0 })
        #expect(half(smallest) != 0)
    }
}

private struct Halving: SampleLayer {
    static let kind = "Halving"
    func outputShape(for inputs: [Shape]) throws -> Shape { inputs[0] }
    func forward(_ sample: SampleContext) {
        for place in sample.output.indices { sample.output[place] = half(sample.input(0)[place]) }
    }
    func backward(_ sample: SampleContext) {}
}

/// Not inlined, so that the compiler cannot compute it beforehand.
@inline(never) private func half(_ value: Float) -> Float { value / 2 }
