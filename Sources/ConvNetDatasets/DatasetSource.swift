/// Where a dataset was found. Its description is a phrase that fits after "from".
public enum DatasetSource: Hashable, Sendable {
    /// A folder that the caller named.
    case folder(String)
    /// A folder in the one that the environment variable `SWIFTCONVNET_DATA` names.
    case environment(String)
    /// The user's cache folder, where an earlier download left it.
    case cache(String)
    /// A folder where a package of the operating system keeps it.
    case system(String)
    /// A download, kept in the user's cache folder.
    case download(mirror: String, folder: String)
    /// The sample that is shipped with this package.
    case sample
}

extension DatasetSource: CustomStringConvertible {
    /// A phrase that fits after "from".
    public var description: String {
        switch self {
        case .folder(let folder): "the folder \(folder)"
        case .environment(let folder): "the folder \(folder) in SWIFTCONVNET_DATA"
        case .cache(let folder): "the cache folder \(folder)"
        case .system(let folder): "the system's folder \(folder)"
        case .download(let mirror, let folder): "a download from \(mirror), kept in \(folder)"
        case .sample: "the sample shipped with the package"
        }
    }
}
