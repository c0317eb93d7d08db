import Foundation

/// A block of Swift in documentation: between "```swift" and "```", in Markdown or in documentation comments.
struct CodeBlock {
    /// The file that it is in, relative to the root of the package.
    let file: String
    /// The line of the file on which the code begins, from 1.
    let line: Int
    let code: String

    /// A name for a module: "README_5".
    var moduleName: String {
        String((file as NSString).deletingPathExtension.map { $0.isLetter || $0.isNumber ? $0 : "_" })
            + "_\(line)"
    }

    /// Where the compiler is to say that an error is.
    var sourceLocation: String { "#sourceLocation(file: \"\(file)\", line: \(line))\n" }

    /// Whether it is a package's manifest.
    var isManifest: Bool { code.hasPrefix("// swift-tools-version") }

    /// The blocks of a file, in order.
    static func blocks(of file: String) throws -> [CodeBlock] {
        let text = try String(contentsOfFile: "\(LibraryCopy.root)/\(file)", encoding: .utf8)
        var blocks: [CodeBlock] = []
        var open: (line: Int, indentation: Int, lines: [Substring])?
        for (index, line) in text.split(separator: "\n", omittingEmptySubsequences: false).enumerated() {
            guard let content = file.hasSuffix(".md") ? line : comment(line) else { continue }
            let text = content.drop { $0 == " " }
            if let block = open, text.hasPrefix("```") {
                blocks.append(
                    CodeBlock(file: file, line: block.line, code: block.lines.joined(separator: "\n") + "\n")
                )
                open = nil
            } else if let block = open {
                // In a list, the block is indented as the list is.
                open?.lines.append(content.dropFirst(min(block.indentation, content.count - text.count)))
            } else if text.hasPrefix("```swift") {
                open = (index + 2, content.count - text.count, [])
            }
        }
        return blocks
    }

    /// What a line of a documentation comment says; nil for any other line.
    private static func comment(_ line: Substring) -> Substring? {
        let trimmed = line.drop { $0 == " " }
        guard trimmed.hasPrefix("///") else { return nil }
        let content = trimmed.dropFirst(3)
        return content.hasPrefix(" ") ? content.dropFirst() : content
    }
}
