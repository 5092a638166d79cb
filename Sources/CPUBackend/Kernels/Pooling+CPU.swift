import CKernels
import Graphs
import Tensors

extension gcb_pool_window {
    /// A window over `data`, which the kernels have loops for.
    fileprivate init(
        _ window: Window, data: Region, pooled: Region, threads: Int32
    ) {
        guard let activation = gcb_activation(data.spec, data.layout) else {
            preconditionFailure("\(data.layout) was not planned for poolings")
        }
        let (data, pooled) = (data.spec.shape, pooled.spec.shape)
        self.init(
            data: activation, height: Int64(data[2]), width: Int64(data[3]),
            pooled_height: Int64(pooled[2]), pooled_width: Int64(pooled[3]),
            kernel: Int64(window.kernel), stride: Int64(window.stride),
            padding: Int64(window.padding), threads: threads)
    }
}

extension Site {
    private func forwardWindow(_ window: Window) -> gcb_pool_window {
        gcb_pool_window(
            window, data: instruction.operands[0], pooled: instruction.results[0],
            threads: threadCount)
    }

    private func gradientWindow(_ window: Window) -> gcb_pool_window {
        gcb_pool_window(
            window, data: instruction.results[0], pooled: instruction.operands[0],
            threads: threadCount)
    }

    private func positions(_ region: Region) -> UnsafeMutablePointer<UInt8> {
        address(region).assumingMemoryBound(to: UInt8.self)
    }

    func maxPool(_ rule: MaxPool) -> Body {
        let (window, x, y) = (forwardWindow(rule.window), data(0), output(0))
        let positions = positions(instruction.results[1])
        return { withUnsafePointer(to: window) { gcb_max_pool($0, x, y, positions) } }
    }

    func maxPoolGradient(_ rule: MaxPoolGradient) -> Body {
        let (window, dy, dx) = (gradientWindow(rule.window), data(0), output(0))
        let positions = positions(instruction.operands[1])
        return { withUnsafePointer(to: window) { gcb_max_pool_gradient($0, dy, positions, dx) } }
    }

    func averagePool(_ rule: AveragePool) -> Body {
        let (window, x, y) = (forwardWindow(rule.window), data(0), output(0))
        return { withUnsafePointer(to: window) { gcb_average_pool($0, x, y) } }
    }

    func averagePoolGradient(_ rule: AveragePoolGradient) -> Body {
        let (window, dy, dx) = (gradientWindow(rule.window), data(0), output(0))
        return { withUnsafePointer(to: window) { gcb_average_pool_gradient($0, dy, dx) } }
    }

    func globalAveragePool() -> Body {
        let (shape, x, y, threads) = (activation, data(0), result(0), threadCount)
        return { withUnsafePointer(to: shape) { gcb_global_average($0, x, y, threads) } }
    }

    func globalAveragePoolGradient() -> Body {
        let region = instruction.results[0]
        guard let shape = gcb_activation(region.spec, region.layout) else {
            preconditionFailure("\(region.layout) was not planned for poolings")
        }
        let (dy, dx, threads) = (operand(0), output(0), threadCount)
        return {
            withUnsafePointer(to: shape) { gcb_global_average_gradient($0, dy, dx, threads) }
        }
    }
}
