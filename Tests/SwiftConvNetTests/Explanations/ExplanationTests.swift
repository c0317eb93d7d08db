import Foundation
import SwiftConvNet
import TestSupport
import Testing

@Suite("Saliency and Grad-CAM")
struct ExplanationTests {
    /// What Keras has made of a network.
    struct Case: Decodable, Sendable {
        let weights: [GoldenTensor]
        let pictures: GoldenTensor
        let classes: [Int]
        let predictions: GoldenTensor
        let saliency: GoldenTensor
        let grad_cam: [String: GoldenTensor]

        static let golden = Result {
            struct File: Decodable { let explanations: Case }
            return try Golden.read("evaluation", as: File.self).explanations
        }
    }

    /// The network of `evaluation.py`.
    private func network(_ options: ComputeOptions = ComputeOptions(threads: 2)) throws -> Model {
        let input = Input(shape: [7, 6, 2], name: "pictures")
        var x = Conv2D(filters: 3, kernelSize: 3, padding: .same, useBias: false, name: "first")(input)
        x = BatchNormalization(name: "normalization")(x)
        let y = Conv2D(filters: 3, kernelSize: 3, padding: .same, activation: .relu, name: "second")(x)
        x = Activation(.relu, name: "sum")(Add()(x, y))
        x = Conv2D(filters: 4, kernelSize: 3, strides: 2, activation: .relu, name: "last")(x)
        x = Dropout(rate: 0.5)(Flatten()(x))
        x = Dense(units: 3, activation: .softmax, name: "classes")(x)
        return try Model(inputs: input, outputs: x, options: options)
    }

    private func golden() throws -> (golden: Case, model: Model, pictures: Tensor) {
        let golden = try Case.golden.get()
        let model = try network()
        try model.setWeights(golden.weights.map { try $0.tensor() })
        return (golden, model, try golden.pictures.tensor())
    }

    @Test("The same as Keras, of a batch and of each picture")
    func keras() throws {
        let (golden, model, pictures) = try golden()
        #expect(relativeDifference(try model.predict(pictures).elements, golden.predictions.values) < 1e-5)
        let saliency = try model.saliency(ofBatch: pictures, classes: golden.classes)
        #expect(saliency.shape == pictures.shape)
        #expect(relativeDifference(saliency.elements, golden.saliency.values) < 1e-5)
        #expect(golden.grad_cam.count == 3)
        for (layer, expected) in golden.grad_cam {
            let map = try model.gradCAM(ofBatch: pictures, layer: layer, classes: golden.classes)
            #expect(map.shape.dimensions == expected.shape)
            #expect(relativeDifference(map.elements, expected.values) < 1e-5, "\(layer)")
        }
        for (index, label) in golden.classes.enumerated() {
            let picture = try pictures[index..<(index + 1)].reshaped(to: [7, 6, 2])
            let one = try model.saliency(of: picture, class: label)
            #expect(one.shape == [7, 6, 2])
            let all = try saliency[index..<(index + 1)]
            #expect(relativeDifference(one.elements, all.elements) < 1e-6)
            let map = try model.gradCAM(of: picture, class: label)
            // Without a name it is the last layer that puts out maps.
            let last = try model.gradCAM(of: picture, layer: "last", class: label)
            #expect(map == last && map.shape == [3, 2])
        }
    }

    @Test("The gradient is the slope of the logit, and leaves the model as it is")
    func slope() throws {
        let (_, model, pictures) = try golden()
        let before = model.parameterDigest
        try model.compile(optimizer: .sgd(), loss: .sparseCategoricalCrossentropy())
        let picture = try pictures[1..<2].reshaped(to: [7, 6, 2])
        let gradient = try model.saliency(of: picture, class: 2)
        // log p of a class less that of another is the difference of their logits.
        func difference(_ x: Tensor) throws -> Double {
            let p = try model.predictOne(x).elements.map(Double.init)
            return log(p[2] / p[0])
        }
        let other = try model.saliency(of: picture, class: 0)
        for place in [0, 17, 40, 83] {
            func moved(_ distance: Float) throws -> Tensor {
                var elements = picture.elements
                elements[place] += distance
                return try Tensor(elements, shape: picture.shape)
            }
            let quotient = (try difference(moved(0.01)) - difference(moved(-0.01))) / 0.02
            let expected = Double(gradient.elements[place] - other.elements[place])
            // A kink of a rectifier within the step may be in the way, but not at these places; float32 leaves some 1e-4.
            #expect(abs(quotient - expected) < 2e-3 * max(1, abs(expected)), "\(place)")
        }
        #expect(model.parameterDigest == before)
        // And it still trains.
        let history = try model.fit(pictures, Labels([0, 1, 2, 1]), epochs: 2, verbose: .silent)
        #expect(history.epochs.count == 2)
    }

