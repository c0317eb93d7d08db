import BenchmarkCore
import Foundation
import SwiftConvNet

/// The same work here and in other frameworks, in turn in the same run.
struct PeersBenchmark {
    let effort: Effort
    let options: PeerOptions
    let command: Peer.Command

    init(effort: Effort, options: PeerOptions) throws {
        self.effort = effort
        self.options = options
        command = try options.command()
        try command.validate()
    }

    /// What is to be done.
    var works: [PeerWork] { options.only?.elements ?? PeerWork.allCases }

    /// How often each side runs.
    var rounds: Int { options.rounds ?? (effort.isQuick ? 2 : 5) }

    /// Everything.
    func all() throws -> [ReportSection] { try works.flatMap(sections) }

    /// The frameworks that take part in some work.
    func frameworks(for work: PeerWork) -> [PeerFramework] {
        let able = PeerFramework.able(to: work)
        return options.frameworks.map { chosen in able.filter { chosen.elements.contains($0) } } ?? able
    }

    /// The tables of one piece of work.
    func sections(_ work: PeerWork) throws -> [ReportSection] {
        Console.note("peers: \(work.rawValue)")
        switch work {
        case .trainMNIST: return [try training(work, .mnist, batches: effort.isQuick ? [128] : [128, 32])]
        case .trainVGG: return [try training(work, .vgg, batches: [64])]
        case .trainMobileNetV2: return [try training(work, .mobileNetV2, batches: [16])]
        case .trainResNet50: return [try training(work, .resNet50, batches: [16])]
        case .inferMNIST:
            return try inference(work, .mnist, batches: effort.isQuick ? [1, 32] : [1, 32, 256, 10_000])
        case .inferResNet18: return try inference(work, .resnet18, batches: effort.isQuick ? [1] : [1, 16])
        case .conv: return [try convolutions(work)]
        case .layers: return [try layers(work)]
        case .onnx: return try onnx(work)
        case .startup: return [try startup(work)]
        case .memory: return [try memory(work)]
        }
    }

    /// The contest of one row, each run about as long as said: long enough that what Keras does once in each call of
    /// `fit` counts little.
    func contest(seconds: Double = 2) -> Contest {
        Contest(rounds: rounds, seconds: effort.isQuick ? 0.1 : seconds)
    }

    /// What stands below every table.
    var note: String {
        let allocator =
            command.allocator.map { "with \(($0 as NSString).lastPathComponent) preloaded" } ?? "as installed"
        return "\(rounds) rounds in turn, \(effort.threads) threads each; peers \(allocator)"
    }
}
