extension ModelDiagram {
    /// The diagram in the language of Graphviz: `dot -Tpng model.dot -o model.png` draws it. Layers of a nested model stand in a frame.
    public var dot: String {
        var lines = [
            "digraph \(Self.quoted(title)) {", "    node [shape=box, fontname=\"sans-serif\"]",
        ]
        var groups: [(name: Substring, boxes: [Int])] = []
        for (place, box) in boxes.enumerated() {
            guard let end = box.name.firstIndex(of: "/") else {
                lines.append("    " + node(place))
                continue
            }
            let name = box.name[..<end]
            if let group = groups.firstIndex(where: { $0.name == name }) {
                groups[group].boxes.append(place)
            } else {
                groups.append((name, [place]))
            }
        }
        for (number, group) in groups.enumerated() {
            lines.append("    subgraph cluster\(number) {")
            lines.append("        label=\(Self.quoted(String(group.name)))")
            lines += group.boxes.map { "        " + node($0) }
            lines.append("    }")
        }
        for (place, box) in boxes.enumerated() {
            lines += box.inputs.map { "    n\($0) -> n\(place)" }
        }
        return lines.joined(separator: "\n") + "\n}\n"
    }

    private func node(_ place: Int) -> String {
        let text = lines(of: boxes[place]).map(Self.escaped).joined(separator: "\\n")
        return "n\(place) [label=\"\(text)\"]"
    }

    private static func quoted(_ text: String) -> String { "\"\(escaped(text))\"" }

    private static func escaped(_ text: String) -> String {
        text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: " ")
    }
}
