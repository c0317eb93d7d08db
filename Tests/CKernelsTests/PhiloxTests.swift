import CKernels
import Testing

extension Kernels {
    struct Philox {
        private func block(_ counter: [UInt32], _ key: [UInt32]) -> [UInt32] {
            var output = [UInt32](repeating: 0, count: 4)
            ck_philox(counter, key, &output)
            return output
        }

        /// Vectors of Random123 (Salmon et al.), `kat_vectors`, philox4x32 10.
        @Test func givesThePublishedAnswers() {
            #expect(block([0, 0, 0, 0], [0, 0]) == [0x6627_e8d5, 0xe169_c58d, 0xbc57_ac4c, 0x9b00_dbd8])
            let ones = UInt32.max
            #expect(
                block([ones, ones, ones, ones], [ones, ones]) == [
                    0x408f_276d, 0x41c8_3b0e, 0xa20b_c7c6, 0x6d54_51fd,
                ]
            )
            #expect(
                block([0x243f_6a88, 0x85a3_08d3, 0x1319_8a2e, 0x0370_7344], [0xa409_3822, 0x299f_31d0])
                    == [0xd16c_fe09, 0x94fd_cceb, 0x5001_e420, 0x2412_6ea1]
            )
        }

        @Test(arguments: lengths)
        func fillIsBlockAfterBlockAndTheCounterWraps(count: Int) {
            let key: [UInt32] = [123, 456]
            for first: UInt32 in [0, 77, .max - 2] {
                let expected = (0..<count).map { i in
                    block([first &+ UInt32(i / 4), 5, 6, 7], key)[i % 4]
                }
                atEveryLevel {
                    var words = [UInt32](repeating: 0xabcd, count: count + 8)
                    ck_philox_fill(first, 5, 6, 7, key, &words, count)
                    #expect(Array(words.prefix(count)) == expected)
                    #expect(words.suffix(8).allSatisfy { $0 == 0xabcd })
                }
            }
        }

        @Test(arguments: lengths + [2049])
        func dropoutKeepsByTheWordsOfTheFill(count: Int) {
            var numbers = Numbers(40)
            let x = numbers.floats(count)
            let key: [UInt32] = [9, 8]
            var words = [UInt32](repeating: 0, count: count)
            ck_philox_fill(0, 1, 2, 3, key, &words, count)
            for threshold: UInt32 in [0, 1 << 30, 3 << 30, .max] {
                let expected = zip(x, words).map { $1 >= threshold ? $0 * 1.25 : 0 }
                atEveryLevel {
                    var y = Guarded(count: count)
                    let yResult = y.write { ck_dropout(x, $0, count, threshold, 1.25, 1, 2, 3, key) }
                    #expect(yResult == expected)
                    var inPlace = Guarded(x)
                    let inPlaceResult = inPlace.write {
                        ck_dropout($0, $0, count, threshold, 1.25, 1, 2, 3, key)
                    }
                    #expect(inPlaceResult == expected)
                }
            }
        }

        @Test func aQuarterIsDroppedAtAQuarter() {
            let count = 100_000
            var y = [Float](repeating: 0, count: count)
            ck_dropout([Float](repeating: 1, count: count), &y, count, 1 << 30, 1, 1, 2, 3, [4, 5])
            let dropped = y.count { $0 == 0 }
            // Binomial: standard deviation 137.
            #expect((dropped - 25_000).magnitude < 5 * 137)
        }
    }
}
