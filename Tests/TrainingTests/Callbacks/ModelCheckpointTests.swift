import SwiftConvNet
import TestSupport
import Testing

@Suite("ModelCheckpoint")
struct ModelCheckpointTests {
    private let folder: TemporaryFolder

    init() throws { folder = try TemporaryFolder() }

    private func weight(in name: String) throws -> Float {
        let model = try scriptedModel()
        try model.loadWeights(from: folder.file(name))
        return try model.weight
    }

    @Test("saves each epoch, under names made of epoch and figures, in folders that it makes")
    func names() throws {
        let template = "a/b/{epoch:03d}-{val_loss:.2f}-{score:.1e}-{epoch}.safetensors"
        let checkpoint = ModelCheckpoint(folder.file(template), saveWeightsOnly: true)
        try runScript([0.5, 12.375], on: scriptedModel(), callbacks: [checkpoint], validates: true)
        #expect(try folder.names == ["a"])
        #expect(try weight(in: "a/b/001-0.50-5.0e-01-1.safetensors") == 2)
        #expect(try weight(in: "a/b/002-12.38-1.2e+01-2.safetensors") == 3)
        #expect(checkpoint.state.lastPath == folder.file("a/b/002-12.38-1.2e+01-2.safetensors"))
    }

    @Test("only the best is kept, in both directions")
    func best() throws {
        let figures: [Float] = [5, 4, 6, 3, 7]
        func checkpoint(_ name: String, _ monitor: String, from first: Double? = nil) -> ModelCheckpoint {
            ModelCheckpoint(
                folder.file(name),
                monitor: monitor,
                saveBestOnly: true,
                saveWeightsOnly: true,
                initialValueThreshold: first
            )
        }
        let lowest = checkpoint("low", "val_loss")
        let highest = checkpoint("high", "score")
        let never = checkpoint("never", "val_loss", from: 2)
        try runScript(figures, on: scriptedModel(), callbacks: [lowest, highest, never], validates: true)
        #expect(try folder.names == ["high", "low"])
        #expect(try weight(in: "low") == 5)
        #expect(try weight(in: "high") == 6)
        #expect(lowest.state.best == 3)
        #expect(never.state.best == 2)
    }

    @Test("weights alone, or the whole model with its optimizer")
    func wholeOrWeights() throws {
        let model = try Sequential(inputShape: [1], layers: [Dense(units: 1)])
        try model.compile(optimizer: .adam(), loss: .mse())
        let x = try Tensor([1, 2], shape: [2, 1])
        try model.fit(
            x,
            x,
            epochs: 2,
            verbose: .silent,
            callbacks: [
                ModelCheckpoint(folder.file("model.safetensors")),
                ModelCheckpoint(folder.file("weights.safetensors"), saveWeightsOnly: true),
            ]
        )
        let loaded = try Model.load(from: folder.file("model.safetensors"))
        #expect(loaded.stepCount == 2)
        #expect(try loaded.predict(x) == model.predict(x))
        try model.trainOnBatch(x, x)
        try loaded.trainOnBatch(x, x)
        #expect(try loaded.predict(x) == model.predict(x))
        #expect(throws: ConvNetError.self) { try Model.load(from: folder.file("weights.safetensors")) }
        try model.loadWeights(from: folder.file("weights.safetensors"))
        #expect(try loaded.predict(x) != model.predict(x))
    }

    @Test("after so many batches, counted on through the epochs")
    func batches() throws {
        let x = try Tensor(shape: [10, 1], repeating: 1)
        let data = try ArrayDataset(x, Tensor(zeros: [10, 1]))
        let checkpoint = ModelCheckpoint(
            folder.file("{epoch}-{batch:02d}"),
            saveWeightsOnly: true,
            frequency: .batches(2)
        )
        try scriptedModel().fit(data, batchSize: 4, epochs: 2, verbose: .silent, callbacks: [checkpoint])
        #expect(try folder.names == ["1-02", "2-01", "2-03"])
        #expect(!ModelCheckpoint("x").receivesBatches)
        let odd = ModelCheckpoint(folder.file("odd"), frequency: .batches(0))
        #expect(throws: ConvNetError.self) {
            try scriptedModel().fit(data, verbose: .silent, callbacks: [odd])
        }
    }

    @Test("names that are not there, odd formats and missing figures are errors")
    func refusals() throws {
        func error(_ name: String, best: Bool = false) -> ConvNetError? {
            #expect(throws: ConvNetError.self) {
                try runScript(
                    [1],
                    on: scriptedModel(),
                    callbacks: [ModelCheckpoint(folder.file(name), saveBestOnly: best, saveWeightsOnly: true)]
                )
            }
        }
        #expect(error("{val_loss}")?.expected == "one of epoch, loss, score")
        #expect(error("{epoch:x}")?.kind == .argument)
        #expect(error("{loss:d}")?.kind == .argument)
        #expect(error("{epoch")?.kind == .argument)
        #expect(error("{batch}")?.kind == .argument)
        #expect(error("plain", best: true)?.expected == "one of loss, score")
        #expect(try folder.names.isEmpty)
    }
}
