/// How far the download of a file has come.
public struct DownloadProgress: Hashable, Sendable {
    /// What receives the progress; it is called on another thread.
    public typealias Handler = @Sendable (DownloadProgress) -> Void

    /// The address of the file.
    public let address: String
    /// The bytes received so far.
    public let receivedBytes: Int
    /// The bytes that the server announced, if it did.
    public let expectedBytes: Int?
}
