import SwiftConvNet
import TestSupport
import Testing

/// Sizes that a user or a file can name, and that no machine holds.
@Suite("What does not fit the memory is an error")
struct TooLargeTests {
    private func refused(_ body: () throws -> Void) -> ConvNetError? {
        #expect(throws: ConvNetError.self) { try body() }
    }

    @Test("a tensor", arguments: [1 << 44, 1 << 60, .max])
    func tensor(count: Int) {
        let error = refused { _ = try Tensor(zeros: [count]) }
        #expect(error?.kind == .environment || error?.kind == .shape)
    }

    @Test("parameters, before any of them is made", arguments: [1 << 40, 1 << 50, .max])
    func parameters(units: Int) {
        _ = refused { _ = try Sequential(inputShape: [8], layers: [Dense(units: units)]) }
        _ = refused {
            _ = try Sequential(inputShape: [8, 8, 1], layers: [Conv2D(filters: units, kernelSize: 3)])
        }
    }

    @Test("values between layers without parameters, which a small file can name")
    func intermediate() throws {
        let folder = try TemporaryFolder()
        var tried = 0
        for padding in [1 << 20, 1 << 29, Int(Int32.max)] {
            let model = try? Sequential(
                inputShape: [1, 1, 1],
                layers: [ZeroPadding2D(padding: Size2D(padding, padding)), GlobalMaxPooling2D()]
            )
            guard let model else { continue }
            tried += 1
            try model.save(to: folder.file("model"))
            let loaded = try Model.load(from: folder.file("model"))
            let error = refused { _ = try loaded.predict(Tensor(shape: [1, 1, 1, 1], repeating: 1)) }
            #expect(error?.kind == .environment)
            #expect(error?.summary == "There is not enough memory")
        }
        #expect(tried > 0)
    }

    @Test("a batch")
    func batch() throws {
        let model = try Sequential(inputShape: [1], layers: [Dense(units: 1)])
        // As many samples as there are: the size of the batch alone costs nothing.
        #expect(try model.predict(Tensor(shape: [1, 1], repeating: 1), batchSize: .max).shape == [1, 1])
    }
}
