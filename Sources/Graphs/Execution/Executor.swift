public import Tensors

/// Owns the memory of a program and replays its plans.
///
/// All plans share one arena: the same variables first, then each plan's own values over the same
/// bytes. After `make`, a step allocates nothing.
public struct Executor<Engine: Backend & ~Copyable>: ~Copyable {
    public let plans: [Plan]
    private let kernels: [[Engine.Kernel]]
    /// What stands for all kernels of a plan, where the engine records that.
    private let replays: [Engine.Replay?]
    private var engine: Engine

    /// Prepares every instruction of every plan.
    ///
    /// - Parameter plans: plans of one program, so with the same variables in the same places.
    public static func make(plans: [Plan], on engine: consuming Engine) throws(BackendError)
        -> Executor
    {
        var engine = engine
        try engine.allocateArena(byteCount: plans.map(\.arenaByteCount).max() ?? 0)
        var kernels: [[Engine.Kernel]] = []
        var replays: [Engine.Replay?] = []
        for plan in plans {
            let prepared = try engine.prepare(plan.instructions)
            replays.append(try engine.capture(prepared))
            kernels.append(prepared)
        }
        return Executor(plans: plans, kernels: kernels, replays: replays, engine: engine)
    }

    private init(
        plans: [Plan], kernels: [[Engine.Kernel]], replays: [Engine.Replay?],
        engine: consuming Engine
    ) {
        self.plans = plans
        self.kernels = kernels
        self.replays = replays
        self.engine = engine
    }

    /// Runs all instructions of a plan.
    public func run(plan index: Int = 0) throws(BackendError) {
        if let replay = replays[index] {
            try engine.replay(replay)
        } else {
            for kernel in kernels[index] { try engine.run(kernel) }
        }
        try engine.synchronize()
    }

    /// Runs all instructions of a plan, telling `observe` each one's index before and after.
    public func run(plan index: Int, timing observe: (Int, Bool) -> Void) throws(BackendError) {
        for (number, kernel) in kernels[index].enumerated() {
            observe(number, false)
            try engine.run(kernel)
            try engine.synchronize()
            observe(number, true)
        }
    }

    // MARK: - Variables

    /// Sets a variable and its copies in other formats; a copy is not set by itself. `tensor` must
    /// have the variable's shape and may have another number format.
    public func load(_ tensor: HostTensor, into variable: Variable) throws(BackendError) {
        guard let map = plans.first?.variables, let region = map.region(of: variable.path),
            !variable.isCopy
        else { return }
        precondition(tensor.shape == region.spec.shape, "\(variable.path) is \(region.spec)")
        let converted = tensor.converted(to: region.spec.scalarType)
        for region in [region] + map.copies(of: variable.path) { try write(converted, to: region) }
    }

    public func read(_ variable: Variable) throws(BackendError) -> HostTensor {
        guard let region = plans.first?.variables.region(of: variable.path) else {
            return HostTensor(zeros: variable.spec)
        }
        return try read(region)
    }

    // MARK: - Inputs and outputs

    /// Writes `bytes`, row-major, to an input; shorter than the input is an error of ours.
    public func write(_ bytes: UnsafeRawBufferPointer, to input: Region) throws(BackendError) {
        precondition(bytes.count == input.byteCount, "\(input.spec) takes \(input.byteCount) bytes")
        try engine.upload(bytes, to: input.offset)
    }

    /// Writes a batch, row-major, to an input: its images, or where those of a stock go.
    public func write(_ bytes: UnsafeRawBufferPointer, of stock: ImageStock?, to input: Region)
        throws(BackendError)
    {
        guard let stock else { return try write(bytes, to: input) }
        let count = bytes.count / MemoryLayout<PlacedImage>.stride
        precondition(
            input.spec == TensorSpec(Shape([count] + stock.shape.dimensions), .float32)
                && input.layout.isRowMajor, "\(input.spec) takes no \(count) of \(stock.shape)")
        try engine.place(bytes, of: stock, to: input.offset)
    }

