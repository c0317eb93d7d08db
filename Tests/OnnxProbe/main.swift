import ConvNetInterop
import Foundation

// Runs ONNX files on inputs: reads folders from standard input, each with a `model.onnx`, `input_N.npy` by the order of the file's
// inputs and `inputs.txt` with their names, and writes `output_N.npy` and `outputs.txt` with the names. Prints a line for each: its
// folder, and "ok" or the error. With the argument "operators" it prints the table of docs/interop.md instead.
if CommandLine.arguments.dropFirst().first == "operators" {
    print(ONNXOperatorTable.markdown)
    exit(0)
}
while let folder = readLine() {
    do {
        try run(folder)
        tell("\(folder)\tok")
    } catch {
        tell("\(folder)\t\(error)".split(separator: "\n").joined(separator: " "))
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
