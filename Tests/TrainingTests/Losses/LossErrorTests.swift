import SwiftConvNet
import Testing

@Suite("The catalogue of losses refuses what it cannot compare")
struct LossErrorTests {
    private func refusal(_ loss: any Loss, _ output: Shape, _ targets: TargetKind) -> ConvNetError? {
        do {
            try loss.validate(output: output, targets: targets)
            return nil
        } catch { return error as? ConvNetError }
    }

    @Test("settings out of range name the setting, what fits and what was given")
    func settings() {
        let values = TargetKind.values([3])
        let cases: [(any Loss, TargetKind, String)] = [
            (.huber(delta: 0), values, "delta"), (.huber(delta: .infinity), values, "delta"),
            (.cosineSimilarity(axis: 0), values, "axis"), (.cosineSimilarity(axis: 2), values, "axis"),
            (.cosineSimilarity(axis: .min), values, "axis"),
            (.binaryFocalCrossentropy(gamma: -1), values, "gamma"),
            (.binaryFocalCrossentropy(alpha: 1.5), values, "alpha"),
            (.binaryFocalCrossentropy(labelSmoothing: 2), values, "labelSmoothing"),
            (.categoricalFocalCrossentropy(alpha: [1, 2]), values, "alpha"),
            (.categoricalFocalCrossentropy(alpha: []), values, "alpha"),
            (.categoricalFocalCrossentropy(gamma: .nan), values, "gamma"),
            (.categoricalGeneralizedCrossEntropy(q: 1), .labels, "q"),
            (.dice(axis: []), values, "axis"), (.dice(axis: [1, -1]), values, "axis"),
            (.dice(axis: [2]), values, "axis"), (.tversky(axis: [.max]), values, "axis"),
            (.tversky(alpha: -1), values, "alpha"), (.tversky(beta: .nan), values, "beta"),
            (.circle(gamma: 0), .labels, "gamma"), (.circle(margin: 2), .labels, "margin"),
        ]
        for (loss, targets, setting) in cases {
            let error = refusal(loss, [3], targets)
            #expect(error?.kind == .argument, "\(loss)")
            #expect(error?.location == setting, "\(loss)")
            #expect(error?.expected != nil && error?.received != nil, "\(loss)")
        }
    }

    @Test("targets and shapes that do not fit")
    func shapes() {
        for loss: any Loss in [
            .mape(), .msle(), .huber(), .logCosh(), .poisson(), .cosineSimilarity(), .klDivergence(),
            .categoricalHinge(), .categoricalFocalCrossentropy(), .dice(), .tversky(),
        ] {
            #expect(refusal(loss, [3], .labels)?.kind == .data, "\(loss)")
            #expect(refusal(loss, [3], .values([2]))?.kind == .shape, "\(loss)")
            #expect(refusal(loss, [3], .values([3])) == nil, "\(loss)")
            #expect(refusal(loss, [2, 3], .values([2, 3])) == nil, "\(loss)")
        }
        for loss: any Loss in [.hinge(), .squaredHinge(), .binaryFocalCrossentropy()] {
            #expect(refusal(loss, [3], .labels)?.kind == .data, "\(loss)")
            #expect(refusal(loss, [1], .labels) == nil, "\(loss)")
            #expect(refusal(loss, [3], .values([2]))?.kind == .shape, "\(loss)")
        }
        for loss: any Loss in [.categoricalGeneralizedCrossEntropy(), .circle()] {
            #expect(refusal(loss, [3], .values([3]))?.kind == .data, "\(loss)")
            #expect(refusal(loss, [3], .labels) == nil, "\(loss)")
        }
        #expect(refusal(.circle(), [2, 3], .values([2]))?.kind == .shape)
        #expect(refusal(.cosineSimilarity(), [], .values([]))?.kind == .argument)
        #expect(refusal(.dice(axis: [1, 2, 3]), [4, 4, 1], .values([4, 4])) == nil)
    }

    @Test("a class that is not there is an error, or NaN where any number may be ignored; none traps")
    func classes() throws {
        let x = try Tensor([0.2, 0.8, 0.6, 0.4], shape: [2, 2])
        #expect(throws: ConvNetError.self) {
            try CategoricalGeneralizedCrossEntropy()([0, 2] as Labels, x)
        }
        let ignoring = SparseCategoricalCrossentropy(ignoreClass: -1)
        #expect(try ignoring([0, -1] as Labels, x).isFinite)
        #expect(try ignoring([0, 7] as Labels, x).isNaN)
        #expect(try Circle(gamma: 2)([5, 7] as Labels, x) == 0)
        // A metric has no check of classes before.
        let metric = LossMetric(CategoricalGeneralizedCrossEntropy())
        #expect(try metric(Tensor([0, 9]), x).isNaN)
    }
}