    /// Keeps images where the engine computes.
    ///
    /// - Parameters:
    ///   - table: what pixels become, `[C, 256]`.
    ///   - pixels: gives the bytes of an image, `[C, H, W]`.
    /// - Throws: ``BackendError``, and what `pixels` throws.
    public mutating func stock(
        count: Int, shape: Shape, table: [Float], pixels: (Int) throws -> [UInt8]
    ) throws -> ImageStock {
        let stock = try engine.makeStock(count: count, shape: shape, table: table)
        var (chunk, start): ([UInt8], Int) = ([], 0)
        for index in 0..<count {
            let bytes = try pixels(index)
            precondition(bytes.count == shape.count, "image \(index) is not \(shape)")
            chunk += bytes
            guard chunk.count >= 1 << 20 || index == count - 1 else { continue }
            try chunk.withUnsafeBytes { try engine.upload($0, to: stock, at: start) }
            start += chunk.count
            chunk.removeAll(keepingCapacity: true)
        }
        return stock
    }

    /// Writes a number to a scalar input.
    public func write(_ number: Double, to input: Region) throws(BackendError) {
        switch input.spec.scalarType {
        case .float64: try writeScalar(number, to: input)
        case .float32: try writeScalar(Float(number), to: input)
        case .int64: try writeScalar(Int64(number), to: input)
        case .int32: try writeScalar(Int32(number), to: input)
        case .bfloat16: try writeScalar(BFloat16(Float(number)), to: input)
        case .uint8: try writeScalar(UInt8(number), to: input)
        }
    }

    /// Writes all bits of an integer to a scalar input of int64.
    public func write(_ bits: Int64, to input: Region) throws(BackendError) {
        precondition(input.spec == TensorSpec(.scalar, .int64), "\(input.spec) is no integer")
        try writeScalar(bits, to: input)
    }

    private func writeScalar<Scalar: BitwiseCopyable>(_ scalar: Scalar, to input: Region)
        throws(BackendError)
    {
        var failure: BackendError?
        withUnsafeBytes(of: scalar) { bytes in
            do throws(BackendError) { try write(bytes, to: input) } catch { failure = error }
        }
        if let failure { throw failure }
    }

    public func write(_ tensor: HostTensor, to input: Region) throws(BackendError) {
        try write(
            LayoutConversion.bytes(
                of: tensor.converted(to: input.spec.scalarType), in: input.layout),
            at: input.offset)
    }

    /// The number at row-major `index` of a row-major region of floating-point format.
    public func number(at index: Int = 0, in region: Region) throws(BackendError) -> Double {
        precondition(region.layout.isRowMajor && index < region.spec.shape.count)
        let offset = region.offset + index * region.spec.scalarType.byteCount
        var (single, double) = (Float(0), Double(0))
        if region.spec.scalarType == .float64 {
            try readScalar(&double, at: offset)
            return double
        }
        precondition(region.spec.scalarType == .float32, "\(region.spec) is read as a tensor")
        try readScalar(&single, at: offset)
        return Double(single)
    }

    private func readScalar<Scalar: BitwiseCopyable>(_ scalar: inout Scalar, at offset: Int)
        throws(BackendError)
    {
        var failure: BackendError?
        withUnsafeMutableBytes(of: &scalar) { bytes in
            do throws(BackendError) {
                try engine.download(bytes, from: offset)
            } catch { failure = error }
        }
        if let failure { throw failure }
    }

    public func read(_ region: Region) throws(BackendError) -> HostTensor {
        var bytes = [UInt8](repeating: 0, count: region.byteCount)
        var failure: BackendError?
        bytes.withUnsafeMutableBytes { buffer in
            do throws(BackendError) {
                try engine.download(buffer, from: region.offset)
            } catch { failure = error }
        }
        if let failure { throw failure }
        return LayoutConversion.tensor(region.spec, from: bytes, in: region.layout)
    }

    private func write(_ bytes: [UInt8], at offset: Int) throws(BackendError) {
        var failure: BackendError?
        bytes.withUnsafeBytes { buffer in
            do throws(BackendError) {
                try engine.upload(buffer, to: offset)
            } catch { failure = error }
        }
        if let failure { throw failure }
    }
}
