extension PictureContext {
    /// The same picture's next change: from one memory to another, with random numbers of its own.
    ///
    /// - Parameters:
    ///   - source: the picture as it is now.
    ///   - output: where the changed one goes; `outputShape` is its shape.
    ///   - offset: how much of the scratch memory is in use.
    func step(
        from source: UnsafePointer<Float>,
        _ shape: Shape,
        to output: UnsafeMutablePointer<Float>,
        _ outputShape: Shape,
        scratchFrom offset: Int,
        random: RandomStream
    ) -> PictureContext {
        PictureContext(
            source: UnsafeBufferPointer(start: source, count: shape.elementCount),
            output: UnsafeMutableBufferPointer(start: output, count: outputShape.elementCount),
            scratch: scratch + offset,
            shape: shape,
            outputShape: outputShape,
            random: random,
            isTraining: isTraining,
            role: role
        )
    }
}

extension RandomStream {
    /// A stream of its own, that goes on from here: for a transform that takes no one knows how many words.
    mutating func branch() -> RandomStream { RandomStream(seed: next(), purpose: .augmentation) }
}
