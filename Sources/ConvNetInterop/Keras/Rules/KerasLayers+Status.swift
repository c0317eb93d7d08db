extension KerasLayers {
    /// The layers as `docs/interop.md` lists them, with the settings that have one value only.
    package static var markdown: String {
        let lines = rules.classNames.compactMap { name -> String? in
            guard let rule = rules.rule(forClass: name) else { return nil }
            let limits = rule.fixed.sorted { $0.key < $1.key }.map { key, values in
                "`\(key)`: \(values.isEmpty ? "none" : values.map(\.description).joined(separator: " or "))"
            }
            let alias = rule.className == name ? "" : "as `\(rule.className)`"
            return "| `\(name)` | \(([alias] + limits).filter { !$0.isEmpty }.joined(separator: "; ")) |"
        }
        return (["| layer | limits |", "|---|---|"] + lines).joined(separator: "\n")
    }
}