    @Test("Without a class it is the one that the model predicts; the bits do not depend on the threads")
    func predicted() throws {
        let (golden, model, pictures) = try golden()
        let classes = try model.predict(pictures).argmaxOfLastAxis()
        #expect(
            try model.saliency(ofBatch: pictures) == model.saliency(ofBatch: pictures, classes: classes)
        )
        #expect(
            try model.gradCAM(ofBatch: pictures) == model.gradCAM(ofBatch: pictures, classes: classes)
        )
        for threads in [1, 3] {
            let other = try network(ComputeOptions(threads: threads))
            try other.setWeights(golden.weights.map { try $0.tensor() })
            #expect(try other.saliency(ofBatch: pictures) == model.saliency(ofBatch: pictures))
            #expect(try other.gradCAM(ofBatch: pictures) == model.gradCAM(ofBatch: pictures))
        }
    }

    @Test("Of a single sigmoid the score of class 1 is the logit, and that of class 0 its negative")
    func binary() throws {
        let model = try Sequential(inputShape: [4], seed: 3) {
            Dense(units: 1, activation: .sigmoid)
        }
        let x = try TestValues.uniform([1, 4], seed: 2)
        let kernel = model.parameters[0].values.elements
        #expect(try model.saliency(ofBatch: x, classes: [1]).elements == kernel)
        #expect(try model.saliency(ofBatch: x, classes: [0]).elements == kernel.map { -$0 })
        let predicted = try model.predict(x)[0, 0] >= 0.5 ? 1 : 0
        #expect(try model.saliency(ofBatch: x) == model.saliency(ofBatch: x, classes: [predicted]))
    }

    @Test("Of maps the score is the sum over their places; penalties of layers do not count")
    func maps() throws {
        let model = try Sequential(inputShape: [3, 3, 2], seed: 3) {
            ActivityRegularization(l2: 10)
            Conv2D(filters: 2, kernelSize: 1)
        }
        let x = try TestValues.uniform([1, 3, 3, 2], seed: 2)
        let kernel = model.parameters[0].values.elements
        let gradient = try model.saliency(ofBatch: x, classes: [1]).elements
        let expected: [Float] = (0..<18).map { place in kernel[2 * (place % 2) + 1] }
        #expect(gradient == expected)
    }

    @Test("Inputs of other sizes, where the model takes them")
    func flexible() throws {
        let input = Input(shape: [8, 8, 1], flexibleAxes: [0, 1])
        let x = Conv2D(filters: 3, kernelSize: 3, activation: .relu, name: "maps")(input)
        let output = Dense(units: 2, activation: .softmax)(GlobalAveragePooling2D()(x))
        let model = try Model(inputs: input, outputs: output, seed: 4)
        let pictures = try TestValues.uniform([2, 6, 10, 1], seed: 2)
        #expect(try model.saliency(ofBatch: pictures, classes: [0, 1]).shape == [2, 6, 10, 1])
        #expect(try model.gradCAM(ofBatch: pictures, classes: [0, 1]).shape == [2, 4, 8])
        // The channel axis may be missing.
        #expect(try model.saliency(of: Tensor(zeros: [8, 8]), class: 1).shape == [8, 8, 1])
    }

    @Test("What cannot be explained is an error")
    func refusals() throws {
        let (_, model, pictures) = try golden()
        func refused(_ kind: ConvNetError.Kind, _ body: () throws -> Tensor) {
            let error = #expect(throws: ConvNetError.self) { _ = try body() }
            #expect(error?.kind == kind, "\(error as Any)")
        }
        refused(.argument) { try model.saliency(ofBatch: pictures, classes: [0]) }
        refused(.argument) { try model.saliency(ofBatch: pictures, classes: [0, 1, 2, 3]) }
        refused(.argument) { try model.saliency(ofBatch: pictures, classes: [0, 1, 2, -1]) }
        refused(.shape) { try model.saliency(ofBatch: Tensor(zeros: [1, 5]), classes: [0]) }
        refused(.shape) { try model.saliency(of: Tensor(zeros: [5])) }
        refused(.argument) { try model.gradCAM(ofBatch: pictures, layer: "none") }
        refused(.shape) { try model.gradCAM(ofBatch: pictures, layer: "classes") }
        let dense = try Sequential(inputShape: [4], layers: [Dense(units: 2)])
        refused(.shape) { try dense.gradCAM(of: Tensor(zeros: [4])) }
        let left = Input(shape: [4], name: "left"), right = Input(shape: [4], name: "right")
        let two = try Model(inputs: [left, right], outputs: [Add()(left, right)])
        refused(.argument) { try two.saliency(ofBatch: Tensor(zeros: [1, 4]), classes: [0]) }
        let outputs = try Model(inputs: [left], outputs: [Dense(units: 2)(left), Dense(units: 2)(left)])
        refused(.argument) { try outputs.saliency(of: Tensor(zeros: [4]), class: 0) }
    }
}
