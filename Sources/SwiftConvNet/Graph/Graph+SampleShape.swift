extension Graph {
    /// What turns samples of another shape into an input of the network; `nil` if nothing plausible does.
    ///
    /// - Parameters:
    ///   - sample: the shape of one sample, without the batch axis.
    ///   - count: the number of samples: the first axis of the data.
    ///   - inputShape: the shape of the input.
    ///   - offersOne: whether there is a call for a sample without the batch axis.
    func remedy(forSamples sample: Shape, count: Int, input inputShape: Shape, offersOne: Bool = false)
        -> String?
    {
        /// Whether an array has as many elements as one sample of the network.
        func hasInputSize(_ shape: Shape) -> Bool {
            (try? shape.validated(as: "samples"))?.elementCount == inputShape.elementCount
        }
        // The shape of an image as other libraries have it: `[channels, height, width]`.
        let channelsFirst: Shape? =
            inputShape.rank == 3 ? [inputShape[2], inputShape[0], inputShape[1]] : nil
        let data = sample.batched(count)
        let isSingle = !hasInputSize(sample) && hasInputSize(data)
        let whole = inputShape.batched(isSingle ? 1 : count)
        /// What to do with a single sample that `predictOne` would take, or would not.
        func addingBatchAxis(fits: Bool) -> String {
            "The batch axis is missing: reshape \(data) to \(whole)"
                + (offersOne && fits ? ", or call predictOne" : "")
        }
        if data == inputShape { return addingBatchAxis(fits: true) }
        // A single channel can be given another axis without moving an element.
        if let first = channelsFirst, first[0] > 1, sample == first || data == first {
            return (isSingle ? "The batch axis is missing, and the" : "The")
                + " channel axis comes last: move it behind height and width, to \(whole)"
                + "; a mere reshape would mix the channels up"
        }
        if sample == channelsFirst {
            return "The channel axis comes last: reshape the images to \(whole)"
        }
        if isSingle { return addingBatchAxis(fits: self.inputShape(0, for: data) != nil) }
        return hasInputSize(sample) ? "Reshape the samples to \(whole)" : nil
    }
}
