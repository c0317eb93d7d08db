/// The sizes of a matrix product: `[m, k]` times `[k, n]`.
struct GEMMSize {
    let m: Int, n: Int, k: Int
    /// Where it comes from.
    let origin: String

    init(_ m: Int, _ n: Int, _ k: Int, _ origin: String = "") {
        self.m = m
        self.n = n
        self.k = k
        self.origin = origin
    }

    /// The floating-point operations, an addition and a multiplication as two.
    var operations: Double { 2 * Double(m) * Double(n) * Double(k) }

    var description: String { "\(m)×\(n)×\(k)" + (origin.isEmpty ? "" : " (\(origin))") }

    /// Squares, and products of real layers.
    static let all =
        [128, 256, 384, 512, 768, 1024].map { GEMMSize($0, $0, $0) } + [
            GEMMSize(15_488, 64, 288, "MNIST conv2, batch 128"),
            GEMMSize(86_528, 32, 9, "MNIST conv1, batch 128"),
            GEMMSize(128, 128, 1600, "MNIST dense1, batch 128"),
            GEMMSize(121, 64, 288, "MNIST conv2, 1 picture"),
            GEMMSize(484, 64, 288, "MNIST conv2, 4 pictures"),
            GEMMSize(784, 128, 1152, "ResNet 28×28, 1 picture"),
            GEMMSize(49, 512, 4608, "ResNet 7×7, 1 picture"),
        ]

    /// A few small ones.
    static let quick = [GEMMSize(128, 128, 128), GEMMSize(121, 64, 288, "MNIST conv2, 1 picture")]
}
