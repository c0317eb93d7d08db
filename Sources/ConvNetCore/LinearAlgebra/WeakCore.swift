extension OpenBLAS {
    /// OpenBLAS runs kernels for a weaker processor than the one it runs on.
    public struct WeakCore: Sendable, Hashable {
        /// The environment variable that forces a core: `OPENBLAS_CORETYPE`.
        public static let variableName = "OPENBLAS_CORETYPE"

        /// The core in use: `Haswell`.
        public let core: String
        /// The vector instructions of that core's kernels: `AVX2`.
        public let coreVectors: String
        /// The vector instructions of the processor: `AVX-512`.
        public let processorVectors: String
        /// The value of `OPENBLAS_CORETYPE`, if it is set: then starting again without it is the remedy.
        public let variable: String?
        /// What to do about it, as a sentence without its full stop.
        public let remedy: String

        /// Compares a core's kernels with a processor; `nil` if they are a match, or the core is not known.
        package init?(core: String, processor: VectorLevel, variable: String?, choosesAtRunTime: Bool) {
            guard let level = Self.levels[core.lowercased()], level < processor else { return nil }
            self.core = core
            coreVectors = level.description
            processorVectors = processor.description
            self.variable = variable.flatMap { $0.isEmpty ? nil : $0 }
            if self.variable != nil {
                remedy =
                    "Start again with \(Self.variableName) unset, for example by env -u \(Self.variableName)"
            } else if choosesAtRunTime {
                let core = processor == .avx512 ? "SkylakeX" : "Haswell"
                remedy = "Use a newer OpenBLAS, or start again with \(Self.variableName)=\(core)"
            } else {
                remedy = "Use an OpenBLAS that chooses its kernels at run time (built with DYNAMIC_ARCH=1)"
            }
        }

        /// The vector instructions that the kernels of each x86 core use, by the names in OpenBLAS'
        /// `driver/others/dynamic.c` (0.3.21 to 0.3.28). AVX without AVX2 counts as baseline.
        private static let levels: [String: VectorLevel] = {
            var levels: [String: VectorLevel] = [:]
            let baseline = [
                "katmai", "coppermine", "northwood", "prescott", "banias", "atom", "core2", "penryn",
                "dunnington",
                "nehalem", "sandybridge", "athlon", "opteron", "opteron_sse3", "barcelona", "bobcat", "nano",
                "bulldozer", "piledriver", "steamroller", "excavator",
            ]
            for core in baseline { levels[core] = .baseline }
            for core in ["haswell", "zen"] { levels[core] = .avx2 }
            for core in ["skylakex", "cooperlake", "sapphirerapids"] { levels[core] = .avx512 }
            return levels
        }()
    }
}

extension OpenBLAS.WeakCore: CustomStringConvertible {
    /// What is the matter, as one sentence without its full stop.
    public var description: String {
        let cause = variable.map { ", for \(Self.variableName)=\($0)" } ?? ""
        return
            "OpenBLAS runs its \(core) kernels (\(coreVectors)) on a processor with \(processorVectors)\(cause)"
    }
}
