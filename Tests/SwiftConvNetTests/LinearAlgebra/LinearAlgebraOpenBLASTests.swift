import CKernels
import SwiftConvNet
import Testing

@Suite("LinearAlgebra: OpenBLAS")
struct LinearAlgebraOpenBLASTests {
    @Test("the build says what it is")
    func facts() {
        print(
            "OpenBLAS \(OpenBLAS.version), core \(OpenBLAS.coreName), \(OpenBLAS.parallelModel), "
                + "\(OpenBLAS.threadCount) threads: \(OpenBLAS.configuration)"
        )
        #expect(OpenBLAS.configuration.hasPrefix("OpenBLAS "))
        #expect(OpenBLAS.version.split(separator: ".").count >= 2)
        #expect(OpenBLAS.version.allSatisfy { $0.isNumber || $0 == "." || $0.isLetter })
        #expect(!OpenBLAS.coreName.isEmpty)
        #expect(OpenBLAS.supportsConcurrentCalls == (OpenBLAS.parallelModel != .serial))
    }

    @Test("one thread means one thread")
    func oneThread() {
        OpenBLAS.useOneThread()
        #expect(OpenBLAS.threadCount == 1)
        #expect(OpenBLAS.useOneOpenMPThread() == (OpenBLAS.parallelModel == .openMP))
    }

    @Test("a weak core is told from a fitting one", arguments: ["Haswell", "HASWELL", "Zen"])
    func weakCore(core: String) throws {
        let weak = try #require(
            OpenBLAS.WeakCore(core: core, processor: .avx512, variable: "Haswell", choosesAtRunTime: true)
        )
        #expect(
            weak.coreVectors == "AVX2" && weak.processorVectors == "AVX-512" && weak.variable == "Haswell"
        )
        #expect(weak.description.contains(core) && weak.description.contains("OPENBLAS_CORETYPE=Haswell"))
        #expect(weak.remedy.contains("env -u OPENBLAS_CORETYPE"))
        for processor in [VectorLevel.avx2, .baseline] {
            #expect(
                OpenBLAS.WeakCore(core: core, processor: processor, variable: nil, choosesAtRunTime: true)
                    == nil
            )
        }
    }

    @Test("without the variable the remedy is another one")
    func remedies() throws {
        let old = try #require(
            OpenBLAS.WeakCore(core: "Zen", processor: .avx512, variable: nil, choosesAtRunTime: true)
        )
        #expect(old.remedy.contains("OPENBLAS_CORETYPE=SkylakeX") && old.variable == nil)
        let fixed = try #require(
            OpenBLAS.WeakCore(core: "Nehalem", processor: .avx2, variable: "", choosesAtRunTime: false)
        )
        #expect(fixed.remedy.contains("DYNAMIC_ARCH") && fixed.variable == nil)
        #expect(
            OpenBLAS.WeakCore(core: "neoversen1", processor: .avx512, variable: nil, choosesAtRunTime: true)
                == nil
        )
        #expect(
            OpenBLAS.WeakCore(core: "SkylakeX", processor: .avx512, variable: nil, choosesAtRunTime: true)
                == nil
        )
    }

    @Test("what is reported here is what the processor and the core say")
    func here() {
        if ck_supported_level() == CK_LEVEL_BASELINE { #expect(OpenBLAS.weakCore == nil) }
        if let weak = OpenBLAS.weakCore {
            #expect(weak.core == OpenBLAS.coreName)
            print("\(weak). \(weak.remedy).")
        }
    }
}
