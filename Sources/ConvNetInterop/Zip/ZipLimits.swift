/// What a ZIP archive may claim before its files are unpacked.
public struct ZipLimits: Sendable, Hashable {
    /// The largest number of files in it.
    public var files: Int
    /// The largest archive, in bytes.
    public var bytes: Int
    /// How many times the archive's own size its unpacked files may have together, beyond the first 16 MiB.
    public var ratio: Int

    /// Limits. Default: 10,000 files, an archive of 16 GiB, 200 times its size unpacked. Deflate makes at most 1,032 bytes of
    /// one, of zeros alone.
    public init(files: Int = 10_000, bytes: Int = 16 << 30, ratio: Int = 200) {
        self.files = files
        self.bytes = bytes
        self.ratio = ratio
    }

    /// The largest sum of the sizes of unpacked files.
    func unpackedBytes(ofArchive count: Int) -> Int {
        let (product, overflows) = count.multipliedReportingOverflow(by: ratio)
        return overflows ? .max : max(product, 16 << 20)
    }
}
