extension Model {
    /// Runs random samples, and times every layer by itself.
    ///
    /// ```swift
    /// print(try model.profile(batchSize: 128, mode: .training))
    /// ```
    ///
    /// Each stage of each layer runs alone on all workers, from one barrier to the next, so that its time is its own.
    /// Elsewhere neighbouring layers run tile by tile while the data is in the cache, so a whole step takes less than
    /// the sum of what is shown here.
    ///
    /// A step of training is timed whole, with dropout, targets that suit the loss, and the optimizer; it runs on a
    /// copy of the model, so that parameters, moving statistics, optimizer and step stay as they are. The copy needs as
    /// much memory as the model while the call lasts. Every repeat starts from the model's own parameters.
    ///
    /// - Parameters:
    ///   - batchSize: the number of samples in the batch, at least 1.
    ///   - mode: `.inference` for the forward pass alone, `.training` for a step of training.
    ///   - repeats: how often it runs, at least 1, after a first time, and as many more as fit 50 ms, that do not count;
    ///     times are medians.
    /// - Throws: `ConvNetError` of kind `argument` for a number out of its range, of kind `state` for training if the
    ///   model is not compiled; what a loss throws for which there are no random targets: it must take labels, or
    ///   values of the output's shape, or class numbers for an output `[…, classes]`.
    public func profile(
        batchSize: Int = 32,
        mode: Site.Mode = .inference,
        repeats: Int = 10
    ) throws -> Profile {
        try use.begin("profile")
        defer { use.end() }
        guard batchSize >= 1, repeats >= 1 else {
            throw ConvNetError(
                .argument,
                "Not a number to profile with",
                at: batchSize < 1 ? "batchSize" : "repeats",
                expected: "at least 1",
                received: "\(min(batchSize, repeats))"
            )
        }
        let compilation = mode == .training ? try compiled(for: "profile(mode: .training)") : nil
        let run = try ProfileRun(of: self, batchSize: batchSize, compilation: compilation)
        // The first pass touches memory for the first time, and on Linux a new thread may share a processor with the one
        // that made it for some hundredths of a second.
        let start = ContinuousClock.now
        repeat { _ = try run() } while start.duration(to: .now) < .milliseconds(50)
        let passes = try (0..<repeats).map { _ in try run() }
        return Profile(
            rows: run.rows(of: passes),
            batchSize: batchSize,
            mode: mode,
            repeats: repeats,
            workerCount: try run.workerCount(),
            coreName: OpenBLAS.coreName
        )
    }
}
