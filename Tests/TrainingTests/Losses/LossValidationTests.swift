import SwiftConvNet
import Testing

@Suite("Losses refuse what they cannot compare")
struct LossValidationTests {
    private func refusal(_ loss: any Loss, _ output: Shape, _ targets: TargetKind) -> ConvNetError? {
        do {
            try loss.validate(output: output, targets: targets)
            return nil
        } catch { return error as? ConvNetError }
    }

    @Test("targets of the wrong kind or shape")
    func kinds() {
        #expect(refusal(.sparseCategoricalCrossentropy(), [10], .values([10]))?.kind == .data)
        #expect(refusal(.sparseCategoricalCrossentropy(), [1], .labels)?.kind == .shape)
        #expect(refusal(.sparseCategoricalCrossentropy(), [4, 4, 3], .labels)?.kind == .data)
        #expect(refusal(.categoricalCrossentropy(), [10], .labels)?.kind == .data)
        #expect(refusal(.categoricalCrossentropy(), [10], .values([9]))?.kind == .shape)
        #expect(
            refusal(.categoricalCrossentropy(labelSmoothing: 1.5), [10], .values([10]))?.kind == .argument
        )
        #expect(refusal(.binaryCrossentropy(), [3], .labels)?.kind == .data)
        #expect(refusal(.binaryCrossentropy(labelSmoothing: .nan), [3], .values([3]))?.kind == .argument)
        #expect(refusal(.meanSquaredError(), [3], .labels)?.kind == .data)
        #expect(refusal(.meanSquaredError(), [3], .none)?.kind == .data)
        #expect(refusal(.meanAbsoluteError(), [3, 2], .values([2, 3]))?.kind == .shape)
    }

    @Test("what fits is accepted")
    func accepted() {
        #expect(refusal(.sparseCategoricalCrossentropy(), [10], .labels) == nil)
        #expect(refusal(.sparseCategoricalCrossentropy(), [10], .values([])) == nil)
        #expect(refusal(.sparseCategoricalCrossentropy(), [4, 4, 3], .values([4, 4])) == nil)
        #expect(refusal(.sparseCategoricalCrossentropy(), [4, 4, 3], .values([4, 4, 1])) == nil)
        #expect(refusal(.categoricalCrossentropy(), [4, 4, 3], .values([4, 4, 3])) == nil)
        #expect(refusal(.binaryCrossentropy(), [1], .labels) == nil)
        #expect(refusal(.binaryCrossentropy(), [1], .values([])) == nil)
        #expect(refusal(.meanSquaredError(), [4, 1], .values([4])) == nil)
    }

    @Test("a class of a map that is out of range, or no whole number, is an error, and nothing is changed")
    func classesOfMaps() throws {
        for odd: Float in [3, -1, 0.5] {
            let model = try Sequential(inputShape: [2, 1], layers: [Dense(units: 3, activation: .softmax)])
            try model.compile(loss: .sparseCategoricalCrossentropy())
            let x = try Tensor([1, 2, 3, 4], shape: [2, 2, 1])
            let before = try model.predict(x)
            let error = #expect(throws: ConvNetError.self) {
                try model.trainOnBatch(x, Tensor([0, 1, 2, odd], shape: [2, 2]))
            }
            #expect(error?.kind == .data)
            #expect(error?.location == "sample 1")
            #expect(try model.predict(x) == before)
            try model.trainOnBatch(x, Tensor([0, 1, 2, 2], shape: [2, 2]))
            #expect(try model.predict(x) != before)
        }
    }
}
