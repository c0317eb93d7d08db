import ConvNetImages
import Foundation
import SwiftConvNet
import TestSupport
import Testing

/// `Tests/Goldens/images.json`.
struct ImageGoldens: Decodable {
    struct Decoded: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let ending: String
        let file: Data
        /// By the number of channels.
        let pixels: [String: GoldenTensor]
        /// Of JPEG files, by the exact inverse transform.
        let accurate: [String: GoldenTensor]?
        var testDescription: String { name }
    }

    struct Oriented: Decodable {
        let files: [Data]
        let cmyk: Data
    }

    struct Reduced: Decodable {
        let file: Data
        let pixels: [String: GoldenTensor]
    }

    struct Resized: Decodable, Sendable, CustomTestStringConvertible {
        let name: String
        let file: Data
        let interpolation: String
        let aspect: String
        let size: [Int]
        let pixels: GoldenTensor
        var testDescription: String { name }
    }

    struct Settings: Decodable, Sendable {
        let shuffle: Bool?
        let seed: UInt32?
        let validation_split: Double?
        let subset: String?
        let class_names: [String]?
        let label_mode: String?
        let labels: String?
        /// `label_mode` or `labels` is null, and not merely missing.
        let hasNoLabels: Bool

        private enum CodingKeys: CodingKey {
            case shuffle, seed, validation_split, subset, class_names, label_mode, labels
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            shuffle = try container.decodeIfPresent(Bool.self, forKey: .shuffle)
            seed = try container.decodeIfPresent(UInt32.self, forKey: .seed)
            validation_split = try container.decodeIfPresent(Double.self, forKey: .validation_split)
            subset = try container.decodeIfPresent(String.self, forKey: .subset)
            class_names = try container.decodeIfPresent([String].self, forKey: .class_names)
            label_mode = try container.decodeIfPresent(String.self, forKey: .label_mode)
            labels = try container.decodeIfPresent(String.self, forKey: .labels)
            hasNoLabels =
                container.contains(.labels) && labels == nil
                || container.contains(.label_mode) && label_mode == nil
        }
    }

    struct Listed: Decodable, Sendable {
        struct Case: Decodable, Sendable {
            let settings: Settings
            let class_names: [String]?
            let paths: [String]
            let labels: [Int32]?
        }
        let names: [String]
        let cases: [Case]
    }

    struct Order: Decodable, Sendable {
        let seed: UInt32
        let count: Int
        let first: [Int]
        let crc32: UInt32
    }

    let decoded: [Decoded]
    let oriented: Oriented
    let reduced: Reduced
    let resized: [Resized]
    let listed: Listed
    let orders: [Order]

    static let all = Result { try Golden.read("images", as: ImageGoldens.self) }
}

extension Picture {
    /// The largest and the mean difference of two pictures of one shape.
    func difference(from golden: GoldenTensor) throws -> (largest: Float, mean: Float) {
        try #require(golden.shape == [height, width, channels])
        let differences = zip(pixels, golden.values).map { abs(Float($0) - $1) }
        return (differences.max() ?? 0, differences.reduce(0, +) / Float(differences.count))
    }
}

/// A mode by its number of channels.
func mode(_ channels: String) throws -> ColorMode {
    try #require(ColorMode.allCases.first { "\($0.channels)" == channels })
}
