import BenchmarkCore
import Testing

@Suite struct ConvolutionShapeTests {
    @Test func outputsAndOperations() {
        let mnist = ConvolutionShape(1, 28, 28, 32, 3)
        #expect(mnist.outputHeight == 26 && mnist.outputWidth == 26)
        #expect(mnist.forwardOperations(batch: 1) == 2 * 26 * 26 * 32 * 9)
        #expect(!mnist.needsInputGradient)
        #expect(mnist.trainingOperations(batch: 2) == 4 * 2 * 26 * 26 * 32 * 9)

        let first = ConvolutionShape(3, 224, 224, 64, 7, stride: 2, padding: 3)
        #expect(first.outputHeight == 112 && first.outputWidth == 112)

        let resnet = ConvolutionShape(64, 56, 56, 64, 3, padding: 1)
        #expect(resnet.outputHeight == 56)
        // He and others (2015), table 1: 0.1156 · 10⁹ multiply-adds in such a layer.
        #expect(resnet.forwardOperations(batch: 1) == 2 * 115_605_504)
        #expect(resnet.trainingOperations(batch: 1) == 6 * 115_605_504)

        let depthwise = ConvolutionShape(96, 56, 56, 96, 3, padding: 1, groups: 96)
        #expect(depthwise.forwardOperations(batch: 1) == 2 * 56 * 56 * 96 * 9)
    }

    @Test func argumentsGoBothWays() {
        for shape in ConvolutionShape.common + ConvolutionShape.cifar {
            #expect(ConvolutionShape(shape.argument) == shape)
        }
        #expect(ConvolutionShape.common[2].argument == "3,224,224,64,7,2,3,1")
        #expect(Set(ConvolutionShape.common.map(\.description)).count == ConvolutionShape.common.count)
        for text in [
            "", "1,2,3", "1,2,3,4,5,6,7,8,9", "a,1,1,1,1,1,0,1", "4,8,8,4,3,1,1,3", "4,8,8,4,3,0,1,1",
        ] {
            #expect(ConvolutionShape(text) == nil, "\(text)")
        }
    }

    @Test func descriptionsSayWhatIsUnusual() {
        #expect(ConvolutionShape.common[3].description == "64×56×56 → 64, 3×3")
        #expect(ConvolutionShape.common[0].description == "1×28×28 → 32, 3×3 valid")
        #expect(ConvolutionShape.common[2].description == "3×224×224 → 64, 7×7 stride 2")
        #expect(ConvolutionShape.common[9].description == "96×56×56 → 96, 3×3 depthwise")
    }
}
