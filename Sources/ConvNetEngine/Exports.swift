@_exported import ConvNetCore
