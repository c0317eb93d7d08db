@_exported import ConvNetOperators
