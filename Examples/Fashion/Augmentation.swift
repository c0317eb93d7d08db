import SwiftConvNet

extension DatasetName {
    /// The pictures as training sees them, changed at random, other ones in each epoch. They are moved by whole pixels, for small
    /// pictures lose much between two.
    func augmented(_ pictures: ArrayDataset) throws -> any Dataset {
        switch self {
        case .fashion:
            // Clothes may be mirrored; digits may not.
            try Augmented(pictures) {
                RandomFlip(mode: .horizontal)
                RandomTranslation(
                    heightFactor: 0.08,
                    widthFactor: 0.08,
                    fillMode: .constant,
                    interpolation: .nearest
                )
                RandomErasing(factor: 1, scale: [0.02, 0.2], fillValue: [0])
            }
        case .mnist:
            try Augmented(pictures) {
                RandomRotation(factor: 0.03, fillMode: .constant)
                RandomZoom(heightFactor: 0.1, widthFactor: 0.1, fillMode: .constant)
                RandomTranslation(
                    heightFactor: 0.08,
                    widthFactor: 0.08,
                    fillMode: .constant,
                    interpolation: .nearest
                )
            }
        }
    }
}
