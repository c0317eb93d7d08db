import SwiftConvNet

extension DatasetName {
    /// The pictures as training sees them, changed at random, other ones in each epoch.
    func augmented(_ pictures: ArrayDataset) throws -> any Dataset {
        // Set in when the transforms of datasets are there.
        pictures
    }
}
