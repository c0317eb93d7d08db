import Foundation
import SwiftConvNet
import Testing

@testable import convnet_bench

@Suite struct LayerCaseTests {
    @Test func titlesAreDifferent() {
        let titles = LayerCase.all.map(\.title)
        #expect(Set(titles).count == titles.count)
        #expect(titles.first == "DepthwiseConv2D 8×112×112×32, 3×3")
        #expect(titles.contains("Conv1D 8×1000×64, 3 dilated 4 causal → 64"))
    }

    @Test func layersHaveTheNameThatProfilesAreReadBy() {
        for single in LayerCase.all { #expect(single.layer.name == LayerCase.layerName, "\(single.title)") }
    }

    @Test func everyLayerIsAModel() throws {
        for single in LayerCase.all {
            let model = try SingleLayer.plain(single, options: ComputeOptions(threads: 1))
            #expect(model.inputShape == single.inputShape)
            #expect(model.parameters.allSatisfy { $0.name.hasPrefix("layer/") }, "\(single.title)")
            #expect(single.takesWholeNumbers == (single.description.kind == "Embedding"))
        }
    }

    @Test func sizesAreThoseOfTheDescription() throws {
        for single in LayerCase.all where single.description.padding != nil {
            let description = single.description
            guard let padding = description.padding, let size = description.size,
                description.kind != "Conv2DTranspose"
            else { continue }
            let model = try SingleLayer.plain(single, options: ComputeOptions(threads: 1))
            for axis in size.indices {
                let reach = (size[axis] - 1) * (description.dilation?[axis] ?? 1) + 1
                let whole = single.inputShape[axis] + padding[axis][0] + padding[axis][1]
                let outputs = (whole - reach) / (description.strides?[axis] ?? 1) + 1
                #expect(model.outputShape[axis] == outputs, "\(single.title)")
            }
        }
    }

    @Test func argumentsAreOneLineOfJSON() throws {
        let found = try LayerCase.all[1].argument
        #expect(!found.contains("\n"))
        let object = try JSONSerialization.jsonObject(with: Data(found.utf8)) as? [String: Any]
        #expect(object?["kind"] as? String == "DepthwiseConv2D")
        #expect(
            object?["strides"] as? [Int] == [2, 2] && object?["padding"] as? [[Int]] == [[0, 0], [0, 0]]
        )
        #expect(object?["filters"] == nil)
    }

    @Test func aLayerIsTimed() throws {
        let single = try #require(LayerCase.all.first { $0.title == "Add 8×14×14×256, two" })
        let layer = try SingleLayer(single, options: ComputeOptions(threads: 1))
        #expect(try layer.time(mode: .inference, repeats: 1) > 0)
        #expect(try layer.time(mode: .training, repeats: 1) > 0)
    }
}
