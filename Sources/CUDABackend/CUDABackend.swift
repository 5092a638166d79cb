import CCUDA
public import Graphs
public import Tensors

/// Runs plans of ``CUDATarget`` on an NVIDIA GPU: convolutions by cuDNN, dense layers by cuBLASLt,
/// everything else by kernels of our own that NVRTC compiles when they are first needed.
///
/// Everything happens on one stream, in order, and a plan is replayed as one graph. It belongs to
/// the thread that makes it.
public struct CUDABackend: Backend, ~Copyable {
    public typealias Kernel = CUDAKernel
    public typealias Replay = CapturedGraph

    private let device: CUDADevice
    private let options: CUDAOptions
    private let staging: StagingRing
    private var arena: (address: gcb_device_address, byteCount: Int)?
    private var stocks: [StoredImages] = []

    /// Throws ``BackendError`` where there is no GPU that can be used.
    public init(_ libraries: CUDALibraries, options: CUDAOptions = CUDAOptions())
        throws(BackendError)
    {
        // Locals first: a noncopyable value cannot throw half made.
        let (device, staging): (CUDADevice, StagingRing)
        do throws(CUDAFailure) {
            device = try CUDADevice(
                libraries, index: options.device, cacheFolder: options.cacheFolder)
            staging = try StagingRing(on: device)
        } catch { throw error.backendError(scope: "") }
        self.device = device
        self.staging = staging
        self.options = options
    }

    public var name: String { "cuda" }

    /// The GPU's own name.
    public var deviceName: String { device.name }

    public mutating func allocateArena(byteCount: Int) throws(BackendError) {
        do throws(CUDAFailure) {
            let address = try device.allocate(byteCount: byteCount)
            arena = (address, byteCount)
            try device.zero(address, byteCount: byteCount)
        } catch { throw error.backendError(scope: "") }
    }

    public mutating func prepare(_ instruction: Instruction) throws(BackendError) -> CUDAKernel {
        let site = try site(of: instruction)
        do throws(CUDAFailure) { return try site.kernel() } catch {
            throw error.backendError(scope: instruction.scope)
        }
    }

    /// Updates in a row are one launch, at the place of the first.
    public mutating func prepare(_ instructions: [Instruction]) throws(BackendError)
        -> [CUDAKernel]
    {
        let groups = UpdateGroup.groups(of: instructions)
        var kernels: [Int: CUDAKernel] = [:]
        for group in groups {
            for index in group.members { kernels[index] = CUDAKernel(joining: instructions[index]) }
            kernels[group.updates.lowerBound] = try update(group, of: instructions)
        }
        var all: [CUDAKernel] = []
        all.reserveCapacity(instructions.count)
        for (index, instruction) in instructions.enumerated() {
            if let kernel = kernels[index] {
                all.append(kernel)
            } else {
                all.append(try prepare(instruction))
            }
        }
        return all
    }

    private func update(_ group: UpdateGroup, of instructions: [Instruction])
        throws(BackendError) -> CUDAKernel
    {
        let first = instructions[group.updates.lowerBound]
        var sites: [Site] = []
        for index in group.updates { sites.append(try site(of: instructions[index])) }
        do throws(CUDAFailure) {
            let copies = group.copies.map { update, copy in
                (update - group.updates.lowerBound, instructions[copy])
            }
            let tables = try UpdateTables(
                sites, copies: Dictionary(uniqueKeysWithValues: copies), device: device)
            return CUDAKernel(scope: first.scope, try tables.launches(sites[0]))
        } catch { throw error.backendError(scope: first.scope) }
    }

    private func site(of instruction: Instruction) throws(BackendError) -> Site {
        let arena = try allocatedArena("prepare \(instruction.operation.rule.name)")
        for region in instruction.operands + instruction.results {
            _ = try address(region.offset, region.byteCount, "prepare")
        }
        return Site(
            instruction: instruction, device: device, arena: arena.address, options: options)
    }

    public func run(_ kernel: CUDAKernel) throws(BackendError) {
        do throws(CUDAFailure) { try kernel.run() } catch {
            throw error.backendError(scope: kernel.scope)
        }
    }

    public func upload(_ bytes: UnsafeRawBufferPointer, to offset: Int) throws(BackendError) {
        let address = try address(offset, bytes.count, "upload")
        do throws(CUDAFailure) { try staging.upload(bytes, to: address) } catch {
            throw error.backendError(scope: "")
        }
    }

    public func download(_ bytes: UnsafeMutableRawBufferPointer, from offset: Int)
        throws(BackendError)
    {
        let address = try address(offset, bytes.count, "download")
        do throws(CUDAFailure) { try staging.download(bytes, from: address) } catch {
            throw error.backendError(scope: "")
        }
    }

    public func synchronize() throws(BackendError) {
        do throws(CUDAFailure) { try device.synchronize() } catch {
            throw error.backendError(scope: "")
        }
    }

    // MARK: - Images

    public mutating func makeStock(count: Int, shape: Shape, table: [Float])
        throws(BackendError) -> ImageStock
    {
        let stock = ImageStock(number: stocks.count, count: count, shape: shape)
        do throws(CUDAFailure) {
            stocks.append(try StoredImages(stock, table: table, on: device))
        } catch { throw error.backendError(scope: "") }
        return stock
    }

    public func upload(_ pixels: UnsafeRawBufferPointer, to stock: ImageStock, at offset: Int)
        throws(BackendError)
    {
        do throws(CUDAFailure) {
            try stocks[stock.number].upload(pixels, at: offset, through: staging)
        } catch { throw error.backendError(scope: "") }
    }

    public func place(_ images: UnsafeRawBufferPointer, of stock: ImageStock, to offset: Int)
        throws(BackendError)
    {
        let count = images.count / MemoryLayout<PlacedImage>.stride
        let byteCount = count * stock.shape.count * MemoryLayout<Float>.stride
        let target = try address(offset, byteCount, "place images")
        do throws(CUDAFailure) {
            try stocks[stock.number].place(images, to: target, through: staging, on: device)
        } catch { throw error.backendError(scope: "") }
    }

    // MARK: - Graphs

    /// Runs the kernels once, so that libraries load what they need, then records them.
    public mutating func capture(_ kernels: [CUDAKernel]) throws(BackendError) -> CapturedGraph? {
        guard options.captures, !kernels.isEmpty, let arena else { return nil }
        for kernel in kernels { try run(kernel) }
        try synchronize()
        do throws(CUDAFailure) {
            let graph = try CapturedGraph(kernels, on: device)
            try device.zero(arena.address, byteCount: arena.byteCount)
            return graph
        } catch { throw error.backendError(scope: "") }
    }

    public func replay(_ graph: CapturedGraph) throws(BackendError) {
        do throws(CUDAFailure) { try graph.launch() } catch {
            throw error.backendError(scope: "")
        }
    }

    // MARK: - Checks

    private func allocatedArena(_ action: String) throws(BackendError)
        -> (address: gcb_device_address, byteCount: Int)
    {
        guard let arena else {
            throw BackendError(
                library: "the cuda backend", action: action, status: "no arena was allocated")
        }
        return arena
    }

    private func address(_ offset: Int, _ count: Int, _ action: String) throws(BackendError)
        -> gcb_device_address
    {
        let arena = try allocatedArena(action)
        guard offset >= 0, offset + count <= arena.byteCount else {
            throw BackendError(
                library: "the cuda backend", action: action,
                status: "bytes \(offset)..<\(offset + count) are outside the arena")
        }
        return arena.address + gcb_device_address(offset)
    }
}
