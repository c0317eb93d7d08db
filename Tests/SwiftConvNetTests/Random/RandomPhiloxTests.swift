import CKernels
import SwiftConvNet
import Testing

@Suite("Random: Philox4x32-10")
struct RandomPhiloxTests {
    /// The known answers of Random123 1.14 (`tests/kat_vectors`, philox4x32, 10 rounds).
    static let knownAnswers: [(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, output: SIMD4<UInt32>)] = [
        ([0, 0, 0, 0], [0, 0], [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8]),
        (
            [.max, .max, .max, .max], [.max, .max],
            [0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd]
        ),
        (
            [0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0],
            [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
        ),
    ]

    @Test("gives the known answers", arguments: knownAnswers)
    func knownAnswer(counter: SIMD4<UInt32>, key: SIMD2<UInt32>, output: SIMD4<UInt32>) {
        #expect(Philox.block(counter: counter, key: key) == output)
    }

    @Test("equals ck_philox")
    func agreesWithC() {
        var random = RandomStream(seed: 5, purpose: .user)
        for _ in 0..<1000 {
            let counter = (0..<4).map { _ in random.nextWord() }, key = (0..<2).map { _ in random.nextWord() }
            var output = [UInt32](repeating: 0, count: 4)
            ck_philox(counter, key, &output)
            let block = Philox.block(counter: SIMD4(counter), key: SIMD2(key))
            #expect((0..<4).allSatisfy { block[$0] == output[$0] })
        }
    }

    @Test("a stream's words are those of ck_philox_fill with the stream's key and counter")
    func streamAgreesWithC() {
        let seed: UInt64 = 0x0123_4567_89ab_cdef
        let (c1, c2, c3) = RandomStream.counterWords(.dropout, 7, 8, 9)
        #expect((c1, c2, c3) == (7, 8, 0x0300_0009))
        #expect(RandomStream.key(seed) == (0x89ab_cdef, 0x0123_4567))
        let key = [RandomStream.key(seed).0, RandomStream.key(seed).1]
        var words = [UInt32](repeating: 0, count: 103)
        ck_philox_fill(0, c1, c2, c3, key, &words, words.count)
        var random = RandomStream(seed: seed, purpose: .dropout, 7, 8, 9)
        #expect(words.map { _ in random.nextWord() } == words)
    }

    @Test("ck_dropout drops by the words of the stream")
    func dropoutAgrees() {
        let (c1, c2, c3) = RandomStream.counterWords(.dropout, 1, 2, 3)
        let key = [RandomStream.key(42).0, RandomStream.key(42).1]
        let x = [Float](repeating: 1, count: 1001)
        var y = x
        ck_dropout(x, &y, y.count, 1 << 31, 2, c1, c2, c3, key)
        var random = RandomStream(seed: 42, purpose: .dropout, 1, 2, 3)
        #expect(y == x.map { _ in random.nextWord() >= 1 << 31 ? 2 : 0 })
    }
}
