/// Which traits the tests were built with.
enum Traits {
    #if Zip
        static let hasZip = true
    #else
        static let hasZip = false
    #endif
    #if HDF5
        static let hasHDF5 = true
    #else
        static let hasHDF5 = false
    #endif
    static let hasKeras = hasZip && hasHDF5
}
