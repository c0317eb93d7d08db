import CKernels

/// The vector instructions of a processor, or those that some code uses, from weak to strong.
package enum VectorLevel: Int, Sendable, Hashable, Comparable {
    /// SSE2 to AVX on x86-64, NEON on arm64.
    case baseline
    /// AVX2 with fused multiply-add.
    case avx2
    /// AVX-512.
    case avx512

    /// The level that a constant of `CKernels` names.
    package init(_ level: ck_level) {
        switch level {
        case CK_LEVEL_AVX512: self = .avx512
        case CK_LEVEL_AVX2: self = .avx2
        default: self = .baseline
        }
    }

    /// Weaker before stronger.
    package static func < (a: VectorLevel, b: VectorLevel) -> Bool { a.rawValue < b.rawValue }
}

extension VectorLevel: CustomStringConvertible {
    package var description: String {
        switch self {
        case .baseline: "baseline"
        case .avx2: "AVX2"
        case .avx512: "AVX-512"
        }
    }
}
