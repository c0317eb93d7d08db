@_exported import SwiftConvNet
