import Dispatch

extension HostTensor {
    /// Numbers drawn one after the other from `random`, in stretches side by side: each depends on
    /// its place alone.
    ///
    /// - Parameters:
    ///   - random: nothing was drawn from it yet.
    ///   - pairsPerNumber: how often `draw` calls ``CounterRandom/next()``.
    public init<Element: HostScalar>(
        _ shape: Shape, from random: CounterRandom, pairsPerNumber: Int,
        _ draw: @Sendable (inout CounterRandom) -> Element
    ) {
        let (count, stretch) = (shape.count, 1 << 15)
        let numbers = [Element](unsafeUninitializedCapacity: count) { buffer, initialized in
            nonisolated(unsafe) let start = buffer.baseAddress
            DispatchQueue.concurrentPerform(iterations: (count + stretch - 1) / stretch) { part in
                var random = random.advanced(byPairs: part * stretch * pairsPerNumber)
                for index in part * stretch..<min(count, (part + 1) * stretch) {
                    start?[index] = draw(&random)
                }
            }
            initialized = count
        }
        self.init(numbers, shape: shape)
    }
}
