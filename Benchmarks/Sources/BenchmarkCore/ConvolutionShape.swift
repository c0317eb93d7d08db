/// The sizes of one convolution over square windows, padded alike on all sides.
package struct ConvolutionShape: Sendable, Hashable, Codable {
    package let channels: Int, height: Int, width: Int
    package let filters: Int, kernel: Int, stride: Int, padding: Int, groups: Int

    package init(
        _ channels: Int,
        _ height: Int,
        _ width: Int,
        _ filters: Int,
        _ kernel: Int,
        stride: Int = 1,
        padding: Int = 0,
        groups: Int = 1
    ) {
        self.channels = channels
        self.height = height
        self.width = width
        self.filters = filters
        self.kernel = kernel
        self.stride = stride
        self.padding = padding
        self.groups = groups
    }

    /// Reads `C,H,W,F,k,stride,pad,groups`; `nil` if the text is not eight positive numbers (the padding may be 0).
    package init?(_ text: String) {
        let numbers = text.split(separator: ",", omittingEmptySubsequences: false).map { Int($0) ?? -1 }
        guard numbers.count == 8, numbers.allSatisfy({ $0 >= 0 }),
            numbers.enumerated().allSatisfy({ $0 == 6 || $1 > 0 }), numbers[0] % numbers[7] == 0,
            numbers[3] % numbers[7] == 0
        else { return nil }
        self.init(
            numbers[0],
            numbers[1],
            numbers[2],
            numbers[3],
            numbers[4],
            stride: numbers[5],
            padding: numbers[6],
            groups: numbers[7]
        )
    }

    /// `C,H,W,F,k,stride,pad,groups`, as the peers take it.
    package var argument: String {
        [channels, height, width, filters, kernel, stride, padding, groups].map(String.init)
            .joined(separator: ",")
    }

    /// `64×56×56 → 64, 3×3`, and what is not usual behind it.
    package var description: String {
        var text = "\(channels)×\(height)×\(width) → \(filters), \(kernel)×\(kernel)"
        if stride > 1 { text += " stride \(stride)" }
        if groups > 1 { text += groups == channels ? " depthwise" : " groups \(groups)" }
        if padding == 0, kernel > 1 { text += " valid" }
        return text
    }

    package var outputHeight: Int { (height + 2 * padding - kernel) / stride + 1 }
    package var outputWidth: Int { (width + 2 * padding - kernel) / stride + 1 }

    /// Whether the gradient of the input is part of the backward pass: not for pictures, the first thing in a network.
    package var needsInputGradient: Bool { channels != 1 && channels != 3 }

    /// The floating-point operations of the forward pass by the definition, an addition and a multiplication as two.
    /// Paths that need fewer operations have an effective rate above what the processor does.
    package func forwardOperations(batch: Int) -> Double {
        2 * Double(batch * outputHeight * outputWidth * filters) * Double(kernel * kernel * channels / groups)
    }

    /// The operations of both passes: the gradient of the weights takes as many as the forward pass, and so does that
    /// of the input.
    package func trainingOperations(batch: Int) -> Double {
        forwardOperations(batch: batch) * (needsInputGradient ? 3 : 2)
    }
}

extension ConvolutionShape {
    /// Layers of the MNIST network, of ResNets at 224×224 and of MobileNet: those of the table of peers.
    package static let common = [
        ConvolutionShape(1, 28, 28, 32, 3),
        ConvolutionShape(32, 13, 13, 64, 3),
        ConvolutionShape(3, 224, 224, 64, 7, stride: 2, padding: 3),
        ConvolutionShape(64, 56, 56, 64, 3, padding: 1),
        ConvolutionShape(128, 28, 28, 128, 3, padding: 1),
        ConvolutionShape(256, 14, 14, 256, 3, padding: 1),
        ConvolutionShape(512, 7, 7, 512, 3, padding: 1),
        ConvolutionShape(64, 56, 56, 256, 1),
        ConvolutionShape(256, 56, 56, 64, 1),
        ConvolutionShape(96, 56, 56, 96, 3, padding: 1, groups: 96),
    ]

    /// Layers of the VGG-style network for 32×32 pictures.
    package static let cifar = [
        ConvolutionShape(3, 32, 32, 64, 3, padding: 1),
        ConvolutionShape(64, 32, 32, 64, 3, padding: 1),
        ConvolutionShape(64, 16, 16, 128, 3, padding: 1),
        ConvolutionShape(128, 16, 16, 128, 3, padding: 1),
        ConvolutionShape(128, 8, 8, 256, 3, padding: 1),
        ConvolutionShape(256, 8, 8, 256, 3, padding: 1),
    ]
}
