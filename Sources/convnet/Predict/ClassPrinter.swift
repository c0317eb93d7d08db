import ArgumentParser
import Foundation
import SwiftConvNet

/// How classes are printed.
enum ClassFormat: String, ExpressibleByArgument, CaseIterable {
    case text, csv, json
}

/// Prints the surest classes of samples, as they come.
struct ClassPrinter {
    private let console: Console
    private let format: ClassFormat
    private let names: [String]
    private let top: Int
    private let model: Model

    /// - Parameter names: what samples are called; their numbers where there are no more names.
    init(_ console: Console, _ format: ClassFormat, names: [String], top: Int, model: Model) {
        self.console = console
        self.format = format
        self.names = names
        self.top = top
        self.model = model
        if format == .csv { console.write("input,rank,class,name,confidence\n") }
    }

    /// Prints the classes of some samples.
    ///
    /// - Throws: as `Model.decodePredictions`.
    func print(_ predictions: Tensor, samples: Range<Int>) throws {
        let areShares = Self.areShares(predictions)
        for (sample, classes) in zip(samples, try model.decodePredictions(predictions, top: top)) {
            let name = sample < names.count ? names[sample] : "\(sample)"
            switch format {
            case .text:
                let list = classes.map { found in
                    let share = String(format: "%.1f %%", Double(found.confidence) * 100)
                    return "\(found.name) \(areShares ? share : "\(found.confidence)")"
                }
                console.write("\(name): \(list.joined(separator: ", "))\n")
            case .csv:
                for (rank, found) in classes.enumerated() {
                    let cells = [
                        name, "\(rank + 1)", "\(found.classIndex)", found.name, "\(found.confidence)",
                    ]
                    console.write(cells.map(Self.csv).joined(separator: ",") + "\n")
                }
            case .json:
                let line = JSONLine(
                    event: "prediction",
                    [
                        "input": name,
                        "classes": classes.map {
                            Record(class: $0.classIndex, name: $0.name, confidence: $0.confidence)
                        },
                    ]
                )
                console.write(line.text + "\n")
            }
        }
    }

    private struct Record: Encodable {
        let `class`: Int
        let name: String
        let confidence: Float
    }

    /// Whether all predictions may be probabilities; logits are printed as they are.
    private static func areShares(_ predictions: Tensor) -> Bool {
        predictions.withUnsafeBufferPointer { $0.allSatisfy { (0...1).contains($0) } }
    }

    /// A cell of a table (RFC 4180).
    private static func csv(_ text: String) -> String {
        text.contains { ",\"\n\r".contains($0) } ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }
}
