import SwiftConvNet

extension DatasetName {
    /// The pictures as training sees them, changed at random, other ones in each epoch.
    func augmented(_ pictures: ArrayDataset) throws -> any Dataset {
        switch self {
        case .fashion:
            // Clothes may be mirrored; digits may not.
            try Augmented(pictures) {
                RandomFlip(.horizontal)
                RandomTranslation(heightFactor: .symmetric(0.1), widthFactor: .symmetric(0.1), fillMode: .constant)
                RandomErasing(factor: 0.5, fillValue: 0)
            }
        case .mnist:
            try Augmented(pictures) {
                RandomRotation(factor: 0.03, fillMode: .constant)
            }
        }
    }
}
