import ConvNetReports
import SwiftConvNet
import Testing

@Suite("Diagrams of models")
struct ModelDiagramTests {
    private static func branched() throws -> Model {
        let input = Input(shape: [8, 8, 3])
        let encoder = try Sequential(
            inputShape: [8, 8, 3],
            layers: [Conv2D(4, 3, padding: .same)],
            name: "encoder"
        )
        let a = encoder(input)
        let b = ReLU()(Conv2D(4, 1)(input))
        let c = MaxPooling2D(2, strides: 1, padding: .same)(Conv2D(4, 1)(ReLU()(b)))
        return try Model(inputs: input, outputs: Dense(2)(Flatten()(Add()(a, b, c))), name: "a \"<b>\" & c")
    }

    @Test("Graphviz' text has a line for each layer and each arrow, frames for nested models, and escapes")
    func dot() throws {
        let model = try Self.branched()
        let text = ModelDiagram(model).dot
        let lines = text.split(separator: "\n").map { $0.trimmingPrefix { $0 == " " } }
        #expect(lines.first == #"digraph "a \"<b>\" & c" {"#)
        #expect(lines.count { $0.hasPrefix("n") && $0.contains("[label=") } == model.graph.nodes.count)
        #expect(lines.count { $0.contains(" -> ") } == model.graph.nodes.reduce(0) { $0 + $1.inputs.count })
        #expect(lines.contains(#"label="encoder""#))
        #expect(text.contains(#"encoder/conv2d\nConv2D\n[8, 8, 4]"#))
        #expect(text.hasSuffix("}\n"))
        #expect(!ModelDiagram(model, showsShapes: false).dot.contains("[8, 8, 4]"))
        #expect(text.count { $0 == "{" } == text.count { $0 == "}" })
    }

    @Test("the picture is well-formed, names every layer, and its boxes do not overlap")
    func svg() throws {
        let model = try Self.branched()
        for theme in [ReportTheme.automatic, .light, .dark] {
            let svg = ModelDiagram(model).svg(theme: theme)
            let picture = try SVGInspector(svg)
            for node in model.graph.nodes { #expect(picture.texts.contains(node.name)) }
            let frames = picture.all("rect").dropFirst().map { rect in
                ["x", "y", "width", "height"].map { SVGInspector.number(rect, $0) ?? .nan }
            }
            #expect(frames.count == model.graph.nodes.count)
            let size = picture.all("svg")[0]
            let width = SVGInspector.number(size, "width") ?? 0,
                height = SVGInspector.number(size, "height") ?? 0
            for (place, a) in frames.enumerated() {
                #expect(a[0] >= 0 && a[1] >= 0 && a[0] + a[2] <= width && a[1] + a[3] <= height)
                for b in frames[(place + 1)...] {
                    let isApart =
                        a[0] + a[2] <= b[0] || b[0] + b[2] <= a[0] || a[1] + a[3] <= b[1]
                        || b[1] + b[3] <= a[1]
                    #expect(isApart)
                }
            }
            #expect(ModelDiagram(model).svg(theme: theme) == svg)
        }
    }

    @Test("rows follow the arrows, for any acyclic graph")
    func rows() {
        var random = RandomStream(seed: 1, purpose: .user, 0)
        for _ in 0..<200 {
            let count = 1 + random.integer(below: 30)
            let inputs = (0..<count).map { place in
                place == 0 ? [] : (0..<random.integer(below: 4)).map { _ in random.integer(below: place) }
            }
            let widths = (0..<count).map { _ in Double(20 + random.integer(below: 100)) }
            let layout = LayeredLayout(inputs: inputs, widths: widths, gap: 10)
            for (place, inputs) in inputs.enumerated() {
                for (number, input) in inputs.enumerated() {
                    #expect(layout.rows[input] < layout.rows[place])
                    #expect(layout.bends[place][number].count == layout.rows[place] - layout.rows[input] - 1)
                }
                for other in 0..<place where layout.rows[other] == layout.rows[place] {
                    #expect(
                        abs(layout.x[other] - layout.x[place]) >= (widths[other] + widths[place]) / 2 + 10
                            - 1e-9
                    )
                }
                #expect(layout.x[place] - widths[place] / 2 >= -1e-9)
                #expect(layout.x[place] + widths[place] / 2 <= layout.width + 1e-9)
            }
        }
    }

    @Test("a chain is a column")
    func chain() throws {
        let layout = LayeredLayout(inputs: [[], [0], [1]], widths: [10, 50, 30], gap: 5)
        #expect(layout.rows == [0, 1, 2])
        #expect(layout.x == [25, 25, 25])
        #expect(layout.width == 50)
    }
}
