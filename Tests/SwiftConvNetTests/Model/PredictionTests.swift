import SwiftConvNet
import TestSupport
import Testing

@Suite("evaluate and predict")
struct PredictionTests {
    @Test("one sample, with or without its channel axis, gives one prediction")
    func one() throws {
        let model = try SmallNetwork.make()
        let images = try SmallNetwork.images(3)
        let all = try model.predict(images)
        let predictor = try model.predictor()
        for place in 0..<3 {
            let image = try images[place..<(place + 1)].reshaped(to: [8, 8, 1])
            let expected = try all[place..<(place + 1)].reshaped(to: [3])
            // A batch of one may take other kernels than a batch of three.
            func isClose(_ prediction: Tensor) throws -> Bool {
                try prediction.shape == [3] && (prediction - expected).elements.allSatisfy { abs($0) < 1e-6 }
            }
            #expect(try isClose(model.predictOne(image)))
            #expect(try isClose(model.predictOne(image.reshaped(to: [8, 8]))))
            #expect(try isClose(predictor.predictOne(image)))
        }
        #expect(try predictor.predict(ArrayDataset(images, SmallNetwork.labels(3))) == all)
    }

    @Test(
        "a sample of another shape is an error that says what to do",
        arguments: [
            ([1, 8, 8, 1], "For a batch, call predict"), ([5, 8, 8, 1], "For a batch, call predict"),
            ([64], "Bring the sample into the shape [8, 8, 1]"), ([7], nil), ([], nil), ([8, 8, 3], nil),
        ] as [(Shape, String?)]
    )
    func notOne(shape: Shape, remedy: String?) throws {
        let model = try SmallNetwork.make()
        let error = try #require(throws: ConvNetError.self) { _ = try model.predictOne(Tensor(zeros: shape)) }
        #expect(error.kind == .shape)
        #expect(error.received == "\(shape)")
        #expect(error.remedy == remedy)
    }

    @Test("batch by batch, the same predictions, and the model may be asked meanwhile")
    func streaming() throws {
        let model = try SmallNetwork.make()
        let images = try SmallNetwork.images(50)
        let all = try model.predict(images, batchSize: 16)
        var parts: [Tensor] = []
        var ranges: [Range<Int>] = []
        let data = try ArrayDataset(images, SmallNetwork.labels(50))
        try model.predict(data, batchSize: 16) { batch, samples in
            parts.append(batch)
            ranges.append(samples)
            if samples.lowerBound == 16 { _ = try model.predict(images[0..<2]) }
        }
        #expect(try Tensor(concatenating: parts) == all)
        #expect(ranges == [0..<16, 16..<32, 32..<48, 48..<50])
        var named: [Tensor] = []
        try model.predictions(for: data, batchSize: 16, steps: 2) { batch, _ in
            named.append(try #require(batch["out"]))
        }
        #expect(try Tensor(concatenating: named) == all[0..<32])
        struct Enough: Error {}
        #expect(throws: Enough.self) { try model.predict(data, batchSize: 16) { _, _ in throw Enough() } }
        #expect(try model.predict(images, batchSize: 16) == all, "the model is free again")
    }

    @Test("some steps, and one batch")
    func stepsAndBatches() throws {
        let model = try SmallNetwork.trained()
        let images = try SmallNetwork.images(50), labels = SmallNetwork.labels(50)
        let all = try model.predict(images, batchSize: 16)
        #expect(try model.predict(images, batchSize: 16, steps: 2) == all[0..<32])
        #expect(try model.predict(images, batchSize: 16, steps: .max) == all)
        #expect(try model.predictOnBatch(images) == model.predict(images, batchSize: 50))
        #expect(try model.testOnBatch(images, labels) == model.evaluate(images, labels, batchSize: 50))
        #expect(
            try model.evaluate(images, labels, batchSize: 16, steps: 2)
                == model.evaluate(images[0..<32], labels.sliced(0..<32), batchSize: 16)
        )
        for attempt in [
            { _ = try model.predict(images, steps: 0) },
            { _ = try model.evaluate(images, labels, steps: -1) },
        ] as [() throws -> Void] {
            let error = try #require(throws: ConvNetError.self) { try attempt() }
            #expect(error.location == "steps")
        }
    }

    @Test("callbacks see the beginning, every batch and the end; also of fit's validation")
    func events() throws {
        let model = try SmallNetwork.trained()
        let images = try SmallNetwork.images(40), labels = SmallNetwork.labels(40)
        var diary: [String] = []
        let callback = LambdaCallback(onInference: { event, of in
            #expect(of === model)
            switch event {
            case .began(let run): diary.append("\(run.purpose) \(run.sampleCount) \(run.steps)")
            case .batchEnded(let batch, _):
                diary.append("\(batch.batch) \(batch.samplesSeen) \(batch.values?.loss != nil)")
            case .ended(_, let values): diary.append("end \(values?.names.count ?? 0)")
            }
        })
        let figures = try model.evaluate(images, labels, batchSize: 32, callbacks: [callback])
        #expect(diary == ["evaluation 40 2", "1 32 true", "2 40 true", "end 2"])
        #expect(try figures == model.evaluate(images, labels, batchSize: 32))
        diary = []
        _ = try model.predict(images, batchSize: 32, callbacks: [callback])
        #expect(diary == ["prediction 40 2", "1 32 false", "2 40 false", "end 0"])
        diary = []
        try model.fit(
            images,
            labels,
            verbose: .silent,
            callbacks: [callback],
            validationData: (images, labels)
        )
        #expect(diary == ["validation 40 2", "1 32 true", "2 40 true", "end 2"])
        struct Enough: Error {}
        let thrower = LambdaCallback(onInference: { _, _ in throw Enough() })
        #expect(throws: Enough.self) { _ = try model.predict(images, callbacks: [thrower]) }
        #expect(throws: Enough.self) { _ = try model.evaluate(images, labels, callbacks: [thrower]) }
    }

