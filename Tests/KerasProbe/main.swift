import ConvNetInterop
import Foundation
import SwiftConvNet

// For `Tests/Interop/keras_zoo.py`: reads the models of Keras in a folder, and writes what they predict, and the models again.
//
// Beside each `NAME.keras` lies `NAME.npz` with the inputs `x0`, `x1` and so on, and the targets `t0` and so on of a model that is
// to be trained for some steps, one batch each. Written are `NAME.out.npz` with the predictions `y0` and so on, and `z0` and so on
// after the training; `NAME.back.keras` before, and `NAME.trained.keras` after it.

/// The steps of training.
let stepCount = 5

/// Data for one batch.
func data(_ model: Model, _ archive: NumPyArchive, withTargets: Bool) throws -> TensorDataset {
    func tensor(_ name: String) throws -> Tensor { try archive[name].tensor }
    let inputs = model.inputNames, outputs = model.outputNames
    let x = try inputs.indices.map { try tensor("x\($0)") }
    guard withTargets else {
        return x.count == 1
            ? try TensorDataset(inputs: [inputs[0]: x[0]])
            : try TensorDataset(inputs: [inputs[0]: x[0], inputs[1]: x[1]])
    }
    let t = try outputs.indices.map { try tensor("t\($0)") }
    return t.count == 1
        ? try TensorDataset(inputs: [inputs[0]: x[0]], targets: [outputs[0]: t[0]])
        : try TensorDataset(inputs: [inputs[0]: x[0]], targets: [outputs[0]: t[0], outputs[1]: t[1]])
}

/// The predictions by the number of the output.
func predictions(_ model: Model, _ archive: NumPyArchive, _ letter: String) throws -> [String: Tensor] {
    let named = try model.predictions(for: data(model, archive, withTargets: false))
    return Dictionary(
        uniqueKeysWithValues: model.outputNames.enumerated().compactMap { index, name in
            named[name].map { ("\(letter)\(index)", $0) }
        }
    )
}

/// Reads, predicts, trains and writes one model.
func probe(_ base: String) throws {
    let archive = try NumPyArchive(contentsOf: base + ".npz")
    let file = try KerasFile(contentsOf: base + ".keras"), model = file.model
    for note in file.report.notes { print("note \(base): \(note)") }
    var results = try predictions(model, archive, "y")
    try model.save(toKeras: base + ".back.keras")
    if archive.names.contains("t0") {
        let batch = try data(model, archive, withTargets: true)
        _ = try model.fit(batch, batchSize: batch.count, epochs: stepCount, verbose: .silent, shuffle: false)
        results.merge(try predictions(model, archive, "z")) { $1 }
        try model.save(toKeras: base + ".trained.keras")
    }
    try NumPyArchive.save(results, to: base + ".out.npz")
}

// With the argument "layers" it prints the table of docs/interop.md instead.
if CommandLine.arguments.dropFirst().first == "layers" {
    print(KerasLayers.markdown)
    exit(0)
}

let folder = CommandLine.arguments.dropFirst().first ?? "."
let names = try FileManager.default.contentsOfDirectory(atPath: folder).sorted().filter {
    $0.hasSuffix(".npz") && !$0.hasSuffix(".out.npz")
}
for name in names {
    do { try probe("\(folder)/\(name.dropLast(4))") } catch { print("failed \(name.dropLast(4)): \(error)") }
}
