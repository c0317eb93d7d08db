import Foundation
import Testing

#if canImport(FoundationXML)
    import FoundationXML
#endif

/// What a parser finds in an SVG document.
final class SVGInspector: NSObject, XMLParserDelegate {
    private(set) var elements: [(name: String, attributes: [String: String])] = []
    private(set) var texts: [String] = []
    private(set) var titles: [String] = []
    private(set) var style = ""
    private var content = ""

    /// Parses a document; a document that is not well-formed fails the test.
    init(_ svg: String, sourceLocation: SourceLocation = #_sourceLocation) throws {
        super.init()
        let parser = XMLParser(data: Data(svg.utf8))
        parser.delegate = self
        try #require(
            parser.parse(),
            "\(String(describing: parser.parserError))",
            sourceLocation: sourceLocation
        )
        #expect(elements.first?.name == "svg", sourceLocation: sourceLocation)
    }

    /// The attributes of the elements with a name, in their order.
    func all(_ name: String) -> [[String: String]] { elements.filter { $0.name == name }.map(\.attributes) }

    /// A number that is an attribute.
    static func number(_ attributes: [String: String], _ name: String) -> Double? {
        attributes[name].flatMap(Double.init)
    }

    func parser(
        _ parser: XMLParser,
        didStartElement name: String,
        namespaceURI: String?,
        qualifiedName: String?,
        attributes: [String: String]
    ) {
        elements.append((name, attributes))
        content = ""
    }

    func parser(_ parser: XMLParser, foundCharacters string: String) { content += string }

    func parser(
        _ parser: XMLParser,
        didEndElement name: String,
        namespaceURI: String?,
        qualifiedName: String?
    ) {
        switch name {
        case "text": texts.append(content)
        case "title": titles.append(content)
        case "style": style = content
        default: break
        }
        content = ""
    }
}
