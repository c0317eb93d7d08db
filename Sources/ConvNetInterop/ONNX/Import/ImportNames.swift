/// Names of layers for what a file calls in its own way: no "/", and none twice.
struct ImportNames {
    private var taken: Set<String> = []

    /// A name that is free, made from one of the file's.
    mutating func name(for text: String) -> String {
        let base = Self.cleaned(text)
        var name = base, count = 1
        while !taken.insert(name).inserted {
            name = "\(base)_\(count)"
            count += 1
        }
        return name
    }

    /// The name with "." for "/", and without the first "/".
    private static func cleaned(_ text: String) -> String {
        let parts = text.split(separator: "/")
        return parts.isEmpty ? "node" : parts.joined(separator: ".")
    }
}