    @Test("progress of an evaluation and a prediction: a bar on a terminal, a line elsewhere")
    func progress() throws {
        let model = try SmallNetwork.trained()
        let images = try SmallNetwork.images(40), labels = SmallNetwork.labels(40)
        func text(_ style: ProgressLogger.Style, _ body: (ProgressLogger) throws -> Void) throws -> String {
            var text = ""
            try body(ProgressLogger(style, characters: .ascii) { text += $0 })
            return text
        }
        let line = try text(.lines) { _ = try model.evaluate(images, labels, callbacks: [$0]) }
        #expect(
            try /Evaluation - \d+\.\d s - \d+ images\/s - loss: \S+ - accuracy: \S+\n/.wholeMatch(in: line)
                != nil,
            "\(line)"
        )
        let prediction = try text(.lines) { _ = try model.predict(images, callbacks: [$0]) }
        #expect(
            try /Prediction - \d+\.\d s - \d+ images\/s\n/.wholeMatch(in: prediction) != nil,
            "\(prediction)"
        )
        let bar = try text(.bar) { _ = try model.predict(images, callbacks: [$0]) }
        let last = try #require(bar.split(separator: "\r").last)
        #expect(last.hasPrefix("2/2 "))
        #expect(last.hasSuffix("\n"))
        let validating = try text(.lines) { logger in
            try model.fit(
                images,
                labels,
                verbose: .silent,
                callbacks: [logger],
                validationData: (images, labels)
            )
        }
        #expect(validating.split(separator: "\n").count == 1)
    }

    @Test("the surest classes, by their names")
    func classes() throws {
        let model = try SmallNetwork.trained()
        let image = try SmallNetwork.images(1)[0..<1].reshaped(to: [8, 8, 1])
        let probabilities = try model.predictOne(image).elements
        let order = probabilities.indices.sorted { probabilities[$0] > probabilities[$1] }
        let numbered = try model.classify(image)
        #expect(numbered.map(\.classIndex) == order)
        #expect(numbered.map(\.name) == order.map { "\($0)" })
        #expect(numbered.map(\.confidence) == order.map { probabilities[$0] })
        model.classNames = ["cat", "dog", "bird"]
        let named = try model.classify(image, top: 2)
        #expect(named.map(\.name) == order.prefix(2).map { ["cat", "dog", "bird"][$0] })
        let predictor = try model.predictor()
        #expect(try predictor.classify(image, top: 2) == named)
        #expect(
            try model.decodePredictions(Tensor([[0.2, 0.5, 0.3], [.nan, 0, 0]]), top: 1).map { $0[0].name }
                == ["dog", "dog"]
        )
        for names in [["one"], ["a", "b", "c", "d"]] {
            model.classNames = names
            let error = try #require(throws: ConvNetError.self) { _ = try model.classify(image) }
            #expect(error.location == "classNames")
        }
        model.classNames = nil
        #expect(throws: ConvNetError.self) { _ = try model.classify(image, top: 0) }
        #expect(throws: ConvNetError.self) { _ = try model.decodePredictions(Tensor([1, 2])) }
    }

    @Test("the same for tasks")
    func tasks() async throws {
        let model = try SmallNetwork.make()
        let predictor = try model.predictor()
        let image = try SmallNetwork.images(1).reshaped(to: [8, 8])
        let plain = { (try model.predictOne(image), try model.classify(image)) }
        let (prediction, classes) = try plain()
        #expect(try await predictor.predictOne(image) == prediction)
        #expect(try await predictor.classify(image) == classes)
    }

    @Test("of two classes with one probability it is that of the second")
    func binary() throws {
        let model = try Sequential(inputShape: [2], layers: [Dense(1, activation: .sigmoid)])
        model.classNames = ["no", "yes"]
        let decoded = try model.decodePredictions(Tensor([[0.75], [0.25]]))
        #expect(decoded.map { $0.map(\.name) } == [["yes", "no"], ["no", "yes"]])
        #expect(decoded[1].map(\.confidence) == [0.75, 0.25])
        #expect(decoded[0][0].description == "yes: 0.75")
    }

    @Test("a saved model keeps the names of its classes; a file without them is read as before")
    func savedNames() throws {
        let folder = try TemporaryFolder()
        let model = try SmallNetwork.make()
        let plain = folder.file("plain.safetensors"), named = folder.file("named.safetensors")
        try model.save(to: plain)
        #expect(try SafeTensors(contentsOf: plain).metadata["class_names"] == nil)
        #expect(try Model.load(from: plain).classNames == nil)
        model.classNames = ["Katze", "\"Hund\"", "🐦"]
        try model.save(to: named)
        #expect(try Model.load(from: named).classNames == model.classNames)
        #expect(try model.clone().classNames == model.classNames)
        let file = try SafeTensors(contentsOf: named)
        var metadata = file.metadata
        metadata["class_names"] = "{}"
        let tensors = try file.entries.map { ($0.name, try file.tensor(named: $0.name)) }
        try SafeTensors.write(Dictionary(uniqueKeysWithValues: tensors), metadata: metadata, to: named)
        let error = try #require(throws: ConvNetError.self) { _ = try Model.load(from: named) }
        #expect(error.kind == .format)
        #expect(error.location?.contains("class_names") == true)
    }
}
