import ArgumentParser
import Foundation
import SwiftConvNet

/// `convnet`: uses, trains and converts the models of many formats.
@main
struct ConvNetCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "convnet",
        abstract: "Runs, trains, converts and inspects neural networks on the CPU.",
        discussion: """
            Models are files of SwiftConvNet (.safetensors), ONNX (.onnx) and Keras (.keras, .h5, .hdf5). The content says what a file \
            is, not its name.

            EXAMPLES
              convnet summary resnet18.onnx
              convnet predict resnet18.onnx --input images.npy --output logits.npy
              convnet convert model.keras model.safetensors
              convnet train lenet5 --data mnist --output digits.safetensors
              convnet help predict

            EXIT CODES
            \(ToolExit.table.split(separator: "\n").map { "  " + $0 }.joined(separator: "\n"))

            Completion for the shell: convnet --generate-completion-script bash (or zsh, fish).
            """,
        version: LibraryVersion.current,
        subcommands: [
            SummaryCommand.self, PredictCommand.self, EvaluateCommand.self, ConvertCommand.self,
            TrainCommand.self, ProfileCommand.self, CompareCommand.self, DoctorCommand.self,
        ]
    )

    static func main() {
        if let reason = OpenBLAS.prepareForLittleAddressSpace() {
            Console.note("Cannot start again with OPENBLAS_NUM_THREADS=1: \(reason).")
        }
        // A reader that goes away (convnet ... | head) must not end the work.
        signal(SIGPIPE, SIG_IGN)
        do {
            var command = try parseAsRoot()
            try command.run()
        } catch let error as ConvNetError {
            Console.report(error)
            Foundation.exit(ToolExit(error).rawValue)
        } catch {
            // Help and the codes by which commands end have no message, or no failure.
            let (code, message) = (exitCode(for: error), message(for: error))
            if !code.isSuccess, !message.isEmpty { Console.emitError(message, exitCode: code.rawValue) }
            exit(withError: error)
        }
    }
}
