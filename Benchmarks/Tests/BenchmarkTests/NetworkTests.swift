import SwiftConvNet
import Testing
import convnet_bench

@Suite struct NetworkTests {
    private func model(_ network: BenchmarkNetwork) throws -> Model {
        try network.make(ComputeOptions(threads: 1))
    }

    @Test func mnist() throws {
        let model = try model(.mnist)
        #expect(
            model.parameters.map(\.name) == [
                "conv1/kernel", "conv1/bias", "conv2/kernel", "conv2/bias", "dense1/kernel", "dense1/bias",
                "dense2/kernel", "dense2/bias",
            ]
        )
        #expect(model.parameterCount == 225_034)
    }

    @Test func vgg() throws {
        let model = try model(.vgg)
        #expect(model.outputShape == [10])
        let convolutions = 9 * (3 * 64 + 64 * 64 + 64 * 128 + 128 * 128 + 128 * 256 + 256 * 256)
        let dense = 4096 * 256 + 256 + 256 * 10 + 10
        #expect(model.parameterCount == convolutions + 4 * (64 + 64 + 128 + 128 + 256 + 256) + dense)
        #expect(model.parameters.contains { $0.name == "bn6/moving_variance" })
        #expect(!model.parameters.contains { $0.name == "conv1/bias" })
    }

    @Test func resnet18() throws {
        let model = try model(.resnet18)
        #expect(model.outputShape == [1000])
        // torchvision's resnet18 has 11,689,512 parameters; moving averages come on top.
        #expect(model.trainableParameterCount == 11_689_512)
        let names = Set(model.parameters.map(\.name))
        for name in [
            "conv1/kernel", "bn1/gamma", "layer1.0.conv1/kernel", "layer2.0.downsample.0/kernel",
            "layer2.0.downsample.1/moving_mean", "layer4.1.bn2/beta", "fc/bias",
        ] {
            #expect(names.contains(name), "\(name)")
        }
        #expect(!names.contains("layer1.0.downsample.0/kernel"))
        let shapes = Dictionary(uniqueKeysWithValues: model.graph.nodes.map { ($0.name, $0.outputShapes[0]) })
        #expect(shapes["conv1"] == [112, 112, 64])
        #expect(shapes["layer1.0.conv1"] == [56, 56, 64])
        #expect(shapes["layer3.0.conv1"] == [14, 14, 256])
        #expect(shapes["layer4.0.downsample.0"] == [7, 7, 512])
    }

    @Test func applications() throws {
        // torchvision's counts.
        for (network, count) in [(BenchmarkNetwork.resNet50, 25_557_032), (.mobileNetV2, 3_504_872)] {
            let model = try model(network)
            #expect(model.outputShape == [1000] && model.inputShape == network.inputShape)
            #expect(model.trainableParameterCount == count)
        }
    }
}
