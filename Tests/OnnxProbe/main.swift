import ConvNetInterop
import Foundation

// Runs ONNX files on inputs: reads folders from standard input, each with a `model.onnx`, `input_N.npy` by the order of the file's
// inputs and `inputs.txt` with their names, and writes `output_N.npy` and `outputs.txt` with the names. Prints a line for each: its
// folder, and "ok" or the error.
//
// `onnx-probe export FOLDER [NAMES]` writes the models of the zoo as ONNX files; see `ExportProbe`. `onnx-probe operators` prints the
// table of docs/interop.md.
let arguments = CommandLine.arguments.dropFirst()
switch arguments.first {
case "export" where arguments.count > 1:
    ExportProbe(folder: arguments[2], names: Array(arguments.dropFirst(2))).run()
case "operators": print(ONNXOperatorTable.markdown)
default:
    while let folder = readLine() {
        do {
            try run(folder)
            tell("\(folder)\tok")
        } catch {
            tell("\(folder)\t\(error)".split(separator: "\n").joined(separator: " "))
        }
    }
}

/// Writes a line at once, so that it is there if the next case ends the process.
func tell(_ line: String) { FileHandle.standardOutput.write(Data((line + "\n").utf8)) }

func run(_ folder: String) throws {
    let names = try String(contentsOfFile: folder + "/inputs.txt", encoding: .utf8).split(separator: "\n")
        .map(String.init)
    var values: [String: Tensor] = [:]
    for (index, name) in names.enumerated() { values[name] = try Tensor(npy: "\(folder)/input_\(index).npy") }
    let file = try ONNXFile(contentsOf: folder + "/model.onnx")
    let imported = try file.imported(ONNXOptions(values: values))
    let outputs = try imported.predictions(for: values)
    try file.outputNames.joined(separator: "\n")
        .write(toFile: folder + "/outputs.txt", atomically: true, encoding: .utf8)
    for (index, name) in file.outputNames.enumerated() {
        try outputs[name]?.saveNPY(to: "\(folder)/output_\(index).npy")
    }
}
