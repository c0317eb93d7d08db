import CKernels
import Testing

extension Kernels {
    struct Levels {
        @Test func aLevelAboveTheProcessorsIsLowered() {
            let before = ck_current_level()
            defer { _ = ck_set_level(before) }
            #expect(ck_set_level(CK_LEVEL_AVX512) == ck_supported_level())
            #expect(ck_current_level() == ck_supported_level())
            #expect(ck_set_level(CK_LEVEL_BASELINE) == CK_LEVEL_BASELINE)
            #expect(ck_current_level() == CK_LEVEL_BASELINE)
        }

        @Test func levelsHaveTheirNames() {
            #expect(String(cString: ck_level_name(CK_LEVEL_BASELINE)) == "baseline")
            #expect(String(cString: ck_level_name(CK_LEVEL_AVX2)) == "AVX2")
            #expect(String(cString: ck_level_name(CK_LEVEL_AVX512)) == "AVX-512")
        }
    }

    struct Denormals {
        /// Half of the smallest normal number, computed where the compiler cannot do it beforehand.
        private func halfOfLeastNormal() -> Float {
            var x = [Float.leastNormalMagnitude]
            ck_scale(&x, 1, 0.5)
            return x[0]
        }

        @Test func areFlushedAndThenBackAgain() {
            #expect(halfOfLeastNormal() == 0x1p-127)
            let state = ck_flush_denormals()
            let flushed = halfOfLeastNormal()
            // A denormal as input is zero, too: times 2^30 it would be a normal number.
            var input = [Float(bitPattern: 1 << 22)]
            ck_scale(&input, 1, 0x1p30)
            ck_restore_denormals(state)
            #expect(flushed == 0)
            #expect(input[0] == 0)
            #expect(halfOfLeastNormal() == 0x1p-127)
        }

        @Test func nestedFlushesRestoreInOrder() {
            let outer = ck_flush_denormals()
            let inner = ck_flush_denormals()
            ck_restore_denormals(inner)
            let stillFlushed = halfOfLeastNormal()
            ck_restore_denormals(outer)
            #expect(stillFlushed == 0)
            #expect(halfOfLeastNormal() != 0)
        }
    }
}
