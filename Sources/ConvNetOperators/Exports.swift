@_exported import ConvNetEngine
