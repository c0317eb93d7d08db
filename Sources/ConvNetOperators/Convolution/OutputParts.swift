import CKernels

/// How the outputs of one image are shared out, so that more than one worker has something to do in a small batch: by slices
/// of pixels, the rows of an image or the planes of a volume, and where these are few by filters.
struct OutputParts: Sendable {
    /// Some filters of the pixels of some slices.
    struct Part {
        let slices: Range<Int>
        let filters: Range<Int>
    }

    /// Multiply-adds of an image that are worth the handing over: some 30 µs of one thread.
    private static let minimumWork = 1 << 20
    /// Pixels and filters of a part. Fewer pixels would read the weights too often; filters are taken by panels of 16 anyway, and with 64
    /// a layer of 192, in three parts, leaves one of two workers idle for a third of the time.
    private static let minimumPixels = 96, minimumFilters = 32

    private let slices: Int, filters: Int
    private let sliceParts: Int, filterParts: Int

    init(_ geometry: WindowGeometry, batch: Int) {
        slices = geometry.slices.output
        filters = geometry.filters
        let work = geometry.outputPixels * geometry.patchCount * filters
        guard batch < SampleParts.largeBatch, work >= Self.minimumWork else {
            (sliceParts, filterParts) = (1, 1)
            return
        }
        sliceParts = max(1, min(geometry.outputPixels / Self.minimumPixels, slices, SampleParts.most))
        // Packed panels stay whole.
        let isWhole = filters.isMultiple(of: Int(ck_panel_width))
        filterParts = isWhole ? max(1, min(filters / Self.minimumFilters, SampleParts.most / sliceParts)) : 1
    }

    var count: Int { sliceParts * filterParts }

    subscript(part: Int) -> Part {
        let (slice, filter) = part.quotientAndRemainder(dividingBy: filterParts)
        let width = Int(ck_panel_width)
        let panels = SampleParts.share(filter, of: filterParts, from: filters / width)
        return Part(
            slices: SampleParts.share(slice, of: sliceParts, from: slices),
            filters: filterParts == 1 ? 0..<filters : panels.lowerBound * width..<panels.upperBound * width
        )
    }
}
